//! "Ask the clinic to contact me", and how far that got. It promises nothing.

use companion_core::domain::ContactRequest;
use companion_core::records::{PageSize, Query, View};
use serde_json::{Value, json};

use super::find::by_prefix;
use super::{Done, Phone, support};
use crate::args::care::{Contact, ContactAction};
use crate::crisis;
use crate::error::PhoneError;
use crate::format;

pub(super) fn contact(phone: &mut Phone<'_, '_>, asked: Contact) -> Done {
    let as_json = asked.shape.json;
    match asked.action {
        None => list(phone, as_json),
        Some(ContactAction::Ask { words }) => {
            let request = ContactRequest {
                words: words.join(" "),
                ..ContactRequest::new(phone.now)
            };
            let view = phone.patient.create(request)?;
            show(phone, &view, as_json)
        }
        Some(ContactAction::TakeBack { what }) => {
            let all = all(phone)?;
            let id = by_prefix(&what.id, all.iter().map(|view| view.id))?;
            let now = phone.now;
            let Some(view) = all.into_iter().find(|view| view.id == id) else {
                return Err(PhoneError::NoSuchId(what.id));
            };
            let view = phone
                .patient
                .edit::<ContactRequest>(id, &view.revision, |it| it.take_back(now))?;
            show(phone, &view, as_json)
        }
    }
}

fn list(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let all = all(phone)?;
    if as_json {
        let values: Result<Vec<Value>, PhoneError> =
            all.iter().map(|view| as_value(phone, view)).collect();
        return phone.json(&json!(values?));
    }
    if all.is_empty() {
        let how = match phone.is_out()? {
            true => support::to_be_called(phone, "contact ask")?,
            false => "`contact ask` does.".to_owned(),
        };
        phone.say(&format!("You have not asked to be contacted. {how}"))?;
        return phone.say(crisis::POINTER);
    }
    for view in &all {
        show(phone, view, false)?;
    }
    Ok(())
}

fn show(phone: &mut Phone<'_, '_>, view: &View<ContactRequest>, as_json: bool) -> Done {
    if as_json {
        let value = as_value(phone, view)?;
        return phone.json(&value);
    }
    let it = &view.content;
    let asked = format::time(it.at, phone.now);
    phone.say(&format!(
        "{}  You asked to be contacted on {asked}{}.",
        format::short(view.id),
        format::in_two_wordings(view)
    ))?;
    if !it.words.is_empty() {
        phone.say(&it.words)?;
    }
    match it.taken_back_at {
        Some(back) => phone.say(&format!(
            "You took it back on {}. Somebody may call all the same, to hear how you are.",
            format::time(back, phone.now)
        ))?,
        None => {
            let sees = support::who_sees(phone, &view.delivery)?;
            phone.say(&sees)?;
        }
    }
    phone.say(crisis::POINTER)
}

fn as_value(phone: &Phone<'_, '_>, view: &View<ContactRequest>) -> Result<Value, PhoneError> {
    let it = &view.content;
    Ok(json!({
        "id": view.id.to_string(),
        "words": it.words,
        "at": it.at,
        "taken_back_at": it.taken_back_at,
        "delivery": format::delivery(&view.delivery, phone.here()?),
        "who_sees": support::who_sees(phone, &view.delivery)?,
    }))
}

fn all(phone: &Phone<'_, '_>) -> Result<Vec<View<ContactRequest>>, PhoneError> {
    let query = Query::<ContactRequest>::all().size(PageSize::LARGEST);
    Ok(phone.patient.page(&query)?.items)
}
