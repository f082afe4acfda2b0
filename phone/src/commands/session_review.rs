//! What was written in the quiet hours of a session, of every kind that is shared by choice: kept or shared.

use companion_core::domain::{
    AssessmentSection, CheckIn, Commitment, Content, DocumentId, Entry, Intention, Kind,
    NextSessionItem, UseCheck, Visibility,
};
use companion_core::patient::{ReviewStanding, ToReview};
use serde_json::{Value, json};

use super::find::by_prefix;
use super::{Done, Phone, own};
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
            one.kind.in_words(),
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
    let one = held(phone, typed)?;
    if one.standing == ReviewStanding::Kept {
        let how = shares(&one.kind);
        return Err(PhoneError::NotDone(format!(
            "this was kept already, for you alone; {how} shares it"
        )));
    }
    let how = own::how(talk, one.wished);
    phone.patient.share_reviewed(one.id, how)?;
    phone.say(own::shared(how, false))
}

pub(super) fn keep(phone: &mut Phone<'_, '_>, typed: &str) -> Done {
    let one = held(phone, typed)?;
    phone.patient.keep_private(one.id)?;
    if one.standing == ReviewStanding::Kept {
        let how = shares(&one.kind);
        return phone.say(&format!("Kept already, for you alone; {how} shares it."));
    }
    phone.say("Kept, for you alone. It can be shared later like any other.")
}

/// The one of those that were held back whose id begins with what was typed.
fn held(phone: &Phone<'_, '_>, typed: &str) -> Result<ToReview, PhoneError> {
    let mut held = phone.patient.held_back_here()?;
    match by_prefix(typed, held.iter().map(|one| one.id)) {
        Ok(id) => {
            held.retain(|one: &ToReview| one.id == id);
            held.pop()
                .ok_or_else(|| PhoneError::NoSuchId(typed.to_owned()))
        }
        Err(PhoneError::NoSuchId(_)) => Err(not_held(phone, typed)?),
        Err(other) => Err(other),
    }
}

/// Why something that is there does not wait.
fn not_held(phone: &Phone<'_, '_>, typed: &str) -> Result<PhoneError, PhoneError> {
    let kinds: Vec<Kind> = SHARED_BY.into_iter().map(|(kind, _)| kind).collect();
    let (_, kind): (DocumentId, _) = phone.find_of(typed, &kinds)?;
    let how = shares(&kind);
    Ok(PhoneError::NotDone(format!(
        "this does not wait to be looked at again: it is shared, or was not written in the quiet hours of a session; \
         {how} shares it"
    )))
}

/// The command that shares something of a kind, whenever it was written.
fn shares(kind: &Kind) -> &'static str {
    let known = SHARED_BY.into_iter().find(|(known, _)| known == kind);
    known.map_or("the command that it was written by", |(_, command)| command)
}

const SHARED_BY: [(Kind, &str); 7] = [
    (Entry::KIND, "`share ID`"),
    (CheckIn::KIND, "`share ID`"),
    (Commitment::KIND, "`commit share ID`"),
    (NextSessionItem::KIND, "`next share ID`"),
    (Intention::KIND, "`session intention --share`"),
    (AssessmentSection::KIND, "`assessment share SECTION`"),
    (UseCheck::KIND, "`use share ID`"),
];
