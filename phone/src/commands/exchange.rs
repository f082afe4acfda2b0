//! Pairing and syncing.

use companion_core::SyncReport;

use super::{Done, Phone};
use crate::error::PhoneError;
use crate::format;

pub(super) fn pair(phone: &mut Phone<'_, '_>, link: Option<String>) -> Done {
    let link = match link {
        Some(link) => link,
        None => {
            phone.ask("Paste the link, then Enter.")?;
            phone.read_line()?
        }
    };
    let pairing = phone.exchange(|patient| patient.pair(&link))?;
    phone.say(&format!("Paired with {}.", pairing.clinic))?;
    phone.say(&format!("\n    {}\n", pairing.compare_words.join("  ")))?;
    phone.say(
        "Compare these words with the clinic. If theirs differ, somebody else came in: say so, \
         and share nothing.",
    )?;
    // The pairing stands already; a first exchange that fails now is made up for by the next.
    match phone.exchange(|patient| patient.sync()) {
        Ok(_) => Ok(()),
        Err(PhoneError::Core(error)) if error.is_passing() => Ok(()),
        Err(error) => Err(error),
    }
}

pub(super) fn sync(phone: &mut Phone<'_, '_>) -> Done {
    let report = phone.exchange(|patient| patient.sync())?;
    for line in of_report(&report) {
        phone.say(&line)?;
    }
    match report.problems.first() {
        None => Ok(()),
        Some(problem) => Err(PhoneError::NotDone(problem.message.clone())),
    }
}

fn of_report(report: &SyncReport) -> Vec<String> {
    let mut lines = vec![match (report.sent, report.received) {
        (0, 0) => "Nothing new on either side.".to_owned(),
        (sent, received) => format!("Sent {sent}, received {received}."),
    }];
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
