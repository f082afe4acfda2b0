//! What the boundary costs: the same work by the core's own facade (the floor), and through the objects that Kotlin
//! and Swift call. `cargo xtask bench bindings` runs it, then the same in both languages over the same record, and
//! prints all of it as ratios to the floor.
//!
//! Prints one line of JSON for each figure: `{"language": "rust", "what": "page of 50", "nanoseconds": 412000}`.
//! `BENCH_FOLDER` names the folder of the record, which is made where there is none; `BENCH_ROUNDS` how often each
//! thing is done (median).

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that meets a surprise must not go on"
)]

#[path = "../shared/meter.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod meter;

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use companion_core::domain::{CheckIn, Entry, Moment, Rating};
use companion_core::patient::Patient;
use companion_core::ports::testing::NoNetwork;
use companion_core::ports::{OsRng, Ports, SystemClock};
use companion_core::records::{NewAttachment, PageSize, Query};
use companion_core::testing::media::recording;
use companion_core::{HttpNetwork, StoreKey};
use companion_ffi::{
    AttachmentRequest, ByteSource, ByteSourceError, EntryKind, EntryRequest, KeyVault, OpenRequest,
    PageRequest, PhoneRecord, VaultError, WhoReads, open_record,
};

/// The key of the record that is measured; the other languages use it as well.
const KEY: [u8; 32] = [7; 32];
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const FIVE_YEARS: i64 = 5 * 365;
/// Bytes of sound in the attachment.
const MEGABYTE: usize = 1 << 20;

fn main() {
    let folder = std::env::var_os("BENCH_FOLDER").map_or_else(
        || std::env::temp_dir().join("companion-bench-bindings"),
        PathBuf::from,
    );
    let rounds = std::env::var("BENCH_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok());
    let rounds: usize = rounds.unwrap_or(51);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("record.db");
    if !path.exists() {
        make(&path);
    }
    floor(&path, rounds);
    boundary(&path, rounds);
}

fn ports() -> Ports {
    Ports {
        clock: Arc::new(SystemClock),
        rng: Arc::new(OsRng),
        network: Arc::new(NoNetwork),
    }
}

/// A record of five years: a check-in each day, an entry every other day, one with a recording.
fn make(path: &Path) {
    let unfinished = path.with_file_name("unfinished.db");
    let _ = std::fs::remove_file(&unfinished);
    let phone = Patient::open(&unfinished, &StoreKey::new(KEY), ports()).unwrap();
    let now = phone.now();
    for day in (1..=FIVE_YEARS).rev() {
        let at = Moment {
            unix_ms: now.unix_ms - day * DAY_MS,
            ..now
        };
        phone.create(CheckIn::new(Rating::MIDDLE, at)).unwrap();
        if day % 2 == 0 {
            let body = format!("Day {day}: the lake was calm, and I walked around it. ").repeat(12);
            let entry = Entry {
                body,
                ..Entry::new(at)
            };
            phone.create(entry).unwrap();
        }
    }
    drop(phone);
    std::fs::rename(&unfinished, path).unwrap();
}

/// The median of so many rounds, in nanoseconds.
fn median(rounds: usize, mut work: impl FnMut()) -> u128 {
    let mut took = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let began = Instant::now();
        work();
        took.push(began.elapsed().as_nanos());
    }
    took.sort_unstable();
    took.get(rounds / 2).copied().unwrap_or_default()
}

fn say(language: &str, what: &str, nanoseconds: u128) {
    println!(r#"{{"language": "{language}", "what": "{what}", "nanoseconds": {nanoseconds}}}"#);
}

/// What the core takes without a boundary.
fn floor(path: &Path, rounds: usize) {
    const FLOOR: &str = "core";
    let open = || Patient::open(path, &StoreKey::new(KEY), ports()).unwrap();
    let first_page = || {
        let phone = open();
        assert_eq!(phone.page(&Query::<Entry>::all()).unwrap().items.len(), 30);
    };
    say(
        FLOOR,
        "open and first page",
        median(rounds.min(15), first_page),
    );
    let phone = open();
    say(
        FLOOR,
        "empty call",
        median(rounds * 100, || {
            std::hint::black_box(phone.now());
        }),
    );
    let fifty = Query::<Entry>::all().size(PageSize::new(50).unwrap());
    say(
        FLOOR,
        "page of 50",
        median(rounds, || {
            assert_eq!(phone.page(&fifty).unwrap().items.len(), 50);
        }),
    );
    let sound = recording(MEGABYTE);
    let entry = phone.create(Entry {
        body: "with a recording".to_owned(),
        ..Entry::new(phone.now())
    });
    let entry = entry.unwrap().id;
    say(
        FLOOR,
        "attach 1 MB",
        median(rounds.min(9), || {
            let new = NewAttachment {
                size: sound.len() as u64,
                ..NewAttachment::default()
            };
            phone.attach(entry, new, &mut &*sound).unwrap();
            let item = phone.attachments(entry).unwrap().pop().unwrap().item;
            phone.detach(entry, item).unwrap();
        }),
    );
    let new = NewAttachment {
        size: sound.len() as u64,
        ..NewAttachment::default()
    };
    phone.attach(entry, new, &mut &*sound).unwrap();
    let item = phone.attachments(entry).unwrap().pop().unwrap().item;
    say(
        FLOOR,
        "read 1 MB",
        median(rounds.min(15), || {
            let mut all = Vec::new();
            phone
                .open_attachment(entry, item)
                .unwrap()
                .read_to_end(&mut all)
                .unwrap();
            assert!(all.len() >= MEGABYTE);
        }),
    );
    phone.delete::<Entry>(entry).unwrap();
}

/// Gives a recording piece by piece.
struct Sound(Mutex<Cursor<Vec<u8>>>);

impl ByteSource for Sound {
    fn read(&self, most: u32) -> Result<Vec<u8>, ByteSourceError> {
        let mut piece = Vec::new();
        let mut rest = self.0.lock().unwrap();
        Read::take(&mut *rest, most.into())
            .read_to_end(&mut piece)
            .unwrap();
        Ok(piece)
    }
}

struct Vault;

impl KeyVault for Vault {
    fn key(&self) -> Result<Option<Vec<u8>>, VaultError> {
        Ok(Some(KEY.to_vec()))
    }
    fn keep_key(&self, _key: Vec<u8>) -> Result<(), VaultError> {
        Ok(())
    }
}

/// The same through the objects that the other languages call, from Rust.
fn boundary(path: &Path, rounds: usize) {
    const BOUNDARY: &str = "rust";
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let open = || -> Arc<PhoneRecord> {
        let request = OpenRequest {
            path: path.to_str().unwrap().to_owned(),
            trusted_root: None,
        };
        runtime
            .block_on(open_record(request, Arc::new(Vault), None, None))
            .unwrap()
    };
    // The way to servers is made with the first of them, once for a process.
    drop(HttpNetwork::new(Arc::new(OsRng)));
    say(
        BOUNDARY,
        "open and first page",
        median(rounds.min(15), || {
            let record = open();
            let page = record.journal().unwrap();
            let page = runtime.block_on(page.page(PageRequest::default())).unwrap();
            assert_eq!(page.items.len(), 30);
            runtime.block_on(record.pause()).unwrap();
        }),
    );
    say(
        BOUNDARY,
        "empty call",
        median(rounds * 100, || {
            std::hint::black_box(companion_ffi::version()).unwrap();
        }),
    );
    let record = open();
    let journal = record.journal().unwrap();
    say(
        BOUNDARY,
        "page of 50",
        median(rounds, || {
            let fifty = PageRequest {
                rows: 50,
                ..PageRequest::default()
            };
            assert_eq!(
                runtime.block_on(journal.page(fifty)).unwrap().items.len(),
                50
            );
        }),
    );
    let sound = recording(MEGABYTE);
    let request = EntryRequest {
        title: String::new(),
        body: "with a recording".to_owned(),
        kind: EntryKind::Reflection,
        mood: None,
        session: None,
        tags: Vec::new(),
        visibility: WhoReads::OnlyMe,
        at: record.now().unwrap(),
    };
    let entry = runtime.block_on(journal.create(request)).unwrap().head.id;
    let attach = || {
        let request = AttachmentRequest {
            length: sound.len() as u64,
            media_type: None,
            caption: String::new(),
        };
        let source = Arc::new(Sound(Mutex::new(Cursor::new(sound.clone()))));
        runtime
            .block_on(record.attach(entry, request, source))
            .unwrap();
        let all = runtime.block_on(record.attachments(entry)).unwrap();
        all.last().unwrap().item
    };
    say(
        BOUNDARY,
        "attach 1 MB",
        median(rounds.min(9), || {
            let item = attach();
            runtime.block_on(record.detach(entry, item)).unwrap();
        }),
    );
    let item = attach();
    say(
        BOUNDARY,
        "read 1 MB",
        median(rounds.min(15), || {
            let stream = runtime
                .block_on(record.open_attachment(entry, item))
                .unwrap();
            let mut read = 0;
            loop {
                let piece = runtime.block_on(stream.read(read, 1 << 20)).unwrap();
                if piece.is_empty() {
                    break;
                }
                read += piece.len() as u64;
            }
            assert!(read >= MEGABYTE as u64);
        }),
    );
    runtime.block_on(journal.delete(entry)).unwrap();
    let mib = meter::high_water() / 1024;
    println!(r#"{{"language": "{BOUNDARY}", "what": "memory", "mebibytes": {mib}}}"#);
}
