//! Sealing what is too large for a change: a recording, a photo, a drawing. Chunk by chunk, so that neither
//! writing nor reading ever holds more than one of them in memory, and each chunk is known to be genuine and
//! in its place before it is given on. The bytes are in `WIRE.md` §6.4.

use std::io::{self, Read, Seek, SeekFrom, Write};

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use companion_protocol::api::{BlobName, MAX_BLOB};
use companion_protocol::id::{BlobId, SpaceId};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::keys::{derive_with, secret_key, subkey_and_commitment};
use super::payload::padded_from;

/// Bytes of content in a chunk; the last may have fewer.
pub const CHUNK: usize = 64 * 1024;
/// Most bytes of content: sealed and padded, they fit into the largest blob.
pub const MAX_CONTENT: u64 = 60 * 1024 * 1024;

const TAG: usize = 16;
const HEAD: usize = 2 + 1 + 32;
const FLOOR: usize = 16 * 1024;
const MAGIC: &[u8; 2] = b"KB";
const VERSION: u8 = 1;
const PURPOSE: &[u8] = b"kap/blob-key/1";
const AGAIN: &[u8] = b"kap/blob-again/1";

// Whatever may be sealed can be stored.
const _: () =
    assert!(MAX_CONTENT + MAX_CONTENT / CHUNK as u64 * TAG as u64 + HEAD as u64 <= MAX_BLOB);

/// Why a blob could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger than a server takes.
    #[error("the file is larger than {} MB", MAX_CONTENT / 1024 / 1024)]
    TooLarge,
    /// It was altered, cut, or sealed with another key.
    #[error("the file is damaged: it is not what was sealed")]
    NotGenuine,
    /// It could not be read or written.
    #[error("{0}")]
    File(#[from] io::Error),
}

secret_key!(
    /// The key of one blob. It stands in the document that the blob belongs to, and seals one content once.
    BlobKey
);

impl BlobKey {
    /// The key under which the same content is sealed again for another space: on two phones the same one, also
    /// on one that does not hold the content.
    pub fn again(&self, space: SpaceId) -> Self {
        Self(derive_with(self.as_bytes(), &[AGAIN, space.as_bytes()]))
    }

    fn split(&self) -> (XChaCha20Poly1305, [u8; 32]) {
        let (subkey, commitment) = subkey_and_commitment(self.as_bytes(), None, &[PURPOSE]);
        (XChaCha20Poly1305::new(&(*subkey).into()), commitment)
    }
}

/// What became of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedBlob {
    /// Its name: the hash of its sealed bytes.
    pub id: BlobId,
    /// Bytes of the content.
    pub length: u64,
    /// Bytes that it takes sealed.
    pub size: u64,
}

/// Seals a content as it comes in.
pub struct BlobWriter<W> {
    to: W,
    cipher: XChaCha20Poly1305,
    name: BlobName,
    /// The chunk that is not full, or not known to be followed by another.
    chunk: Zeroizing<Vec<u8>>,
    chunks: u32,
    length: u64,
    size: u64,
}

/// How many sealed bytes a content of that length becomes.
pub fn sealed_size(length: u64) -> u64 {
    let padded = usize::try_from(length).map_or(u64::MAX, |length| {
        u64::try_from(padded_from(length, FLOOR)).unwrap_or(u64::MAX)
    });
    let tags = padded.div_ceil(CHUNK as u64).saturating_mul(TAG as u64);
    padded.saturating_add(tags).saturating_add(HEAD as u64)
}

/// How many bytes of a content of that length stand in so many sealed ones from the beginning: without the head, what
/// proves each chunk, and the padding at the end.
pub fn content_in(sealed: u64, length: u64) -> u64 {
    const WHOLE: u64 = (CHUNK + TAG) as u64;
    let chunks = sealed.saturating_sub(HEAD as u64);
    let begun = (chunks % WHOLE).min(CHUNK as u64);
    let content = (chunks / WHOLE)
        .saturating_mul(CHUNK as u64)
        .saturating_add(begun);
    content.min(length)
}

impl<W: Write> BlobWriter<W> {
    /// Begins to seal under a key that sealed nothing yet.
    ///
    /// # Errors
    ///
    /// [`BlobError::File`] where `to` can't be written.
    pub fn new(key: &BlobKey, to: W) -> Result<Self, BlobError> {
        let (cipher, commitment) = key.split();
        let mut writer = Self {
            to,
            cipher,
            name: BlobName::default(),
            chunk: Zeroizing::new(Vec::with_capacity(CHUNK + TAG)),
            chunks: 0,
            length: 0,
            size: 0,
        };
        let head = [MAGIC.as_slice(), &[VERSION], &commitment].concat();
        writer.put(&head)?;
        Ok(writer)
    }

    /// Takes the next bytes of the content.
    ///
    /// # Errors
    ///
    /// [`BlobError::TooLarge`] beyond [`MAX_CONTENT`]; [`BlobError::File`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        let more = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let length = self.length.saturating_add(more);
        if length > MAX_CONTENT {
            return Err(BlobError::TooLarge);
        }
        self.fill(bytes)?;
        self.length = length;
        Ok(())
    }

    /// All of `from`: for whoever has it whole, and need not know which of the two failed.
    ///
    /// # Errors
    ///
    /// As [`BlobWriter::write`].
    #[cfg(any(test, feature = "testing"))]
    pub fn write_all_of(&mut self, from: &mut dyn Read) -> Result<(), BlobError> {
        let mut buffer = Zeroizing::new(vec![0; CHUNK]);
        loop {
            match from.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => self.write(buffer.get(..read).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The content is all there: pads it, seals the end, and gives back where it was written to.
    ///
    /// # Errors
    ///
    /// [`BlobError::Empty`]; [`BlobError::File`].
    pub fn finish(mut self) -> Result<(SealedBlob, W), BlobError> {
        if self.length == 0 {
            return Err(BlobError::Empty);
        }
        let length = usize::try_from(self.length).map_err(|_| BlobError::TooLarge)?;
        let mut padding = padded_from(length, FLOOR) - length;
        let zeros = [0; 4096];
        while padding > 0 {
            let some = padding.min(zeros.len());
            self.fill(zeros.get(..some).unwrap_or_default())?;
            padding -= some;
        }
        self.seal_chunk(true)?;
        let sealed = SealedBlob {
            id: self.name.finish(),
            length: self.length,
            size: self.size,
        };
        Ok((sealed, self.to))
    }

    fn fill(&mut self, mut bytes: &[u8]) -> Result<(), BlobError> {
        while !bytes.is_empty() {
            if self.chunk.len() == CHUNK {
                self.seal_chunk(false)?;
            }
            let room = CHUNK - self.chunk.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.chunk.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn seal_chunk(&mut self, last: bool) -> Result<(), BlobError> {
        let nonce = nonce(self.chunks, last);
        self.cipher
            .encrypt_in_place(&nonce, &[], &mut *self.chunk)
            .map_err(|_| BlobError::TooLarge)?;
        let chunk = std::mem::take(&mut self.chunk);
        self.put(&chunk)?;
        self.chunk = chunk;
        self.chunk.clear();
        self.chunks = self.chunks.checked_add(1).ok_or(BlobError::TooLarge)?;
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        self.to.write_all(bytes)?;
        self.name.update(bytes);
        self.size += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(())
    }
}

/// Opens a blob as it is read.
pub struct BlobReader<R> {
    from: R,
    cipher: XChaCha20Poly1305,
    /// Bytes of the content, as the document says.
    length: u64,
    /// Sealed bytes in all chunks.
    sealed: u64,
    /// The chunk that comes next, and the opened one before it.
    next: u32,
    chunk: Zeroizing<Vec<u8>>,
    /// Where in the opened chunk reading goes on.
    at: usize,
}

impl<R: Read> BlobReader<R> {
    /// Begins to open `size` sealed bytes, of which the document says that their content has `length`.
    ///
    /// # Errors
    ///
    /// [`BlobError::NotGenuine`] where it is no blob, was sealed with another key, or can't hold that much;
    /// [`BlobError::File`].
    pub fn new(key: &BlobKey, length: u64, mut from: R, size: u64) -> Result<Self, BlobError> {
        let (cipher, commitment) = key.split();
        let mut head = [0; HEAD];
        read_exactly(&mut from, &mut head)?;
        let (form, said) = head.split_at(3);
        // Without this check one blob could be made to open to two contents under two keys.
        if form != [MAGIC.as_slice(), &[VERSION]].concat() || !bool::from(said.ct_eq(&commitment)) {
            return Err(BlobError::NotGenuine);
        }
        let sealed = size.checked_sub(HEAD as u64).ok_or(BlobError::NotGenuine)?;
        let tags = sealed.div_ceil((CHUNK + TAG) as u64) * TAG as u64;
        if length == 0 || sealed.checked_sub(tags).is_none_or(|room| room < length) {
            return Err(BlobError::NotGenuine);
        }
        Ok(Self {
            from,
            cipher,
            length,
            sealed,
            next: 0,
            chunk: Zeroizing::new(Vec::with_capacity(CHUNK + TAG)),
            at: 0,
        })
    }

    /// The next bytes of the content, genuine and in their place; none after the last.
    ///
    /// # Errors
    ///
    /// [`BlobError::NotGenuine`] where something was altered, cut or put elsewhere; [`BlobError::File`].
    pub fn next_bytes(&mut self) -> Result<&[u8], BlobError> {
        while self.at >= self.chunk.len() {
            if !self.open_next()? {
                return Ok(&[]);
            }
        }
        let bytes = self.chunk.get(self.at..).unwrap_or_default();
        self.at = self.chunk.len();
        Ok(bytes)
    }

    /// Reads to the end and throws it away: whether all of it is genuine.
    ///
    /// # Errors
    ///
    /// As [`BlobReader::next_bytes`].
    pub fn check(mut self) -> Result<(), BlobError> {
        while !self.next_bytes()?.is_empty() {}
        Ok(())
    }

    /// Opens the next chunk, without its padding. Nothing of it is left where it is all padding.
    fn open_next(&mut self) -> Result<bool, BlobError> {
        const WHOLE: u64 = (CHUNK + TAG) as u64;
        let before = u64::from(self.next) * WHOLE;
        let Some(left) = self.sealed.checked_sub(before).filter(|left| *left > 0) else {
            return Ok(false);
        };
        let size = usize::try_from(left.min(WHOLE)).unwrap_or(0);
        self.chunk.clear();
        self.chunk.resize(size, 0);
        read_exactly(&mut self.from, &mut self.chunk)?;
        self.cipher
            .decrypt_in_place(&nonce(self.next, left <= WHOLE), &[], &mut *self.chunk)
            .map_err(|_| BlobError::NotGenuine)?;
        let begins = u64::from(self.next) * CHUNK as u64;
        let content = usize::try_from(self.length.saturating_sub(begins)).unwrap_or(usize::MAX);
        let padding = self.chunk.get(content..).unwrap_or_default();
        if padding.iter().any(|byte| *byte != 0) {
            return Err(BlobError::NotGenuine);
        }
        self.chunk.truncate(content);
        self.next = self.next.saturating_add(1);
        self.at = 0;
        Ok(true)
    }
}

impl<R: Read + Seek> BlobReader<R> {
    /// Goes on at this byte of the content, for a player that jumps.
    ///
    /// # Errors
    ///
    /// As [`BlobReader::next_bytes`].
    pub fn go_to(&mut self, byte: u64) -> Result<(), BlobError> {
        let byte = byte.min(self.length);
        let chunk = byte / CHUNK as u64;
        let sealed_at = HEAD as u64 + chunk * (CHUNK + TAG) as u64;
        self.from.seek(SeekFrom::Start(sealed_at))?;
        self.next = u32::try_from(chunk).map_err(|_| BlobError::NotGenuine)?;
        self.chunk.clear();
        self.at = 0;
        if self.open_next()? {
            self.at = usize::try_from(byte % CHUNK as u64).unwrap_or(CHUNK);
        }
        Ok(())
    }
}

impl<R: Read> Read for BlobReader<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.chunk.len() {
            if !self.open_next().map_err(io::Error::other)? {
                return Ok(0);
            }
        }
        let some = self.chunk.get(self.at..).unwrap_or_default();
        let count = some.len().min(to.len());
        for (to, from) in to.iter_mut().zip(some) {
            *to = *from;
        }
        self.at += count;
        Ok(count)
    }
}

fn nonce(chunk: u32, last: bool) -> XNonce {
    let mut nonce = [0; 24];
    if let Some((_, end)) = nonce.split_last_chunk_mut::<5>() {
        let [a, b, c, d] = chunk.to_be_bytes();
        *end = [a, b, c, d, u8::from(last)];
    }
    XNonce::from(nonce)
}

/// Bytes that end too early are cut, and so not genuine.
fn read_exactly(from: &mut impl Read, to: &mut [u8]) -> Result<(), BlobError> {
    from.read_exact(to).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => BlobError::NotGenuine,
        _ => error.into(),
    })
}
