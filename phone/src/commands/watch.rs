//! Staying connected, and saying what arrives.

use std::collections::BTreeMap;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use companion_core::domain::{CheckIn, Content, DocumentId, Entry, Moment, Reply};
use companion_core::patient::{Newcomer, PairingState, Patient};
use companion_core::records::{DeliveryState, PageSize, Query, View};

use super::{Done, Phone, ending, standing};
use crate::error::PhoneError;
use crate::format::{self, Held, Here};

/// Hints only shorten the wait; asking this often is what `watch` rests on. Short, because another
/// command may have written something that waits to be sent.
const ASK_AGAIN: Duration = Duration::from_secs(15);

/// Where the account was ended by a command beside this one.
const GONE: &str =
    "another command took away what was on this phone, so there is nothing to watch any more";

/// Syncs at each hint and says what arrived. Other commands may exchange in between.
pub(super) fn watch(phone: &mut Phone<'_, '_>) -> Done {
    // Signs the request for hints and nothing else: each exchange opens the record anew.
    let listener = phone.folder.record(&phone.ports)?;
    let (hint, hinted) = channel();
    let listening = listener.watch(Box::new(move |_| {
        // If nobody receives, the command is ending.
        let _ = hint.send(());
    }))?;
    phone.say("Watching; Ctrl-C ends it.")?;
    let mut before = Seen::of(&phone.patient)?;
    let mut said_away = false;
    let mut is_connected = false;
    loop {
        match phone.exchange(Patient::sync) {
            Ok(_) => {
                // What is left here is said once, and what can go does as soon as nothing holds it open.
                if let Some(state) = phone.patient.account_state()? {
                    for line in ending::lines(state, phone.now) {
                        phone.say(&line)?;
                    }
                    return Ok(());
                }
                if let Some(refusal) = standing::refusal(&phone.patient.status()?.pairing) {
                    return Err(refusal);
                }
                // Not before the first exchange that worked, and again after each time without one.
                if !is_connected {
                    phone.say("Connected.")?;
                }
                (is_connected, said_away) = (true, false);
            }
            Err(PhoneError::Core(error)) if error.is_passing() => {
                if !said_away {
                    let error = PhoneError::from(error).to_string();
                    writeln!(phone.terminal.errors, "{}", format::sentence(&error))?;
                }
                (is_connected, said_away) = (false, true);
            }
            Err(PhoneError::NoPhone { .. }) => {
                return Err(PhoneError::NotDone(GONE.to_owned()));
            }
            Err(error) => return Err(error),
        }
        let after = Seen::of(&phone.patient)?;
        for line in after.news(&before, phone.ports.clock.now()) {
            phone.say(&line)?;
        }
        phone.terminal.output.flush()?;
        before = after;
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

/// What `watch` compares: the newest of everything, as far as one page goes.
struct Seen {
    pairing: PairingState,
    newcomers: Vec<Newcomer>,
    names: BTreeMap<DocumentId, String>,
    delivery: BTreeMap<DocumentId, DeliveryState>,
    replies: BTreeMap<DocumentId, Reply>,
}

impl Seen {
    fn of(patient: &Patient) -> Result<Self, PhoneError> {
        let mut seen = Self {
            pairing: patient.status()?.pairing,
            newcomers: patient.newcomers()?,
            names: BTreeMap::new(),
            delivery: BTreeMap::new(),
            replies: BTreeMap::new(),
        };
        for view in newest::<Entry>(patient)? {
            seen.names.insert(view.id, format::name(&view.content));
            seen.delivery.insert(view.id, view.delivery);
        }
        for view in newest::<CheckIn>(patient)? {
            seen.names.insert(view.id, "a check-in".to_owned());
            seen.delivery.insert(view.id, view.delivery);
        }
        for view in newest::<Reply>(patient)? {
            seen.replies.insert(view.id, view.content);
        }
        Ok(seen)
    }

    fn news(&self, before: &Self, now: Moment) -> Vec<String> {
        let mut lines = self.at_the_door(before);
        let here = Here {
            now,
            held: Held::of(&self.pairing),
        };
        let line = |id: &DocumentId, words: &str| {
            let name = self.names.get(id).map_or("an older one", String::as_str);
            format!(
                "{}  {}  {name}: {words}",
                format::time(now, now),
                format::short(id)
            )
        };
        for (id, state) in &self.delivery {
            if before.delivery.get(id) != Some(state) {
                lines.push(line(id, &format::delivery(state, here)));
            }
        }
        for (id, reply) in &self.replies {
            if !before.replies.contains_key(id) {
                let words = format!("{} replied: {}", reply.by, reply.body);
                lines.push(line(&reply.about, &words));
            }
        }
        lines
    }
}

impl Seen {
    /// Who was let in, and who waits to be.
    fn at_the_door(&self, before: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        match &self.pairing {
            PairingState::Waiting {
                compare_words: Some(words),
                ..
            } if self.pairing != before.pairing => {
                let words = words.join("  ");
                lines.push(format!("The words to compare are here: {words}"));
            }
            PairingState::Paired { .. } if !before.pairing.is_paired() => {
                lines.push("This phone is let in.".to_owned());
            }
            _ => {}
        }
        let is_new = |newcomer: &&Newcomer| {
            newcomer.compare_words.is_some() && !before.newcomers.contains(newcomer)
        };
        if self.newcomers.iter().any(|newcomer| is_new(&newcomer)) {
            lines.push(
                "A phone that came by your link waits to be let in: see `devices`.".to_owned(),
            );
        }
        lines
    }
}

fn newest<T: Content>(patient: &Patient) -> Result<Vec<View<T>>, PhoneError> {
    let query = Query::<T>::all().size(PageSize::LARGEST);
    Ok(patient.page(&query)?.items)
}
