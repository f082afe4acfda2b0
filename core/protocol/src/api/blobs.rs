//! Blobs: what is too large for a change, such as a recording. A member seals one, names it by the hash of
//! what it sealed, and gives it to the server part by part; a line that breaks costs one part. The server
//! holds the whole to its name before anybody reads it. See `WIRE.md` §10.7.

use std::io;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::BlobId;

/// Largest blob, in sealed bytes.
pub const MAX_BLOB: u64 = 64 * 1024 * 1024;
/// Largest part of a blob in one request, in bytes.
pub const MAX_PART: usize = 512 * 1024;
/// Most blobs that a space holds, those that are still arriving among them.
pub const MAX_BLOBS: usize = 4096;

const NAME: &[u8] = b"kap/blob/1";

/// Names a blob by its sealed bytes as they are written or read, so that none is held in memory.
#[derive(Debug, Clone)]
pub struct BlobName(Sha256);

impl Default for BlobName {
    fn default() -> Self {
        Self(Sha256::new_with_prefix(NAME))
    }
}

impl BlobName {
    /// Takes the next sealed bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The name of all that was taken.
    pub fn finish(self) -> BlobId {
        BlobId::new(self.0.finalize().into())
    }
}

/// So that a file is named by copying it there.
impl io::Write for BlobName {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How much of a blob a server holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobState {
    /// The blob.
    pub blob: BlobId,
    /// How many bytes the whole has, 1 to [`MAX_BLOB`].
    pub size: u64,
    /// How many of them the server holds, from the first on. Nobody reads it before that is all.
    pub received: u64,
}

impl BlobState {
    /// A blob of that size of which nothing is there yet.
    pub const fn nothing_yet(blob: BlobId, size: u64) -> Self {
        Self {
            blob,
            size,
            received: 0,
        }
    }

    /// Whether the whole is there and is what its name says.
    pub fn is_whole(&self) -> bool {
        self.received == self.size
    }
}

/// The blobs of a space, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blobs {
    /// At most [`MAX_BLOBS`].
    pub blobs: Vec<BlobState>,
}
