//! A grant: a clinic's signed permission for one founder to found one space on a server, charged to the
//! clinic.
//!
//! It names the founder's key, so that nobody else can spend it, and says nothing of whose the space
//! is. The clinic's node makes one for each space of its own, and one for the space that a patient's
//! phone keeps to itself.

use ed25519_dalek::SigningKey;

use crate::id::{GrantSerial, MemberId};
use crate::suite::{Suite, verify, with_context};
use crate::wire::{Reader, WireError, Writer};

const MAGIC: &[u8; 2] = b"KG";
const CONTEXT: &[u8] = b"kap/grant/1";
/// The one purpose that there is: to found a space.
const FOUND: u8 = 1;

/// What a grant says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Whose space it is for: the author of the founding statement.
    pub founder: MemberId,
    /// Its name; a server takes each once.
    pub serial: GrantSerial,
    /// Largest number of bytes of the space; 0 for no limit of its own.
    pub max_bytes: u64,
    /// After this moment it is worth nothing. Milliseconds since 1970 UTC.
    pub expires_at_ms: u64,
}

/// A signed permission to found one space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    issuer: MemberId,
    terms: Terms,
    bytes: Vec<u8>,
}

/// Why bytes are not a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// The form is wrong.
    #[error("the grant is malformed: {0}")]
    Malformed(#[from] WireError),
    /// The issuer's signature does not fit.
    #[error("the grant's signature does not fit its issuer")]
    BadSignature,
}

impl Grant {
    /// Issues a grant.
    pub fn sign(key: &SigningKey, terms: Terms) -> Self {
        let issuer = MemberId::new(key.verifying_key().to_bytes());
        let mut to = Writer::new();
        to.array(MAGIC)
            .u8(1)
            .u8(Suite::One.code())
            .u8(FOUND)
            .array(issuer.as_bytes())
            .array(terms.founder.as_bytes())
            .array(terms.serial.as_bytes())
            .u64(terms.max_bytes)
            .u64(terms.expires_at_ms)
            .bytes(&[]);
        let message = with_context(CONTEXT, to.as_slice());
        to.sign(key, &message);
        Self {
            issuer,
            terms,
            bytes: to.finish(),
        }
    }

    /// Reads a grant and checks its signature.
    ///
    /// # Errors
    ///
    /// [`GrantError`] where the form or the signature is wrong. Whether the issuer is registered and the
    /// grant unused and still good is the server's to say.
    pub fn parse(bytes: &[u8]) -> Result<Self, GrantError> {
        let mut from = Reader::new(bytes);
        from.magic(MAGIC, "grant")?;
        Suite::read(&mut from)?;
        if from.u8()? != FOUND {
            return Err(WireError::BadValue("purpose").into());
        }
        let issuer = MemberId::new(from.array()?);
        let terms = Terms {
            founder: MemberId::new(from.array()?),
            serial: GrantSerial::new(from.array()?),
            max_bytes: from.u64()?,
            expires_at_ms: from.u64()?,
        };
        let _extensions = from.bytes()?;
        let signed_length = bytes.len().saturating_sub(from.remaining());
        let signature = from.signature()?;
        from.end()?;
        let signed = bytes.get(..signed_length).ok_or(WireError::Truncated)?;
        verify(
            issuer.as_bytes(),
            &with_context(CONTEXT, signed),
            &signature,
        )
        .map_err(|()| GrantError::BadSignature)?;
        Ok(Self {
            issuer,
            terms,
            bytes: bytes.to_vec(),
        })
    }

    /// The clinic's registered key.
    pub fn issuer(&self) -> MemberId {
        self.issuer
    }

    /// What it says.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The bytes as they travel.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
