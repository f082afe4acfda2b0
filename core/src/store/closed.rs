//! Telling when a store is closed, to whoever has to know that no file of it is open any more.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Tells when a record that was open is closed: when everybody let go of it, also threads that were just reading.
#[derive(Clone, Debug, Default)]
pub struct Closed(Arc<(Mutex<bool>, Condvar)>);

impl Closed {
    /// Waits until it is closed, at most that long. Says whether it is.
    #[must_use]
    pub fn wait(&self, most: Duration) -> bool {
        let (is_closed, changed) = &*self.0;
        let is_closed = is_closed.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = changed.wait_timeout_while(is_closed, most, |is_closed| !*is_closed);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Every connection is gone.
    pub(super) fn say(&self) {
        let (is_closed, changed) = &*self.0;
        *is_closed.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
    }
}
