//! One sending of a form at a time: the second click waits for the first and is shown its result.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::accounts::Sending;

/// The sendings that are under way.
#[derive(Default)]
pub struct Once(Mutex<BTreeMap<Sending, Weak<Mutex<()>>>>);

impl Once {
    /// Does something for a sending, after any other that does something for the same one.
    pub(super) fn alone<T>(&self, sending: Option<Sending>, work: impl FnOnce() -> T) -> T {
        let Some(sending) = sending else {
            return work();
        };
        let gate = {
            let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            gates.retain(|_, gate| gate.strong_count() > 0);
            let known = gates.get(&sending).and_then(Weak::upgrade);
            let gate = known.unwrap_or_default();
            gates.insert(sending, Arc::downgrade(&gate));
            gate
        };
        let _turn = gate.lock().unwrap_or_else(PoisonError::into_inner);
        work()
    }
}
