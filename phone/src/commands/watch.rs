//! Staying connected, and saying what arrives.

use std::collections::BTreeMap;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use companion_core::domain::{CheckIn, Content, DocumentId, Entry, Moment, Reply};
use companion_core::patient::Patient;
use companion_core::records::{DeliveryState, PageSize, Query, View};

use super::{Done, Phone, exchange};
use crate::error::PhoneError;
use crate::format;

/// Hints only shorten the wait; asking this often is what `watch` rests on. Short, because another
/// command may have written something that waits to be sent.
const ASK_AGAIN: Duration = Duration::from_secs(15);

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
            Ok(_) if !phone.patient.status()?.paired => return Err(exchange::not_a_member()),
            Ok(_) => {
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
#[derive(Default)]
struct Seen {
    names: BTreeMap<DocumentId, String>,
    delivery: BTreeMap<DocumentId, DeliveryState>,
    replies: BTreeMap<DocumentId, Reply>,
}

impl Seen {
    fn of(patient: &Patient) -> Result<Self, PhoneError> {
        let mut seen = Self::default();
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
        let mut lines = Vec::new();
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
                lines.push(line(id, &format::delivery(state, now)));
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

fn newest<T: Content>(patient: &Patient) -> Result<Vec<View<T>>, PhoneError> {
    let query = Query::<T>::all().size(PageSize::LARGEST);
    Ok(patient.page(&query)?.items)
}
