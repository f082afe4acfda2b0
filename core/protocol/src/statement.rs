//! The statements of a membership chain: who founded a space, who was invited, who came, who was let
//! in or removed, which key came next, and that the space is over. Each is signed by its author and names the hash of the one
//! before.

mod body;
mod rotate;

pub use body::{Answer, Create, End, Invite, Join, Leave, Role, StatementBody};
pub use rotate::{Enrolled, LastChange, MOST_PREVIOUS_KEYS, PreviousKey, Removal, Rotate};

use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};

use crate::id::{MemberId, SpaceId, StatementHash};
use crate::suite::{HPKE_KEY_LENGTH, Suite, verify, with_context};
use crate::wire::{Reader, WireError, Writer};

/// Largest statement, in bytes.
pub const MAX_STATEMENT: usize = 128 * 1024;
/// Largest number of members of a space, present and pending together; and of open invites.
pub const MAX_MEMBERS: usize = 64;

const MAGIC: &[u8; 2] = b"KS";
const SIGN_CONTEXT: &[u8] = b"kap/statement/1";
const HASH_CONTEXT: &[u8] = b"kap/statement-hash/1";
const JOIN_CONTEXT: &[u8] = b"kap/join/1";
const ENROL_CONTEXT: &[u8] = b"kap/enrol/1";

/// Where in which chain a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainPosition {
    /// The space; zero in the first statement, whose own hash becomes the space's id.
    pub space: SpaceId,
    /// 0 for the first statement.
    pub sequence: u64,
    /// The hash of the statement before; zero in the first.
    pub previous: StatementHash,
}

impl ChainPosition {
    /// The position of a first statement.
    pub const FIRST: ChainPosition = ChainPosition {
        space: SpaceId::ZERO,
        sequence: 0,
        previous: StatementHash::ZERO,
    };
}

/// A parsed statement, with the bytes it was parsed from. Parsing checks the form and the author's
/// signature; whether the statement is *allowed* is [`crate::chain::Chain`]'s to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    position: ChainPosition,
    author: MemberId,
    made_at_ms: u64,
    body: StatementBody,
    extended: bool,
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
    pub fn sign(
        key: &SigningKey,
        position: ChainPosition,
        made_at_ms: u64,
        body: StatementBody,
    ) -> Self {
        let author = MemberId::new(key.verifying_key().to_bytes());
        let mut to = Writer::new();
        to.array(MAGIC)
            .u8(1)
            .u8(Suite::One.code())
            .u8(body.code())
            .array(position.space.as_bytes())
            .u64(position.sequence)
            .array(position.previous.as_bytes())
            .array(author.as_bytes())
            .u64(made_at_ms)
            .bytes(&body.encode())
            .bytes(&[]);
        let message = with_context(SIGN_CONTEXT, to.as_slice());
        to.sign(key, &message);
        let bytes = to.finish();
        let hash = hash_of(&bytes);
        Self {
            position,
            author,
            made_at_ms,
            body,
            extended: false,
            bytes,
            hash,
        }
    }

    /// Reads a statement and checks its author's signature.
    ///
    /// # Errors
    ///
    /// [`StatementError`] where the bytes are more than [`MAX_STATEMENT`], the form is wrong, or the
    /// signature does not fit.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > MAX_STATEMENT {
            return Err(WireError::TooLarge(MAX_STATEMENT).into());
        }
        let mut from = Reader::new(bytes);
        from.magic(MAGIC, "statement")?;
        Suite::read(&mut from)?;
        let code = from.u8()?;
        let position = ChainPosition {
            space: SpaceId::new(from.array()?),
            sequence: from.u64()?,
            previous: StatementHash::new(from.array()?),
        };
        let author = MemberId::new(from.array()?);
        let made_at_ms = from.u64()?;
        let body = StatementBody::decode(code, from.bytes()?)?;
        if body.signing_key().is_some_and(|key| *key != author) {
            return Err(WireError::BadValue("signing_key").into());
        }
        // Fields that a later version adds stand here, signed and kept, not understood.
        let extended = !from.bytes()?.is_empty();
        let signed_length = bytes.len().saturating_sub(from.remaining());
        let signature = from.signature()?;
        from.end()?;
        let signed = bytes.get(..signed_length).ok_or(WireError::Truncated)?;
        verify(
            author.as_bytes(),
            &with_context(SIGN_CONTEXT, signed),
            &signature,
        )
        .map_err(|()| StatementError::BadSignature)?;
        Ok(Self {
            position,
            author,
            made_at_ms,
            body,
            extended,
            bytes: bytes.to_vec(),
            hash: hash_of(bytes),
        })
    }

    /// The bytes as they travel.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bytes.
    pub(crate) fn length(&self) -> u64 {
        u64::try_from(self.bytes.len()).unwrap_or(u64::MAX)
    }

    /// SHA-256 over the bytes.
    pub fn hash(&self) -> StatementHash {
        self.hash
    }

    /// What it says.
    pub fn body(&self) -> &StatementBody {
        &self.body
    }

    /// Whether it has fields of a later version, or what stands in their place.
    pub fn is_extended(&self) -> bool {
        self.extended
    }

    /// Where it stands.
    pub fn position(&self) -> ChainPosition {
        self.position
    }

    /// The space it belongs to: for the first statement its own hash.
    pub fn space(&self) -> SpaceId {
        if matches!(self.body, StatementBody::Create(_)) {
            SpaceId::new(*self.hash.as_bytes())
        } else {
            self.position.space
        }
    }

    /// 0 for the first.
    pub fn sequence(&self) -> u64 {
        self.position.sequence
    }

    /// The hash of the statement before.
    pub fn previous(&self) -> StatementHash {
        self.position.previous
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

/// What the invite's key signs when a newcomer joins.
pub fn join_message(
    space: SpaceId,
    newcomer: MemberId,
    hpke_key: &[u8; HPKE_KEY_LENGTH],
) -> Vec<u8> {
    let mut to = Writer::new();
    to.array(JOIN_CONTEXT)
        .array(space.as_bytes())
        .of_suite(newcomer.as_bytes())
        .of_suite(hpke_key);
    to.finish()
}

/// What a newcomer's own key signs when an admin enrols it: that it holds the key, and that it means
/// this space, this place in the chain and this role.
pub fn enrol_message(
    space: SpaceId,
    previous: StatementHash,
    role: Role,
    newcomer: MemberId,
    hpke_key: &[u8; HPKE_KEY_LENGTH],
) -> Vec<u8> {
    let mut to = Writer::new();
    to.array(ENROL_CONTEXT)
        .array(space.as_bytes())
        .array(previous.as_bytes())
        .u8(role.code())
        .of_suite(newcomer.as_bytes())
        .of_suite(hpke_key);
    to.finish()
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
