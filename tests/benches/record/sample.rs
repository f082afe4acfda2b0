//! Taking samples: the processor time of this process and the time on the wall, and the middle one
//! of each.

use std::hint::black_box;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::meter;

/// What something takes, in the middle of several samples.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figure {
    /// Of all threads of this process, those that ended included.
    pub(crate) processor: Duration,
    pub(crate) wall: Duration,
    /// Processor time of the server's process.
    pub(crate) server: Duration,
}

impl Figure {
    /// One after the other.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            processor: self.processor + other.processor,
            wall: self.wall + other.wall,
            server: self.server + other.server,
        }
    }
}

/// How long to go on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) samples: usize,
    /// After so long no further sample is taken, once there are three.
    pub(crate) at_most: Duration,
}

/// A sample shorter than this says more about the meter than about the work.
const SHORTEST: Duration = Duration::from_millis(2);

/// Of this process. By the clock and not by the account of each thread, since that needs a file to
/// be read for each, and forgets threads that ended.
fn processor() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap(),
        u32::try_from(time.tv_nsec).unwrap(),
    )
}

/// Does the same again and again, several times for each sample where it is short. The first time
/// of all does not count.
pub(crate) fn repeat<T>(effort: Effort, mut work: impl FnMut() -> T) -> Figure {
    black_box(work());
    let began = Instant::now();
    black_box(work());
    let once = began.elapsed().max(Duration::from_nanos(100));
    let times = (SHORTEST.as_nanos() / once.as_nanos()).clamp(1, 2_000);
    let times = u32::try_from(times).unwrap();
    let many = |()| {
        for _ in 0..times {
            black_box(work());
        }
    };
    let figure = each(effort, None, || (), many);
    Figure {
        processor: figure.processor / times,
        wall: figure.wall / times,
        server: Duration::ZERO,
    }
}

/// Measures `work` alone: what `prepare` does before it, and dropping what it gives, does not count.
/// `server` is the process whose processor time is told too.
pub(crate) fn each<P, T>(
    effort: Effort,
    server: Option<&str>,
    mut prepare: impl FnMut() -> P,
    mut work: impl FnMut(P) -> T,
) -> Figure {
    let mut samples: [Vec<Duration>; 3] = Default::default();
    let first = Instant::now();
    while samples[0].len() < effort.samples
        && (samples[0].len() < 3 || first.elapsed() < effort.at_most)
    {
        let prepared = prepare();
        let of_server = || server.map_or(Duration::ZERO, meter::processor);
        let other = of_server();
        let (used, began) = (processor(), Instant::now());
        let done = black_box(work(prepared));
        let (wall, used) = (began.elapsed(), processor().saturating_sub(used));
        let other = of_server().saturating_sub(other);
        for (all, one) in samples.iter_mut().zip([used, wall, other]) {
            all.push(one);
        }
        drop(done);
    }
    let [processor, wall, server] = samples.map(middle);
    Figure {
        processor,
        wall,
        server,
    }
}

fn middle(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all[all.len() / 2]
}
