//! Pairing and syncing.

use companion_core::SyncReport;
use companion_core::patient::CompareWith;

use super::{Done, Phone};
use crate::error::PhoneError;
use crate::format;

pub(super) fn pair(phone: &mut Phone<'_, '_>, link: Option<String>, name: Option<String>) -> Done {
    let link = match link {
        Some(link) => link,
        None => {
            phone.ask("Paste the link, then press Enter and Ctrl-D.")?;
            phone.read_all()?
        }
    };
    if let Some(name) = name {
        phone.patient.rename_phone(&name)?;
    }
    let pairing = phone.exchange(|patient| patient.pair(&link))?;
    phone.say(&format!("Joined the record with {}.", pairing.clinic))?;
    phone.say(&format!("\n    {}\n", pairing.compare_words.join("  ")))?;
    phone.say(match pairing.compare_with {
        CompareWith::OwnPhone => {
            "Compare these words with the phone that made the link: `sync` there, then `devices`. If it \
             shows others, somebody else came in: remove that device there, and share nothing."
        }
        CompareWith::Clinic | CompareWith::Nobody => {
            "Compare these words with the clinic. If theirs differ, somebody else came in: say so, and \
             share nothing. `status` says when the clinic has compared them."
        }
    })?;
    // What was joined stands already; a first exchange that fails now is made up for by the next.
    match phone.exchange(|patient| patient.sync()) {
        Ok(_) => Ok(()),
        Err(PhoneError::Core(error)) if error.is_passing() => Ok(()),
        Err(error) => Err(error),
    }
}

pub(super) fn sync(phone: &mut Phone<'_, '_>) -> Done {
    let report = phone.exchange(|patient| patient.sync())?;
    let is_member = phone.patient.status()?.paired;
    for line in of_report(&report, is_member) {
        phone.say(&line)?;
    }
    if !is_member {
        return Err(not_a_member());
    }
    match report.problems.first() {
        None => Ok(()),
        Some(problem) => Err(PhoneError::NotDone(problem.message.clone())),
    }
}

/// Why nothing is exchanged with a clinic whose record this phone was removed from.
pub(super) fn not_a_member() -> PhoneError {
    PhoneError::NotDone(
        "this phone is not a member of the record any more, so nothing was exchanged with the clinic; what is \
         here stays here"
            .to_owned(),
    )
}

fn of_report(report: &SyncReport, is_member: bool) -> Vec<String> {
    let mut lines = Vec::new();
    match (report.sent, report.received) {
        // What a phone that was removed is not given may be new all the same.
        (0, 0) if !is_member => {}
        (0, 0) => lines.push("Nothing new on either side.".to_owned()),
        (sent, received) => lines.push(format!("Sent {sent}, received {received}.")),
    }
    if report.waiting > 0 {
        let changes = format::count(report.waiting, "change still waits", "changes still wait");
        lines.push(format!("{changes} on this phone."));
    }
    for warning in &report.warnings {
        let sentence = warning.code.sentence().to_owned();
        // Both spaces of a record often have the same to say.
        if !lines.contains(&sentence) {
            lines.push(sentence);
        }
    }
    lines
}
