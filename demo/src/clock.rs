//! One clock for everybody in the demo: set back while the story is told, so that the times of
//! writing, of sending and of arriving all look right; the machine's own from then on.

use std::sync::Mutex;
use std::sync::PoisonError;

use companion_core::ports::{Clock, Moment, SystemClock};

use crate::script::{At, Zero};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const WEEK: i64 = 7;

/// The demo's clock.
pub(crate) struct StoryClock {
    /// `None` once the story is told.
    shown: Mutex<Option<Moment>>,
    midnight: Moment,
}

impl StoryClock {
    /// A clock that shows the present.
    pub(crate) fn new() -> Self {
        let now = SystemClock.now();
        let offset_ms = i64::from(now.offset_minutes) * 60_000;
        let local_ms = now.unix_ms + offset_ms;
        let midnight = Moment {
            unix_ms: local_ms.div_euclid(DAY_MS) * DAY_MS - offset_ms,
            offset_minutes: now.offset_minutes,
        };
        Self {
            shown: Mutex::new(None),
            midnight,
        }
    }

    /// A time of the story.
    pub(crate) fn moment(&self, At(day, hour, minute): At) -> Moment {
        let minutes = i64::from(hour) * 60 + i64::from(minute);
        Moment {
            unix_ms: self.midnight.unix_ms + i64::from(day) * DAY_MS + minutes * 60_000,
            ..self.midnight
        }
    }

    /// How many days from today those days count.
    pub(crate) fn days_to(&self, zero: Zero) -> i32 {
        match zero {
            Zero::Today => 0,
            Zero::LastThursday => {
                let offset_ms = i64::from(self.midnight.offset_minutes) * 60_000;
                last_thursday((self.midnight.unix_ms + offset_ms).div_euclid(DAY_MS))
            }
        }
    }

    /// Moves on to a time of the story; never back, or a server would see a past that it knows.
    pub(crate) fn move_to(&self, moment: Moment) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.is_none_or(|shown| shown.unix_ms < moment.unix_ms) {
            *shown = Some(moment);
        }
    }

    /// Moves on a little.
    pub(crate) fn pass_seconds(&self, seconds: i64) {
        let mut now = self.now();
        now.unix_ms += seconds * 1000;
        self.move_to(now);
    }

    /// Shows the present from now on.
    pub(crate) fn come_back(&self) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// How many days from that day, counted since 1970, to the last Thursday before it.
fn last_thursday(day: i64) -> i32 {
    // The first day of 1970 was a Thursday.
    let since = match day.rem_euclid(WEEK) {
        0 => WEEK,
        days => days,
    };
    i32::try_from(-since).unwrap_or_default()
}

impl Clock for StoryClock {
    fn now(&self) -> Moment {
        let shown = *self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.unwrap_or_else(|| SystemClock.now())
    }
}

impl sync_server::Clock for StoryClock {
    fn now_ms(&self) -> i64 {
        self.now().unix_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_is_told_forward_and_ends_in_the_present() {
        let clock = StoryClock::new();
        let evening = clock.moment(At(-3, 20, 15));
        clock.move_to(evening);
        assert_eq!(clock.now(), evening);
        clock.move_to(clock.moment(At(-3, 20, 10)));
        assert_eq!(clock.now(), evening, "time ran backwards");
        clock.pass_seconds(60);
        assert_eq!(clock.now().unix_ms, evening.unix_ms + 60_000);
        clock.come_back();
        assert!(clock.now().unix_ms > evening.unix_ms + 2 * DAY_MS);
    }

    #[test]
    fn the_last_thursday_is_one_and_lies_in_the_last_seven_days() {
        // 2026-11-23 was a Monday, and is day 20,780.
        for (day, back) in [(20_780, -4), (20_782, -6), (20_783, -7), (20_784, -1)] {
            assert_eq!(last_thursday(day), back);
        }
    }

    #[test]
    fn a_time_of_the_story_is_read_on_the_local_wall() {
        let clock = StoryClock::new();
        let text = clock.moment(At(-1, 9, 20)).to_string();
        assert!(text.contains("T09:20:00.000"), "{text}");
    }
}
