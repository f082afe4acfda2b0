//! Small things that a patient wants to do, and what became of them. Nothing is counted in a row.

use companion_core::domain::Commitment;
use companion_core::domain::commitment::Became;
use companion_core::records::View;
use serde_json::{Value, json};

use super::{Done, Phone, own};
use crate::args::integration::{CommitAction, Commitments};
use crate::error::PhoneError;
use crate::format;

pub(super) fn commitments(phone: &mut Phone<'_, '_>, asked: Commitments) -> Done {
    let as_json = asked.shape.json;
    match asked.action {
        None => list(phone, as_json),
        Some(CommitAction::Add {
            review_on,
            share,
            text,
        }) => {
            let commitment = Commitment {
                review_on,
                visibility: share.into(),
                ..Commitment::new(text.join(" "), phone.now)
            };
            let view = own::create(phone, commitment, as_json)?;
            show(phone, &view, as_json)
        }
        Some(CommitAction::Became {
            what,
            became,
            words,
        }) => {
            let word = became.trim().to_lowercase();
            let became = Became::ALL.iter().find(|known| known.as_str() == word);
            let Some(became) = became.cloned() else {
                return Err(PhoneError::Usage(
                    "give one of kept, partly, not, changed".to_owned(),
                ));
            };
            let id = phone.find_one::<Commitment>(&what.id)?;
            let view = phone.patient.get::<Commitment>(id)?;
            let view = phone
                .patient
                .edit::<Commitment>(view.id, &view.revision, |it| {
                    // Words were said of what became of it then, and not of another answer.
                    let is_other = it.became.as_ref() != Some(&became);
                    if is_other || !words.is_empty() {
                        it.became_words = words.join(" ");
                    }
                    it.became = Some(became);
                })?;
            show(phone, &view, as_json)
        }
        Some(CommitAction::Share { what, talk }) => {
            let id = phone.find_one::<Commitment>(&what.id)?;
            let view = own::share::<Commitment>(phone, id, talk)?;
            show(phone, &view, as_json)
        }
        Some(CommitAction::Withdraw(gone)) => {
            own::withdraw::<Commitment>(phone, &gone, as_json)?.shown(phone, as_json, show)
        }
        Some(CommitAction::Delete(gone)) => {
            let name = |view: &View<Commitment>| view.content.text.clone().into();
            own::delete(phone, &gone, as_json, name).map(drop)
        }
    }
}

fn list(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let all = own::all::<Commitment>(phone)?;
    if as_json {
        let values: Result<Vec<Value>, PhoneError> =
            all.iter().map(|view| as_value(phone, view)).collect();
        return phone.json(&json!(values?));
    }
    if all.is_empty() {
        return phone.say(
            "Nothing is here yet: `commit add \u{2026}` keeps one small thing that you want to do.",
        );
    }
    for view in &all {
        show(phone, view, false)?;
    }
    Ok(())
}

fn is_to_review(phone: &Phone<'_, '_>, commitment: &Commitment) -> bool {
    let today = phone.now.local_date();
    today.is_some_and(|today| commitment.is_to_review(today))
}

fn show(phone: &mut Phone<'_, '_>, view: &View<Commitment>, as_json: bool) -> Done {
    if as_json {
        let value = as_value(phone, view)?;
        return phone.json(&value);
    }
    let it = &view.content;
    let id = format::short(view.id);
    let became = match (&it.became, it.review_on) {
        (Some(became), _) if it.became_words.is_empty() => became.label().to_owned(),
        (Some(became), _) => format!("{}: {}", became.label(), it.became_words),
        (None, _) if is_to_review(phone, it) => {
            format!("what became of it? `commit became {id} kept|partly|not|changed`")
        }
        (None, Some(day)) => format!("to look at again on {}", format::day(day)),
        (None, None) => "open".to_owned(),
    };
    let delivery = format::delivery(&view.delivery, phone.here()?);
    phone.say(&format!(
        "{id}  {}\n          {became}; {delivery}{}",
        it.text,
        format::in_two_wordings(view)
    ))
}

fn as_value(phone: &Phone<'_, '_>, view: &View<Commitment>) -> Result<Value, PhoneError> {
    let it = &view.content;
    Ok(json!({
        "id": view.id.to_string(),
        "text": it.text,
        "at": it.at,
        "review_on": it.review_on,
        "to_review": is_to_review(phone, it),
        "became": it.became.as_ref().map(Became::as_str),
        "became_words": it.became_words,
        "visibility": it.visibility.as_str(),
        "delivery": format::delivery(&view.delivery, phone.here()?),
    }))
}
