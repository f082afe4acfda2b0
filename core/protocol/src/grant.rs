//! A grant: a clinic's signed permission to found one space on a server, charged to the clinic.
//!
//! It says nothing of whose the space is or what for. The clinic's node makes one for each space of
//! its own, and puts one into a patient's invite so that the patient's phone can found a space that
//! the clinic is no member of.

use ed25519_dalek::{Signer, SigningKey};

use crate::id::{GrantSerial, MemberId};
use crate::statement::{verify, with_context};
use crate::wire::{Reader, WireError, Writer};

const MAGIC: &[u8; 2] = b"KG";
const CONTEXT: &[u8] = b"kap/grant/1";

/// A signed permission to found one space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    issuer: MemberId,
    serial: GrantSerial,
    max_bytes: u64,
    expires_at_ms: u64,
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
    /// Issues a grant. `max_bytes` limits the one space; 0 leaves only the clinic's own limit.
    pub fn sign(key: &SigningKey, serial: GrantSerial, max_bytes: u64, expires_at_ms: u64) -> Self {
        let issuer = MemberId::new(key.verifying_key().to_bytes());
        let mut to = Writer::new();
        to.array(MAGIC)
            .u8(1)
            .array(issuer.as_bytes())
            .array(serial.as_bytes())
            .u64(max_bytes)
            .u64(expires_at_ms)
            .bytes(&[]);
        let signature = key.sign(&with_context(CONTEXT, to.as_slice()));
        to.array(&signature.to_bytes());
        Self {
            issuer,
            serial,
            max_bytes,
            expires_at_ms,
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
        let issuer = MemberId::new(from.array()?);
        let serial = GrantSerial::new(from.array()?);
        let max_bytes = from.u64()?;
        let expires_at_ms = from.u64()?;
        let _extensions = from.bytes()?;
        from.take(64)?;
        from.end()?;
        let (signed, signature) = bytes.split_last_chunk::<64>().ok_or(WireError::Truncated)?;
        verify(issuer.as_bytes(), &with_context(CONTEXT, signed), signature)
            .map_err(|()| GrantError::BadSignature)?;
        Ok(Self {
            issuer,
            serial,
            max_bytes,
            expires_at_ms,
            bytes: bytes.to_vec(),
        })
    }

    /// The clinic's registered key.
    pub fn issuer(&self) -> MemberId {
        self.issuer
    }

    /// Its name; a server takes each once.
    pub fn serial(&self) -> GrantSerial {
        self.serial
    }

    /// Largest number of bytes of the space; 0 for no limit of its own.
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// After this moment it is worth nothing. Milliseconds since 1970 UTC.
    pub fn expires_at_ms(&self) -> u64 {
        self.expires_at_ms
    }

    /// The bytes as they travel.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
