//! How soon a measure may be asked again. A statement for whoever plans or answers; it bars nobody.

use chrono::NaiveDate;

use super::super::Moment;
use super::Instrument;

const MS_OF_A_DAY: i64 = 86_400_000;

/// A number of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days(pub u16);

/// How often a measure makes sense. Asked sooner than its recall, it asks twice about the same days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The least that should lie between two times.
    pub smallest: Days,
    /// What usually lies between them.
    pub usual: Days,
}

/// How a time for a measure stands to the last time it was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// It was never answered.
    First,
    /// The usual interval or more has passed.
    Due,
    /// More than the smallest interval has passed, and less than the usual one.
    Early {
        /// When the usual interval has passed.
        usual_on: Option<NaiveDate>,
    },
    /// Less than the smallest interval has passed: the answers would be about days that were asked
    /// about already.
    TooSoon {
        /// When the smallest interval has passed.
        soonest: Option<NaiveDate>,
    },
    /// The last time lies ahead: one of the two clocks is wrong, and nothing follows.
    LastLiesAhead,
}

/// How `now` stands to the last time. Counted in days of the calendar, each by its own local time: a
/// measure of Monday night may be asked again on a Monday morning.
pub fn timing(instrument: &Instrument, last: Option<Moment>, now: Moment) -> Timing {
    let Some(last) = last else {
        return Timing::First;
    };
    if last.unix_ms > now.unix_ms {
        return Timing::LastLiesAhead;
    }
    let Interval { smallest, usual } = instrument.interval;
    let passed = days_between(last, now);
    let after = |days: Days| {
        let date = last.local_date()?;
        date.checked_add_days(chrono::Days::new(days.0.into()))
    };
    if passed < i64::from(smallest.0) {
        Timing::TooSoon {
            soonest: after(smallest),
        }
    } else if passed < i64::from(usual.0) {
        Timing::Early {
            usual_on: after(usual),
        }
    } else {
        Timing::Due
    }
}

/// How many days of the calendar lie between two moments, each by its own local time.
pub(in crate::domain) fn days_between(last: Moment, now: Moment) -> i64 {
    match (last.local_date(), now.local_date()) {
        (Some(last), Some(now)) => now.signed_duration_since(last).num_days(),
        // Moments that no calendar shows.
        _ => now.unix_ms.saturating_sub(last.unix_ms) / MS_OF_A_DAY,
    }
}
