//! What the core needs from the world outside: the time, randomness, and a way to a server.
//!
//! Everything that is not a pure function receives these as values, so that a whole clinic with its
//! phones can run inside one deterministic test. [`testing`] holds the deterministic ones.

mod cancel;
mod network;
pub mod testing;
mod transport;

pub use crate::domain::moment::Moment;
pub use cancel::{Cancel, HookGuard};
pub use network::{HintRequest, Lane, Network, NetworkKind, OnHint, WatchHandle};
pub use transport::{Method, Request, Response, Transport, TransportError};

use std::sync::Arc;

use chrono::Offset as _;

/// The world outside, injected.
#[derive(Clone)]
pub struct Ports {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// The way to a server.
    pub network: Arc<dyn Network>,
}

impl std::fmt::Debug for Ports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ports")
    }
}

/// Tells the time, with the offset from UTC that the person's wall shows.
///
/// Order never depends on it (devices disagree); it is for display, expiry and signatures.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Moment;
}

/// Fills buffers with bytes that nobody can predict.
pub trait Rng: Send + Sync {
    /// Overwrites all of `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// An array of fresh random bytes: `random::<16>(rng)`.
pub fn random<const N: usize>(rng: &dyn Rng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill(&mut bytes);
    bytes
}

/// The device's own clock and time zone.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let now = chrono::Local::now();
        Moment {
            unix_ms: now.timestamp_millis(),
            offset_minutes: now.offset().fix().local_minus_utc() / 60,
        }
    }
}

/// The operating system's random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRng;

impl Rng for OsRng {
    fn fill(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            // A key made of zeros would be worse than no app: nothing may run on after this. It
            // does not happen on a booted system; the core's promise not to panic on *input* holds.
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_system_clock_and_random_source_work() {
        let now = SystemClock.now();
        assert!(now.unix_ms > 1_600_000_000_000);
        assert_eq!(now.to_string().parse::<Moment>().unwrap(), now);
        assert_ne!(random::<32>(&OsRng), random::<32>(&OsRng));
    }
}
