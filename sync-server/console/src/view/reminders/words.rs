//! What a reminder is about and when it speaks, in words.

use companion_core::domain::reminder::{DayTime, Rule, Topic, When};

use crate::view::time;

/// A reminder by its topic and when it speaks.
pub fn named(rule: &Rule) -> String {
    format!("{}, {}", topic(rule.topic), when(&rule.when))
}

pub(super) fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Fasting => "Eating and drinking",
        Topic::Leaving => "Leaving",
        Topic::Evening => "Evening of the session",
        Topic::DayBefore => "Day before",
        Topic::Preparation => "Preparation",
        Topic::DayAfter => "Day after",
        Topic::Integration => "Integration",
        Topic::Measure => "Questionnaires",
        Topic::FollowUp => "Follow-up",
        Topic::CheckIn => "Check-in",
    }
}

pub(super) fn when(when: &When) -> String {
    let time = |at: &DayTime| match at {
        DayTime::At(at) => format!("at {at}"),
        DayTime::OfCheckIns => "when the patient wants check-ins".to_owned(),
    };
    let many = |number: i64, one: &str, more: &str| time::count(number.unsigned_abs(), one, more);
    match when {
        When::SessionDay { days: 0, at } => format!("on the session’s day {}", time(at)),
        When::SessionDay { days, at } if *days < 0 => {
            format!(
                "{} before the session {}",
                many((*days).into(), "day", "days"),
                time(at)
            )
        }
        When::SessionDay { days, at } => {
            format!(
                "{} after the session {}",
                many((*days).into(), "day", "days"),
                time(at)
            )
        }
        When::BeforeSession { minutes } => {
            format!(
                "{} before the session",
                many((*minutes).into(), "minute", "minutes")
            )
        }
        When::BeforeVisit { days: 0, at } => format!("on the day of the visit {}", time(at)),
        When::BeforeVisit { days, at } => {
            format!(
                "{} before the visit {}",
                many((*days).into(), "day", "days"),
                time(at)
            )
        }
        When::AfterLastSession { months, at } => format!(
            "{} after the last session {}",
            many((*months).into(), "month", "months"),
            time(at)
        ),
        When::SeriesAfterSession {
            first, times, at, ..
        } => format!(
            "on {} from day {first} after the session {}",
            many((*times).into(), "day", "days"),
            time(at)
        ),
        When::Rhythm { at } => format!("in the rhythm of check-ins, {}", time(at)),
    }
}
