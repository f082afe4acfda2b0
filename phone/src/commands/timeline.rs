//! The whole programme in one line: what was, what is to come, and what is due.

use companion_core::domain::Moment;
use companion_core::domain::guide::Pack;
use companion_core::domain::timeline::{State, Step, When, before_now};
use serde_json::json;

use super::{Done, Phone, language};
use crate::error::PhoneError;
use crate::format;

pub(super) fn show(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let pack = Pack::ketamine().map_err(|error| PhoneError::NotDone(error.to_string()))?;
    let language = language::reading(phone, None)?;
    let steps = phone.patient.timeline(&pack, &language)?;
    if as_json {
        return phone.json(&json!({ "timeline": steps }));
    }
    if steps.is_empty() {
        return phone.say("Nothing is on the line yet: the clinic has begun and planned nothing.");
    }
    let now = phone.now;
    let today = before_now(&steps, now);
    for (index, step) in steps.iter().enumerate() {
        if today == index {
            phone.say(&format!("{}  (today)", format::day_of(now)))?;
        }
        phone.say(&line(step, now))?;
    }
    phone.say(
        "\nThis is what the clinic had sent by the last exchange. Ask the clinic if something seems wrong.",
    )
}

fn line(step: &Step, now: Moment) -> String {
    let from = match step.from {
        When::At(at) => format::time(at, now),
        When::On(day) => day.in_words(),
    };
    let length = step.length().map(|length| length.in_words());
    let moved = step
        .what
        .moved_from()
        .map(|from| format!("moved from {}", format::time(from, now)));
    let off = (step.state == State::CalledOff).then(|| step.state.label().to_owned());
    let mut told = vec![format!("{from}  {}", step.what.in_words())];
    told.extend([length, moved, off].into_iter().flatten());
    told.join("; ")
}
