//! Figures of the storage alone: bytes on disk, durable commits, and the heads of a large clinic. They judge nothing; run them
//! with `cargo test -p sync-server --test figures -- --ignored --nocapture`; `TMPDIR` chooses the disk.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

use std::sync::Arc;
use std::time::Instant;

use companion_protocol::api::SpaceHeads;
use companion_protocol::id::{
    ChangeId, Counter, GrantSerial, HistoryHash, Incarnation, LogNumber, MemberId, SealedHash,
    SpaceId, StatementHash,
};
use sync_server::storage::sqlite::SqliteStorage;
use sync_server::storage::{Append, Appended, Clinic, Founding, NewChange, Storage};

/// A sealed entry of 2 KB takes about this much.
const SIZE: usize = 1450;

fn scrambled(seed: u64) -> u64 {
    seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .rotate_left(29)
        .wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

fn change(author: u8, counter: u64) -> NewChange {
    let hash = |counter: u64| match counter {
        0 => HistoryHash::ZERO,
        _ => {
            let mut hash = [author; 32];
            hash[..8].copy_from_slice(&counter.to_be_bytes());
            HistoryHash::new(hash)
        }
    };
    let mut id = [author; 16];
    id[..8].copy_from_slice(&scrambled(counter).to_be_bytes());
    NewChange {
        id: ChangeId::new(id),
        author: author.into(),
        counter: Counter(counter),
        previous_own: hash(counter - 1),
        history: hash(counter),
        hash: SealedHash::new([author; 32]),
        bytes: (0..SIZE)
            .map(|n| scrambled(counter + n as u64).to_be_bytes()[0])
            .collect(),
        seen: Vec::new(),
        drops: Vec::new(),
        bare: false,
    }
}

fn with_space(folder: &tempfile::TempDir) -> (SqliteStorage, SpaceId) {
    let storage = SqliteStorage::open(&folder.path().join("sync.db")).unwrap();
    let key = MemberId::new([1; 32]);
    let clinic = Clinic {
        key,
        label: String::new(),
        max_spaces: 10_000,
        max_bytes: 1 << 40,
    };
    storage.register_clinic(clinic).unwrap();
    let space = SpaceId::new([1; 32]);
    let founding = Founding {
        space,
        founder: key,
        statement: vec![0; 2600],
        hash: StatementHash::new([1; 32]),
        issuer: key,
        serial: GrantSerial::new([1; 16]),
        max_bytes: 0,
        vouched: true,
    };
    storage.create_space(founding).unwrap();
    (storage, space)
}

fn append(storage: &SqliteStorage, space: SpaceId, changes: Vec<NewChange>) {
    let append = Append {
        space,
        chain_head: StatementHash::new([1; 32]),
        filling: false,
        changes,
    };
    assert!(matches!(
        storage.append(append).unwrap(),
        Appended::Done { .. }
    ));
}

#[test]
#[ignore = "prints figures: the command stands at the top of this file"]
fn bytes_and_durable_appends() {
    let folder = tempfile::tempdir().unwrap();
    let (storage, space) = with_space(&folder);
    let began = Instant::now();
    for counter in 1..=1000 {
        append(&storage, space, vec![change(1, counter)]);
    }
    let alone = 1000.0 / began.elapsed().as_secs_f64();
    let began = Instant::now();
    for batch in 0..100 {
        let first = 1001 + batch * 100;
        append(
            &storage,
            space,
            (first..first + 100).map(|n| change(1, n)).collect(),
        );
    }
    let batched = 10_000.0 / began.elapsed().as_secs_f64();
    let storage = Arc::new(storage);
    let began = Instant::now();
    let threads: Vec<_> = (10..42)
        .map(|author| {
            let storage = Arc::clone(&storage);
            std::thread::spawn(move || {
                for counter in 1..=100 {
                    append(&storage, space, vec![change(author, counter)]);
                }
            })
        })
        .collect();
    threads
        .into_iter()
        .for_each(|thread| thread.join().unwrap());
    let together = 3200.0 / began.elapsed().as_secs_f64();
    let began = Instant::now();
    let page = storage
        .pull(space, LogNumber(0), 2000, usize::MAX)
        .unwrap()
        .unwrap();
    let pull = began.elapsed();
    assert_eq!(page.changes.len(), 2000);
    drop(storage);
    let bytes = std::fs::metadata(folder.path().join("sync.db"))
        .unwrap()
        .len();
    println!(
        "durable appends per second: {alone:.0} alone, {together:.0} by 32 writers at once, {batched:.0} in batches of 100"
    );
    println!(
        "reading 2,000 changes: {:.1} ms",
        pull.as_secs_f64() * 1000.0
    );
    println!(
        "bytes on disk per change of {SIZE}: {} (14,200 changes)",
        bytes / 14_200
    );
}

#[test]
#[ignore = "prints figures: the command stands at the top of this file"]
fn bytes_of_two_thousand_entries() {
    let folder = tempfile::tempdir().unwrap();
    let (storage, space) = with_space(&folder);
    append(&storage, space, (1..=2000).map(|n| change(1, n)).collect());
    drop(storage);
    let bytes = std::fs::metadata(folder.path().join("sync.db"))
        .unwrap()
        .len();
    println!(
        "bytes on disk per change of {SIZE}: {} (2,000 changes, one space)",
        bytes / 2000
    );
}

/// Where five thousand spaces stand, as a clinic's node asks at each start: found and written out.
#[test]
#[ignore = "prints figures: the command stands at the top of this file"]
fn bytes_of_many_spaces_in_turns() {
    const SPACES: u64 = 300;
    const ROUNDS: u64 = 40;
    let folder = tempfile::tempdir().unwrap();
    let (storage, _) = with_space(&folder);
    let id = |number: u64| {
        let mut id = [2; 32];
        id[..8].copy_from_slice(&scrambled(number).to_be_bytes());
        id
    };
    for number in 1..=SPACES {
        let mut serial = [2; 16];
        serial[..8].copy_from_slice(&number.to_be_bytes());
        let founding = Founding {
            space: SpaceId::new(id(number)),
            founder: MemberId::new([1; 32]),
            statement: vec![0; 2600],
            hash: StatementHash::new(id(number)),
            issuer: MemberId::new([1; 32]),
            serial: GrantSerial::new(serial),
            max_bytes: 0,
            vouched: true,
        };
        storage.create_space(founding).unwrap();
    }
    for counter in 1..=ROUNDS {
        for number in 1..=SPACES {
            let append = Append {
                space: SpaceId::new(id(number)),
                chain_head: StatementHash::new(id(number)),
                filling: false,
                changes: vec![change(1, counter)],
            };
            let done = storage.append(append).unwrap();
            assert!(matches!(done, Appended::Done { .. }));
        }
    }
    drop(storage);
    let bytes = std::fs::metadata(folder.path().join("sync.db"))
        .unwrap()
        .len();
    println!(
        "bytes on disk per change of {SIZE}: {} ({SPACES} spaces in turns, {} changes)",
        bytes / (SPACES * ROUNDS),
        SPACES * ROUNDS
    );
}

#[test]
#[ignore = "prints figures: the command stands at the top of this file"]
fn heads_of_five_thousand_spaces() {
    let folder = tempfile::tempdir().unwrap();
    let (storage, _) = with_space(&folder);
    let clinic = MemberId::new([1; 32]);
    for number in 1..5000_u64 {
        let mut id = [2; 32];
        id[..8].copy_from_slice(&scrambled(number).to_be_bytes());
        let mut serial = [2; 16];
        serial[..8].copy_from_slice(&number.to_be_bytes());
        let founding = Founding {
            space: SpaceId::new(id),
            founder: clinic,
            statement: vec![0; 2600],
            hash: StatementHash::new(id),
            issuer: clinic,
            serial: GrantSerial::new(serial),
            max_bytes: 0,
            vouched: true,
        };
        storage.create_space(founding).unwrap();
    }
    let (mut finding, mut writing, mut reading) = (Vec::new(), Vec::new(), Vec::new());
    let mut bytes = 0;
    for _ in 0..51 {
        let began = Instant::now();
        let spaces = storage.spaces_of(clinic).unwrap();
        finding.push(began.elapsed());
        assert_eq!(spaces.len(), 5000);
        let heads = SpaceHeads {
            incarnation: Incarnation::new([0; 16]),
            spaces,
        };
        let began = Instant::now();
        let json = serde_json::to_vec(&heads).unwrap();
        writing.push(began.elapsed());
        bytes = json.len();
        let began = Instant::now();
        assert_eq!(serde_json::from_slice::<SpaceHeads>(&json).unwrap(), heads);
        reading.push(began.elapsed());
    }
    let middle = |mut all: Vec<std::time::Duration>| {
        all.sort_unstable();
        all[all.len() / 2].as_secs_f64() * 1000.0
    };
    println!(
        "heads of 5,000 spaces: {:.2} ms to find, {:.2} ms to write as {bytes} bytes, {:.2} ms to read",
        middle(finding),
        middle(writing),
        middle(reading)
    );
}
