//! Who is at work on which blob: two who give one blob at the same time do so one after the other, and
//! nobody who gives another one waits for them.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, PoisonError};

use companion_protocol::id::{BlobId, SpaceId};

type Name = (SpaceId, BlobId);

#[derive(Default)]
pub(super) struct Busy {
    held: Mutex<BTreeSet<Name>>,
    freed: Condvar,
}

/// One blob, held until this is dropped.
pub(super) struct Alone<'a> {
    of: &'a Busy,
    name: Name,
}

impl Busy {
    /// Waits until nobody is at work on this blob.
    pub(super) fn hold(&self, space: SpaceId, blob: BlobId) -> Alone<'_> {
        let name = (space, blob);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        while !held.insert(name) {
            held = self
                .freed
                .wait(held)
                .unwrap_or_else(PoisonError::into_inner);
        }
        Alone { of: self, name }
    }
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        let mut held = self.of.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.remove(&self.name);
        drop(held);
        self.of.freed.notify_all();
    }
}
