//! A reminder of the clinic's own as it is typed: hours and minutes before a session, or days before or after it.
//! On which side of a session it comes is told by what it is about.

use companion_core::domain::reminder::{Side, Topic};
use companion_core::domain::reminder_rules::ReminderChange;

use super::number;
use crate::view::form::Form;
use crate::view::reminders::{TO_ADD, is_told_by_the_minute};
use crate::web::problem::Problem;

/// The reminder that was typed, without a name yet. Where something is wrong, the form says so.
pub(super) fn read(form: &mut Form) -> Result<ReminderChange, Problem> {
    let topic = form.value("topic").to_owned();
    if TO_ADD.iter().all(|(known, _)| *known != topic) {
        return Err(Problem::Form);
    }
    let number = if is_told_by_the_minute(&topic) {
        minutes(form)
    } else {
        days(form, &topic)
    };
    if form.is_wrong() {
        return Err(Problem::Fields);
    }
    Ok(ReminderChange {
        topic,
        number,
        at: form.value("at").trim().to_owned(),
        words: form.value("words").to_owned(),
        ..ReminderChange::default()
    })
}

fn minutes(form: &mut Form) -> Option<i32> {
    refuse_typed(
        form,
        "days",
        "Fasting and leaving are told by hours and minutes, not by days.",
    );
    refuse_typed(
        form,
        "at",
        "Fasting and leaving are told by hours and minutes before the session, not at a time of day.",
    );
    let (hours, minutes) = (number::<u16>(form, "hours"), number::<u16>(form, "minutes"));
    if hours.is_none() && minutes.is_none() && !form.is_wrong() {
        form.wrong("hours", "Hours, minutes or both are needed.");
    }
    let all = i32::from(hours.unwrap_or(0)) * 60 + i32::from(minutes.unwrap_or(0));
    if !form.is_wrong() && !(1..=2_880).contains(&all) {
        form.wrong("hours", "This is not between 1 minute and 48 hours.");
    }
    Some(all)
}

fn days(form: &mut Form, topic: &str) -> Option<i32> {
    for field in ["hours", "minutes"] {
        refuse_typed(
            form,
            field,
            "Only fasting and leaving are told by hours and minutes.",
        );
    }
    let days = number::<u16>(form, "days");
    if days.is_none() && !form.is_wrong() {
        form.wrong("days", "A number of days is needed.");
    }
    let days = i32::from(days?);
    let mut topics = Topic::ALL.into_iter();
    let topic = topics.find(|known| known.as_str() == topic);
    Some(match topic.and_then(Topic::side) {
        Some(Side::Before) => -days,
        Some(Side::After) | None => days,
    })
}

fn refuse_typed(form: &mut Form, field: &'static str, why: &str) {
    if !form.value(field).trim().is_empty() {
        form.wrong(field, why);
    }
}
