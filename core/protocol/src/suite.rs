//! The registry of suites: which algorithms sign, receive, seal and hash. An object names its suite in
//! one byte, and its keys and signatures carry their lengths, so that others can come beside these.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::id::MemberId;
use crate::wire::{Reader, WireError, Writer};

/// Bytes of an X-Wing public key (draft-connolly-cfrg-xwing-kem: ML-KEM-768 and X25519).
pub const HPKE_KEY_LENGTH: usize = 1216;
/// Bytes of an epoch key sealed to a member: 1,120 of encapsulation, 32 of key, 16 of tag.
pub const WRAPPED_KEY_LENGTH: usize = 1168;
/// Bytes of an epoch key sealed under another symmetric key: 24 of nonce, 32 of key, 16 of tag.
pub const SEALED_KEY_LENGTH: usize = 72;
/// Bytes of an Ed25519 public key.
pub const SIGNING_KEY_LENGTH: usize = 32;
/// Bytes of an Ed25519 signature.
pub const SIGNATURE_LENGTH: usize = 64;

/// Which algorithms an object uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Suite {
    /// Ed25519 verified strictly; HPKE with X-Wing, HKDF-SHA256 and ChaCha20-Poly1305;
    /// XChaCha20-Poly1305; SHA-256. A member's id is its public signing key.
    #[default]
    One,
}

impl Suite {
    /// As it is written.
    pub const fn code(self) -> u8 {
        match self {
            Suite::One => 1,
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, WireError> {
        match from.u8()? {
            1 => Ok(Suite::One),
            other => Err(WireError::UnknownSuite(other)),
        }
    }
}

impl Writer {
    /// A 16-bit length, then the bytes: a key, a signature, or a sealed key of a suite.
    pub(crate) fn of_suite(&mut self, bytes: &[u8]) -> &mut Self {
        self.u16(u16::try_from(bytes.len()).unwrap_or(u16::MAX))
            .array(bytes)
    }

    pub(crate) fn sign(&mut self, key: &SigningKey, message: &[u8]) -> &mut Self {
        self.of_suite(&key.sign(message).to_bytes())
    }
}

impl<'a> Reader<'a> {
    /// What [`Writer::of_suite`] wrote, of the one length that the suite knows.
    pub(crate) fn of_suite<const N: usize>(
        &mut self,
        what: &'static str,
    ) -> Result<[u8; N], WireError> {
        let length = usize::from(self.u16()?);
        let bytes = self.take(length)?;
        bytes.try_into().map_err(|_| WireError::BadValue(what))
    }

    pub(crate) fn signature(&mut self) -> Result<[u8; SIGNATURE_LENGTH], WireError> {
        self.of_suite("signature")
    }

    /// A member's public signing key, which under suite 1 is its id.
    pub(crate) fn signing_key(&mut self) -> Result<MemberId, WireError> {
        self.of_suite("signing_key").map(MemberId::new)
    }

    /// A key for receiving, its form as FIPS 203 §7.2 asks before it is used: each of the 768
    /// twelve-bit numbers of the ML-KEM part is below 3329. Nothing could be sealed to another key, so
    /// one newcomer could keep everybody from rotating the space's key.
    pub(crate) fn hpke_key(&mut self) -> Result<Box<[u8; HPKE_KEY_LENGTH]>, WireError> {
        let bytes: [u8; HPKE_KEY_LENGTH] = self.of_suite("hpke_key")?;
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
}

/// Strict Ed25519 verification (RFC 8032, with small-order keys and non-canonical forms refused).
pub(crate) fn verify(
    key: &[u8; 32],
    message: &[u8],
    signature: &[u8; SIGNATURE_LENGTH],
) -> Result<(), ()> {
    let key = VerifyingKey::from_bytes(key).map_err(|_| ())?;
    key.verify_strict(message, &Signature::from_bytes(signature))
        .map_err(|_| ())
}

/// Whether a member's key signed a message, by the rules of `WIRE.md` §2.3. For what members say to each
/// other inside sealed content: each purpose begins its message with a string of its own.
pub fn is_signed_by(member: &MemberId, message: &[u8], signature: &[u8; SIGNATURE_LENGTH]) -> bool {
    verify(member.as_bytes(), message, signature).is_ok()
}

pub(crate) fn with_context(context: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(context.len().saturating_add(bytes.len()));
    message.extend_from_slice(context);
    message.extend_from_slice(bytes);
    message
}
