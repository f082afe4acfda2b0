//! What was written in the quiet hours of a session, of every kind that is shared by choice: kept or shared.

use companion_core::domain::{DocumentId, Visibility};
use companion_core::patient::ToReview;
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
                    "wished": one.wished.map(Visibility::as_str),
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
            "{}  {}; {}{}{words}",
            format::short(one.id),
            kinds::in_words(&one.kind),
            format::time(one.at, phone.now),
            match one.wished {
                Some(Visibility::TalkInSession) => "; you wanted to talk about it in session",
                Some(Visibility::CareTeam) => "; you wanted to share it",
                Some(Visibility::OnlyMe) | None => "",
            }
        ))?;
    }
    phone.say(
        "\nYou wrote these in the quiet hours. `session share ID` lets your care team see one, with `--talk` to talk \
         about it in session, which is not needed where you wanted that; `session keep ID` keeps it yours.",
    )
}

pub(super) fn share(phone: &mut Phone<'_, '_>, typed: &str, talk: Talk) -> Done {
    let one = waiting(phone, typed)?;
    let how = own::how(talk, one.wished);
    phone.patient.share_reviewed(one.id, how)?;
    phone.say(own::shared(how, false))
}

pub(super) fn keep(phone: &mut Phone<'_, '_>, typed: &str) -> Done {
    let one = waiting(phone, typed)?;
    phone.patient.keep_private(one.id)?;
    phone.say("Kept, for you alone. It can be shared later like any other.")
}

/// The one of those that wait whose id begins with what was typed.
fn waiting(phone: &Phone<'_, '_>, typed: &str) -> Result<ToReview, PhoneError> {
    let waiting = phone.patient.to_review()?;
    let id: DocumentId = by_prefix(typed, waiting.iter().map(|one| one.id))?;
    let mut waiting = waiting.into_iter();
    waiting
        .find(|one| one.id == id)
        .ok_or_else(|| PhoneError::NoSuchId(typed.to_owned()))
}
