//! Requests per second by key.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::config::Rate;

/// Keys remembered. Beyond this, callers that are not remembered share one allowance, so that a
/// flood of invented keys can't fill the memory.
const MOST_KEYS: usize = 50_000;

/// A rate limit for each key.
pub(crate) struct Rates<K: Hash + Eq + Clone> {
    each: DefaultKeyedRateLimiter<Option<K>>,
    clock: DefaultClock,
}

impl<K: Hash + Eq + Clone> Rates<K> {
    pub(crate) fn new(rate: Rate) -> Self {
        let at_least_one = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        let quota =
            Quota::per_second(at_least_one(rate.per_second)).allow_burst(at_least_one(rate.burst));
        Self {
            each: RateLimiter::keyed(quota),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request; `Err` holds how long to wait.
    pub(crate) fn check(&self, key: &K) -> Result<(), Duration> {
        let key = (self.each.len() < MOST_KEYS).then(|| key.clone());
        self.each
            .check_key(&key)
            .map(|_| ())
            .map_err(|not_yet| not_yet.wait_time_from(self.clock.now()))
    }

    /// Forgets keys whose allowance is full again.
    pub(crate) fn sweep(&self) {
        self.each.retain_recent();
        self.each.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_does_not_use_up_anothers_allowance() {
        let rates = Rates::new(Rate {
            per_second: 1,
            burst: 2,
        });
        assert!(rates.check(&"a").is_ok());
        assert!(rates.check(&"a").is_ok());
        assert!(rates.check(&"a").is_err());
        assert!(rates.check(&"b").is_ok());
    }
}
