//! A time zone by its IANA name: what the clock on the wall says, and which instant that is. The only
//! file that knows the library; its data is inside this program, so that every phone and every console
//! gives the same answer, whatever its system has installed.
//!
//! A local time that a change of the clock skips is moved on by what was skipped (02:30 becomes 03:30);
//! one that comes twice means its first time. So it is in RFC 5545 (3.3.5), and in people's calendars.

use std::sync::LazyLock;

use chrono::{Datelike as _, NaiveDateTime, Timelike as _};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, civil};

use super::Moment;

/// Most characters of a zone's name; the longest that IANA gave has 32.
const LONGEST_NAME: usize = 64;

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Why a name gives no time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ZoneError {
    /// Not a zone that IANA lists or listed, as far as this version knows: renamed since, or mistyped.
    #[error("there is no time zone {name:?} in this version's list")]
    Unknown {
        /// The name, cut at 64 characters.
        name: String,
    },
}

/// A time zone. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    rules: TimeZone,
    name: String,
}

/// A zone, and what was wrong with the name where it had to be stood in for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The zone to go by.
    pub zone: Zone,
    /// Why it is not the one that was asked for, if it isn't.
    pub instead_of: Option<ZoneError>,
}

/// What became of a local time on its way to an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placing {
    /// There is one such time.
    Once,
    /// The clock skips it: moved on by as much as was skipped.
    Skipped,
    /// The clock shows it twice: the first time.
    Twice,
}

impl Zone {
    /// The zone of that IANA name, in any case of its letters. Old names that IANA keeps
    /// (`Asia/Calcutta`) are zones like any other.
    ///
    /// # Errors
    ///
    /// When the list has no such name.
    pub fn named(name: &str) -> Result<Zone, ZoneError> {
        let unknown = || ZoneError::Unknown {
            name: name.chars().take(LONGEST_NAME).collect(),
        };
        if name.len() > LONGEST_NAME {
            return Err(unknown());
        }
        let rules = ZONES.get(name).map_err(|_| unknown())?;
        // `Etc/Unknown` and the like answer as UTC without being a place.
        if rules.is_unknown() {
            return Err(unknown());
        }
        let name = rules.iana_name().unwrap_or(name).to_owned();
        Ok(Zone { rules, name })
    }

    /// The zone of that name; where there is none (any more), the fixed offset that the clock of `now`
    /// shows, and the error. So a phone whose zone was renamed still reminds at the hours that it
    /// shows, and is off by an hour at most until its clocks change.
    pub fn named_or_as_now(name: &str, now: Moment) -> Found {
        match Zone::named(name) {
            Ok(zone) => Found {
                zone,
                instead_of: None,
            },
            Err(error) => Found {
                zone: Zone::fixed(now.offset_minutes),
                instead_of: Some(error),
            },
        }
    }

    /// Coordinated universal time.
    pub fn utc() -> Zone {
        Zone::fixed(0)
    }

    /// A clock that is always so many minutes ahead of UTC. Beyond a day it is UTC.
    pub fn fixed(offset_minutes: i32) -> Zone {
        let seconds = offset_minutes.checked_mul(60);
        let offset = seconds
            .filter(|seconds| seconds.unsigned_abs() < 24 * 3600)
            .and_then(|seconds| Offset::from_seconds(seconds).ok())
            .unwrap_or(Offset::UTC);
        let minutes = offset.seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        Zone {
            rules: TimeZone::fixed(offset),
            name: format!("UTC{sign}{hours:02}:{rest:02}"),
        }
    }

    /// Its IANA name, or `UTC+05:30` for a fixed offset.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every name in the list, old ones included.
    pub fn all_names() -> Vec<String> {
        ZONES.available().map(|name| name.to_string()).collect()
    }

    /// What the clock on the wall shows at that instant, with its offset; `None` outside the years 0 to
    /// 9999.
    pub fn moment(&self, unix_ms: i64) -> Option<Moment> {
        let time = Timestamp::from_millisecond(unix_ms).ok()?;
        let moment = Moment {
            unix_ms,
            offset_minutes: minutes(self.rules.to_offset(time)),
        };
        moment.to_chrono().map(|_| moment)
    }

    /// What the clock on the wall shows at that instant, without its offset; `None` as for
    /// [`Zone::moment`].
    pub fn local(&self, unix_ms: i64) -> Option<NaiveDateTime> {
        Some(self.moment(unix_ms)?.to_chrono()?.naive_local())
    }

    /// The instant at which the clock on the wall shows that, and whether it shows it once; `None`
    /// outside the years 0 to 9999.
    pub fn place(&self, local: NaiveDateTime) -> Option<(Moment, Placing)> {
        let offset = self.rules.to_ambiguous_timestamp(civil(local)?).offset();
        let (before, after) = match offset {
            AmbiguousOffset::Unambiguous { offset } => (offset, offset),
            AmbiguousOffset::Gap { before, after } | AmbiguousOffset::Fold { before, after } => {
                (before, after)
            }
        };
        let by = |offset: Offset| {
            local.and_utc().timestamp_millis() - i64::from(offset.seconds()) * 1000
        };
        // Asked back, and not taken on trust: where a zone's listed changes end and its yearly rule
        // begins, the library (1.0.2) tells of a repeated hour that never was (Nuuk, October 2023).
        let shows = |offset: Offset| {
            let time = Timestamp::from_millisecond(by(offset)).ok()?;
            (self.rules.to_offset(time) == offset).then_some(by(offset))
        };
        let (unix_ms, placing) = match (shows(before), shows(after)) {
            (Some(first), Some(second)) if first != second => (first.min(second), Placing::Twice),
            (Some(once), _) | (None, Some(once)) => (once, Placing::Once),
            // By the clock from before the change, a skipped time lies after it.
            (None, None) => (by(before), Placing::Skipped),
        };
        Some((self.moment(unix_ms)?, placing))
    }

    /// As [`Zone::place`], but a skipped time is moved back by what was skipped: 02:30 becomes 01:30.
    pub fn place_before(&self, local: NaiveDateTime) -> Option<(Moment, Placing)> {
        let (placed, placing) = self.place(local)?;
        if placing != Placing::Skipped {
            return Some((placed, placing));
        }
        let by_the_clock_after = i64::from(placed.offset_minutes) * 60_000;
        let unix_ms = local.and_utc().timestamp_millis() - by_the_clock_after;
        Some((self.moment(unix_ms)?, placing))
    }

    /// The instants, in milliseconds, at which its clock is changed between those two.
    #[cfg(test)]
    pub(super) fn changes(&self, from_ms: i64, to_ms: i64) -> Vec<i64> {
        let from = Timestamp::from_millisecond(from_ms).unwrap_or(Timestamp::MIN);
        let all = self.rules.following(from);
        all.map(|change| change.timestamp().as_millisecond())
            .take_while(|change| *change < to_ms)
            .collect()
    }
}

/// Offsets with seconds ended with local mean time, in Liberia in 1972.
fn minutes(offset: Offset) -> i32 {
    offset.seconds() / 60
}

fn civil(local: NaiveDateTime) -> Option<civil::DateTime> {
    let small = |number: u32| i8::try_from(number).ok();
    civil::DateTime::new(
        i16::try_from(local.year()).ok()?,
        small(local.month())?,
        small(local.day())?,
        small(local.hour())?,
        small(local.minute())?,
        small(local.second())?,
        0,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn placed(zone: &str, local: &str) -> (String, Placing) {
        let zone = Zone::named(zone).unwrap();
        let (moment, placing) = zone.place(local.parse().unwrap()).unwrap();
        (moment.to_string(), placing)
    }

    #[test]
    fn a_skipped_time_is_moved_on_and_a_repeated_one_is_its_first() {
        let once = |text: &str| (text.to_owned(), Placing::Once);
        let skipped = |text: &str| (text.to_owned(), Placing::Skipped);
        let twice = |text: &str| (text.to_owned(), Placing::Twice);
        for (zone, local, expected) in [
            (
                "America/New_York",
                "2026-03-08T01:30:00",
                once("2026-03-08T01:30:00.000-05:00"),
            ),
            (
                "America/New_York",
                "2026-03-08T02:30:00",
                skipped("2026-03-08T03:30:00.000-04:00"),
            ),
            (
                "America/New_York",
                "2026-11-01T01:30:00",
                twice("2026-11-01T01:30:00.000-04:00"),
            ),
            // Half an hour only.
            (
                "Australia/Lord_Howe",
                "2026-10-04T02:10:00",
                skipped("2026-10-04T02:40:00.000+11:00"),
            ),
            // A midnight that does not exist.
            (
                "Africa/Cairo",
                "2026-04-24T00:00:00",
                skipped("2026-04-24T01:00:00.000+03:00"),
            ),
            // Its rule of every year begins here, and nothing is repeated.
            (
                "America/Nuuk",
                "2023-10-28T23:30:00",
                once("2023-10-28T23:30:00.000-02:00"),
            ),
            // A whole day that never was.
            (
                "Pacific/Apia",
                "2011-12-30T12:00:00",
                skipped("2011-12-31T12:00:00.000+14:00"),
            ),
        ] {
            assert_eq!(placed(zone, local), expected, "{zone} {local}");
        }
    }

    #[test]
    fn a_skipped_time_can_be_moved_back_instead() {
        let zone = Zone::named("America/New_York").unwrap();
        let back = |local: &str| zone.place_before(local.parse().unwrap()).unwrap();
        assert_eq!(
            back("2026-03-08T02:30:00").0.to_string(),
            "2026-03-08T01:30:00.000-05:00"
        );
        let twice = "2026-11-01T01:30:00";
        assert_eq!(Some(back(twice)), zone.place(twice.parse().unwrap()));
    }

    #[test]
    fn old_names_are_zones_and_nonsense_is_named() {
        for (old, new) in [
            ("Asia/Calcutta", "Asia/Kolkata"),
            ("US/Eastern", "America/New_York"),
            ("Europe/Kiev", "Europe/Kyiv"),
            ("Pacific/Enderbury", "Pacific/Kanton"),
            ("europe/BERLIN", "Europe/Berlin"),
        ] {
            let noon = "2026-07-01T12:00:00";
            assert_eq!(placed(old, noon), placed(new, noon));
        }
        assert_eq!(
            Zone::named("europe/BERLIN").unwrap().name(),
            "Europe/Berlin"
        );
        let long = "x/".repeat(10_000);
        for name in [
            "",
            "Mars/Phobos",
            "../../etc/localtime",
            "Etc/Unknown",
            "a\0b",
            &long,
        ] {
            assert!(Zone::named(name).is_err(), "{name:?}");
        }
        assert_eq!(
            Zone::named("US/Pacific-New").unwrap_err().to_string(),
            "there is no time zone \"US/Pacific-New\" in this version's list"
        );
    }

    #[test]
    fn a_zone_that_is_gone_is_stood_in_for_by_the_clock_of_now() {
        let now = Moment {
            unix_ms: 1_795_465_113_123,
            offset_minutes: -480,
        };
        let found = Zone::named_or_as_now("US/Pacific-New", now);
        assert!(found.instead_of.is_some());
        assert_eq!(found.zone.name(), "UTC-08:00");
        assert_eq!(found.zone.moment(now.unix_ms), Some(now));
        assert!(
            Zone::named_or_as_now("US/Pacific", now)
                .instead_of
                .is_none()
        );
        assert_eq!(Zone::fixed(i32::MIN), Zone::utc());
    }

    #[test]
    fn any_instant_and_any_local_time_are_survived() {
        let zone = Zone::named("America/St_Johns").unwrap();
        for unix_ms in [i64::MIN, i64::MAX, 0, 253_402_300_799_999] {
            let _ = (zone.moment(unix_ms), zone.local(unix_ms));
        }
        for local in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
            assert_eq!(zone.place(local), None);
        }
    }
}
