//! What somebody wants to come out of it, in several parts of life. Nothing is scored, and no answer is a failure.

use companion_core::domain::Goal;
use companion_core::domain::goal::Became;
use companion_core::records::View;
use serde_json::{Value, json};

use super::{Done, Phone, own};
use crate::args::assessment::{GoalAction, Goals};
use crate::error::PhoneError;
use crate::format;

pub(super) fn goals(phone: &mut Phone<'_, '_>, asked: Goals) -> Done {
    let as_json = asked.shape.json;
    match asked.action {
        None => list(phone, as_json),
        Some(GoalAction::Add { part, text }) => {
            let goal = Goal {
                domain: part.trim().to_lowercase().replace('-', "_").into(),
                text: text.join(" "),
                became: Became::Open,
                became_words: String::new(),
                at: phone.now,
            };
            let view = phone.patient.create(goal)?;
            show(phone, &view, as_json)
        }
        Some(GoalAction::Edit { what, text }) => {
            let id = phone.find_one::<Goal>(&what.id)?;
            let before = phone.patient.get::<Goal>(id)?;
            let text = text.join(" ");
            let edit = |it: &mut Goal| it.text = text;
            let view = phone.patient.edit::<Goal>(id, &before.revision, edit)?;
            show(phone, &view, as_json)
        }
        Some(GoalAction::Became {
            what,
            became,
            words,
        }) => {
            let became = became_of(&became)?;
            let id = phone.find_one::<Goal>(&what.id)?;
            let before = phone.patient.get::<Goal>(id)?;
            let edit = |it: &mut Goal| {
                // Words were said of what became of it then, and not of another answer.
                if it.became != became || !words.is_empty() {
                    it.became_words = words.join(" ");
                }
                it.became = became;
            };
            let view = phone.patient.edit::<Goal>(id, &before.revision, edit)?;
            show(phone, &view, as_json)
        }
    }
}

fn became_of(typed: &str) -> Result<Became, PhoneError> {
    let word = typed.trim().to_lowercase().replace('-', "_");
    let known = Became::ALL.into_iter().find(|it| it.as_str() == word);
    known.ok_or_else(|| {
        PhoneError::Usage("give one of open, reached, partly, changed, let-go".to_owned())
    })
}

fn list(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let all = own::all::<Goal>(phone)?;
    if as_json {
        let values: Result<Vec<Value>, PhoneError> =
            all.iter().map(|view| as_value(phone, view)).collect();
        return phone.json(&json!(values?));
    }
    if all.is_empty() {
        return phone.say(
            "No goal is here yet: `goals add --in sleep \u{2026}` adds one, which you and your clinic both see and \
             word.",
        );
    }
    for view in &all {
        show(phone, view, false)?;
    }
    Ok(())
}

fn show(phone: &mut Phone<'_, '_>, view: &View<Goal>, as_json: bool) -> Done {
    if as_json {
        let value = as_value(phone, view)?;
        return phone.json(&value);
    }
    let it = &view.content;
    let became = it.became.as_str().replace('_', " ");
    let became = match &*it.became_words {
        "" => became,
        words => format!("{became}: {words}"),
    };
    let delivery = format::delivery(&view.delivery, phone.here()?);
    phone.say(&format!(
        "{}  {} ({})\n          {became}; {delivery}{}",
        format::short(view.id),
        it.text,
        it.domain.as_str().replace('_', " "),
        format::in_two_wordings(view)
    ))
}

fn as_value(phone: &Phone<'_, '_>, view: &View<Goal>) -> Result<Value, PhoneError> {
    let it = &view.content;
    Ok(json!({
        "id": view.id.to_string(),
        "in": it.domain.as_str(),
        "text": it.text,
        "became": it.became.as_str(),
        "became_words": it.became_words,
        "at": it.at,
        "delivery": format::delivery(&view.delivery, phone.here()?),
    }))
}
