//! What was written in the quiet hours of a session, of every kind that is shared by choice: kept or shared.

use companion_core::domain::DocumentId;
use serde_json::{Value, json};

use super::find::by_prefix;
use super::{Done, Phone, kinds, own};
use crate::args::Talk;
use crate::error::PhoneError;
use crate::format;

pub(super) fn list(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let waiting = phone.patient.to_review()?;
    if as_json {
        let all: Vec<Value> = waiting
            .iter()
            .map(|one| {
                json!({
                    "id": one.id.to_string(),
                    "kind": one.kind.as_str(),
                    "at": one.at,
                    "name": one.words,
                })
            })
            .collect();
        return phone.json(&json!(all));
    }
    if waiting.is_empty() {
        return phone.say("Nothing waits to be looked at again.");
    }
    for one in &waiting {
        let words = match &*one.words {
            "" => String::new(),
            words => format!("  {words}"),
        };
        phone.say(&format!(
            "{}  {}; {}{words}",
            format::short(one.id),
            kinds::in_words(&one.kind),
            format::time(one.at, phone.now)
        ))?;
    }
    phone.say(
        "\nYou wrote these in the quiet hours. `session share ID` lets your care team see one, with `--talk` to talk \
         about it in session; `session keep ID` keeps it yours.",
    )
}

pub(super) fn share(phone: &mut Phone<'_, '_>, typed: &str, talk: Talk) -> Done {
    let id = waiting(phone, typed)?;
    let how = own::how(talk, None);
    phone.patient.share_reviewed(id, how)?;
    phone.say(own::shared(how, false))
}

pub(super) fn keep(phone: &mut Phone<'_, '_>, typed: &str) -> Done {
    let id = waiting(phone, typed)?;
    phone.patient.keep_private(id)?;
    phone.say("Kept, for you alone. It can be shared later like any other.")
}

/// The one of those that wait whose id begins with what was typed.
fn waiting(phone: &Phone<'_, '_>, typed: &str) -> Result<DocumentId, PhoneError> {
    let waiting = phone.patient.to_review()?;
    by_prefix(typed, waiting.iter().map(|one| one.id))
}
