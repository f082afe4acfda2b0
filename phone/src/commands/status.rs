//! How things stand: the phone at a glance, what to know, and whether the record is sound.

use std::collections::BTreeSet;

use companion_core::domain::Moment;
use companion_core::patient::{PairingState, PhoneStatus, WordsStatus, WordsView};
use companion_core::records::RecordCheck;
use companion_core::{FileVolume, StandingWarning, WarningCode, WarningId};
use serde_json::{Value, json};

use super::{
    Done, Phone, choose, ending, plan, prompts, server, sessions, standing, use_check, visits,
};
use crate::args::care::Shape;
use crate::error::PhoneError;
use crate::format;

pub(super) fn status(phone: &mut Phone<'_, '_>, shape: Shape) -> Done {
    let status = phone.patient.status()?;
    if shape.json {
        let value = as_value(phone, &status)?;
        return phone.json(&value);
    }
    if let Some(state) = phone.patient.account_state()? {
        for line in ending::lines(state, phone.now) {
            phone.say(&line)?;
        }
        return Ok(());
    }
    standing::say(phone, &status)?;
    if !phone.patient.newcomers()?.is_empty() {
        phone.say("A phone that came by your link waits to be let in: see `devices`.")?;
    }
    let lines = waiting(&status).into_iter().chain(to_come(&status));
    for line in lines.chain(lost(&status)) {
        phone.say(&line)?;
    }
    if let Some(unix_ms) = status.last_sync_ms {
        let mut at = phone.now;
        at.unix_ms = unix_ms;
        phone.say(&format!("Last exchange: {}.", format::time(at, phone.now)))?;
    }
    sessions::glance(phone)?;
    visits::glance(phone)?;
    plan::glance(phone)?;
    prompts::glance(phone)?;
    use_check::glance(phone)?;
    choose::glance(phone)?;
    if let Some(server) = &status.server {
        phone.say(&format!("Server: {server}"))?;
    }
    server::ask(phone)?;
    phone.say(&format!(
        "This phone is called {} ({}).",
        status.name,
        status.member.short()
    ))?;
    for line in recovery_words(
        &status.recovery_words,
        status.pairing.is_paired(),
        phone.now,
    ) {
        phone.say(&line)?;
    }
    let mut said = BTreeSet::new();
    let is_over = |warning: &&StandingWarning| {
        warning.code == Some(WarningCode::NotLetIn) && status.pairing != PairingState::NotLetIn
    };
    for warning in status.warnings.iter().filter(|warning| !is_over(warning)) {
        let sentence = format::warning_sentence(warning);
        // Both spaces of a record often have the same to say.
        if said.insert(sentence.clone()) {
            phone.say(&format!("To know: {sentence} See `warnings`."))?;
        }
    }
    Ok(())
}

/// What has not left the phone, and what that waits for.
fn waiting(status: &PhoneStatus) -> Vec<String> {
    let (changes, files) = (status.waiting, status.files.waiting);
    let rest = match &status.pairing {
        // There is nowhere to send it.
        PairingState::Alone => return Vec::new(),
        _ if changes == 0 && files.files == 0 => {
            return vec!["Nothing waits to be sent.".to_owned()];
        }
        PairingState::NotLetIn
        | PairingState::Removed
        | PairingState::Ended { .. }
        | PairingState::Forgotten => None,
        PairingState::Waiting { .. } => Some("until it is let in"),
        PairingState::Paired { .. } => Some("to be sent"),
    };
    let line = |what: String, is_one: bool| match (rest, is_one) {
        (None, true) => format!("{what} stays on this phone, never sent."),
        (None, false) => format!("{what} stay on this phone, never sent."),
        (Some(rest), true) => format!("{what} waits on this phone {rest}."),
        (Some(rest), false) => format!("{what} wait on this phone {rest}."),
    };
    let mut lines = Vec::new();
    if changes > 0 {
        lines.push(line(
            format::count(changes, "change", "changes"),
            changes == 1,
        ));
    }
    if files.files > 0 {
        lines.push(line(recordings(files), files.files == 1));
    }
    if status.files_held.files > 0 {
        lines.push(format!(
            "Of these, {} wait for a network that is not metered. `attachments-on-metered yes` sends them over this one.",
            recordings(status.files_held)
        ));
    }
    lines
}

/// What is not fetched over the present network.
fn to_come(status: &PhoneStatus) -> Option<String> {
    let held = status.files_to_come_held;
    let (is, fetches) = match held.files {
        0 => return None,
        1 => ("is not here yet and waits", "fetches it"),
        _ => ("are not here yet and wait", "fetches them"),
    };
    let what = recordings(held);
    Some(format!(
        "{what} of another phone of yours {is} for a network that is not metered, as you chose. \
         `attachments-on-metered yes` {fetches} over this one."
    ))
}

/// What of recordings and pictures is lost.
fn lost(status: &PhoneStatus) -> Option<String> {
    let lost = status.files.lost;
    let is = match lost.files {
        0 => return None,
        1 => "is lost: it was on this phone alone, as far as it knows, and is",
        _ => "are lost: they were on this phone alone, as far as it knows, and are",
    };
    let what = recordings(lost);
    Some(format!(
        "{what} {is} damaged. `show` says of an entry which; `attach ID --remove NUMBER` takes one off."
    ))
}

/// So many recordings and pictures, and how large they are.
fn recordings(files: FileVolume) -> String {
    let number = format::count(
        files.files,
        "recording or picture",
        "recordings or pictures",
    );
    format!("{number} ({})", format::size(files.bytes))
}

/// The phone itself as JSON. What the clinic planned, and what is due, each have a command of their own.
fn as_value(phone: &Phone<'_, '_>, status: &PhoneStatus) -> Result<Value, PhoneError> {
    let warnings = status.warnings.iter().map(|warning| {
        json!({
            "number": warning.id.0,
            "code": warning.code.map(WarningCode::as_str),
            "says": format::warning_sentence(warning),
        })
    });
    Ok(json!({
        "name": status.name,
        "member": status.member.to_string(),
        "account": phone.patient.account_state()?.map(ending::word),
        "pairing": pairing_word(&status.pairing),
        "clinic": status.clinic,
        "server": status.server,
        "clinic_moved_to": status.moved_to,
        "phones_to_let_in": phone.patient.newcomers()?.len(),
        "changes_waiting": status.waiting,
        "files_waiting": status.files.waiting,
        "files_held_for_network": status.files_held,
        "files_to_come_held_for_network": status.files_to_come_held,
        "files_lost": status.files.lost,
        "last_exchange_ms": status.last_sync_ms,
        "has_recovery_words": status.recovery_words.standing.is_some(),
        "warnings": warnings.collect::<Vec<_>>(),
    }))
}

const fn pairing_word(pairing: &PairingState) -> &'static str {
    match pairing {
        PairingState::Alone => "alone",
        PairingState::Waiting { .. } => "waiting",
        PairingState::Paired { .. } => "paired",
        PairingState::NotLetIn => "not_let_in",
        PairingState::Removed => "removed",
        PairingState::Ended { .. } => "ended",
        PairingState::Forgotten => "forgotten",
    }
}

/// Which recovery words stand, and what became of those that were made here.
fn recovery_words(words: &WordsStatus, paired: bool, now: Moment) -> Vec<String> {
    if !paired {
        return Vec::new();
    }
    let mut lines = Vec::new();
    match &words.standing {
        None if words.to_confirm.is_some() || !words.others.is_empty() => {}
        None => lines.push(
            "There are no recovery words: without another phone of yours, losing this one loses what is private. \
             `recovery-code` makes them."
                .to_owned(),
        ),
        Some(standing) => lines.push(format!("Recovery words: those {}.", made(standing, now))),
    }
    if let Some(new) = &words.to_confirm {
        lines.push(format!(
            "New recovery words were shown on {}, and nobody said that they are on paper. If they are, give back \
             word {}: `recovery-code confirm WORD`. If not, make new ones with `recovery-code`.",
            format::time(new.made_at, now),
            new.asks_for
        ));
    }
    for other in &words.others {
        let end = match &words.standing {
            Some(_) => "`recovery-code end-others` on your first phone ends them.",
            None if other.maker_removed => {
                "If you have that sheet, use it before you end it: `recover` on an empty phone brings back what you \
                 kept private, and nothing else does. `recovery-code` makes new ones in their place; \
                 `recovery-code end-others` only ends them."
            }
            None => {
                "`recovery-code` makes new ones in their place; `recovery-code end-others` only ends them."
            }
        };
        lines.push(format!(
            "Other recovery words still open what you share: those {}. {end}",
            made(other, now)
        ));
    }
    if let Some(gone) = &words.replaced_here {
        let how = match &words.standing {
            Some(standing) => format!("replaced on {}", standing.made_on),
            None => "removed".to_owned(),
        };
        lines.push(format!(
            "Those made here on {} were {how}, and open nothing any more.",
            format::time(gone.made_at, now)
        ));
    }
    lines
}

/// Where and when words were made.
fn made(words: &WordsView, now: Moment) -> String {
    let at = format::time(words.made_at, now);
    if words.made_here {
        return format!("made on this phone on {at}");
    }
    let removed = match words.maker_removed {
        true => ", which was removed since: make new ones if somebody else may have seen them",
        false => "",
    };
    format!("made on {} on {at}{removed}", words.made_on)
}

pub(super) fn warnings(phone: &mut Phone<'_, '_>) -> Done {
    let warnings = phone.patient.status()?.warnings;
    if warnings.is_empty() {
        return phone.say("There is nothing that you should know.");
    }
    let mut said = BTreeSet::new();
    for warning in &warnings {
        // Both spaces of a record often have the same to say.
        if said.insert((warning.code, warning.detail.clone())) {
            phone.say(&format::warning(warning, phone.now))?;
        }
    }
    phone.say("\n`warnings dismiss NUMBER` shows one no longer.")
}

pub(super) fn dismiss(phone: &mut Phone<'_, '_>, id: i64) -> Done {
    let warnings = phone.patient.status()?.warnings;
    let shown = warnings.iter().find(|warning| warning.id == WarningId(id));
    let same = |other: &&StandingWarning| {
        shown.is_some_and(|it| it.code == other.code && it.detail == other.detail)
    };
    for other in warnings
        .iter()
        .filter(same)
        .filter(|it| it.id != WarningId(id))
    {
        phone.patient.dismiss_warning(other.id)?;
    }
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
    if found.names_taken > 0 {
        phone.say(&format!(
            "{} the place of something that stands elsewhere. What stands there stays, and the rest is not shown.",
            format::count(found.names_taken, "change would take", "changes would take")
        ))?;
    }
    let damaged = found.damaged_files;
    if damaged > 0 {
        phone.say(&format!(
            "{} damaged on this phone, and not here any more: `sync` fetches what your other phones or the server have. What was on this phone alone is lost.",
            format::count(damaged, "recording or picture was", "recordings or pictures were")
        ))?;
    }
    let warnings = phone.patient.status()?.warnings;
    let of_help = |warning: &&StandingWarning| warning.code == Some(WarningCode::HelpChanged);
    for warning in warnings.iter().filter(of_help) {
        phone.say(&format::warning(warning, phone.now))?;
    }
    let Some(why) = not_fitting(&found) else {
        return phone.say("All of it fits.");
    };
    Err(PhoneError::NotDone(why.to_owned()))
}

/// What a check found that does not fit, with what there is to do about it; the gravest first.
fn not_fitting(found: &RecordCheck) -> Option<&'static str> {
    Some(if !found.differing.is_empty() {
        "not everything fits; `rebuild` makes it anew"
    } else if !found.quarantined.is_empty() {
        "not everything can be used; it is kept, and a newer version of this app may be able to show it"
    } else if found.names_taken > 0 {
        "not everything can be shown; `sync` on all your phones settles what they made apart"
    } else if found.damaged_files > 0 {
        "the words fit, and not every recording or picture does"
    } else {
        return None;
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_advises_what_helps_with_what_it_found() {
        let nothing = RecordCheck::default;
        let one = || vec!["unreadable".to_owned()];
        let said = |found: RecordCheck| not_fitting(&found);
        assert_eq!(said(nothing()), None);
        for (found, advice) in [
            (
                RecordCheck {
                    names_taken: 1,
                    ..nothing()
                },
                "`sync` on all your phones",
            ),
            (
                RecordCheck {
                    quarantined: one(),
                    names_taken: 1,
                    ..nothing()
                },
                "a newer version",
            ),
            (
                RecordCheck {
                    differing: vec![companion_core::domain::DocumentId::new([1; 16])],
                    quarantined: one(),
                    ..nothing()
                },
                "`rebuild`",
            ),
            (
                RecordCheck {
                    damaged_files: 1,
                    ..nothing()
                },
                "not every recording or picture",
            ),
        ] {
            let why = said(found);
            assert!(why.is_some_and(|why| why.contains(advice)), "{why:?}");
        }
    }
}
