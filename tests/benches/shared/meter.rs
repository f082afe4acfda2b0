//! Time: by the wall, and of the processor for all threads of a process.

use std::time::{Duration, Instant};

/// Processor time that a process' living threads have used, from the scheduler's own account.
pub(crate) fn processor(process: &str) -> Duration {
    // The account of a thread that runs is written when it gives way.
    std::thread::yield_now();
    let mut nanoseconds = 0;
    let Ok(threads) = std::fs::read_dir(format!("/proc/{process}/task")) else {
        return Duration::ZERO;
    };
    for thread in threads.flatten() {
        // A thread may end while we look.
        let account = std::fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        nanoseconds += account
            .split(' ')
            .next()
            .and_then(|time| time.parse::<u64>().ok())
            .unwrap_or(0);
    }
    Duration::from_nanos(nanoseconds)
}

/// How busy the machine is, as it says itself.
pub(crate) fn load() -> String {
    let all = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    all.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// What something took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Took {
    pub(crate) wall: Duration,
    /// Of this process.
    pub(crate) client: Duration,
    /// Of the server's process.
    pub(crate) server: Duration,
}

/// Runs `work` and says what it took here and in the process `server`.
pub(crate) fn took<T>(server: &str, work: impl FnOnce() -> T) -> (T, Took) {
    let (client, other, began) = (processor("self"), processor(server), Instant::now());
    let done = work();
    let took = Took {
        wall: began.elapsed(),
        client: processor("self").saturating_sub(client),
        server: processor(server).saturating_sub(other),
    };
    (done, took)
}

/// The middle one by wall time.
pub(crate) fn median(mut all: Vec<Took>) -> Took {
    all.sort_by_key(|took| took.wall);
    all[all.len() / 2]
}

/// Several durations in short.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spread {
    pub(crate) p50: Duration,
    pub(crate) p95: Duration,
    pub(crate) p99: Duration,
}

impl Spread {
    pub(crate) fn of(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        let at = |percent: usize| all[(all.len() * percent / 100).min(all.len() - 1)];
        Self {
            p50: at(50),
            p95: at(95),
            p99: at(99),
        }
    }
}

/// The most memory that this process held, in kilobytes, as Linux counts its pages.
pub(crate) fn high_water() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.unwrap().trim().trim_end_matches("kB").trim();
    kilobytes.parse().unwrap()
}
