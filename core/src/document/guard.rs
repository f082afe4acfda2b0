//! Keeps a panic inside Automerge from taking the app down.
//!
//! Measured reason: mutated changes with a valid checksum panic Automerge 0.12 (a body of 11 bytes is
//! enough), and what arrives from another member is only as honest as that member's device.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

#[cfg(not(panic = "unwind"))]
compile_error!("a hostile change could end the app: build with panic = \"unwind\"");

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

static QUIET_HOOK: Once = Once::new();

/// Runs `work`; `None` when it panicked. Nothing is printed for such a panic (its message may quote
/// content), while panics of other threads and other code reach the usual hook.
///
/// Whatever `work` borrows mutably may be half-changed afterwards: give it only what is thrown away
/// on failure.
pub(super) fn contain<T>(work: impl FnOnce() -> T) -> Option<T> {
    QUIET_HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !CONTAINED.try_with(Cell::get).unwrap_or(false) {
                usual(panic);
            }
        }));
    });
    let before = CONTAINED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(before);
    result.ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]

    use super::*;

    #[test]
    fn a_panic_is_contained_and_the_thread_goes_on() {
        assert_eq!(
            contain(|| -> u8 { panic!("contained, so nobody reads this") }),
            None
        );
        assert_eq!(contain(|| 3), Some(3));
        assert!(!CONTAINED.get());
    }

    #[test]
    fn guards_nest() {
        let outer = contain(|| {
            assert_eq!(contain(|| -> u8 { panic!("inner") }), None);
            assert!(CONTAINED.get());
            1
        });
        assert_eq!(outer, Some(1));
    }
}
