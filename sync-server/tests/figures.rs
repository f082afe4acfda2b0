//! Figures of the storage alone: bytes on disk and durable commits. They judge nothing; run them
//! with `cargo test -p sync-server --test figures -- --ignored --nocapture`; `TMPDIR` chooses the disk.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

use std::sync::Arc;
use std::time::Instant;

use companion_protocol::id::{
    ChangeId, Counter, GrantSerial, LogNumber, MemberId, SealedHash, SpaceId, StatementHash,
};
use sync_server::storage::sqlite::SqliteStorage;
use sync_server::storage::{Admission, Append, Appended, Clinic, Founding, NewChange, Storage};

/// A sealed entry of 2 KB takes about this much.
const SIZE: usize = 1450;

fn scrambled(seed: u64) -> u64 {
    seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .rotate_left(29)
        .wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

fn change(author: u8, counter: u64) -> NewChange {
    let hash = |counter: u64| match counter {
        0 => SealedHash::ZERO,
        _ => {
            let mut hash = [author; 32];
            hash[..8].copy_from_slice(&counter.to_be_bytes());
            SealedHash::new(hash)
        }
    };
    let mut id = [author; 16];
    id[..8].copy_from_slice(&scrambled(counter).to_be_bytes());
    NewChange {
        id: ChangeId::new(id),
        author: MemberId::new([author; 32]),
        counter: Counter(counter),
        previous_own: hash(counter - 1),
        hash: hash(counter),
        bytes: (0..SIZE)
            .map(|n| scrambled(counter + n as u64).to_be_bytes()[0])
            .collect(),
        admission: Admission::Store,
    }
}

fn with_space(folder: &tempfile::TempDir) -> (SqliteStorage, SpaceId) {
    let storage = SqliteStorage::open(&folder.path().join("sync.db")).unwrap();
    let key = MemberId::new([1; 32]);
    let clinic = Clinic {
        key,
        label: String::new(),
        max_spaces: 10,
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
        at_ms: 0,
    };
    storage.create_space(founding).unwrap();
    (storage, space)
}

fn append(storage: &SqliteStorage, space: SpaceId, changes: Vec<NewChange>) {
    let append = Append {
        space,
        chain_head: StatementHash::new([1; 32]),
        changes,
    };
    assert!(matches!(
        storage.append(append).unwrap(),
        Appended::Done { .. }
    ));
}

#[test]
#[ignore = "prints figures"]
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
#[ignore = "prints figures"]
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
