//! The statements of a membership chain: who founded a space, who was invited, who joined, who was
//! removed and which key came next. Each is signed by its author and names the hash of the one before.

mod body;

pub use body::{Create, Invite, Join, Removal, Role, Rotate, StatementBody};

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::id::{MemberId, SpaceId, StatementHash};
use crate::wire::{Reader, WireError, Writer};

/// Bytes of an X-Wing public key (draft-connolly-cfrg-xwing-kem: ML-KEM-768 and X25519).
pub const HPKE_KEY_LENGTH: usize = 1216;
/// Bytes of an epoch key sealed to a member: 1,120 of encapsulation, 32 of key, 16 of tag.
pub const WRAPPED_KEY_LENGTH: usize = 1168;
/// Bytes of an epoch key sealed under another symmetric key: 24 of nonce, 32 of key, 16 of tag.
pub const SEALED_KEY_LENGTH: usize = 72;
/// Largest statement, in bytes.
pub const MAX_STATEMENT: usize = 128 * 1024;
/// Largest number of present members of a space.
pub const MAX_MEMBERS: usize = 64;

const MAGIC: &[u8; 2] = b"KS";
const SIGN_CONTEXT: &[u8] = b"kap/statement/1";
const HASH_CONTEXT: &[u8] = b"kap/statement-hash/1";
const JOIN_CONTEXT: &[u8] = b"kap/join/1";

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
            .u8(body.code())
            .array(position.space.as_bytes())
            .u64(position.sequence)
            .array(position.previous.as_bytes())
            .array(author.as_bytes())
            .u64(made_at_ms)
            .bytes(&body.encode())
            .bytes(&[]);
        let signature = key.sign(&with_context(SIGN_CONTEXT, to.as_slice()));
        to.array(&signature.to_bytes());
        let bytes = to.finish();
        let hash = hash_of(&bytes);
        Self {
            position,
            author,
            made_at_ms,
            body,
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
        let code = from.u8()?;
        let position = ChainPosition {
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
            position,
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
