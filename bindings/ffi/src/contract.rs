//! What only the contract suites call, in a build of its own (feature `contract`).

use std::sync::atomic::{AtomicI64, Ordering};

use companion_core::ports::{Clock, Moment, SystemClock};

use crate::cross::Cross;
use crate::error::Result;
use crate::record::PhoneRecord;

/// How far the clock of every record here is ahead of the device's.
static AHEAD_MS: AtomicI64 = AtomicI64::new(0);

/// The device's clock, as far as it was turned.
pub(crate) struct TurnedClock;

impl Clock for TurnedClock {
    fn now(&self) -> Moment {
        let now = SystemClock.now();
        let ahead_ms = AHEAD_MS.load(Ordering::SeqCst);
        Moment {
            unix_ms: now.unix_ms.saturating_add(ahead_ms),
            ..now
        }
    }
}

/// Turns the clock of all records of this process: so many milliseconds ahead of the device's, or behind it where that
/// is negative. Touches no disk.
///
/// # Errors
///
/// None today.
#[uniffi::export]
pub fn turn_clock(ahead_ms: i64) -> Result<()> {
    AHEAD_MS.store(ahead_ms, Ordering::SeqCst);
    Ok(())
}

/// A view that can't be made.
#[derive(uniffi::Record)]
pub struct BrokenView {
    /// Never there.
    pub words: String,
}

impl Cross<String> for BrokenView {
    #[allow(clippy::panic, reason = "it is what the suites ask for")]
    fn out(core: String) -> Self {
        panic!("{core}")
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// Panics inside the core's thread, with words that must reach nobody.
    ///
    /// # Errors
    ///
    /// `Internal`, always.
    #[allow(clippy::panic, reason = "it is what the suites ask for")]
    pub async fn panic_inside(&self) -> Result<()> {
        self.inner.ask(|_| panic!("a word of the record")).await
    }

    /// Panics while a view is made of what the core gave.
    ///
    /// # Errors
    ///
    /// `Internal`, always.
    pub async fn panic_in_a_view(&self) -> Result<BrokenView> {
        let broken = self
            .inner
            .ask(|_| Ok(Cross::out("a word of the record".to_owned())));
        broken.await
    }
}
