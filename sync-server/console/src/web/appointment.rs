//! When an appointment is, as a form says it.

use chrono::NaiveDateTime;
use companion_core::ports::Moment;

/// What a `datetime-local` field sends, on the clinic's clock.
pub(super) fn clinic_time(text: &str, now: Moment) -> Option<Moment> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"))
        .ok()?;
    // The offset of that day, where the console runs on the clinic's own clock: an hour's shift
    // between now and then must not move the appointment.
    let offset_minutes = offset_on(local, now);
    let unix_ms = local.and_utc().timestamp_millis() - i64::from(offset_minutes) * 60_000;
    Some(Moment {
        unix_ms,
        offset_minutes,
    })
}

fn offset_on(local: NaiveDateTime, now: Moment) -> i32 {
    use chrono::{Offset as _, TimeZone as _};
    let today = chrono::Local
        .timestamp_millis_opt(now.unix_ms)
        .single()
        .map(|time| time.offset().fix().local_minus_utc() / 60);
    if today != Some(now.offset_minutes) {
        return now.offset_minutes;
    }
    chrono::Local
        .from_local_datetime(&local)
        .earliest()
        .map_or(now.offset_minutes, |time| {
            time.offset().fix().local_minus_utc() / 60
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_appointment_is_read_on_the_clinics_clock() {
        let now = Moment {
            unix_ms: 1_795_465_113_123,
            offset_minutes: 345,
        };
        let at = clinic_time("2026-12-01T10:00", now).unwrap();
        assert_eq!(at.to_string(), "2026-12-01T10:00:00.000+05:45");
        for text in ["", "soon", "2026-13-01T10:00", "2026-12-01"] {
            assert_eq!(clinic_time(text, now), None, "{text}");
        }
    }
}
