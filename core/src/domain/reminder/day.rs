//! The day that an answer is for.

use chrono::{Days, NaiveDate, NaiveDateTime};

use super::TimeOfDay;

/// Who is still up belongs to the evening before; that long after midnight.
const NIGHT_ENDS: TimeOfDay = TimeOfDay::hour(4);

/// The day that an answer is for: the one that it was asked for, where it was given from a reminder
/// ([`Notification::day`](super::Notification)). Otherwise the day on the wall, which lasts until four
/// in the morning: a check-in at half past midnight is about the day that is just over.
pub fn day_of_answer(answered: NaiveDateTime, asked_for: Option<NaiveDate>) -> NaiveDate {
    let shown = answered.date();
    let by_the_wall = if TimeOfDay::of(answered) < NIGHT_ENDS {
        shown.checked_sub_days(Days::new(1)).unwrap_or(shown)
    } else {
        shown
    };
    asked_for.unwrap_or(by_the_wall)
}
