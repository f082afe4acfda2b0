//! Tells those who wait when rows of the read model have changed.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The number of the newest changed row that this process committed, and a way to wait for the next.
/// What another process commits is seen by whoever asks [`Reader::changed_since`](super::Reader).
#[derive(Debug, Default)]
pub struct ChangeSignal {
    latest: Mutex<i64>,
    moved: Condvar,
}

impl ChangeSignal {
    pub(super) fn advance(&self, number: i64) {
        let mut latest = self.lock();
        *latest = (*latest).max(number);
        self.moved.notify_all();
    }

    /// Wakes everybody who waits, though nothing changed: somebody wants to stop.
    pub fn wake(&self) {
        let _latest = self.lock();
        self.moved.notify_all();
    }

    /// Waits until the newest number is beyond `seen` or `stop` says so; gives the newest.
    pub fn wait_beyond(&self, seen: i64, stop: impl Fn() -> bool) -> i64 {
        let mut latest = self.lock();
        while *latest <= seen && !stop() {
            latest = self
                .moved
                .wait(latest)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *latest
    }

    fn lock(&self) -> MutexGuard<'_, i64> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
