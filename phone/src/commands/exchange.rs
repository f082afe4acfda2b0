//! Pairing and syncing.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use companion_core::SyncReport;
use companion_core::patient::{CompareWith, PairingState, Patient};

use super::{Done, Phone, ending, guides, standing};
use crate::error::PhoneError;
use crate::format;

/// How often to ask while waiting for words, where no hint comes.
const ASK_AGAIN: Duration = Duration::from_secs(5);

pub(super) fn pair(
    phone: &mut Phone<'_, '_>,
    link: Option<String>,
    name: Option<String>,
    wait: u16,
) -> Done {
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
    let was_paired = phone.patient.status()?.pairing.is_paired();
    phone.exchange(|patient| patient.pair(&link))?;
    if was_paired && phone.patient.status()?.pairing.is_paired() {
        phone.say("This phone is in this record already, so nothing was done with the link.")?;
    }
    wait_for_words(phone, Duration::from_secs(wait.into()))?;
    let status = phone.patient.status()?;
    standing::say(phone, &status)?;
    if let Some(refusal) = standing::refusal(&status.pairing) {
        return Err(refusal);
    }
    let PairingState::Waiting {
        compare_words,
        compare_with,
    } = status.pairing
    else {
        return Ok(());
    };
    if compare_words.is_none() {
        return phone
            .say("Nothing is lost by closing this; `status` shows the words when they are here.");
    }
    phone.say(match compare_with {
        CompareWith::OwnPhone => {
            "`sync` on your other phone, then `devices` there. If it shows the same words, let this phone in \
             there. If it shows others, somebody else came by the link: turn that phone away there."
        }
        CompareWith::Clinic | CompareWith::Nobody => {
            "Compare them with the clinic. If theirs are the same, they let this phone in, and `sync` says so. \
             If theirs differ, somebody else came by the link: tell them; they turn that phone away, and make \
             you a new link."
        }
    })
}

/// Waits until the other side has answered, for a while: it may be away.
fn wait_for_words(phone: &mut Phone<'_, '_>, wait: Duration) -> Done {
    let end = Instant::now() + wait;
    // Signs the request for hints and nothing else: each exchange opens the record anew.
    let listener = phone.folder.record(&phone.ports)?;
    let (hint, hinted) = channel();
    let _listening = (!wait.is_zero())
        .then(|| {
            listener.watch(Box::new(move |_| {
                // If nobody receives, the wait is over.
                let _ = hint.send(());
            }))
        })
        .transpose()?;
    let mut is_told = false;
    loop {
        match phone.exchange(Patient::sync) {
            Ok(_) => {}
            // That it came by the link stands already; an exchange that fails now is made up for by the next.
            Err(PhoneError::Core(error)) if error.is_passing() => {}
            Err(error) => return Err(error),
        }
        let pairing = phone.patient.status()?.pairing;
        let waits = matches!(
            pairing,
            PairingState::Waiting {
                compare_words: None,
                ..
            }
        );
        let left = end.saturating_duration_since(Instant::now());
        if !waits || left.is_zero() {
            return Ok(());
        }
        if !is_told {
            phone.ask("Waiting for the words to compare …")?;
            is_told = true;
        }
        // One exchange answers all hints that came meanwhile.
        match hinted.recv_timeout(left.min(ASK_AGAIN)) {
            Ok(()) => while hinted.try_recv().is_ok() {},
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

pub(super) fn sync(phone: &mut Phone<'_, '_>) -> Done {
    let before = phone.patient.status()?.pairing;
    let report = phone.exchange(|patient| patient.sync())?;
    let status = phone.patient.status()?;
    if let Some(state) = phone.patient.account_state()? {
        for line in ending::lines(state, phone.now) {
            phone.say(&line)?;
        }
        return Ok(());
    }
    for line in of_report(&report, &status.pairing) {
        phone.say(&line)?;
    }
    if let Some(refusal) = standing::refusal(&status.pairing) {
        return Err(refusal);
    }
    match &status.pairing {
        PairingState::Waiting { .. } => standing::say(phone, &status)?,
        PairingState::Paired { .. } if !before.is_paired() => {
            let clinic = standing::clinic(&status);
            phone.say(&format!(
                "This phone is let in. What you share goes to {clinic} from now on."
            ))?;
            phone.say(&guides::told(&clinic))?;
        }
        _ => {}
    }
    if !phone.patient.newcomers()?.is_empty() {
        phone.say("A phone that came by your link waits to be let in: see `devices`.")?;
    }
    match report.problems.first() {
        None => Ok(()),
        Some(problem) => Err(PhoneError::NotDone(problem.message.clone())),
    }
}

fn of_report(report: &SyncReport, pairing: &PairingState) -> Vec<String> {
    let mut lines = Vec::new();
    let blobs = blobs_of(report);
    match (report.sent, report.received) {
        // What a phone that is not in is not given may be new all the same; and what there is to know stands
        // below.
        (0, 0) if !pairing.is_paired() || !report.warnings.is_empty() => {}
        (0, 0) if !blobs.is_empty() => {}
        (0, 0) => lines.push("Nothing new on either side.".to_owned()),
        (sent, received) => lines.push(format!("Sent {sent}, received {received}.")),
    }
    lines.extend(blobs);
    let is_out = matches!(
        pairing,
        PairingState::Removed
            | PairingState::NotLetIn
            | PairingState::Ended { .. }
            | PairingState::Forgotten
    );
    if report.waiting > 0 && is_out {
        let changes = format::count(report.waiting, "change stays", "changes stay");
        lines.push(format!("{changes} on this phone, never sent."));
    } else if report.waiting > 0 {
        let changes = format::count(report.waiting, "change still waits", "changes still wait");
        lines.push(format!("{changes} on this phone{}.", waits_for(pairing)));
    }
    if report.held_back > 0 {
        let things = format::count(report.held_back, "thing", "things");
        lines.push(format!(
            "Not shared: {things} that you wrote in the quiet hours of your session. `session review` offers this once \
             they are over."
        ));
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

/// What went and came of recordings and pictures, after the words.
fn blobs_of(report: &SyncReport) -> Vec<String> {
    let count = |number| format::count(number, "recording or picture", "recordings or pictures");
    let mut lines = Vec::new();
    match (report.blobs_sent, report.blobs_received) {
        (0, 0) => {}
        (sent, 0) => lines.push(format!("Sent {}.", count(sent))),
        (0, received) => lines.push(format!("Received {}.", count(received))),
        (sent, received) => {
            lines.push(format!("Sent {}, received {received}.", count(sent)));
        }
    }
    if report.blobs_waiting > 0 {
        let waiting = count(report.blobs_waiting);
        lines.push(format!("{waiting} not sent yet: on this phone alone."));
    }
    lines
}

/// What changes on a phone wait for, other than the next exchange.
pub(super) fn waits_for(pairing: &PairingState) -> &'static str {
    match pairing {
        PairingState::Waiting { .. } => " until it is let in",
        _ => "",
    }
}
