//! Deterministic ports, public because the tests of other crates run on them too.
//!
//! Never for production: [`SeededRng`] is predictable by design.

use std::sync::atomic::{AtomicI32, AtomicI64, AtomicU64, Ordering};

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::{
    Cancel, Clock, HintRequest, Lane, Moment, Network, OnHint, Ports, Request, Response, Rng,
    Transport, TransportError, WatchHandle,
};

/// A clock that stands still until it is told to move.
#[derive(Debug)]
pub struct ManualClock {
    unix_ms: AtomicI64,
    offset_minutes: AtomicI32,
}

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: Moment) -> Self {
        Self {
            unix_ms: AtomicI64::new(start.unix_ms),
            offset_minutes: AtomicI32::new(start.offset_minutes),
        }
    }

    /// A clock that shows `unix_ms` in UTC.
    pub fn at_unix_ms(unix_ms: i64) -> Self {
        Self::new(Moment::utc(unix_ms))
    }

    /// Moves on by `ms` milliseconds (backwards when negative).
    pub fn advance_ms(&self, ms: i64) {
        self.unix_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// Shows `moment` from now on.
    pub fn set(&self, moment: Moment) {
        self.unix_ms.store(moment.unix_ms, Ordering::SeqCst);
        self.offset_minutes
            .store(moment.offset_minutes, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        Moment {
            unix_ms: self.unix_ms.load(Ordering::SeqCst),
            offset_minutes: self.offset_minutes.load(Ordering::SeqCst),
        }
    }
}

/// The same bytes for the same seed and the same calls: block `n` is SHA-256(seed, n).
#[derive(Debug)]
pub struct SeededRng {
    seed: [u8; 32],
    next_block: AtomicU64,
}

impl SeededRng {
    /// A source whose whole output follows from `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            seed: Sha256::digest(seed.to_be_bytes()).into(),
            next_block: AtomicU64::new(0),
        }
    }
}

impl Rng for SeededRng {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let number = self.next_block.fetch_add(1, Ordering::SeqCst);
            let block: [u8; 32] = Sha256::new()
                .chain_update(self.seed)
                .chain_update(number.to_be_bytes())
                .finalize()
                .into();
            for (byte, random) in chunk.iter_mut().zip(block) {
                *byte = random;
            }
        }
    }
}

/// A way to servers that there is none of: every request says that nobody can be reached.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoNetwork;

impl Network for NoNetwork {
    fn transport(&self, _server: &str, _lane: &Lane) -> Result<Arc<dyn Transport>, TransportError> {
        Ok(Arc::new(NoNetwork))
    }

    fn authority(&self, server: &str) -> Result<String, TransportError> {
        Ok(server.to_owned())
    }

    fn listen(
        &self,
        _server: &str,
        _lane: &Lane,
        _request: HintRequest,
        _on_hint: OnHint,
    ) -> Result<WatchHandle, TransportError> {
        Ok(WatchHandle::new(()))
    }
}

impl Transport for NoNetwork {
    fn send(&self, _request: &Request, _cancel: &Cancel) -> Result<Response, TransportError> {
        Err(TransportError::Unreachable)
    }
}

/// Ports without a network, with a clock that stands still at 2026-11-25 09:00 UTC and randomness of
/// a fixed seed.
pub fn offline() -> Ports {
    Ports {
        clock: Arc::new(ManualClock::at_unix_ms(1_795_597_200_000)),
        rng: Arc::new(SeededRng::new(7)),
        network: Arc::new(NoNetwork),
    }
}

#[cfg(test)]
mod tests {
    use super::super::random;
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = ManualClock::new(Moment {
            unix_ms: 1_000,
            offset_minutes: 60,
        });
        assert_eq!(clock.now(), clock.now());
        clock.advance_ms(500);
        assert_eq!(
            clock.now(),
            Moment {
                unix_ms: 1_500,
                offset_minutes: 60
            }
        );
    }

    #[test]
    fn a_seed_determines_every_byte_and_no_two_draws_repeat() {
        let (one, two, other) = (SeededRng::new(7), SeededRng::new(7), SeededRng::new(8));
        let first = random::<80>(&one);
        assert_eq!(first, random::<80>(&two));
        assert_ne!(first, random::<80>(&other));
        assert_ne!(first, random::<80>(&one));
        assert!(first.iter().any(|byte| *byte != 0));
    }
}
