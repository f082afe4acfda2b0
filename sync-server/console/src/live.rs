//! Keeps the clinic's node in step with the server, and tells open pages what arrived.
//!
//! The server's hints only shorten the wait: asking once a minute is what correctness rests on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use companion_core::ports::{Clock, Moment, Rng};
use tokio::sync::{Notify, broadcast, watch};

use crate::record::{Record, RecordError};
use crate::view::model::{CaseRow, Exchange, Pairing};

/// Between two exchanges when nothing hints at news.
const INTERVAL: Duration = Duration::from_secs(60);

/// Something changed that an open page may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The patient's id; empty when it concerns every page.
    pub about: String,
    /// For the live region; empty when there is nothing to say.
    pub words: String,
    /// The session that caused it, which has seen the change already.
    pub origin: Option<String>,
}

/// What pages and the sync task share.
pub struct Live {
    events: broadcast::Sender<Event>,
    exchange: Mutex<Exchange>,
    wake: Notify,
    /// Patients whose record was changed here since the last exchange that worked.
    unsent: Mutex<BTreeSet<String>>,
    shutdown: watch::Sender<bool>,
}

impl Live {
    /// Nothing has been exchanged yet.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            events: broadcast::channel(256).0,
            exchange: Mutex::new(Exchange::NotYet),
            wake: Notify::new(),
            unsent: Mutex::new(BTreeSet::new()),
            shutdown: watch::channel(false).0,
        })
    }

    /// What happens from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Becomes true when the console shuts down.
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.shutdown.subscribe()
    }

    /// Ends event streams and the sync task.
    pub fn close(&self) {
        self.shutdown.send_replace(true);
    }

    /// How the last exchange went.
    pub fn exchange(&self) -> Exchange {
        self.exchange
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Somebody changed something on a page: other pages show it, and it is sent soon.
    pub fn touched(&self, patient: &str, origin: Option<String>) {
        self.unsent().insert(patient.to_owned());
        self.tell(Event {
            about: patient.to_owned(),
            words: String::new(),
            origin,
        });
        self.wake.notify_one();
    }

    fn unsent(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.unsent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, event: Event) {
        // Nobody listening is fine.
        let _ = self.events.send(event);
    }

    /// Remembers how an exchange went, and tells every page when the server went away or came back.
    fn exchanged(&self, result: &Result<(), RecordError>, now: Moment) {
        let turned = {
            let mut exchange = self.exchange.lock().unwrap_or_else(PoisonError::into_inner);
            let next = match (result, &*exchange) {
                (Ok(()), _) => Exchange::Current { at: now },
                (Err(_), Exchange::Current { at }) => Exchange::Unreachable { last: Some(*at) },
                (Err(_), Exchange::Unreachable { last }) => Exchange::Unreachable { last: *last },
                (Err(_), Exchange::NotYet) => Exchange::Unreachable { last: None },
            };
            let turned = std::mem::discriminant(&next) != std::mem::discriminant(&*exchange);
            *exchange = next;
            turned
        };
        if turned {
            self.tell(Event {
                about: String::new(),
                words: match result {
                    Ok(()) => String::new(),
                    Err(_) => "The sync server can’t be reached.".to_owned(),
                },
                origin: None,
            });
        }
    }

    /// Exchanges now, on the calling thread, and tells pages what arrived.
    pub fn exchange_once(&self, record: &dyn Record, clock: &dyn Clock) {
        let leaving = std::mem::take(&mut *self.unsent());
        let before = record.caseload();
        let result = record.sync();
        if let Err(error) = &result {
            tracing::warn!(%error, "exchange with the sync server failed");
        }
        self.exchanged(&result, clock.now());
        if result.is_ok() {
            // Pages that show "not sent yet" may stop doing so.
            for about in leaving {
                self.tell(Event {
                    about,
                    words: String::new(),
                    origin: None,
                });
            }
        } else {
            self.unsent().extend(leaving);
        }
        if let (Ok(before), Ok(after)) = (before, record.caseload()) {
            for event in news(&before, &after) {
                self.tell(event);
            }
        }
    }

    /// Exchanges until [`Live::close`]: at once, then at each hint, each change, each minute.
    pub async fn run(
        self: Arc<Self>,
        record: Arc<dyn Record>,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) {
        let mut closing = self.closing();
        let watching = Arc::clone(&record);
        let waker = Arc::downgrade(&self);
        let watch = tokio::task::spawn_blocking(move || {
            watching.watch(Box::new(move || {
                if let Some(live) = waker.upgrade() {
                    live.wake.notify_one();
                }
            }))
        })
        .await;
        let watch = match watch {
            Ok(Ok(watch)) => Some(watch),
            Ok(Err(error)) => {
                tracing::warn!(%error, "no live hints; asking once a minute instead");
                None
            }
            Err(_) => None,
        };
        while !*closing.borrow() {
            let (live, record, clock) =
                (Arc::clone(&self), Arc::clone(&record), Arc::clone(&clock));
            let done = tokio::task::spawn_blocking(move || {
                live.exchange_once(record.as_ref(), clock.as_ref());
            });
            if done.await.is_err() {
                tracing::error!("an exchange with the sync server panicked");
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(jittered(rng.as_ref())) => {}
                _ = closing.changed() => {}
            }
        }
        // Ending a watch may wait for a thread of the core: not on this runtime's threads.
        let _ = tokio::task::spawn_blocking(move || drop(watch)).await;
    }
}

/// The interval give or take a sixth, so that many consoles do not ask in one beat.
fn jittered(rng: &dyn Rng) -> Duration {
    let [byte] = companion_core::ports::random::<1>(rng);
    INTERVAL - INTERVAL / 6 + INTERVAL / 3 * u32::from(byte) / 255
}

/// What differs between two looks at the caseload, in words.
fn news(before: &[CaseRow], after: &[CaseRow]) -> Vec<Event> {
    let before: BTreeMap<&str, &CaseRow> =
        before.iter().map(|row| (row.id.as_str(), row)).collect();
    after
        .iter()
        .filter_map(|row| {
            let words = match before.get(row.id.as_str()) {
                Some(old) => change(old, row)?,
                None => String::new(),
            };
            Some(Event {
                about: row.id.clone(),
                words,
                origin: None,
            })
        })
        .collect()
}

/// `None` when nothing that a page shows differs.
fn change(old: &CaseRow, new: &CaseRow) -> Option<String> {
    let name = &new.name;
    if old.pairing != new.pairing {
        return Some(match new.pairing {
            Pairing::CompareWords => format!("A phone joined for {name}: compare the words."),
            Pairing::Paired => format!("{name} is paired."),
            Pairing::Waiting | Pairing::None => String::new(),
        });
    }
    if new.unread > old.unread {
        return Some(format!("New entry from {name}."));
    }
    let check_in = |row: &CaseRow| row.last_check_in.as_ref().map(|last| last.at);
    if check_in(new) > check_in(old) {
        return Some(format!("New check-in from {name}."));
    }
    if new.last_received > old.last_received {
        return Some(format!("Something new from {name}."));
    }
    let same = old.unread == new.unread
        && old.unreviewed == new.unreviewed
        && old.last_received == new.last_received
        && check_in(old) == check_in(new)
        && old.phase == new.phase
        && old.name == new.name
        && old.next_session == new.next_session;
    (!same).then(String::new)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use crate::view::sample;

    #[test]
    fn what_arrived_is_said_and_what_stayed_is_not() {
        let before = sample::caseload();
        assert_eq!(news(&before, &before), []);
        let mut after = before.clone();
        after[0].unread += 1;
        after[1].last_check_in = None;
        let told = news(&before, &after);
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].about, after[0].id);
        assert_eq!(told[0].words, format!("New entry from {}.", after[0].name));
        assert_eq!(told[1].words, "");
    }

    #[test]
    fn a_failed_exchange_remembers_when_one_last_worked() {
        let live = Live::new();
        let (one, two) = (Moment::utc(1), Moment::utc(2));
        live.exchanged(&Err(RecordError::Offline), one);
        assert_eq!(live.exchange(), Exchange::Unreachable { last: None });
        live.exchanged(&Ok(()), one);
        live.exchanged(&Err(RecordError::Offline), two);
        live.exchanged(&Err(RecordError::Offline), two);
        assert_eq!(live.exchange(), Exchange::Unreachable { last: Some(one) });
    }

    #[test]
    fn the_jitter_stays_between_fifty_and_seventy_seconds() {
        let rng = companion_core::ports::testing::SeededRng::new(7);
        for _ in 0..200 {
            let wait = jittered(&rng);
            assert!(
                wait >= Duration::from_secs(50) && wait <= Duration::from_secs(70),
                "{wait:?}"
            );
        }
    }
}
