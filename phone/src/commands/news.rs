//! "Anything new?" before a session: the question, and its answer, which the clinic sees.

use companion_core::domain::anything_new::News as Answer;
use companion_core::domain::{AnythingNew, DosingSession};
use companion_core::records::View;
use serde_json::{Value, json};

use super::session::NONE_TO_COME;
use super::{Done, Phone};
use crate::args::assessment::{News, NewsAction};
use crate::crisis;
use crate::error::PhoneError;
use crate::format;

pub(super) fn news(phone: &mut Phone<'_, '_>, asked: News) -> Done {
    let as_json = asked.shape.json;
    let next = phone.patient.next_session()?;
    let Some(action) = asked.action else {
        return show(phone, next.as_ref(), as_json);
    };
    let session = next.ok_or_else(|| PhoneError::NotDone(NONE_TO_COME.to_lowercase()))?;
    let (answer, words) = match action {
        NewsAction::Nothing => (Answer::Nothing, String::new()),
        NewsAction::Something { words } => (Answer::Something, words.join(" ")),
    };
    let view = phone.patient.say_what_is_new(&session, answer, &words)?;
    one(phone, &view, as_json)?;
    if as_json {
        return Ok(());
    }
    phone.say(crisis::POINTER)
}

fn show(phone: &mut Phone<'_, '_>, next: Option<&View<DosingSession>>, as_json: bool) -> Done {
    let Some(session) = next else {
        if as_json {
            return phone.json(&Value::Null);
        }
        return phone.say(NONE_TO_COME);
    };
    let answers = phone.patient.what_is_new(session)?;
    if as_json {
        let answers: Result<Vec<Value>, PhoneError> =
            answers.iter().map(|view| as_value(phone, view)).collect();
        return phone.json(&json!({
            "session": session.content.number,
            "at": session.content.at,
            "answers": answers?,
        }));
    }
    phone.say(&format!(
        "Before session {} on {}: is anything new, such as a medicine, an illness, or something in your life?",
        session.content.number,
        format::time(session.content.at, phone.now)
    ))?;
    for view in &answers {
        one(phone, view, false)?;
    }
    phone.say("`new nothing` or `new something WORDS` answers it; your clinic sees the answer.")
}

fn one(phone: &mut Phone<'_, '_>, view: &View<AnythingNew>, as_json: bool) -> Done {
    if as_json {
        let value = as_value(phone, view)?;
        return phone.json(&value);
    }
    let it = &view.content;
    let said = match it.answer {
        Answer::Nothing => "Nothing is new".to_owned(),
        Answer::Something => format!("New: {}", it.words),
    };
    let at = format::time(it.at, phone.now);
    let delivery = format::delivery(&view.delivery, phone.here()?);
    let apart = format::in_two_wordings(view);
    phone.say(&format!("{said}\n  said on {at}; {delivery}{apart}"))
}

fn as_value(phone: &Phone<'_, '_>, view: &View<AnythingNew>) -> Result<Value, PhoneError> {
    let it = &view.content;
    Ok(json!({
        "id": view.id.to_string(),
        "answer": it.answer.as_str(),
        "words": it.words,
        "at": it.at,
        "delivery": format::delivery(&view.delivery, phone.here()?),
    }))
}
