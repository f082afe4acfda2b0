//! Blobs: each is what its name says, and is kept where its row says.

use companion_protocol::api::{BlobName, MAX_PART};
use companion_protocol::id::{BlobId, SpaceId};

use super::{Audit, length};
use crate::storage::{Storage, StorageError};

impl Audit {
    /// Reads the blobs of a space; each counts as the whole that it is charged for.
    pub(super) fn blobs(
        &mut self,
        storage: &dyn Storage,
        space: SpaceId,
        bytes: &mut u64,
    ) -> Result<(), StorageError> {
        for held in storage.blobs(space)? {
            let state = held.state;
            *bytes = bytes.saturating_add(state.size);
            if !state.is_whole() {
                continue;
            }
            self.blobs = self.blobs.saturating_add(1);
            // What can't be read at all is said by `files`.
            if let Ok(Some(name)) = name(storage, space, state.blob)
                && name != state.blob
            {
                let said = format!("blob {} is not what its name says", state.blob.short());
                self.problem(space, said);
            }
        }
        Ok(())
    }

    /// Whether the bytes of blobs stand where they should, and nothing else does.
    pub(super) fn files(&mut self, storage: &dyn Storage) -> Result<(), StorageError> {
        for (space, said) in storage.blob_faults()? {
            match space {
                Some(space) => self.problem(space, said),
                None => self.problems.push(said),
            }
        }
        Ok(())
    }
}

/// The name of what is kept as this blob, read piece by piece.
fn name(
    storage: &dyn Storage,
    space: SpaceId,
    blob: BlobId,
) -> Result<Option<BlobId>, StorageError> {
    let (mut name, mut from) = (BlobName::default(), 0);
    while let Some(piece) = storage.read_blob(space, blob, from, MAX_PART)? {
        if piece.is_empty() {
            return Ok(Some(name.finish()));
        }
        name.update(&piece);
        from = from.saturating_add(length(&piece));
    }
    Ok(None)
}
