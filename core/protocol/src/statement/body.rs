//! What statements say, and how each says it in bytes.

use super::rotate::{LastChange, Rotate};
use crate::id::{InviteKey, MemberId};
use crate::suite::{HPKE_KEY_LENGTH, WRAPPED_KEY_LENGTH};
use crate::wire::{Reader, WireError, Writer};

/// What a member is to a space, which decides what it may do there: see [`crate::chain::authority`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads.
    Reader,
    /// Reads and writes changes.
    Writer,
    /// A patient's device: reads, writes, and decides about members.
    Device,
    /// Recovery words: decide about members, and never write a change.
    Words,
    /// A clinic's node: reads, writes, and decides about members.
    Host,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 5] = [
        Role::Reader,
        Role::Writer,
        Role::Device,
        Role::Words,
        Role::Host,
    ];

    /// Whether it decides about members.
    pub fn is_admin(self) -> bool {
        matches!(self, Role::Device | Role::Words | Role::Host)
    }

    /// Whether it writes changes.
    pub fn writes(self) -> bool {
        matches!(self, Role::Writer | Role::Device | Role::Host)
    }

    pub(super) fn code(self) -> u8 {
        match self {
            Role::Reader => 1,
            Role::Writer => 2,
            Role::Device => 3,
            Role::Words => 4,
            Role::Host => 5,
        }
    }

    pub(super) fn from_code(code: u8) -> Result<Self, WireError> {
        Role::ALL
            .into_iter()
            .find(|role| role.code() == code)
            .ok_or(WireError::BadValue("role"))
    }
}

/// The first statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Create {
    /// Makes two spaces of one founder different.
    pub nonce: [u8; 16],
    /// What the founder is: a device or a host.
    pub role: Role,
    /// The founder's key for signing.
    pub signing_key: MemberId,
    /// The founder's key for receiving epoch keys.
    pub hpke_key: Box<[u8; HPKE_KEY_LENGTH]>,
    /// Commits to the key of epoch 0.
    pub commitment: [u8; 32],
    /// The key of epoch 0, sealed to the founder.
    pub wrapped: Box<[u8; WRAPPED_KEY_LENGTH]>,
}

/// Opens a one-use invite. It carries no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Public half of a key derived from the invite's secret.
    pub invite_key: InviteKey,
    /// What whoever comes by it is to be.
    pub role: Role,
    /// After this moment nobody may come by it. Milliseconds since 1970 UTC.
    pub expires_at_ms: u64,
}

/// Comes by an invite. The statement's author is the newcomer, and pending from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// The invite that is used up.
    pub invite_key: InviteKey,
    /// The newcomer's key for signing.
    pub signing_key: MemberId,
    /// The newcomer's key for receiving epoch keys.
    pub hpke_key: Box<[u8; HPKE_KEY_LENGTH]>,
    /// By the invite's key, over the space, the newcomer and the newcomer's key.
    pub invite_signature: [u8; 64],
}

/// An admin's answer to a join. The words that people compare are made from both, so that neither side
/// could choose them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The pending newcomer.
    pub newcomer: MemberId,
    /// Chosen at random after the join was there to be read.
    pub nonce: [u8; 32],
}

/// The author leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave {
    /// The last change that it wrote.
    pub last: LastChange,
}

/// Ends the space: nothing is said or written in it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// For how many days a server is asked to keep the space, for whoever has not read all of it yet. It may
    /// forget it sooner.
    pub keep_days: u16,
}

/// What a statement says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatementBody {
    /// Founds the space.
    Create(Create),
    /// Opens a one-use invite.
    Invite(Invite),
    /// A newcomer comes by it.
    Join(Join),
    /// An admin answers the newcomer.
    Answer(Answer),
    /// A new key, with whoever is let in, removed or turned away.
    Rotate(Rotate),
    /// The author leaves.
    Leave(Leave),
    /// The space ends.
    End(End),
}

impl StatementBody {
    pub(super) fn code(&self) -> u8 {
        match self {
            StatementBody::Create(_) => 1,
            StatementBody::Invite(_) => 2,
            StatementBody::Join(_) => 3,
            StatementBody::Answer(_) => 4,
            StatementBody::Rotate(_) => 5,
            StatementBody::Leave(_) => 6,
            StatementBody::End(_) => 7,
        }
    }

    /// The signing key that a newcomer's or founder's statement carries.
    pub(super) fn signing_key(&self) -> Option<&MemberId> {
        match self {
            StatementBody::Create(create) => Some(&create.signing_key),
            StatementBody::Join(join) => Some(&join.signing_key),
            _ => None,
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut to = Writer::new();
        match self {
            StatementBody::Create(create) => {
                to.array(&create.nonce)
                    .u8(create.role.code())
                    .of_suite(create.signing_key.as_bytes())
                    .of_suite(&*create.hpke_key)
                    .array(&create.commitment)
                    .of_suite(&*create.wrapped);
            }
            StatementBody::Invite(invite) => {
                to.of_suite(invite.invite_key.as_bytes())
                    .u8(invite.role.code())
                    .u64(invite.expires_at_ms);
            }
            StatementBody::Join(join) => {
                to.of_suite(join.invite_key.as_bytes())
                    .of_suite(join.signing_key.as_bytes())
                    .of_suite(&*join.hpke_key)
                    .of_suite(&join.invite_signature);
            }
            StatementBody::Answer(answer) => {
                to.array(answer.newcomer.as_bytes()).array(&answer.nonce);
            }
            StatementBody::Rotate(rotate) => rotate.encode(&mut to),
            StatementBody::Leave(leave) => leave.last.encode(&mut to),
            StatementBody::End(end) => {
                to.u16(end.keep_days);
            }
        }
        to.finish()
    }

    pub(super) fn decode(code: u8, bytes: &[u8]) -> Result<Self, WireError> {
        let mut from = Reader::new(bytes);
        let body = match code {
            1 => StatementBody::Create(Create {
                nonce: from.array()?,
                role: Role::from_code(from.u8()?)?,
                signing_key: from.signing_key()?,
                hpke_key: from.hpke_key()?,
                commitment: from.array()?,
                wrapped: Box::new(from.of_suite("wrapped")?),
            }),
            2 => StatementBody::Invite(Invite {
                invite_key: InviteKey::new(from.of_suite("invite_key")?),
                role: Role::from_code(from.u8()?)?,
                expires_at_ms: from.u64()?,
            }),
            3 => StatementBody::Join(Join {
                invite_key: InviteKey::new(from.of_suite("invite_key")?),
                signing_key: from.signing_key()?,
                hpke_key: from.hpke_key()?,
                invite_signature: from.signature()?,
            }),
            4 => StatementBody::Answer(Answer {
                newcomer: MemberId::new(from.array()?),
                nonce: from.array()?,
            }),
            5 => StatementBody::Rotate(Rotate::decode(&mut from)?),
            6 => StatementBody::Leave(Leave {
                last: LastChange::decode(&mut from)?,
            }),
            7 => StatementBody::End(End {
                keep_days: from.u16()?,
            }),
            _ => return Err(WireError::BadValue("statement kind")),
        };
        from.end()?;
        Ok(body)
    }
}
