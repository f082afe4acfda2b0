//! The language to read in: a choice of this phone.

use std::collections::BTreeSet;

use companion_core::domain::guide::{Language, Pack};
use serde_json::json;

use super::{Done, Phone};
use crate::args::upkeep::ReadIn;
use crate::error::PhoneError;

pub(super) fn language(phone: &mut Phone<'_, '_>, asked: &ReadIn) -> Done {
    if asked.forget {
        phone.patient.choose_language(None)?;
    }
    if let Some(wanted) = &asked.language {
        phone.patient.choose_language(Some(wanted))?;
    }
    let chosen = phone.patient.language()?;
    let pack = Pack::ketamine().map_err(|error| PhoneError::NotDone(error.to_string()))?;
    let there: BTreeSet<&Language> = pack.all().map(|guide| &guide.language).collect();
    let wanted = chosen.clone().unwrap_or_else(Language::english);
    let chain = wanted.chain();
    let read = chain.iter().find(|language| there.contains(language));
    if asked.shape.json {
        return phone.json(&json!({
            "chosen": chosen.as_ref().map(Language::as_str),
            "guides_in": read.map(Language::as_str),
            "there": there.iter().map(|language| language.as_str()).collect::<Vec<_>>(),
        }));
    }
    let there: Vec<&str> = there.iter().map(|language| language.as_str()).collect();
    let read = read.map_or("en", Language::as_str);
    phone.say(&match &chosen {
        None => format!("No language is chosen on this phone; guides are shown in {read}."),
        Some(chosen) if chosen.as_str() == read => format!("Guides are shown in {read}."),
        Some(chosen) => {
            format!("You chose {chosen}; there are no guides in it, so they are shown in {read}.")
        }
    })?;
    phone.say(&format!(
        "Guides are there in {}. Questionnaires are in English.",
        there.join(", ")
    ))
}

/// The language to read in now: what was just typed, or else what was chosen on this phone.
pub(super) fn reading(
    phone: &Phone<'_, '_>,
    typed: Option<&Language>,
) -> Result<Language, PhoneError> {
    match typed {
        Some(typed) => Ok(typed.clone()),
        None => Ok(phone.patient.language()?.unwrap_or_else(Language::english)),
    }
}

/// Keeps what was typed for the next time, and says so where it is news.
pub(super) fn remember(phone: &mut Phone<'_, '_>, typed: Option<&Language>, as_json: bool) -> Done {
    let Some(typed) = typed else {
        return Ok(());
    };
    let before = phone.patient.language()?;
    if before.as_ref() == Some(typed) {
        return Ok(());
    }
    phone.patient.choose_language(Some(typed))?;
    if as_json {
        return Ok(());
    }
    let back = before.unwrap_or_else(Language::english);
    phone.say(&format!(
        "\nThis phone keeps {typed} as your language; `language {back}` changes it back."
    ))
}
