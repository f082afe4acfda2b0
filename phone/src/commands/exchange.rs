//! Pairing, syncing, watching, and how things stand.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use companion_core::domain::DocumentId;
use companion_core::patient::{DeliveryState, Patient};
use companion_core::sync::SyncReport;
use companion_core::{CoreError, Ports};

use super::{Done, Phone};
use crate::error::PhoneError;
use crate::folder::Folder;
use crate::{Terminal, say};

/// Hints only shorten the wait; asking this often is what `watch` rests on. Short, because another
/// command may have written something that waits to be sent.
const ASK_AGAIN: Duration = Duration::from_secs(15);

pub(super) fn pair(phone: &mut Phone<'_, '_>, link: Option<String>) -> Done {
    let link = match link {
        Some(link) => link,
        None => {
            phone.ask("Paste the link, then Enter.")?;
            phone.read_line()?
        }
    };
    let pairing = phone.patient.pair(&link)?;
    phone.say(&format!("Paired with {}.", pairing.clinic))?;
    phone.say(&format!("\n    {}\n", pairing.compare_words.join("  ")))?;
    phone.say(
        "Compare these words with the clinic. If theirs differ, somebody else came in: say so, \
         and share nothing.",
    )?;
    // The pairing stands already; a first exchange that fails now is made up for by the next.
    match phone.patient.sync() {
        Ok(_) | Err(CoreError::Offline(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn sync(phone: &mut Phone<'_, '_>) -> Done {
    let report = phone.patient.sync()?;
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
        let changes = say::count(report.waiting, "change still waits", "changes still wait");
        lines.push(format!("{changes} on this phone."));
    }
    lines.extend(once(
        report
            .warnings
            .iter()
            .map(|warning| warning.detail.as_str()),
    ));
    lines
}

/// Each warning once: both spaces of a record often have the same to say.
fn once<'a>(warnings: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for warning in warnings.map(say::sentence) {
        if !said.contains(&warning) {
            said.push(warning);
        }
    }
    said
}

/// Syncs at each hint and says what arrived. The folder is free in between, so that one can write
/// in another terminal meanwhile.
pub(super) fn watch(data: &Path, ports: &Ports, terminal: &mut Terminal<'_>) -> Done {
    let clock = std::sync::Arc::clone(&ports.clock);
    let folder = Folder::open(data)?;
    // Signs the request for hints and nothing else.
    let listener = folder.patient(ports.clone())?;
    folder.release()?;
    let (hint, hinted) = channel();
    let listening = listener.watch(Box::new(move |_| {
        // If nobody receives, the command is ending.
        let _ = hint.send(());
    }))?;
    writeln!(terminal.output, "Connected; Ctrl-C ends it.")?;
    let mut seen = None;
    let mut said_offline = false;
    loop {
        let folder = Folder::open(data)?;
        let patient = folder.patient(ports.clone())?;
        let before = match seen.take() {
            Some(before) => before,
            None => Seen::of(&patient)?,
        };
        match patient.sync() {
            Ok(_) => said_offline = false,
            Err(error @ CoreError::Offline(_)) => {
                if !said_offline {
                    writeln!(
                        terminal.errors,
                        "{}",
                        say::sentence(&PhoneError::from(error).to_string())
                    )?;
                }
                said_offline = true;
            }
            Err(error) => return Err(error.into()),
        }
        let after = Seen::of(&patient)?;
        for line in after.news(&before, clock.now()) {
            writeln!(terminal.output, "{line}")?;
        }
        terminal.output.flush()?;
        seen = Some(after);
        drop(patient);
        folder.release()?;
        match hinted.recv_timeout(ASK_AGAIN) {
            // One sync answers all hints that came meanwhile.
            Ok(()) => while hinted.try_recv().is_ok() {},
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    drop(listening);
    Ok(())
}

/// What `watch` compares.
#[derive(Default)]
struct Seen {
    names: BTreeMap<DocumentId, String>,
    delivery: BTreeMap<DocumentId, DeliveryState>,
    replies: BTreeMap<DocumentId, (DocumentId, String)>,
}

impl Seen {
    fn of(patient: &Patient) -> Result<Self, PhoneError> {
        let mut seen = Self::default();
        for view in patient.entries()? {
            seen.names.insert(view.id, say::name(&view.entry));
            seen.delivery.insert(view.id, view.delivery);
        }
        for view in patient.check_ins()? {
            seen.names.insert(view.id, "a check-in".to_owned());
            seen.delivery.insert(view.id, view.delivery);
        }
        let written: Vec<DocumentId> = seen.names.keys().copied().collect();
        for about in written {
            for view in patient.replies(about)? {
                let words = format!("{} replied: {}", view.reply.by, view.reply.body);
                seen.replies.insert(view.id, (about, words));
            }
        }
        Ok(seen)
    }

    fn news(&self, before: &Self, now: companion_core::ports::Moment) -> Vec<String> {
        let mut lines = Vec::new();
        let line = |id: &DocumentId, words: &str| {
            let name = self.names.get(id).map_or("", String::as_str);
            format!(
                "{}  {}  {name}: {words}",
                say::time(now, now),
                say::short(id)
            )
        };
        for (id, state) in &self.delivery {
            if before.delivery.get(id) != Some(state) {
                lines.push(line(id, &say::delivery(state, now)));
            }
        }
        for (id, (about, words)) in &self.replies {
            if !before.replies.contains_key(id) {
                lines.push(line(about, words));
            }
        }
        lines
    }
}

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
            let changes = say::count(waiting, "change waits", "changes wait");
            format!("{changes} on this phone to be sent.")
        }
    })?;
    if let Some(unix_ms) = status.last_sync_ms {
        let mut at = phone.now;
        at.unix_ms = unix_ms;
        phone.say(&format!("Last exchange: {}.", say::time(at, phone.now)))?;
    }
    let sessions = phone.patient.sessions()?;
    let ahead = sessions
        .iter()
        .filter(|view| view.session.at.unix_ms >= phone.now.unix_ms);
    if let Some(next) = ahead.min_by_key(|view| view.session.at.unix_ms) {
        let at = say::time(next.session.at, phone.now);
        phone.say(&format!(
            "Next dosing session: number {}, {at}.",
            next.session.number
        ))?;
    }
    if let Some(server) = &status.server {
        phone.say(&format!("Server: {server}"))?;
    }
    phone.say(&format!("This phone's name: {}", status.member.short()))?;
    for warning in once(status.warnings.iter().map(String::as_str)) {
        phone.say(&format!("To know: {warning}"))?;
    }
    Ok(())
}

pub(super) fn check(phone: &mut Phone<'_, '_>) -> Done {
    let found = phone.patient.check_record()?;
    phone.say(&format!(
        "Compared {}.",
        say::count(found.documents, "document", "documents")
    ))?;
    for id in &found.differing {
        phone.say(&format!(
            "{}  what is shown differs from the document",
            say::short(id)
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
