//! A day of the calendar, without a time: when to look at something again.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Moment;

/// A day of the calendar, written `2026-11-23`. In no time zone: it is that day wherever the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

/// A text that is not a day of the years 0 to 9999, such as February 30.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a day of the form 2026-11-23")]
pub struct DayError;

impl Day {
    /// That day; `None` where the calendar has none such.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Day> {
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        (0..=9999).contains(&year).then_some(Day(date))
    }

    /// The day that chrono names; `None` outside the years 0 to 9999.
    pub fn of(date: NaiveDate) -> Option<Day> {
        Day::new(date.year(), date.month(), date.day())
    }

    /// The day that a clock shows at a moment, by the moment's own offset.
    pub fn of_moment(at: Moment) -> Option<Day> {
        Day::of(at.local_date()?)
    }

    /// As people read it: `23 Nov 2026`. The form of [`Display`](fmt::Display) is for forms and programs.
    ///
    /// ```
    /// use companion_core::domain::day::Day;
    /// assert_eq!(Day::new(2026, 11, 3).map(Day::in_words).as_deref(), Some("3 Nov 2026"));
    /// ```
    pub fn in_words(self) -> String {
        self.0.format("%-d %b %Y").to_string()
    }

    /// The same as chrono sees it.
    pub const fn to_chrono(self) -> NaiveDate {
        self.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.0.year(), self.0.month(), self.0.day());
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let mut parts = text.split('-');
        let mut part = |digits: usize| {
            let part = parts.next()?;
            let is_number = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| part.parse::<u32>().ok()).flatten()
        };
        let read = part(4).zip(part(2)).zip(part(2));
        let ((year, month), day) = read.ok_or(DayError)?;
        let year = i32::try_from(year).map_err(|_| DayError)?;
        match parts.next() {
            None => Day::new(year, month, day).ok_or(DayError),
            Some(_) => Err(DayError),
        }
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_day_reads_back_and_what_no_calendar_has_is_refused() {
        for text in ["2026-11-23", "0000-01-01", "9999-12-31", "2028-02-29"] {
            assert_eq!(text.parse::<Day>().unwrap().to_string(), text);
        }
        for text in [
            "2026-02-30",
            "2027-02-29",
            "2026-13-01",
            "2026-1-1",
            "20261123",
            "2026-11-23T10:00",
            "2026-11-23-1",
            "+202-11-23",
            "soon",
            "",
        ] {
            assert_eq!(text.parse::<Day>(), Err(DayError), "{text}");
        }
    }
}
