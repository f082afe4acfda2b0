//! A sealed change as it travels: a header that everybody may read, a ciphertext that only members
//! can open, and the author's signature over both.

use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};

use crate::id::{ChangeId, Counter, Epoch, MemberId, SealedHash, SpaceId, StatementHash};
use crate::statement::{verify, with_context};
use crate::wire::{Reader, WireError, Writer};

/// Largest sealed change, in bytes.
pub const MAX_CHANGE: usize = 1024 * 1024;

const MAGIC: &[u8; 2] = b"KC";
const SIGN_CONTEXT: &[u8] = b"kap/change/1";
const HASH_CONTEXT: &[u8] = b"kap/change-hash/1";

/// What everybody may read of a change. Its bytes are the associated data of the seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The space.
    pub space: SpaceId,
    /// Which key seals it.
    pub epoch: Epoch,
    /// Its name.
    pub id: ChangeId,
    /// Who wrote it.
    pub author: MemberId,
    /// The author's own count in this space.
    pub counter: Counter,
    /// The author's change before; zero for the first.
    pub previous_own: SealedHash,
    /// The newest statement of the chain that the author knew.
    pub chain_head: StatementHash,
    /// How far the author had read each other member, by the member's index; ascending.
    pub frontier: Vec<(u16, Counter)>,
}

impl Header {
    /// The header's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Writer::new();
        to.array(MAGIC)
            .u8(1)
            .array(self.space.as_bytes())
            .u32(self.epoch.0)
            .array(self.id.as_bytes())
            .array(self.author.as_bytes())
            .u64(self.counter.0)
            .array(self.previous_own.as_bytes())
            .array(self.chain_head.as_bytes())
            .u8(u8::try_from(self.frontier.len()).unwrap_or(u8::MAX));
        for (index, counter) in self.frontier.iter().take(usize::from(u8::MAX)) {
            to.u16(*index).u64(counter.0);
        }
        // Room for fields that a later version adds: authenticated and kept, not understood.
        to.u16(0);
        to.finish()
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, WireError> {
        from.magic(MAGIC, "sealed change")?;
        let mut header = Self {
            space: SpaceId::new(from.array()?),
            epoch: Epoch(from.u32()?),
            id: ChangeId::new(from.array()?),
            author: MemberId::new(from.array()?),
            counter: Counter(from.u64()?),
            previous_own: SealedHash::new(from.array()?),
            chain_head: StatementHash::new(from.array()?),
            frontier: Vec::new(),
        };
        if header.counter == Counter(0) {
            return Err(WireError::BadValue("counter"));
        }
        if (header.counter == Counter(1)) != (header.previous_own == SealedHash::ZERO) {
            return Err(WireError::BadValue("previous_own"));
        }
        for _ in 0..from.u8()? {
            let index = from.u16()?;
            if header
                .frontier
                .last()
                .is_some_and(|(last, _)| *last >= index)
            {
                return Err(WireError::BadValue("frontier"));
            }
            header.frontier.push((index, Counter(from.u64()?)));
        }
        let extensions = from.u16()?;
        from.take(usize::from(extensions))?;
        Ok(header)
    }
}

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

/// A parsed sealed change, with the bytes it was parsed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedChange {
    header: Header,
    header_length: usize,
    sealed: Sealed,
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
        let head = header.encode();
        let header_length = head.len();
        let mut to = Writer::new();
        to.array(&head)
            .array(&sealed.nonce)
            .array(&sealed.commitment)
            .bytes(&sealed.ciphertext);
        let signature = key.sign(&with_context(SIGN_CONTEXT, to.as_slice()));
        to.array(&signature.to_bytes());
        let bytes = to.finish();
        let hash = hash_of(&bytes);
        Self {
            header,
            header_length,
            sealed,
            bytes,
            hash,
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
        let sealed = Sealed {
            nonce: from.array()?,
            commitment: from.array()?,
            ciphertext: from.bytes()?.to_vec(),
        };
        from.take(64)?;
        from.end()?;
        Ok(Self {
            header,
            header_length,
            sealed,
            bytes: bytes.to_vec(),
            hash: hash_of(bytes),
        })
    }

    /// Checks the author's signature, strictly.
    ///
    /// # Errors
    ///
    /// [`ChangeError::BadSignature`] where it does not fit the author and the bytes.
    pub fn verify_signature(&self) -> Result<(), ChangeError> {
        let (signed, signature) = self
            .bytes
            .split_last_chunk::<64>()
            .ok_or(ChangeError::Malformed(WireError::Truncated))?;
        verify(
            self.header.author.as_bytes(),
            &with_context(SIGN_CONTEXT, signed),
            signature,
        )
        .map_err(|()| ChangeError::BadSignature)
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

    /// The sealed part.
    pub fn sealed(&self) -> &Sealed {
        &self.sealed
    }

    /// The ciphertext.
    pub fn ciphertext(&self) -> &[u8] {
        &self.sealed.ciphertext
    }

    /// SHA-256 over the bytes.
    pub fn hash(&self) -> SealedHash {
        self.hash
    }
}

fn hash_of(bytes: &[u8]) -> SealedHash {
    SealedHash::new(
        Sha256::new()
            .chain_update(HASH_CONTEXT)
            .chain_update(bytes)
            .finalize()
            .into(),
    )
}
