//! The whole way, with real phones: a first sync, the bytes that the server keeps, and a change on
//! its way from phone to phone.

use std::path::Path;
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use companion_core::domain::{DocumentId, Entry};
use companion_core::patient::Patient;
use companion_core::records::Query;
use rusqlite::Connection;

use crate::meter::{Spread, Took, median, processor, took};
use crate::people::{clean, clinic_with_patient, entry, phone};
use crate::relay::Relay;
use crate::words::Words;

/// New phones that fetch the record, one after the other; the middle one counts.
const NEW_PHONES: usize = 5;
/// How long a hint may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(2);

/// All of it.
pub(crate) struct Measured {
    pub(crate) first_sync: Took,
    pub(crate) pairing: Duration,
    /// Of all entries together.
    pub(crate) writing: Duration,
    pub(crate) upload: Took,
    pub(crate) typed_bytes_each: f64,
    pub(crate) sealed_bytes_each: f64,
    pub(crate) database_bytes_each: f64,
    pub(crate) sealed_lengths: Vec<usize>,
    pub(crate) save_and_sync: Spread,
    pub(crate) sync_one: Spread,
    pub(crate) sync_one_processor: Duration,
    pub(crate) travel: Travel,
}

/// From phone to phone. All times but `fetch` and `sent` begin when the writer begins to sync.
#[derive(Default)]
pub(crate) struct Travel {
    pub(crate) count: usize,
    pub(crate) missed: usize,
    pub(crate) visible: Spread,
    pub(crate) hint: Spread,
    pub(crate) fetch: Spread,
    pub(crate) sent: Spread,
    pub(crate) with_saving: Spread,
}

pub(crate) fn measure(entries: usize, changes: usize) -> Measured {
    let folder = tempfile::tempdir().unwrap();
    let mut relay = Relay::start(&folder.path().join("server"));
    let server = relay.process();
    let (_clinic, first) = clinic_with_patient(folder.path(), &mut relay);
    let mut words = Words::new(7);

    let mut typed = 0;
    let began = Instant::now();
    for number in 0..entries {
        let length = 1_500 + usize::try_from(words.number() % 1_000).unwrap();
        let draft = entry(first.now(), format!("Day {number}"), words.text(length));
        typed += draft.title.len() + draft.body.len();
        first.create(draft).unwrap();
    }
    let writing = began.elapsed();
    let (report, upload) = took(&server, || first.sync().unwrap());
    clean(&report);
    assert_eq!(report.sent, entries as u64);

    let (database_bytes, lengths) = sizes(&folder.path().join("server/sync.db"));

    let mut first_syncs = Vec::new();
    let mut pairings = Vec::new();
    let mut second = None;
    for number in 0..NEW_PHONES {
        let new = phone(folder.path(), &format!("second{number}.db"));
        let link = first.invite_phone().unwrap().link;
        let (_, pairing) = took(&server, || new.pair(&link).unwrap());
        first.sync().unwrap();
        new.sync().unwrap();
        let newcomer = first.newcomers().unwrap().pop().unwrap();
        first.confirm_phone(newcomer.member).unwrap();
        let (report, sync) = took(&server, || new.sync().unwrap());
        clean(&report);
        assert_eq!(new.count(&Query::<Entry>::all()).unwrap(), entries as u64);
        first_syncs.push(sync);
        pairings.push(pairing);
        // Hears what the new one is called, outside of what is measured.
        clean(&first.sync().unwrap());
        second = Some(new);
    }
    let second = second.unwrap();
    clean(&second.sync().unwrap());

    let sealed: usize = lengths.iter().sum();
    let (save_and_sync, sync_one, sync_one_processor) = one_by_one(&first, &mut words, changes);
    clean(&second.sync().unwrap());
    let travel = travel(&first, &second, &mut words, changes);
    drop((first, second));
    relay.stop();
    Measured {
        first_sync: median(first_syncs),
        pairing: median(pairings).wall,
        writing,
        upload,
        typed_bytes_each: each(typed, entries),
        sealed_bytes_each: each(sealed, lengths.len()),
        database_bytes_each: each(database_bytes, entries),
        sealed_lengths: lengths,
        save_and_sync,
        sync_one,
        sync_one_processor,
        travel,
    }
}

fn each(total: usize, count: usize) -> f64 {
    f64::from(u32::try_from(total).unwrap()) / f64::from(u32::try_from(count).unwrap())
}

/// The length of the file without its log, and of each sealed change in it.
fn sizes(database: &Path) -> (usize, Vec<usize>) {
    let connection = Connection::open(database).unwrap();
    let busy: i64 = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .unwrap();
    assert_eq!(busy, 0);
    let mut ask = connection
        .prepare("SELECT length(bytes) FROM changes ORDER BY row")
        .unwrap();
    let lengths = ask
        .query_map([], |row| row.get::<_, i64>(0))
        .unwrap()
        .map(|length| usize::try_from(length.unwrap()).unwrap())
        .collect();
    let file = std::fs::metadata(database).unwrap().len();
    (usize::try_from(file).unwrap(), lengths)
}

/// A person saves an entry, and the phone syncs at once.
fn one_by_one(first: &Patient, words: &mut Words, changes: usize) -> (Spread, Spread, Duration) {
    let (mut whole, mut syncs, mut used) = (Vec::new(), Vec::new(), Duration::ZERO);
    for number in 0..changes {
        let draft = entry(first.now(), format!("Note {number}"), words.text(500));
        let began = Instant::now();
        first.create(draft).unwrap();
        let before = processor("self");
        let saved = Instant::now();
        clean(&first.sync().unwrap());
        syncs.push(saved.elapsed());
        used += processor("self").saturating_sub(before);
        whole.push(began.elapsed());
    }
    let used = used / u32::try_from(changes).unwrap();
    (Spread::of(whole), Spread::of(syncs), used)
}

/// What the receiving phone waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Nothing,
    Entry(DocumentId),
    TheEnd,
}

/// What the receiving phone saw, and when.
struct Arrival {
    hinted: Option<Instant>,
    began: Instant,
    visible: Instant,
}

fn travel(first: &Patient, second: &Patient, words: &mut Words, changes: usize) -> Travel {
    let (tell, hints) = mpsc::channel();
    let _watching = second
        .watch(Box::new(move |_| {
            // Nobody listens any more at the end.
            let _ = tell.send(Instant::now());
        }))
        .unwrap();
    // The stream begins by saying where everything stands.
    hints.recv_timeout(PATIENCE * 5).unwrap();
    let wanted = Mutex::new(Wanted::Nothing);
    let (arrived, arrivals) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| receive(second, hints, &wanted, arrived));
        let mut seen = Seen::default();
        for number in 0..changes {
            let draft = entry(first.now(), format!("Message {number}"), words.text(500));
            let began = Instant::now();
            let id = first.create(draft).unwrap().id;
            *wanted.lock().unwrap() = Wanted::Entry(id);
            let saved = Instant::now();
            clean(&first.sync().unwrap());
            seen.sent.push(saved.elapsed());
            let arrival: Arrival = arrivals.recv().unwrap();
            seen.visible.push(arrival.visible - saved);
            seen.with_saving.push(arrival.visible - began);
            seen.fetch.push(arrival.visible - arrival.began);
            match arrival.hinted {
                Some(hinted) => seen.hint.push(hinted.saturating_duration_since(saved)),
                None => seen.missed += 1,
            }
        }
        *wanted.lock().unwrap() = Wanted::TheEnd;
        seen.summary(changes)
    })
}

#[derive(Default)]
struct Seen {
    visible: Vec<Duration>,
    hint: Vec<Duration>,
    fetch: Vec<Duration>,
    sent: Vec<Duration>,
    with_saving: Vec<Duration>,
    missed: usize,
}

impl Seen {
    fn summary(self, count: usize) -> Travel {
        Travel {
            count,
            missed: self.missed,
            visible: Spread::of(self.visible),
            hint: Spread::of(self.hint),
            fetch: Spread::of(self.fetch),
            sent: Spread::of(self.sent),
            with_saving: Spread::of(self.with_saving),
        }
    }
}

/// Syncs at each hint, and says when the wanted entry can be shown.
#[allow(
    clippy::needless_pass_by_value,
    reason = "the ends of the channels close with the thread that owns them"
)]
fn receive(
    second: &Patient,
    hints: mpsc::Receiver<Instant>,
    wanted: &Mutex<Wanted>,
    arrived: mpsc::Sender<Arrival>,
) {
    let mut last = Wanted::Nothing;
    loop {
        let hinted = hints.recv_timeout(PATIENCE).ok();
        let began = Instant::now();
        clean(&second.sync().unwrap());
        let now = *wanted.lock().unwrap();
        match now {
            Wanted::TheEnd => return,
            Wanted::Entry(id) if now != last && second.get::<Entry>(id).is_ok() => {
                last = now;
                let visible = Instant::now();
                let arrival = Arrival {
                    hinted,
                    began,
                    visible,
                };
                arrived.send(arrival).unwrap();
            }
            _ => {}
        }
    }
}
