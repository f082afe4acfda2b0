//! Times as people read them: the patient's own wall clock, and how long ago.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate};
use companion_core::ports::Moment;
use maud::{Markup, html};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// `today 21:40`, `yesterday 09:02`, `Tue 17 Nov 21:40`, with the year when it is another one.
///
/// The wall clock is that of whoever made the moment; where its offset differs from the clinic's,
/// the offset is said.
pub fn when(moment: Moment, now: Moment) -> String {
    let Some(local) = moment.to_chrono() else {
        return "at an unreadable time".to_owned();
    };
    let offset = if moment.offset_minutes == now.offset_minutes {
        String::new()
    } else {
        format!(" ({} their time)", local.format("UTC%:z"))
    };
    format!("{} {}{offset}", day_of(local, now), local.format("%H:%M"))
}

/// The day alone: `today`, `yesterday`, `Tue 17 Nov`.
pub fn day(moment: Moment, now: Moment) -> String {
    moment
        .to_chrono()
        .map_or_else(|| "unknown day".to_owned(), |local| day_of(local, now))
}

fn day_of(local: DateTime<FixedOffset>, now: Moment) -> String {
    let Some(today) = now.local_date() else {
        return local.format("%a %-d %b %Y").to_string();
    };
    match (today - local.date_naive()).num_days() {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        -1 => "tomorrow".to_owned(),
        _ if local.year() == today.year() => local.format("%a %-d %b").to_string(),
        _ => local.format("%a %-d %b %Y").to_string(),
    }
}

/// `just now`, `12 min ago`, `3 h ago`, `5 days ago`; a moment ahead of the clock counts as now.
pub fn ago(moment: Moment, now: Moment) -> String {
    let past = now.unix_ms.saturating_sub(moment.unix_ms);
    match past {
        ..MINUTE => "just now".to_owned(),
        MINUTE..HOUR => format!("{} min ago", past / MINUTE),
        HOUR..DAY => format!("{} h ago", past / HOUR),
        _ => match past / DAY {
            1 => "1 day ago".to_owned(),
            days => format!("{days} days ago"),
        },
    }
}

/// Whole days since `moment`, never negative.
pub fn days_since(moment: Moment, now: Moment) -> i64 {
    (now.unix_ms.saturating_sub(moment.unix_ms) / DAY).max(0)
}

/// A `<time>` element around [`when`].
pub fn at(moment: Moment, now: Moment) -> Markup {
    html! { time datetime=(moment) { (when(moment, now)) } }
}

/// A `<time>` element around a day that has no time: `Tue 17 Nov 2026`.
pub fn date(day: NaiveDate) -> Markup {
    html! { time datetime=(day) { (day.format("%a %-d %b %Y")) } }
}

/// A `<time>` element around [`ago`].
pub fn since(moment: Moment, now: Moment) -> Markup {
    html! { time datetime=(moment) title=(when(moment, now)) { (ago(moment, now)) } }
}

/// `1 entry`, `3 entries`.
pub fn count(number: u64, one: &str, many: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {many}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn moment(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_is_told_by_the_day_that_the_patient_saw() {
        let now = moment("2026-11-23T09:00:00Z");
        assert_eq!(when(moment("2026-11-23T08:05:00Z"), now), "today 08:05");
        assert_eq!(when(moment("2026-11-22T23:59:00Z"), now), "yesterday 23:59");
        assert_eq!(when(moment("2026-11-24T10:00:00Z"), now), "tomorrow 10:00");
        assert_eq!(
            when(moment("2026-11-17T21:40:00Z"), now),
            "Tue 17 Nov 21:40"
        );
        assert_eq!(
            when(moment("2025-11-17T21:40:00Z"), now),
            "Mon 17 Nov 2025 21:40"
        );
        assert_eq!(
            when(moment("2026-11-22T21:40:00-05:00"), now),
            "yesterday 21:40 (UTC-05:00 their time)"
        );
    }

    #[test]
    fn ages_are_rounded_down_and_a_clock_ahead_counts_as_now() {
        let now = Moment::utc(1_800_000_000_000);
        let before = |ms: i64| ago(Moment::utc(now.unix_ms - ms), now);
        assert_eq!(before(-HOUR), "just now");
        assert_eq!(before(59_999), "just now");
        assert_eq!(before(59 * MINUTE), "59 min ago");
        assert_eq!(before(23 * HOUR), "23 h ago");
        assert_eq!(before(DAY), "1 day ago");
        assert_eq!(before(9 * DAY), "9 days ago");
        assert_eq!(
            ago(Moment::utc(i64::MIN), now),
            format!("{} days ago", i64::MAX / DAY)
        );
    }
}
