//! What happens to open files when the process ends.
//!
//! SQLCipher gives up its keys, its memory and its locks in a handler that runs at `exit`. Other threads run on
//! meanwhile: one that closes a file then crashes, and one that saves could seal a page under a key that was wiped. So
//! a handler of our own, which runs before SQLCipher's, lets nobody begin any more and waits until nobody uses a file.
//! What was begun is saved; what was not begun never happens, as after a kill.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long the end of a process waits for what was begun: more than it takes to write a large record anew.
const LONGEST: Duration = Duration::from_secs(30);

static USE: Mutex<Use> = Mutex::new(Use {
    threads: 0,
    is_over: false,
});
static CHANGED: Condvar = Condvar::new();

thread_local! {
    /// How often this thread asked: only the first time counts, or it could wait for itself.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

struct Use {
    threads: usize,
    is_over: bool,
}

/// Held while a connection is opened, used or closed, on the thread that does it.
pub(super) struct Using {
    is_first: bool,
    stays_on_its_thread: PhantomData<*const ()>,
}

/// Waits for ever where the process is ending, which nobody notices.
pub(super) fn using() -> Using {
    // A thread that is itself ending has let go of everything else.
    let is_first = DEPTH
        .try_with(|depth| depth.replace(depth.get().saturating_add(1)) == 0)
        .unwrap_or(true);
    if is_first {
        let mut state = lock();
        while state.is_over {
            state = CHANGED.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.threads = state.threads.saturating_add(1);
    }
    Using {
        is_first,
        stays_on_its_thread: PhantomData,
    }
}

impl Drop for Using {
    fn drop(&mut self) {
        let _ = DEPTH.try_with(|depth| depth.set(depth.get().saturating_sub(1)));
        if self.is_first {
            let mut state = lock();
            state.threads = state.threads.saturating_sub(1);
            if state.is_over {
                CHANGED.notify_all();
            }
        }
    }
}

/// Has the process wait, at its end, for whoever uses a file. To be called once, when SQLCipher and its cipher library
/// are set up: handlers run in the reverse order of their registration.
#[allow(unsafe_code)]
pub(super) fn wait_at_exit() {
    // SAFETY: `atexit` takes a plain function and may be called at any time from any thread; the handler never
    // unwinds, and uses statics alone. Where no room is left for a handler, an ending process is as it would be
    // without this.
    let _ = unsafe { libc::atexit(keep_everybody_out) };
}

#[allow(unsafe_code)]
extern "C" fn keep_everybody_out() {
    let mut state = lock();
    state.is_over = true;
    let ended = CHANGED.wait_timeout_while(state, LONGEST, |state| state.threads > 0);
    let (state, _) = ended.unwrap_or_else(PoisonError::into_inner);
    if state.threads > 0 {
        // A disk that hangs. To end here, as after a kill, is harmless; to go on to SQLCipher's handler is not.
        // SAFETY: ends the process, takes no pointer and does not return.
        unsafe { libc::_exit(1) }
    }
}

fn lock() -> MutexGuard<'static, Use> {
    USE.lock().unwrap_or_else(PoisonError::into_inner)
}
