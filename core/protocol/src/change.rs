//! A sealed change as it travels: a header that everybody may read, a body that only members can open,
//! and the author's signature over the header and the body's hash. So a body can be dropped, and its
//! header still proves the history.

mod header;

pub use header::{DroppedBody, Header, MAX_DROPS, Seen};

use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};

use crate::id::{HistoryHash, SealedHash};
use crate::suite::{SIGNATURE_LENGTH, verify, with_context};
use crate::wire::{Reader, WireError, Writer};

/// Largest sealed change, in bytes.
pub const MAX_CHANGE: usize = 1024 * 1024;
/// Smallest ciphertext: the floor of the padding and a tag.
pub const MIN_CIPHERTEXT: usize = 1024 + 16;

const SIGN_CONTEXT: &[u8] = b"kap/change/1";
const HASH_CONTEXT: &[u8] = b"kap/change-hash/1";
const BODY_CONTEXT: &[u8] = b"kap/body/1";
const WHOLE: u8 = 1;
const BARE: u8 = 2;

/// The sealed part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// XChaCha20-Poly1305 nonce.
    pub nonce: [u8; 24],
    /// Commits to the key, so that one ciphertext opens under one key only.
    pub commitment: [u8; 32],
    /// Ciphertext and tag.
    pub ciphertext: Vec<u8>,
}

impl Sealed {
    fn encode(&self, to: &mut Writer) {
        to.array(&self.nonce)
            .array(&self.commitment)
            .bytes(&self.ciphertext);
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, WireError> {
        let sealed = Self {
            nonce: from.array()?,
            commitment: from.array()?,
            ciphertext: from.bytes()?.to_vec(),
        };
        if sealed.ciphertext.len() < MIN_CIPHERTEXT {
            return Err(WireError::BadValue("ciphertext"));
        }
        Ok(sealed)
    }

    /// What the signature and the hash of the change cover in place of the body.
    pub fn hash(&self) -> [u8; 32] {
        let length = u32::try_from(self.ciphertext.len()).unwrap_or(u32::MAX);
        Sha256::new()
            .chain_update(BODY_CONTEXT)
            .chain_update(self.nonce)
            .chain_update(self.commitment)
            .chain_update(length.to_be_bytes())
            .chain_update(&self.ciphertext)
            .finalize()
            .into()
    }
}

/// A parsed sealed change, with the bytes it was parsed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedChange {
    header: Header,
    header_length: usize,
    sealed: Option<Sealed>,
    body_hash: [u8; 32],
    signature: [u8; SIGNATURE_LENGTH],
    bytes: Vec<u8>,
    hash: SealedHash,
}

/// Why a change is not genuine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The form is wrong.
    #[error("the change is malformed: {0}")]
    Malformed(#[from] WireError),
    /// The author's signature does not fit.
    #[error("the change's signature does not fit its author")]
    BadSignature,
}

impl SealedChange {
    /// Puts a change together and signs it. `sealed` must have been made with `header.encode()` as
    /// associated data.
    pub fn sign(key: &SigningKey, header: Header, sealed: Sealed) -> Self {
        use ed25519_dalek::Signer;
        let head = header.encode();
        let body_hash = sealed.hash();
        let message = [SIGN_CONTEXT, &head, &body_hash].concat();
        let signature = key.sign(&message).to_bytes();
        Self::assemble(header, &head, Some(sealed), body_hash, signature)
    }

    fn assemble(
        header: Header,
        head: &[u8],
        sealed: Option<Sealed>,
        body_hash: [u8; 32],
        signature: [u8; SIGNATURE_LENGTH],
    ) -> Self {
        let mut to = Writer::new();
        to.array(head);
        match &sealed {
            Some(sealed) => {
                to.u8(WHOLE);
                sealed.encode(&mut to);
            }
            None => {
                to.u8(BARE).array(&body_hash);
            }
        }
        to.of_suite(&signature);
        Self {
            hash: hash_of(head, &body_hash, &signature),
            header,
            header_length: head.len(),
            sealed,
            body_hash,
            signature,
            bytes: to.finish(),
        }
    }

    /// Reads a change. The signature is not checked here: see [`SealedChange::verify_signature`],
    /// which costs fifty times as much.
    ///
    /// # Errors
    ///
    /// [`ChangeError::Malformed`] where the bytes are more than [`MAX_CHANGE`] or the form is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, ChangeError> {
        if bytes.len() > MAX_CHANGE {
            return Err(WireError::TooLarge(MAX_CHANGE).into());
        }
        let mut from = Reader::new(bytes);
        let header = Header::decode(&mut from)?;
        let header_length = bytes.len().saturating_sub(from.remaining());
        let (sealed, body_hash) = match from.u8()? {
            WHOLE => {
                let sealed = Sealed::decode(&mut from)?;
                let hash = sealed.hash();
                (Some(sealed), hash)
            }
            BARE => (None, from.array()?),
            _ => return Err(WireError::BadValue("form").into()),
        };
        let signature = from.signature()?;
        from.end()?;
        let head = bytes.get(..header_length).ok_or(WireError::Truncated)?;
        Ok(Self {
            hash: hash_of(head, &body_hash, &signature),
            header,
            header_length,
            sealed,
            body_hash,
            signature,
            bytes: bytes.to_vec(),
        })
    }

    /// Checks the author's signature, strictly. A bare change's is the same as the whole one's.
    ///
    /// # Errors
    ///
    /// [`ChangeError::BadSignature`] where it does not fit the author, the header and the body's hash.
    pub fn verify_signature(&self) -> Result<(), ChangeError> {
        let signed = [self.header_bytes(), &self.body_hash].concat();
        verify(
            self.header.author.as_bytes(),
            &with_context(SIGN_CONTEXT, &signed),
            &self.signature,
        )
        .map_err(|()| ChangeError::BadSignature)
    }

    /// The change without its body: what is kept once the body was dropped. Same hash, same signature.
    pub fn bare(&self) -> Self {
        Self::assemble(
            self.header.clone(),
            self.header_bytes(),
            None,
            self.body_hash,
            self.signature,
        )
    }

    /// Whether its body was dropped.
    pub fn is_bare(&self) -> bool {
        self.sealed.is_none()
    }

    /// The bytes as they travel.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What everybody may read.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The header's bytes as they were received: the seal's associated data.
    pub fn header_bytes(&self) -> &[u8] {
        self.bytes.get(..self.header_length).unwrap_or_default()
    }

    /// The sealed part; `None` once it was dropped.
    pub fn sealed(&self) -> Option<&Sealed> {
        self.sealed.as_ref()
    }

    /// What the signature and the name cover in place of the body, whether it is here or was dropped.
    pub fn body_hash(&self) -> &[u8; 32] {
        &self.body_hash
    }

    /// The name of this very sealing: SHA-256 over the header, the body's hash and the signature.
    pub fn hash(&self) -> SealedHash {
        self.hash
    }

    /// What its author has said up to and with it, however it was sealed: see [`Header::history`].
    pub fn history(&self) -> HistoryHash {
        self.header.history()
    }
}

fn hash_of(head: &[u8], body_hash: &[u8; 32], signature: &[u8; SIGNATURE_LENGTH]) -> SealedHash {
    let mut tail = Writer::new();
    tail.of_suite(signature);
    SealedHash::new(
        Sha256::new()
            .chain_update(HASH_CONTEXT)
            .chain_update(head)
            .chain_update(body_hash)
            .chain_update(tail.as_slice())
            .finalize()
            .into(),
    )
}
