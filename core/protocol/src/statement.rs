//! The statements of a membership chain: who founded a space, who was invited, who joined, who was
//! removed and which key came next. Each is signed by its author and names the hash of the one before.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::id::{Counter, Epoch, InviteKey, MemberId, SpaceId, StatementHash};
use crate::wire::{Reader, WireError, Writer};

/// Bytes of an X-Wing public key (draft-connolly-cfrg-xwing-kem: ML-KEM-768 and X25519).
pub const HPKE_KEY_LENGTH: usize = 1216;
/// Bytes of an epoch key sealed to a member: 1,120 of encapsulation, 32 of key, 16 of tag.
pub const WRAPPED_KEY_LENGTH: usize = 1168;
/// Bytes of an epoch key sealed under another symmetric key: 24 of nonce, 32 of key, 16 of tag.
pub const SEALED_KEY_LENGTH: usize = 72;
/// Largest statement.
pub const MAX_STATEMENT: usize = 128 * 1024;
/// Largest number of present members of a space.
pub const MAX_MEMBERS: usize = 64;

const MAGIC: &[u8; 2] = b"KS";
const SIGN_CONTEXT: &[u8] = b"kap/statement/1";
const HASH_CONTEXT: &[u8] = b"kap/statement-hash/1";
const JOIN_CONTEXT: &[u8] = b"kap/join/1";

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads.
    Reader,
    /// Reads and writes changes.
    Writer,
    /// Also invites, removes and turns the key.
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

/// Opens a one-use door.
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

/// Goes through the door. The statement's author is the newcomer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// The door.
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
    /// Opens a one-use door.
    Invite(Invite),
    /// A newcomer goes through it.
    Join(Join),
    /// A new key, with or without removals.
    Rotate(Rotate),
}

impl StatementBody {
    fn code(&self) -> u8 {
        match self {
            StatementBody::Create(_) => 1,
            StatementBody::Invite(_) => 2,
            StatementBody::Join(_) => 3,
            StatementBody::Rotate(_) => 4,
        }
    }

    fn encode(&self) -> Vec<u8> {
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

    fn decode(code: u8, bytes: &[u8]) -> Result<Self, WireError> {
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

/// Where in which chain a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The space; zero in the first statement, whose own hash becomes the space's id.
    pub space: SpaceId,
    /// 0 for the first statement.
    pub sequence: u64,
    /// The hash of the statement before; zero in the first.
    pub previous: StatementHash,
}

impl Place {
    /// The place of a first statement.
    pub const FIRST: Place = Place {
        space: SpaceId::ZERO,
        sequence: 0,
        previous: StatementHash::ZERO,
    };
}

/// A parsed statement, with the bytes it was parsed from. Parsing checks the form and the author's
/// signature; whether the statement is *allowed* is [`crate::chain::Chain`]'s to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    place: Place,
    author: MemberId,
    made_at_ms: u64,
    body: StatementBody,
    bytes: Vec<u8>,
    hash: StatementHash,
}

/// Why bytes are not a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// The form is wrong.
    #[error("the statement is malformed: {0}")]
    Malformed(#[from] WireError),
    /// The author's signature does not fit.
    #[error("the statement's signature does not fit its author")]
    BadSignature,
}

impl Statement {
    /// Writes and signs a statement. `made_at_ms` is for display; nothing is decided by it but
    /// whether an invite had expired.
    pub fn sign(key: &SigningKey, place: Place, made_at_ms: u64, body: StatementBody) -> Self {
        let author = MemberId::new(key.verifying_key().to_bytes());
        let mut to = Writer::new();
        to.array(MAGIC)
            .u8(1)
            .u8(body.code())
            .array(place.space.as_bytes())
            .u64(place.sequence)
            .array(place.previous.as_bytes())
            .array(author.as_bytes())
            .u64(made_at_ms)
            .bytes(&body.encode())
            .bytes(&[]);
        let signature = key.sign(&with_context(SIGN_CONTEXT, to.as_slice()));
        to.array(&signature.to_bytes());
        let bytes = to.finish();
        let hash = hash_of(&bytes);
        Self {
            place,
            author,
            made_at_ms,
            body,
            bytes,
            hash,
        }
    }

    /// Reads a statement and checks its author's signature.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > MAX_STATEMENT {
            return Err(WireError::TooLarge(MAX_STATEMENT).into());
        }
        let mut from = Reader::new(bytes);
        from.magic(MAGIC, "statement")?;
        let code = from.u8()?;
        let place = Place {
            space: SpaceId::new(from.array()?),
            sequence: from.u64()?,
            previous: StatementHash::new(from.array()?),
        };
        let author = MemberId::new(from.array()?);
        let made_at_ms = from.u64()?;
        let body = StatementBody::decode(code, from.bytes()?)?;
        // Fields that a later version adds stand here, signed and kept, not understood.
        let _extensions = from.bytes()?;
        let signed_length = bytes.len().saturating_sub(from.remaining());
        let signature: [u8; 64] = from.array()?;
        from.end()?;
        let signed = bytes.get(..signed_length).ok_or(WireError::Truncated)?;
        verify(
            author.as_bytes(),
            &with_context(SIGN_CONTEXT, signed),
            &signature,
        )
        .map_err(|()| StatementError::BadSignature)?;
        Ok(Self {
            place,
            author,
            made_at_ms,
            body,
            bytes: bytes.to_vec(),
            hash: hash_of(bytes),
        })
    }

    /// The bytes as they travel.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 over the bytes.
    pub fn hash(&self) -> StatementHash {
        self.hash
    }

    /// What it says.
    pub fn body(&self) -> &StatementBody {
        &self.body
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The space it belongs to: for the first statement its own hash.
    pub fn space(&self) -> SpaceId {
        if matches!(self.body, StatementBody::Create(_)) {
            SpaceId::new(*self.hash.as_bytes())
        } else {
            self.place.space
        }
    }

    /// 0 for the first.
    pub fn sequence(&self) -> u64 {
        self.place.sequence
    }

    /// The hash of the statement before.
    pub fn previous(&self) -> StatementHash {
        self.place.previous
    }

    /// Who says it.
    pub fn author(&self) -> MemberId {
        self.author
    }

    /// When its author says it was made, milliseconds since 1970 UTC.
    pub fn made_at_ms(&self) -> u64 {
        self.made_at_ms
    }
}

/// Checks the form of a key for receiving, as FIPS 203 §7.2 asks before it is used: each of the 768
/// twelve-bit numbers of the ML-KEM part is below 3329. Nothing could be sealed to another key, so
/// one newcomer could keep everybody from turning the space's key.
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

/// What the invite's key signs when a newcomer joins.
pub fn join_message(
    space: SpaceId,
    newcomer: MemberId,
    hpke_key: &[u8; HPKE_KEY_LENGTH],
) -> Vec<u8> {
    let mut to = Writer::new();
    to.array(JOIN_CONTEXT)
        .array(space.as_bytes())
        .array(newcomer.as_bytes())
        .array(hpke_key);
    to.finish()
}

/// Strict Ed25519 verification (RFC 8032, with small-order keys and non-canonical forms refused).
pub(crate) fn verify(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Result<(), ()> {
    let key = VerifyingKey::from_bytes(key).map_err(|_| ())?;
    key.verify_strict(message, &Signature::from_bytes(signature))
        .map_err(|_| ())
}

pub(crate) fn with_context(context: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(context.len().saturating_add(bytes.len()));
    message.extend_from_slice(context);
    message.extend_from_slice(bytes);
    message
}

fn hash_of(bytes: &[u8]) -> StatementHash {
    StatementHash::new(
        Sha256::new()
            .chain_update(HASH_CONTEXT)
            .chain_update(bytes)
            .finalize()
            .into(),
    )
}
