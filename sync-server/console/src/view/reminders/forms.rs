//! The forms of reminders as things stand.

use companion_core::domain::ReminderRules;
use companion_core::domain::reminder::{DayTime, When};

use super::One;
use crate::view::form::{CHECKED, Form};

/// The form of a reminder as it stands.
pub fn present(one: &One) -> Form {
    let (number, at) = number_and_time(&one.rule.when);
    let form = Form::default()
        .with(
            "number",
            number.map(|number| number.to_string()).unwrap_or_default(),
        )
        .with("at", at)
        .with("times", one.rule.times.to_string())
        .with("words", &*one.rule.words);
    let form = if one.is_off {
        form.with("off", CHECKED)
    } else {
        form
    };
    form.as_shown().showing(one.change.as_ref())
}

fn number_and_time(when: &When) -> (Option<i32>, String) {
    let time = |at: &DayTime| match at {
        DayTime::At(at) => at.to_string(),
        DayTime::OfCheckIns => String::new(),
    };
    match when {
        When::SessionDay { days, at } => (Some((*days).into()), time(at)),
        When::BeforeSession { minutes } => (Some((*minutes).into()), String::new()),
        When::BeforeVisit { days, at } => (Some((*days).into()), time(at)),
        When::AfterLastSession { months, at } => (Some((*months).into()), time(at)),
        When::SeriesAfterSession { times, at, .. } => (Some((*times).into()), time(at)),
        When::Rhythm { at } => (None, time(at)),
    }
}

/// The form of a reminder as it would stand without what the clinic changed of it; of a reminder of the clinic's
/// own, what counts where nothing is said.
pub fn without(rules: &ReminderRules, one: &One) -> Form {
    if one.is_own {
        return Form::default().with("times", "1");
    }
    let mut without = rules.clone();
    without.take_back(one.rule.id.as_str());
    super::one(Some(&without), one.rule.id.as_str()).map_or_else(Form::default, |one| present(&one))
}

/// The form of the limits as they are set.
pub fn limits_form(set: Option<&ReminderRules>) -> Form {
    let Some(set) = set else {
        return Form::default();
    };
    let number = |number: Option<u16>| number.map(|number| number.to_string()).unwrap_or_default();
    Form::default()
        .with("per_day", number(set.per_day.map(u16::from)))
        .with("times_asked", number(set.times_asked.map(u16::from)))
        .with("quiet", &*set.quiet)
        .with(
            "quiet_hours_after_session",
            number(set.quiet_hours_after_session),
        )
        .with("check_in_at", &*set.check_in_at)
        .with("check_in_every", number(set.check_in_every))
        .with("thin_after", number(set.thin_after.map(u16::from)))
        .with("clinic_zone", &*set.clinic_zone)
        .as_shown()
}
