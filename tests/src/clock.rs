//! One time for the whole world, seen by each participant through a clock that may be wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use companion_core::ports::testing::ManualClock;
use companion_core::ports::{Clock, Moment};

/// A participant's clock: the world's time plus an error.
#[derive(Debug)]
pub struct ParticipantClock {
    world: Arc<ManualClock>,
    wrong_by_ms: AtomicI64,
}

impl ParticipantClock {
    /// A clock that is right.
    pub fn new(world: &Arc<ManualClock>) -> Arc<Self> {
        Arc::new(Self {
            world: Arc::clone(world),
            wrong_by_ms: AtomicI64::new(0),
        })
    }

    /// From now on this clock is wrong by so many milliseconds.
    pub fn be_wrong_by(&self, ms: i64) {
        self.wrong_by_ms.store(ms, Ordering::SeqCst);
    }
}

impl Clock for ParticipantClock {
    fn now(&self) -> Moment {
        let mut now = self.world.now();
        now.unix_ms += self.wrong_by_ms.load(Ordering::SeqCst);
        now
    }
}

/// The server's clock is always right: it is what the others are wrong against.
pub(crate) struct ServerClock(pub(crate) Arc<ManualClock>);

impl sync_server::Clock for ServerClock {
    fn now_ms(&self) -> i64 {
        self.0.now().unix_ms
    }
}
