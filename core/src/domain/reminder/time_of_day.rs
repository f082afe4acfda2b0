//! What a clock on the wall shows: minutes of a day, and the hours in which a phone stays quiet.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDateTime, NaiveTime, Timelike as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const MINUTES_OF_A_DAY: u16 = 24 * 60;
/// Minutes of a day that must not be quiet, or nothing could be said at all.
const LEAST_OPEN: u16 = 6 * 60;

/// A text that is no time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time of day from 00:00 to 23:59")]
pub struct TimeOfDayError;

/// Hours and minutes of a clock on the wall, `18:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// That hour (0 to 23) and minute (0 to 59).
    ///
    /// # Errors
    ///
    /// When no clock shows it.
    pub const fn new(hour: u8, minute: u8) -> Result<TimeOfDay, TimeOfDayError> {
        if hour < 24 && minute < 60 {
            Ok(TimeOfDay(hour as u16 * 60 + minute as u16))
        } else {
            Err(TimeOfDayError)
        }
    }

    /// The hour, 0 to 23, and the minute, 0 to 59.
    pub fn hour_and_minute(self) -> (u8, u8) {
        let small = |number: u16| u8::try_from(number).unwrap_or(u8::MAX);
        (small(self.0 / 60), small(self.0 % 60))
    }

    /// A full hour of the default pack.
    pub(in crate::domain) const fn hour(hour: u8) -> TimeOfDay {
        TimeOfDay((hour as u16 * 60) % MINUTES_OF_A_DAY)
    }

    /// An hour earlier, also over midnight.
    pub(in crate::domain) const fn an_hour_before(self) -> TimeOfDay {
        TimeOfDay((self.0 + MINUTES_OF_A_DAY - 60) % MINUTES_OF_A_DAY)
    }

    pub(super) fn of(time: NaiveDateTime) -> TimeOfDay {
        let minutes = time.hour() * 60 + time.minute();
        TimeOfDay(u16::try_from(minutes).unwrap_or(0))
    }

    pub(super) fn to_chrono(self) -> NaiveTime {
        let (hour, minute) = (u32::from(self.0) / 60, u32::from(self.0) % 60);
        NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = TimeOfDayError;

    fn from_str(text: &str) -> Result<Self, TimeOfDayError> {
        let two = |digits: &str| {
            let fits = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
            fits.then(|| digits.parse().ok()).flatten()
        };
        let (hour, minute) = text.split_once(':').ok_or(TimeOfDayError)?;
        let hour = two(hour).ok_or(TimeOfDayError)?;
        TimeOfDay::new(hour, two(minute).ok_or(TimeOfDayError)?)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// Hours that leave no room for a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("quiet from {from} until {until} leaves less than six hours of a day")]
pub struct QuietHoursError {
    from: TimeOfDay,
    until: TimeOfDay,
}

/// The hours of each day in which nothing is shown, by the clock on the wall: from the one time, until
/// just before the other. Both the same: never quiet. At least six hours stay open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Plain", into = "Plain")]
pub struct QuietHours {
    from: TimeOfDay,
    until: TimeOfDay,
}

#[derive(Serialize, Deserialize)]
struct Plain {
    from: TimeOfDay,
    until: TimeOfDay,
}

impl QuietHours {
    pub(super) const NIGHT: QuietHours = QuietHours {
        from: TimeOfDay::hour(21),
        until: TimeOfDay::hour(9),
    };

    /// Quiet between those two, over midnight where the first is later.
    ///
    /// # Errors
    ///
    /// When less than six hours of a day would be left.
    pub const fn new(from: TimeOfDay, until: TimeOfDay) -> Result<QuietHours, QuietHoursError> {
        let quiet = (until.0 + MINUTES_OF_A_DAY - from.0) % MINUTES_OF_A_DAY;
        if quiet + LEAST_OPEN > MINUTES_OF_A_DAY {
            return Err(QuietHoursError { from, until });
        }
        Ok(QuietHours { from, until })
    }

    /// When they begin.
    pub const fn from(self) -> TimeOfDay {
        self.from
    }

    /// When they are over.
    pub const fn until(self) -> TimeOfDay {
        self.until
    }

    /// Whether it is quiet at that time.
    pub fn include(self, time: TimeOfDay) -> bool {
        if self.over_midnight() {
            time >= self.from || time < self.until
        } else {
            (self.from..self.until).contains(&time)
        }
    }

    pub(super) fn over_midnight(self) -> bool {
        self.from > self.until
    }
}

impl TryFrom<Plain> for QuietHours {
    type Error = QuietHoursError;

    fn try_from(plain: Plain) -> Result<Self, QuietHoursError> {
        QuietHours::new(plain.from, plain.until)
    }
}

impl From<QuietHours> for Plain {
    fn from(QuietHours { from, until }: QuietHours) -> Plain {
        Plain { from, until }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_time_gives_back_the_hour_and_the_minute_that_it_was_made_of() {
        for (hour, minute) in [(0, 0), (9, 5), (23, 59)] {
            let time = TimeOfDay::new(hour, minute).unwrap();
            assert_eq!(time.hour_and_minute(), (hour, minute));
        }
    }
}
