//! Giving up on something that waits for the network.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Lets one side give up on what another waits for. Clones are the same token.
///
/// ```
/// use companion_core::ports::Cancel;
///
/// let cancel = Cancel::new();
/// let elsewhere = cancel.clone();
/// elsewhere.cancel();
/// assert!(cancel.is_canceled());
/// ```
#[derive(Clone, Default)]
pub struct Cancel(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    canceled: bool,
    next: u64,
    hooks: Vec<(u64, Hook)>,
}

type Hook = Arc<dyn Fn() + Send + Sync>;

/// Takes a hook away again when it is dropped.
pub struct HookGuard {
    cancel: Cancel,
    number: u64,
}

impl Cancel {
    /// A token that nobody has canceled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives up, for good. Whoever waits returns soon; what was acknowledged before stays so.
    pub fn cancel(&self) {
        let hooks = {
            let mut inner = self.lock();
            inner.canceled = true;
            std::mem::take(&mut inner.hooks)
        };
        // Outside of the lock, since a hook may ask the token.
        for (_, hook) in hooks {
            hook();
        }
    }

    /// Whether somebody gave up.
    pub fn is_canceled(&self) -> bool {
        self.lock().canceled
    }

    /// Calls `hook` when somebody gives up, at once if somebody has. For transports, to end a request
    /// that is under way.
    pub fn on_cancel(&self, hook: impl Fn() + Send + Sync + 'static) -> HookGuard {
        let mut inner = self.lock();
        let number = inner.next;
        inner.next = inner.next.wrapping_add(1);
        if inner.canceled {
            drop(inner);
            hook();
        } else {
            inner.hooks.push((number, Arc::new(hook)));
        }
        HookGuard {
            cancel: self.clone(),
            number,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for HookGuard {
    fn drop(&mut self) {
        let mut inner = self.cancel.lock();
        inner.hooks.retain(|(number, _)| *number != self.number);
    }
}

impl std::fmt::Debug for Cancel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cancel({})", self.is_canceled())
    }
}

impl std::fmt::Debug for HookGuard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HookGuard({})", self.number)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_hook_is_called_once_and_not_after_it_was_taken_away() {
        let calls = Arc::new(AtomicUsize::new(0));
        let count = |calls: &Arc<AtomicUsize>| {
            let calls = Arc::clone(calls);
            move || {
                calls.fetch_add(1, Ordering::SeqCst);
            }
        };
        let cancel = Cancel::new();
        drop(cancel.on_cancel(count(&calls)));
        let _kept = cancel.on_cancel(count(&calls));
        cancel.cancel();
        cancel.cancel();
        assert_eq!(calls.load(Ordering::SeqCst), 1);
        let _late = cancel.on_cancel(count(&calls));
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }
}
