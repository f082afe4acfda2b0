//! Forgetting a space that was ended. Its blobs go first, row and then file; then one transaction takes its id,
//! its members and its charge away, after which nobody finds it and nobody founds it again; what is left under its
//! row goes piece by piece, so that nobody waits long for the writing thread. The process can end between any two
//! steps: the next call goes on.

use std::sync::atomic::Ordering;

use companion_protocol::id::SpaceId;

use super::{SqliteStorage, reads, writes};
use crate::storage::{BlobStorage, Day, StorageError};

impl SqliteStorage {
    pub(super) fn forget(&self, today: Day) -> Result<u64, StorageError> {
        let mut forgotten = 0_u64;
        for space in self.read(|from| reads::due(from, today))? {
            self.forget_blobs(space)?;
            if self.noted(move |to| writes::forget_space(to, space))? {
                forgotten = forgotten.saturating_add(1);
            }
        }
        while self.noted(writes::sweep_forgotten)? {}
        if forgotten > 0 {
            // Set once all is committed, so that the log is cut off behind the last of it.
            self.writer.owed().store(true, Ordering::Release);
        }
        Ok(forgotten)
    }

    fn forget_blobs(&self, space: SpaceId) -> Result<(), StorageError> {
        for held in self.blobs(space)? {
            self.delete_blob(space, held.state.blob)?;
        }
        Ok(())
    }
}
