//! A process that ends, or finds the disk full, at any step of a blob's life.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod forgetting;

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};

use companion_protocol::api::BlobName;
use companion_protocol::id::{GrantSerial, MemberId, StatementHash};

use super::fate::{Ending, Unsynced};
use super::*;
use crate::storage::{Clinic, Founding};

const SPACE: SpaceId = SpaceId::new([1; 32]);
const CLINIC: MemberId = MemberId::new([2; 32]);
const TODAY: Day = Day(20_000);
/// Bytes of the founding statement, which are charged too.
const FOUNDED: u64 = 100;
const PART: usize = 1000;

fn named(bytes: &[u8]) -> BlobId {
    let mut name = BlobName::default();
    name.update(bytes);
    name.finish()
}

fn recording() -> Vec<u8> {
    (0..=u8::MAX).cycle().take(3 * PART - 300).collect()
}

fn photo() -> Vec<u8> {
    vec![7; PART - 1]
}

fn founded(file: &Path) -> SqliteStorage {
    let storage = SqliteStorage::open(file).unwrap();
    let clinic = Clinic {
        key: CLINIC,
        label: String::new(),
        max_spaces: 10,
        max_bytes: 1 << 20,
    };
    storage.register_clinic(clinic).unwrap();
    let founding = Founding {
        space: SPACE,
        founder: CLINIC,
        statement: vec![0; 100],
        hash: StatementHash::new([1; 32]),
        issuer: CLINIC,
        serial: GrantSerial::new([1; 16]),
        max_bytes: 0,
        vouched: true,
    };
    storage.create_space(founding).unwrap();
    storage
}

fn part(whole: &[u8], from: u64) -> BlobPart {
    let at = usize::try_from(from).unwrap();
    BlobPart {
        space: SPACE,
        blob: named(whole),
        size: u64::try_from(whole.len()).unwrap(),
        from,
        giver: CLINIC,
        day: TODAY,
        bytes: whole[at..whole.len().min(at + PART)].to_vec(),
    }
}

/// Gives a blob as a client does: from where the server's bytes end.
fn given(storage: &SqliteStorage, whole: &[u8]) -> Result<(), StorageError> {
    let mut from = 0;
    loop {
        match storage.give_part(part(whole, from))? {
            PartGiven::Done(state) if state.is_whole() => return Ok(()),
            PartGiven::Done(state) | PartGiven::Elsewhere(state) => from = state.received,
            other => panic!("{other:?}"),
        }
    }
}

/// What is given, thrown away, deleted and let go in one short life.
fn story(storage: &SqliteStorage) -> Result<(), StorageError> {
    given(storage, &recording())?;
    given(storage, &photo())?;
    storage.delete_blob(SPACE, named(&photo()))?;
    let mut false_one = part(&[1; 50], 0);
    false_one.bytes = vec![2; 20];
    storage.give_part(false_one.clone())?;
    false_one.from = 20;
    false_one.bytes = vec![2; 30];
    assert_eq!(storage.give_part(false_one)?, PartGiven::Mismatch);
    let mut left = part(&[3; 2 * PART], 0);
    left.day = Day(TODAY.0 - 1);
    storage.give_part(left)?;
    storage.expire_blobs(Day(TODAY.0 - 1))?;
    Ok(())
}

/// Rows, files and charges say the same.
fn adds_up(storage: &SqliteStorage, when: &str) {
    assert_eq!(storage.blob_faults().unwrap(), [], "{when}");
    let held = storage.blobs(SPACE).unwrap();
    for held in &held {
        let state = held.state;
        let disk = &storage.blobs.disk;
        if state.is_whole() {
            let name = name_of(&disk.whole(SPACE, state.blob)).unwrap();
            assert_eq!(name, state.blob, "{when}");
        } else {
            let length = fs::metadata(disk.arriving(SPACE, state.blob))
                .unwrap()
                .len();
            assert_eq!(length, state.received, "{when}");
        }
    }
    let charged = FOUNDED + held.iter().map(|held| held.state.size).sum::<u64>();
    let usage = storage.usage(SPACE).unwrap().unwrap();
    assert_eq!(usage.bytes, charged, "{when}");
    assert_eq!(storage.clinics().unwrap()[0].bytes, charged, "{when}");
}

/// What a machine that lost its power may keep of bytes that were written and not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tail {
    Kept,
    Lost,
    Halved,
    Zeroed,
}

/// Treats what was not synced so.
fn power_fails(unsynced: &Unsynced, tail: Tail) {
    for (path, synced) in &unsynced.bytes {
        let Ok(file) = OpenOptions::new().write(true).open(path) else {
            continue;
        };
        let beyond = file.metadata().unwrap().len().saturating_sub(*synced);
        match tail {
            Tail::Kept => {}
            Tail::Lost => file.set_len(*synced).unwrap(),
            Tail::Halved => file.set_len(synced + beyond / 2).unwrap(),
            Tail::Zeroed => {
                let zeros = vec![0; usize::try_from(beyond).unwrap()];
                file.write_all_at(&zeros, *synced).unwrap();
            }
        }
    }
    if tail != Tail::Lost {
        return;
    }
    for entry in &unsynced.entries {
        let arriving = PathBuf::from(format!("{}.part", entry.display()));
        if entry.is_dir() {
            fs::remove_dir_all(entry).unwrap();
        } else if entry.extension().is_some() {
            let _ = fs::remove_file(entry);
        } else {
            // A name that was changed is the earlier one again.
            let _ = fs::rename(entry, arriving);
        }
    }
}

fn steps_of(story: impl Fn(&SqliteStorage) -> Result<(), StorageError>) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let storage = founded(&folder.path().join("sync.db"));
    storage.blobs.disk.fate.decide(Ending::Good);
    story(&storage).unwrap();
    storage.blobs.disk.fate.steps()
}

fn ends_well(storage: &SqliteStorage, when: &str) {
    adds_up(storage, when);
    story(storage).unwrap();
    adds_up(storage, when);
    let held: Vec<BlobId> = storage
        .blobs(SPACE)
        .unwrap()
        .iter()
        .map(|held| held.state.blob)
        .collect();
    assert_eq!(held, [named(&recording())], "{when}");
    let read = storage.read_blob(SPACE, held[0], 0, 3 * PART).unwrap();
    assert_eq!(read, Some(recording()), "{when}");
}

#[test]
fn a_process_that_is_killed_at_any_step_loses_nothing_that_it_acknowledged() {
    let steps = steps_of(story);
    assert!(steps > 60, "{steps}");
    for at in 1..=steps {
        for tail in [Tail::Kept, Tail::Lost, Tail::Halved, Tail::Zeroed] {
            let when = format!("killed at step {at} of {steps}, what was not synced {tail:?}");
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("sync.db");
            let storage = founded(&file);
            storage.blobs.disk.fate.decide(Ending::KilledAt(at));
            story(&storage).unwrap_err();
            let unsynced = storage.blobs.disk.fate.unsynced();
            drop(storage);
            let storage = SqliteStorage::open(&file).unwrap();
            let acknowledged = storage.blobs(SPACE).unwrap();
            power_fails(&unsynced, tail);
            let done = storage.reconcile_blobs().unwrap();
            assert_eq!(done.lost, 0, "{when}");
            for held in acknowledged {
                let now = storage.blob(SPACE, held.state.blob).unwrap().unwrap();
                assert!(now.state.received >= held.state.received, "{when}");
            }
            ends_well(&storage, &when);
        }
    }
}

#[test]
fn a_start_that_is_killed_at_any_step_is_made_good_by_the_next_one() {
    let file_after = |folder: &Path, at: usize| -> PathBuf {
        let file = folder.join("sync.db");
        let storage = founded(&file);
        storage.blobs.disk.fate.decide(Ending::KilledAt(at));
        story(&storage).unwrap_err();
        file
    };
    for at in 1..=steps_of(story) {
        for start in 1.. {
            let folder = tempfile::tempdir().unwrap();
            let file = file_after(folder.path(), at);
            let storage = SqliteStorage::open(&file).unwrap();
            storage.blobs.disk.fate.decide(Ending::KilledAt(start));
            let finished = storage.reconcile_blobs().is_ok();
            drop(storage);
            let storage = SqliteStorage::open(&file).unwrap();
            storage.reconcile_blobs().unwrap();
            adds_up(&storage, &format!("killed at {at} and again at {start}"));
            if finished {
                break;
            }
        }
    }
}

#[test]
fn a_disk_that_is_full_at_any_step_keeps_nothing_half_done() {
    for at in 1..=steps_of(story) {
        let when = format!("full at step {at}");
        let folder = tempfile::tempdir().unwrap();
        let storage = founded(&folder.path().join("sync.db"));
        storage.blobs.disk.fate.decide(Ending::FullAt(at));
        assert!(matches!(story(&storage), Err(StorageError::Full)), "{when}");
        // Nobody starts it again: whoever gives goes on.
        ends_well(&storage, &when);
    }
}

#[test]
fn a_first_part_for_which_the_disk_has_no_room_leaves_no_bytes() {
    let first = |storage: &SqliteStorage| storage.give_part(part(&recording(), 0)).map(drop);
    // With the last step it is noted, and only the answer is lost.
    for at in 1..steps_of(first) {
        let folder = tempfile::tempdir().unwrap();
        let storage = founded(&folder.path().join("sync.db"));
        storage.blobs.disk.fate.decide(Ending::FullAt(at));
        first(&storage).unwrap_err();
        let files = storage.blobs.disk.files(SPACE, named(&recording()));
        assert_eq!(files.unwrap(), Files::default(), "full at step {at}");
        adds_up(&storage, &format!("full at step {at}"));
    }
}

#[test]
fn what_was_taken_from_the_folder_is_said_and_can_be_given_again() {
    let folder = tempfile::tempdir().unwrap();
    let storage = founded(&folder.path().join("sync.db"));
    let arriving = [9; 2 * PART];
    given(&storage, &recording()).unwrap();
    given(&storage, &photo()).unwrap();
    storage.give_part(part(&arriving, 0)).unwrap();
    let disk = &storage.blobs.disk;
    fs::remove_file(disk.whole(SPACE, named(&recording()))).unwrap();
    fs::write(disk.whole(SPACE, named(&photo())), b"shorter").unwrap();
    fs::write(disk.arriving(SPACE, named(&arriving)), b"shorter").unwrap();
    let notes = disk.whole(SPACE, named(&photo())).with_file_name("notes");
    fs::write(&notes, b"").unwrap();
    let said: Vec<String> = storage
        .blob_faults()
        .unwrap()
        .into_iter()
        .map(|(_, said)| said)
        .collect();
    let is_said = |words: &str| said.iter().any(|said| said.contains(words));
    assert!(is_said("is missing"), "{said:?}");
    assert!(is_said("has 7 bytes and not 999"), "{said:?}");
    assert!(is_said("7 bytes are there"), "{said:?}");
    assert!(is_said("does not belong here"), "{said:?}");
    assert_eq!(said.len(), 4);
    let done = storage.reconcile_blobs().unwrap();
    assert_eq!((done.lost, done.cut), (2, 1));
    assert!(notes.exists(), "what somebody else put there is not ours");
    fs::remove_file(notes).unwrap();
    adds_up(&storage, "after a loss");
    given(&storage, &recording()).unwrap();
    let state = storage
        .blob(SPACE, named(&arriving))
        .unwrap()
        .unwrap()
        .state;
    assert_eq!(state.received, 7);
}

#[test]
fn what_the_disk_spoils_is_let_go_of_when_it_is_looked_at_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let storage = founded(&folder.path().join("sync.db"));
    let lost = || storage.head(SPACE).unwrap().unwrap().blobs_lost;
    given(&storage, &recording()).unwrap();
    given(&storage, &photo()).unwrap();
    storage.give_part(part(&[9; 2 * PART], 0)).unwrap();
    for whole in [recording(), photo(), vec![9; 2 * PART], vec![1]] {
        assert!(storage.prove_blob(SPACE, named(&whole)).unwrap());
    }
    assert_eq!((storage.blobs(SPACE).unwrap().len(), lost()), (3, 0));
    let mut spoiled = recording();
    *spoiled.last_mut().unwrap() ^= 1;
    fs::write(
        storage.blobs.disk.whole(SPACE, named(&recording())),
        spoiled,
    )
    .unwrap();
    fs::remove_file(storage.blobs.disk.whole(SPACE, named(&photo()))).unwrap();
    for whole in [recording(), photo()] {
        assert!(!storage.prove_blob(SPACE, named(&whole)).unwrap());
        assert!(storage.prove_blob(SPACE, named(&whole)).unwrap());
    }
    assert_eq!((storage.blobs(SPACE).unwrap().len(), lost()), (1, 2));
    adds_up(&storage, "after a loss");
    given(&storage, &recording()).unwrap();
    storage.delete_blob(SPACE, named(&recording())).unwrap();
    assert_eq!(lost(), 2, "what was deleted was not lost");
}

#[test]
fn blobs_are_for_their_owner_alone_and_say_nothing_of_when_they_came() {
    let folder = tempfile::tempdir().unwrap();
    let storage = founded(&folder.path().join("sync.db"));
    given(&storage, &photo()).unwrap();
    storage.give_part(part(&recording(), 0)).unwrap();
    let disk = &storage.blobs.disk;
    let whole = disk.whole(SPACE, named(&photo()));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&whole), 0o600);
    assert_eq!(mode(&disk.arriving(SPACE, named(&recording()))), 0o600);
    assert_eq!(mode(whole.parent().unwrap()), 0o700);
    assert_eq!(mode(whole.parent().unwrap().parent().unwrap()), 0o700);
    let modified = fs::metadata(&whole).unwrap().modified().unwrap();
    assert_eq!(modified, std::time::SystemTime::UNIX_EPOCH);
}
