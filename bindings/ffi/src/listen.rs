//! Hearing that something changed: the present state first, then each change in its order.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use companion_core::patient::Patient;
use companion_core::records::{Observation, RecordChanged};

use crate::error::{CompanionError, Result};

/// Something changed. Whoever shows anything of it asks for that anew.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RecordChange {
    /// Grows with each change of the record; never goes back within one subscription.
    pub sequence: i64,
    /// Which kinds of things changed, as `kind()` of each list names them; empty in the first call, and where only the
    /// standing of the phone changed: what is paired, what waits, warnings.
    pub kinds: Vec<String>,
}

/// Hears of changes. Called on a thread of its own, one call at a time: hop to the main thread from it, and never
/// wait in it for a call into this library.
#[uniffi::export(foreign)]
pub trait ChangeListener: Send + Sync {
    /// Something changed. The first call comes at once, with the present state.
    fn on_change(&self, change: RecordChange);
}

/// Keeps a listener listening. Canceling it, or letting go of it, ends that; a call that is under way is not waited
/// for.
#[derive(uniffi::Object)]
pub struct ChangeSubscription {
    end: Mutex<Option<Arc<Heard>>>,
}

#[uniffi::export]
impl ChangeSubscription {
    /// Ends it. Nothing is called after a call that is under way. Never blocks; safe on the main thread.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn cancel(&self) -> Result<()> {
        let ended = self.lock().take();
        if let Some(heard) = ended {
            heard.end();
        }
        Ok(())
    }
}

impl ChangeSubscription {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<Heard>>> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ChangeSubscription {
    fn drop(&mut self) {
        if let Some(heard) = self.lock().take() {
            heard.end();
        }
    }
}

/// One listener, and the way of changes to it. It outlives the record that it listens to: after a pause it listens to
/// the one that was opened anew.
pub(crate) struct Heard {
    to: Mutex<Option<Sender<RecordChange>>>,
    record: Mutex<Option<Observation>>,
}

impl Heard {
    /// Starts calling the listener; nothing is heard before `listen_to`.
    pub(crate) fn new(
        listener: Arc<dyn ChangeListener>,
    ) -> Result<(Arc<Heard>, Arc<ChangeSubscription>)> {
        let (to, from) = channel();
        std::thread::Builder::new()
            .name("companion-listener".to_owned())
            .spawn(move || call(&*listener, &from))
            .map_err(|_| CompanionError::internal("the system gives no thread"))?;
        let heard = Arc::new(Heard {
            to: Mutex::new(Some(to)),
            record: Mutex::default(),
        });
        let end = Mutex::new(Some(Arc::clone(&heard)));
        Ok((heard, Arc::new(ChangeSubscription { end })))
    }

    /// Hears of that record from now on; of none that it heard of before.
    pub(crate) fn listen_to(self: &Arc<Self>, patient: &Patient) -> Result<()> {
        let heard = Arc::downgrade(self);
        let observation = patient.listen(move |changed: RecordChanged| {
            if let Some(heard) = heard.upgrade() {
                heard.say(RecordChange {
                    sequence: changed.sequence.0,
                    kinds: changed.kinds.iter().map(ToString::to_string).collect(),
                });
            }
        })?;
        *lock(&self.record) = Some(observation);
        Ok(())
    }

    /// Hears of the record no more, until it is opened anew.
    pub(crate) fn let_go(&self) {
        lock(&self.record).take();
    }

    /// Passes a change on.
    pub(crate) fn say(&self, change: RecordChange) {
        if let Some(to) = &*lock(&self.to) {
            // Nobody hears it any more: the listener's thread has ended with a fault of its own.
            let _ = to.send(change);
        }
    }

    /// Whether somebody still wants to hear.
    pub(crate) fn goes_on(&self) -> bool {
        lock(&self.to).is_some()
    }

    fn end(&self) {
        self.let_go();
        lock(&self.to).take();
    }
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

fn call(listener: &dyn ChangeListener, from: &Receiver<RecordChange>) {
    let mut sequence = i64::MIN;
    for mut change in from {
        // The present state comes first; what was said of the standing before is a part of it.
        if sequence == i64::MIN && change.sequence == i64::MIN {
            continue;
        }
        // A change that was noticed while another one was on its way is no older to whoever hears of it.
        sequence = sequence.max(change.sequence);
        change.sequence = sequence;
        // What the shell's own code throws is its own affair: it hears of the next change all the same.
        let _ = catch_unwind(AssertUnwindSafe(|| listener.on_change(change)));
    }
}
