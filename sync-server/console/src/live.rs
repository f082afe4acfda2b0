//! Keeps the clinic's node in step with the server, and tells open pages what arrived.
//!
//! The server's hints only shorten the wait: asking once a minute is what correctness rests on.

mod hints;
mod news;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use companion_core::clinic::{CaseRow, Clinic};
use companion_core::domain::{DocumentId, RecordSection};
use companion_core::ports::{Clock, Moment, Rng};
use companion_core::{CoreError, SyncReport};
use tokio::sync::{Notify, broadcast, watch};

use crate::accounts::Rights;
use crate::view::frame::Exchange;
use hints::Hints;

/// Between two exchanges when nothing hints at news.
const INTERVAL: Duration = Duration::from_secs(60);

/// Something changed that an open page may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The patient; `None` when it concerns every page.
    pub about: Option<DocumentId>,
    /// For the live region; empty when there is nothing to say.
    pub words: String,
    /// What of the record the words tell of: said to nobody else than whoever is shown that.
    pub tells_of: TellsOf,
    /// The session that caused it, which has seen the change already.
    pub origin: Option<String>,
}

/// What of a patient's record some words tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TellsOf {
    /// Of none of its sections.
    Nothing,
    /// Of one.
    Section(RecordSection),
    /// Of any of them: for whoever is shown all.
    All,
}

impl TellsOf {
    /// Whether somebody with these rights is shown it.
    pub fn is_shown(self, rights: &Rights) -> bool {
        match self {
            Self::Nothing => true,
            Self::Section(section) => rights.shows(section),
            Self::All => rights.shows_all_sections(),
        }
    }
}

impl Event {
    /// Something to look at again, without a word about it.
    pub(crate) const fn silent(about: Option<DocumentId>) -> Self {
        Self {
            about,
            words: String::new(),
            tells_of: TellsOf::Nothing,
            origin: None,
        }
    }
}

/// What pages and the sync task share.
pub struct Live {
    events: broadcast::Sender<Event>,
    exchange: Mutex<Exchange>,
    wake: Notify,
    hints: Hints,
    /// Patients whose record was changed here since the last exchange that worked.
    unsent: Mutex<BTreeSet<DocumentId>>,
    shutdown: watch::Sender<bool>,
}

impl Live {
    /// Nothing has been exchanged yet.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            events: broadcast::channel(256).0,
            exchange: Mutex::new(Exchange::NotYet),
            wake: Notify::new(),
            hints: Hints::default(),
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

    /// Somebody changed something on a page: other pages show it, and it is sent soon. `None` when it
    /// concerns no patient of its own.
    pub fn touched(&self, patient: Option<DocumentId>, origin: Option<String>) {
        self.unsent().extend(patient);
        self.tell(Event {
            origin,
            ..Event::silent(patient)
        });
        self.wake.notify_one();
    }

    fn unsent(&self) -> MutexGuard<'_, BTreeSet<DocumentId>> {
        self.unsent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, event: Event) {
        // Nobody listening is fine.
        let _ = self.events.send(event);
    }

    /// Remembers how an exchange went, and tells every page when that turned.
    fn exchanged(&self, result: &Result<SyncReport, CoreError>, now: Moment) {
        let (turned, words) = {
            let mut exchange = self.exchange.lock().unwrap_or_else(PoisonError::into_inner);
            let next = outcome(result, &exchange, now);
            let turned = std::mem::discriminant(&next) != std::mem::discriminant(&*exchange);
            *exchange = next;
            (turned, spoken(&exchange))
        };
        if turned {
            self.tell(Event {
                words,
                ..Event::silent(None)
            });
        }
    }

    /// Exchanges now, on the calling thread, and tells pages what arrived.
    pub fn exchange_once(&self, clinic: &Clinic, clock: &dyn Clock) {
        let leaving = std::mem::take(&mut *self.unsent());
        // Both looks cost what changed since the last one. The second is not left to the report's
        // count of changes: a phone that joins a space is none of them.
        let before = clinic.caseload();
        let result = clinic.sync();
        log(&result);
        self.exchanged(&result, clock.now());
        if result.as_ref().is_ok_and(|report| report.waiting == 0) {
            // Pages that show "not sent yet" may stop doing so.
            for patient in leaving {
                self.tell(Event::silent(Some(patient)));
            }
        } else {
            self.unsent().extend(leaving);
        }
        // Recordings and pictures come after their words, and no look at the caseload tells them.
        if result
            .as_ref()
            .is_ok_and(|report| report.blobs_received > 0)
        {
            self.tell(Event::silent(None));
        }
        if !result
            .as_ref()
            .is_ok_and(|report| report.problems.is_empty())
        {
            self.hints.forget();
        }
        if let (Ok(before), Ok(after)) = (before, clinic.caseload()) {
            self.news(&before, &after);
        }
    }

    /// Tells pages what differs between two looks at the caseload.
    pub(crate) fn news(&self, before: &[CaseRow], after: &[CaseRow]) {
        for event in news::between(before, after) {
            self.tell(event);
        }
    }

    /// Exchanges until [`Live::close`]: at once, then at each hint, each change, each minute. `before` is done before
    /// each exchange, so that what it writes leaves with it.
    pub async fn run(
        self: Arc<Self>,
        clinic: Arc<Clinic>,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        before: impl Fn() + Clone + Send + 'static,
    ) {
        let mut closing = self.closing();
        let watching = Arc::clone(&clinic);
        let waker = Arc::downgrade(&self);
        let watch = tokio::task::spawn_blocking(move || {
            watching.watch(Box::new(move |hint| {
                if let Some(live) = waker.upgrade()
                    && live.hints.is_news(hint)
                {
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
            let (live, clinic, clock) =
                (Arc::clone(&self), Arc::clone(&clinic), Arc::clone(&clock));
            let before = before.clone();
            let done = tokio::task::spawn_blocking(move || {
                before();
                live.exchange_once(&clinic, clock.as_ref());
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

/// What a page says of an exchange. Only one that left nothing undone counts as a check.
fn outcome(result: &Result<SyncReport, CoreError>, before: &Exchange, now: Moment) -> Exchange {
    match result {
        Ok(report) => match report.problems.first() {
            None => Exchange::Current { at: now },
            Some(problem) => Exchange::Partial {
                at: now,
                why: problem.message.clone(),
            },
        },
        Err(error) => Exchange::Failed {
            why: match error {
                CoreError::Offline(_) => "The sync server can’t be reached".to_owned(),
                other => other.to_string(),
            },
            last: match before {
                Exchange::Current { at } | Exchange::Partial { at, .. } => Some(*at),
                Exchange::Failed { last, .. } => *last,
                Exchange::NotYet => None,
            },
        },
    }
}

/// What somebody who listens to a page is told.
fn spoken(exchange: &Exchange) -> String {
    match exchange {
        Exchange::NotYet | Exchange::Current { .. } => String::new(),
        Exchange::Partial { why, .. } | Exchange::Failed { why, .. } => {
            crate::view::sentence::sentence(why)
        }
    }
}

fn log(result: &Result<SyncReport, CoreError>) {
    match result {
        Ok(report) => {
            for warning in &report.warnings {
                tracing::warn!(code = warning.code.as_str(), detail = %warning.detail, "the record warns");
            }
            for problem in &report.problems {
                tracing::warn!(message = %problem.message, passing = problem.passing, "a space was not exchanged");
            }
        }
        Err(error) => tracing::warn!(%error, "exchange with the sync server failed"),
    }
}

/// The interval give or take a sixth, so that many consoles do not ask in one beat.
fn jittered(rng: &dyn Rng) -> Duration {
    let [byte] = companion_core::ports::random::<1>(rng);
    INTERVAL - INTERVAL / 6 + INTERVAL / 3 * u32::from(byte) / 255
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use companion_core::{Offline, SyncProblem};

    use super::*;
    use crate::rehearsal::Rehearsal;

    fn offline() -> Result<SyncReport, CoreError> {
        Err(Offline::Unreachable.into())
    }

    #[test]
    fn a_failed_exchange_remembers_when_one_last_worked() {
        let live = Live::new();
        let (one, two) = (Moment::utc(1), Moment::utc(2));
        let failed = |last| Exchange::Failed {
            why: "The sync server can’t be reached".to_owned(),
            last,
        };
        live.exchanged(&offline(), one);
        assert_eq!(live.exchange(), failed(None));
        live.exchanged(&Ok(SyncReport::default()), one);
        live.exchanged(&offline(), two);
        live.exchanged(&offline(), two);
        assert_eq!(live.exchange(), failed(Some(one)));
    }

    #[test]
    fn an_exchange_that_left_something_undone_is_no_check() {
        let live = Live::new();
        let refused = SyncReport {
            problems: vec![SyncProblem {
                space: None,
                message: "the server refused: unknown clinic".to_owned(),
                passing: false,
            }],
            ..SyncReport::default()
        };
        let mut events = live.subscribe();
        live.exchanged(&Ok(refused), Moment::utc(1));
        assert!(matches!(live.exchange(), Exchange::Partial { .. }));
        assert_eq!(
            events.try_recv().unwrap().words,
            "The server refused: unknown clinic."
        );
    }

    #[test]
    fn an_exchange_tells_pages_about_the_patient_whose_words_arrived() {
        let stage = Rehearsal::new();
        let live = Live::new();
        live.exchange_once(&stage.clinic, &*stage.clock);
        let mut events = live.subscribe();
        stage.write("The heron", "It stood there.");
        stage.phone.sync().unwrap();
        live.exchange_once(&stage.clinic, &*stage.clock);
        let told = events.try_recv().unwrap();
        assert_eq!(told.about, Some(stage.patient));
        assert_eq!(told.words, "New entry from Ada Okafor.");
        live.exchange_once(&stage.clinic, &*stage.clock);
        assert!(events.try_recv().is_err(), "nothing more came");
    }

    #[test]
    fn a_recording_that_comes_after_its_words_is_told_to_pages_that_wait_for_it() {
        let stage = Rehearsal::new();
        let live = Live::new();
        let entry = stage.write("The heron", "It called.");
        let call = companion_core::testing::media::recording(16_000);
        let new = companion_core::records::NewAttachment {
            size: call.len() as u64,
            ..Default::default()
        };
        stage.phone.attach(entry.id, new, &mut &*call).unwrap();
        stage.relay.hold_blobs_back(true);
        stage.phone.sync().unwrap();
        live.exchange_once(&stage.clinic, &*stage.clock);
        stage.relay.hold_blobs_back(false);
        stage.phone.sync().unwrap();
        let mut events = live.subscribe();
        live.exchange_once(&stage.clinic, &*stage.clock);
        assert_eq!(events.try_recv().unwrap(), Event::silent(None));
        live.exchange_once(&stage.clinic, &*stage.clock);
        assert!(events.try_recv().is_err(), "nothing more came");
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
