//! When an appointment is, as a form says it.

use chrono::{LocalResult, NaiveDateTime, Offset as _, TimeZone};
use companion_core::ports::Moment;

/// Why what was typed is no time of an appointment. Worded for whoever typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum AppointmentError {
    /// Not a day and a time.
    #[error("Write a day and a time, for example 2026-12-01T10:00.")]
    NotATime,
    /// The clocks go forward over it.
    #[error("That time does not exist on that day: the clocks go forward over it. Choose another.")]
    Skipped,
    /// The clocks go back over it.
    #[error(
        "That time comes twice on that day: the clocks go back over it. Choose one outside that hour."
    )]
    Twice,
}

/// What a `datetime-local` field sends, on the clinic's clock.
pub(super) fn clinic_time(text: &str, now: Moment) -> Result<Moment, AppointmentError> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"))
        .map_err(|_| AppointmentError::NotATime)?;
    // The offset of that day, where the console runs on the clinic's own clock: an hour's shift
    // between now and then must not move the appointment.
    let today = offset_at(&chrono::Local, now);
    let offset_minutes = if today == Some(now.offset_minutes) {
        offset_on(&chrono::Local, local)?
    } else {
        now.offset_minutes
    };
    let unix_ms = local.and_utc().timestamp_millis() - i64::from(offset_minutes) * 60_000;
    Ok(Moment {
        unix_ms,
        offset_minutes,
    })
}

fn offset_at<Z: TimeZone>(zone: &Z, now: Moment) -> Option<i32> {
    let time = zone.timestamp_millis_opt(now.unix_ms).single()?;
    Some(time.offset().fix().local_minus_utc() / 60)
}

fn offset_on<Z: TimeZone>(zone: &Z, local: NaiveDateTime) -> Result<i32, AppointmentError> {
    match zone.offset_from_local_datetime(&local) {
        LocalResult::Single(offset) => Ok(offset.fix().local_minus_utc() / 60),
        LocalResult::Ambiguous(..) => Err(AppointmentError::Twice),
        LocalResult::None => Err(AppointmentError::Skipped),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use chrono::{FixedOffset, NaiveDate};

    use super::*;

    /// Central European time in 2026: forward on 29 March at 2, back on 25 October at 3.
    #[derive(Clone)]
    struct Berlin;

    impl TimeZone for Berlin {
        type Offset = FixedOffset;

        fn from_offset(_: &FixedOffset) -> Self {
            Berlin
        }

        fn offset_from_local_date(&self, _: &NaiveDate) -> LocalResult<FixedOffset> {
            LocalResult::None
        }

        fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> LocalResult<FixedOffset> {
            let at = |text: &str| text.parse::<NaiveDateTime>().unwrap();
            let (winter, summer) = (hours(1), hours(2));
            let between = |from: &str, to: &str| (at(from)..at(to)).contains(local);
            if between("2026-03-29T02:00:00", "2026-03-29T03:00:00") {
                LocalResult::None
            } else if between("2026-10-25T02:00:00", "2026-10-25T03:00:00") {
                LocalResult::Ambiguous(summer, winter)
            } else if between("2026-03-29T03:00:00", "2026-10-25T02:00:00") {
                LocalResult::Single(summer)
            } else {
                LocalResult::Single(winter)
            }
        }

        fn offset_from_utc_date(&self, _: &NaiveDate) -> FixedOffset {
            hours(1)
        }

        fn offset_from_utc_datetime(&self, _: &NaiveDateTime) -> FixedOffset {
            hours(1)
        }
    }

    fn hours(hours: i32) -> FixedOffset {
        FixedOffset::east_opt(hours * 3600).unwrap()
    }

    #[test]
    fn an_hour_that_is_skipped_or_comes_twice_is_refused_and_its_neighbors_are_not() {
        let on = |text: &str| offset_on(&Berlin, text.parse().unwrap());
        assert_eq!(on("2026-03-29T01:59:00"), Ok(60));
        assert_eq!(on("2026-03-29T02:00:00"), Err(AppointmentError::Skipped));
        assert_eq!(on("2026-03-29T02:59:00"), Err(AppointmentError::Skipped));
        assert_eq!(on("2026-03-29T03:00:00"), Ok(120));
        assert_eq!(on("2026-10-25T01:59:00"), Ok(120));
        assert_eq!(on("2026-10-25T02:30:00"), Err(AppointmentError::Twice));
        assert_eq!(on("2026-10-25T03:00:00"), Ok(60));
    }

    #[test]
    fn an_appointment_is_read_on_the_clinics_clock() {
        let now = Moment {
            unix_ms: 1_795_465_113_123,
            offset_minutes: 345,
        };
        let at = clinic_time("2026-12-01T10:00", now).unwrap();
        assert_eq!(at.to_string(), "2026-12-01T10:00:00.000+05:45");
        assert_eq!(crate::view::session::as_typed(at), "2026-12-01T10:00");
        for text in ["", "soon", "2026-13-01T10:00", "2026-12-01"] {
            assert_eq!(
                clinic_time(text, now),
                Err(AppointmentError::NotATime),
                "{text}"
            );
        }
    }
}
