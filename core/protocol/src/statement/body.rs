//! What statements say, and how each says it in bytes.

use super::{HPKE_KEY_LENGTH, SEALED_KEY_LENGTH, WRAPPED_KEY_LENGTH};
use crate::id::{Counter, Epoch, InviteKey, MemberId};
use crate::wire::{Reader, WireError, Writer};

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads.
    Reader,
    /// Reads and writes changes.
    Writer,
    /// Also invites, removes and rotates the key.
    Admin,
}

impl Role {
    fn code(self) -> u8 {
        match self {
            Role::Reader => 1,
            Role::Writer => 2,
            Role::Admin => 3,
        }
    }

    fn from_code(code: u8) -> Result<Self, WireError> {
        match code {
            1 => Ok(Role::Reader),
            2 => Ok(Role::Writer),
            3 => Ok(Role::Admin),
            _ => Err(WireError::BadValue("role")),
        }
    }
}

/// The first statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Create {
    /// Makes two spaces of one founder different.
    pub nonce: [u8; 16],
    /// The founder's key for receiving epoch keys.
    pub hpke_key: Box<[u8; HPKE_KEY_LENGTH]>,
    /// Commits to the key of epoch 0.
    pub commitment: [u8; 32],
    /// The key of epoch 0, sealed to the founder.
    pub wrapped: Box<[u8; WRAPPED_KEY_LENGTH]>,
}

/// Opens a one-use invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Public half of a key derived from the invite's secret.
    pub invite_key: InviteKey,
    /// What whoever joins may do.
    pub role: Role,
    /// After this moment nobody may join by it. Milliseconds since 1970 UTC.
    pub expires_at_ms: u64,
    /// The epoch whose key is sealed here; must be the present one.
    pub epoch: Epoch,
    /// That epoch's key, sealed under a key derived from the invite's secret.
    pub sealed_key: [u8; SEALED_KEY_LENGTH],
}

/// Joins by an invite. The statement's author is the newcomer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// The invite that is used up.
    pub invite_key: InviteKey,
    /// The newcomer's key for receiving epoch keys.
    pub hpke_key: Box<[u8; HPKE_KEY_LENGTH]>,
    /// By the invite's key, over the space, the newcomer and the newcomer's key.
    pub invite_signature: [u8; 64],
}

/// One member's removal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removal {
    /// Who goes.
    pub member: MemberId,
    /// The last of their changes that counts; later ones are refused, so nothing can be backdated.
    pub last_counter: Counter,
}

/// A new epoch: closes every open invite, may remove members, and gives those who stay a new key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotate {
    /// The new epoch, one more than the last.
    pub epoch: Epoch,
    /// Commits to the new epoch's key.
    pub commitment: [u8; 32],
    /// The previous epoch's key sealed under the new one, so that a later member reads the history.
    pub previous_key: [u8; SEALED_KEY_LENGTH],
    /// Who goes, ordered by member id.
    pub removals: Vec<Removal>,
    /// The new key sealed to each member who stays, ordered by member id.
    pub wrapped: Vec<(MemberId, Box<[u8; WRAPPED_KEY_LENGTH]>)>,
}

/// What a statement says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatementBody {
    /// Founds the space.
    Create(Create),
    /// Opens a one-use invite.
    Invite(Invite),
    /// A newcomer joins by it.
    Join(Join),
    /// A new key, with or without removals.
    Rotate(Rotate),
}

impl StatementBody {
    pub(super) fn code(&self) -> u8 {
        match self {
            StatementBody::Create(_) => 1,
            StatementBody::Invite(_) => 2,
            StatementBody::Join(_) => 3,
            StatementBody::Rotate(_) => 4,
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut to = Writer::new();
        match self {
            StatementBody::Create(create) => {
                to.array(&create.nonce)
                    .array(&*create.hpke_key)
                    .array(&create.commitment)
                    .array(&*create.wrapped);
            }
            StatementBody::Invite(invite) => {
                to.array(invite.invite_key.as_bytes())
                    .u8(invite.role.code())
                    .u64(invite.expires_at_ms)
                    .u32(invite.epoch.0)
                    .array(&invite.sealed_key);
            }
            StatementBody::Join(join) => {
                to.array(join.invite_key.as_bytes())
                    .array(&*join.hpke_key)
                    .array(&join.invite_signature);
            }
            StatementBody::Rotate(rotate) => {
                to.u32(rotate.epoch.0)
                    .array(&rotate.commitment)
                    .array(&rotate.previous_key);
                to.u16(u16::try_from(rotate.removals.len()).unwrap_or(u16::MAX));
                for removal in &rotate.removals {
                    to.array(removal.member.as_bytes())
                        .u64(removal.last_counter.0);
                }
                to.u16(u16::try_from(rotate.wrapped.len()).unwrap_or(u16::MAX));
                for (member, wrapped) in &rotate.wrapped {
                    to.array(member.as_bytes()).array(&**wrapped);
                }
            }
        }
        to.finish()
    }

    pub(super) fn decode(code: u8, bytes: &[u8]) -> Result<Self, WireError> {
        let mut from = Reader::new(bytes);
        let body = match code {
            1 => StatementBody::Create(Create {
                nonce: from.array()?,
                hpke_key: hpke_key(from.array()?)?,
                commitment: from.array()?,
                wrapped: Box::new(from.array()?),
            }),
            2 => StatementBody::Invite(Invite {
                invite_key: InviteKey::new(from.array()?),
                role: Role::from_code(from.u8()?)?,
                expires_at_ms: from.u64()?,
                epoch: Epoch(from.u32()?),
                sealed_key: from.array()?,
            }),
            3 => StatementBody::Join(Join {
                invite_key: InviteKey::new(from.array()?),
                hpke_key: hpke_key(from.array()?)?,
                invite_signature: from.array()?,
            }),
            4 => {
                let epoch = Epoch(from.u32()?);
                let commitment = from.array()?;
                let previous_key = from.array()?;
                let mut removals = Vec::new();
                for _ in 0..from.u16()? {
                    removals.push(Removal {
                        member: MemberId::new(from.array()?),
                        last_counter: Counter(from.u64()?),
                    });
                }
                let mut wrapped = Vec::new();
                for _ in 0..from.u16()? {
                    wrapped.push((MemberId::new(from.array()?), Box::new(from.array()?)));
                }
                StatementBody::Rotate(Rotate {
                    epoch,
                    commitment,
                    previous_key,
                    removals,
                    wrapped,
                })
            }
            _ => return Err(WireError::BadValue("statement kind")),
        };
        from.end()?;
        Ok(body)
    }
}

/// Checks the form of a key for receiving, as FIPS 203 §7.2 asks before it is used: each of the 768
/// twelve-bit numbers of the ML-KEM part is below 3329. Nothing could be sealed to another key, so
/// one newcomer could keep everybody from rotating the space's key.
fn hpke_key(bytes: [u8; HPKE_KEY_LENGTH]) -> Result<Box<[u8; HPKE_KEY_LENGTH]>, WireError> {
    let (triples, _) = bytes.as_chunks::<3>();
    let canonical = triples.iter().take(384).all(|[a, b, c]| {
        let low = u16::from(*a) | u16::from(*b & 0x0f) << 8;
        let high = u16::from(*b >> 4) | u16::from(*c) << 4;
        low < 3329 && high < 3329
    });
    if canonical {
        Ok(Box::new(bytes))
    } else {
        Err(WireError::BadValue("hpke_key"))
    }
}
