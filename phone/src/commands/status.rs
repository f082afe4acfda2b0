//! How things stand: the phone at a glance, what to know, and whether the record is sound.

use std::collections::BTreeSet;

use companion_core::WarningId;

use super::{Done, Phone, server, sessions};
use crate::error::PhoneError;
use crate::format;

pub(super) fn status(phone: &mut Phone<'_, '_>) -> Done {
    let status = phone.patient.status()?;
    match (&status.clinic, status.paired) {
        (Some(clinic), true) => phone.say(&format!("Paired with {clinic}."))?,
        (_, true) => phone.say("Paired.")?,
        (Some(clinic), false) => phone.say(&format!(
            "Not a member of the record with {clinic} any more. What is here stays here."
        ))?,
        (None, false) => phone.say("Not paired with a clinic; what you write stays here.")?,
    }
    phone.say(&match status.waiting {
        0 => "Nothing waits to be sent.".to_owned(),
        waiting => {
            let changes = format::count(waiting, "change waits", "changes wait");
            format!("{changes} on this phone to be sent.")
        }
    })?;
    if let Some(unix_ms) = status.last_sync_ms {
        let mut at = phone.now;
        at.unix_ms = unix_ms;
        phone.say(&format!("Last exchange: {}.", format::time(at, phone.now)))?;
    }
    sessions::glance(phone)?;
    if let Some(server) = &status.server {
        phone.say(&format!("Server: {server}"))?;
    }
    server::ask(phone)?;
    phone.say(&format!("This phone's name: {}", status.member.short()))?;
    let mut said = BTreeSet::new();
    for warning in &status.warnings {
        let sentence = format::warning_sentence(warning);
        // Both spaces of a record often have the same to say.
        if said.insert(sentence.clone()) {
            phone.say(&format!("To know: {sentence} See `warnings`."))?;
        }
    }
    Ok(())
}

pub(super) fn warnings(phone: &mut Phone<'_, '_>) -> Done {
    let warnings = phone.patient.status()?.warnings;
    if warnings.is_empty() {
        return phone.say("There is nothing that you should know.");
    }
    for warning in &warnings {
        phone.say(&format::warning(warning, phone.now))?;
    }
    phone.say("\n`warnings dismiss NUMBER` shows one no longer.")
}

pub(super) fn dismiss(phone: &mut Phone<'_, '_>, id: i64) -> Done {
    phone.patient.dismiss_warning(WarningId(id))?;
    phone.say("It is shown no longer, unless it comes back with other words.")
}

pub(super) fn check(phone: &mut Phone<'_, '_>) -> Done {
    let found = phone.patient.check_record()?;
    phone.say(&format!(
        "Compared {}.",
        format::count(found.documents, "document", "documents")
    ))?;
    for id in &found.differing {
        phone.say(&format!(
            "{}  what is shown differs from the document",
            format::short(id)
        ))?;
    }
    for why in &found.quarantined {
        phone.say(&format!("A change can't be used: {why}"))?;
    }
    if found.differing.is_empty() && found.quarantined.is_empty() {
        return phone.say("All of it fits.");
    }
    Err(PhoneError::NotDone(
        "not everything fits; `rebuild` makes it anew".to_owned(),
    ))
}
