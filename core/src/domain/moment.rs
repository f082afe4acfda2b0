//! A point in time as a person experienced it: the instant, and what their wall clock said.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, TimeZone as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// An instant in milliseconds with the person's offset from UTC at the time.
///
/// Kept as one RFC 3339 string (`2026-11-23T20:18:33.123+01:00`), so that two concurrent edits of a
/// time can never mix the instant of one with the offset of the other. Ordered by instant first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub unix_ms: i64,
    /// Minutes that the local clock is ahead of UTC; between -1439 and 1439.
    pub offset_minutes: i32,
}

/// Why a text is not a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MomentError {
    /// Not RFC 3339, or with a fraction of a minute in its offset.
    #[error("not a time of the form 2026-11-23T20:18:33.123+01:00")]
    Malformed,
    /// Before the year 0 or after the year 9999, or an offset of a day or more.
    #[error("outside the years and offsets that can be written down")]
    OutOfRange,
}

impl Moment {
    /// A moment at offset zero.
    pub const fn utc(unix_ms: i64) -> Self {
        Self {
            unix_ms,
            offset_minutes: 0,
        }
    }

    /// The day that the person's own calendar showed; `None` outside the years 0 to 9999.
    pub fn local_date(self) -> Option<NaiveDate> {
        self.to_chrono().map(|time| time.date_naive())
    }

    /// Day and time, for a sentence: "24 Nov 2026 at 10:00".
    pub(crate) fn on_the_calendar(self) -> String {
        match self.to_chrono() {
            Some(at) => at.format("%-d %b %Y at %H:%M").to_string(),
            None => self.to_string(),
        }
    }

    /// The same instant and offset as chrono sees it, for formatting; `None` outside 0 to 9999.
    pub fn to_chrono(self) -> Option<DateTime<FixedOffset>> {
        use chrono::Datelike as _;
        let offset = FixedOffset::east_opt(self.offset_minutes.checked_mul(60)?)?;
        // chrono adds the offset when asked for the local year and panics at the very ends of its
        // range, a quarter of a million years from here: keep well inside before asking.
        const YEAR_10000: i64 = 253_402_300_800_000;
        const YEAR_0: i64 = -62_167_219_200_000;
        if !(YEAR_0..YEAR_10000).contains(&self.unix_ms) {
            return None;
        }
        let time = offset.timestamp_millis_opt(self.unix_ms).single()?;
        (0..=9999).contains(&time.year()).then_some(time)
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 with milliseconds; a moment that RFC 3339 cannot express shows its raw numbers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_chrono() {
            Some(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::Millis, false)),
            None => write!(f, "{} ms {:+} min", self.unix_ms, self.offset_minutes),
        }
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        let time = DateTime::parse_from_rfc3339(text).map_err(|_| MomentError::Malformed)?;
        let offset_seconds = time.offset().local_minus_utc();
        if offset_seconds % 60 != 0 {
            return Err(MomentError::Malformed);
        }
        let moment = Moment {
            unix_ms: time.timestamp_millis(),
            offset_minutes: offset_seconds / 60,
        };
        moment
            .to_chrono()
            .map(|_| moment)
            .ok_or(MomentError::OutOfRange)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.to_chrono().is_none() {
            return Err(ser::Error::custom(MomentError::OutOfRange));
        }
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_moment_is_written_with_its_own_offset() {
        let moment = Moment {
            unix_ms: 1_795_465_113_123,
            offset_minutes: -330,
        };
        assert_eq!(moment.to_string(), "2026-11-23T14:48:33.123-05:30");
        assert_eq!(moment.local_date().unwrap().to_string(), "2026-11-23");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "yesterday",
            "2026-11-23",
            "2026-11-23T14:48:33",
            "2026-13-01T00:00:00Z",
        ] {
            assert_eq!(
                text.parse::<Moment>(),
                Err(MomentError::Malformed),
                "{text}"
            );
        }
        assert!(serde_json::to_string(&Moment::utc(i64::MAX)).is_err());
        assert!(
            serde_json::to_string(&Moment {
                unix_ms: 0,
                offset_minutes: i32::MIN
            })
            .is_err()
        );
    }

    proptest! {
        #[test]
        fn every_moment_that_can_be_written_reads_back(
            unix_ms in -62_135_596_800_000i64..253_402_214_400_000,
            offset_minutes in -1439i32..=1439,
        ) {
            let moment = Moment { unix_ms, offset_minutes };
            prop_assume!(moment.to_chrono().is_some());
            prop_assert_eq!(moment.to_string().parse::<Moment>(), Ok(moment));
        }

        #[test]
        fn any_numbers_and_any_text_are_survived(unix_ms: i64, offset_minutes: i32, text: String) {
            let moment = Moment { unix_ms, offset_minutes };
            let _ = (moment.to_string(), moment.local_date());
            let _ = text.parse::<Moment>();
        }
    }
}
