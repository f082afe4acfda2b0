//! Kills, power cuts and full disks at every moment: what was reported as saved is there, and what
//! was not is there whole or not at all.

use rusqlite::ffi::{
    SQLITE_CANTOPEN, SQLITE_FULL, SQLITE_IOERR_FSYNC, SQLITE_IOERR_READ, SQLITE_IOERR_WRITE,
};

use super::disk::{Class, Disk, Event, Fail, NAME};
use super::image::Image;
use super::*;

fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open_at(StoreLocation {
        path: path.to_owned(),
        key: KEY,
        vfs: Some(NAME),
    })
}

/// What saving an entry does, and its counter as a setting beside it: all or nothing.
fn save(store: &Store, counter: u64) -> Result<(), StoreError> {
    store.write(|w| {
        w.put_space(&space_row(SPACE))?;
        let sealed = vec![counter as u8; 900 + 37 * counter as usize];
        let row = LogRow {
            sealed,
            ..log_row(9, counter, counter as u8)
        };
        w.append_log(&row)?;
        let document = DocumentId::new([counter as u8; 16]);
        w.push_outbox(&outbox_row(counter as u8))?;
        w.put_item(&ItemRow {
            document,
            ..item(counter as u8, counter as i64)
        })?;
        w.put_search(
            document,
            "calm",
            &"the sea ".repeat(counter as usize * 5),
            "",
        )?;
        w.set_setting("saved", &counter.to_be_bytes())
    })
}

/// How many saves are there, having proven that each is whole.
fn saved(store: &Store) -> Result<u64, StoreError> {
    store.read(|r| {
        let setting = r
            .setting("saved")?
            .map_or([0; 8], |bytes| bytes.try_into().unwrap());
        let saved = u64::from_be_bytes(setting);
        let counters: Vec<u64> = r
            .log_in_order(SPACE)?
            .iter()
            .map(|row| row.counter.0)
            .collect();
        assert_eq!(counters, (1..=saved).collect::<Vec<_>>());
        assert_eq!(r.count_outbox()? as u64, saved);
        assert_eq!(r.items(&newest(Entry::KIND))?.len() as u64, saved);
        assert_eq!(r.latest_change()? as u64, saved);
        assert_eq!(r.search("cal", 1_000)?.len() as u64, saved);
        Ok(saved)
    })
}

/// Creates a store and saves twenty times, closing it (which folds the log into the file) now and
/// then. Each save is marked once it is reported.
fn recording() -> Vec<Event> {
    let disk = Disk::take();
    let folder = Folder::new();
    disk.record();
    let mut store = open(&folder.file()).unwrap();
    for counter in 1..=20 {
        if counter % 7 == 0 {
            drop(store);
            store = open(&folder.file()).unwrap();
        }
        save(&store, counter).unwrap();
        disk.mark(counter);
    }
    drop(store);
    disk.recorded()
}

fn survives(image: &Image, folder: &Folder, what: &str) {
    image.write_to(folder.0.path());
    let path = folder.file();
    let store = Store::open(&path, &KEY).unwrap_or_else(|error| panic!("{what}: {error}"));
    let saved = saved(&store).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(
        saved >= image.reached,
        "{what}: {saved} of {} reported saves",
        image.reached
    );
    assert!(
        saved <= image.reached + 1,
        "{what}: {saved}, reported {}",
        image.reached
    );
    store
        .integrity_check()
        .unwrap_or_else(|error| panic!("{what}: {error}"));
}

#[test]
fn a_kill_at_any_write_loses_nothing_that_was_reported_as_saved() {
    let events = recording();
    let folder = Folder::new();
    let mut image = Image::default();
    for (at, event) in events.iter().enumerate() {
        // Every one at first, while the file comes to be; then a part, or the test takes minutes.
        if at < 40 || at % 3 == 0 {
            let torn = image.clone().killed(Some(event), at % 8);
            survives(&torn, &folder, &format!("killed at {at}"));
        }
        image.apply(event);
    }
    assert_eq!(image.reached, 20);
    survives(&image.killed(None, 0), &folder, "closed");
}

#[test]
fn a_power_cut_at_any_write_loses_nothing_that_was_reported_as_saved() {
    let events = recording();
    let folder = Folder::new();
    let mut image = Image::default();
    for (at, event) in events.iter().enumerate() {
        if at < 40 || at % 3 == 0 || matches!(event, Event::Sync { .. } | Event::Mark(_)) {
            let seed = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(at as u64 + 1);
            survives(
                &image.clone().unplugged(seed),
                &folder,
                &format!("unplugged at {at}"),
            );
        }
        image.apply(event);
    }
}

/// Runs saves over a disk that fails as planned, then mends it. Gives how many operations failed, 0
/// when the plan lies beyond the end of the run.
fn survives_fault(class: Class, fail: Fail, code: i32) -> usize {
    let what = format!("{class:?} {fail:?} {code}");
    let disk = Disk::take();
    let folder = Folder::new();
    let (mut attempts, mut failures) = (0, 0);
    disk.fail(class, fail, code);
    let mut store = loop {
        attempts += 1;
        match open(&folder.file()) {
            Ok(store) => break store,
            Err(StoreError::Disk(_) | StoreError::Full) if attempts == 1 => {
                failures += disk.mend();
            }
            Err(error) => panic!("{what}: open: {error:?}"),
        }
    };
    for counter in 1..=4 {
        if counter == 3 {
            drop(store);
            store = match open(&folder.file()) {
                Ok(store) => store,
                Err(StoreError::Disk(_) | StoreError::Full) => {
                    failures += disk.mend();
                    open(&folder.file()).unwrap()
                }
                Err(error) => panic!("{what}: reopen: {error:?}"),
            };
        }
        match save(&store, counter) {
            Ok(()) => {}
            Err(StoreError::Disk(_) | StoreError::Full) => {
                if matches!(fail, Fail::From(_)) {
                    // Still full: refused again, in words. Or the first try was stored after all.
                    match save(&store, counter) {
                        Err(StoreError::Disk(_) | StoreError::Full) => {}
                        Err(StoreError::Sql(_)) if saved(&store) == Ok(counter) => {}
                        other => panic!("{what}: again: {other:?}"),
                    }
                    failures += disk.mend();
                }
                // The same store goes on by itself. What failed may have been stored after all.
                let there = saved(&store).unwrap_or_else(|error| panic!("{what}: {error:?}"));
                assert!(
                    there == counter || there + 1 == counter,
                    "{what}: {there} {counter}"
                );
                if there < counter {
                    save(&store, counter).unwrap_or_else(|error| panic!("{what}: {error:?}"));
                }
            }
            Err(error) => panic!("{what}: {error:?}"),
        }
        assert!(saved(&store).is_ok_and(|saved| saved == counter), "{what}");
    }
    failures += disk.mend();
    drop(store);
    let store = Store::open(&folder.file(), &KEY).unwrap();
    assert_eq!(saved(&store), Ok(4), "{what}");
    store.integrity_check().unwrap();
    failures
}

fn survives_everywhere(class: Class, fail: fn(usize) -> Fail, code: i32, stride: usize) {
    let (mut at, mut cases) = (0, 0);
    while survives_fault(class, fail(at), code) > 0 {
        at += if at < 20 { 1 } else { stride };
        cases += 1;
    }
    assert!(cases > 5, "the plan met nothing");
}

#[test]
fn a_disk_that_is_full_for_a_moment_is_named_and_survived() {
    survives_everywhere(Class::Write, Fail::Once, SQLITE_FULL, 5);
}

#[test]
fn a_disk_that_stays_full_is_named_and_saving_works_once_there_is_room() {
    survives_everywhere(Class::Write, Fail::From, SQLITE_FULL, 5);
}

#[test]
fn a_failing_write_is_named_and_survived() {
    survives_everywhere(Class::Write, Fail::Once, SQLITE_IOERR_WRITE, 11);
}

#[test]
fn a_failing_sync_is_never_reported_as_saved() {
    survives_everywhere(Class::Sync, Fail::Once, SQLITE_IOERR_FSYNC, 1);
}

#[test]
fn a_failing_read_is_named_and_survived() {
    let folder = Folder::new();
    drop(folder.store());
    let disk = Disk::take();
    let mut met = 0;
    for at in 0..200 {
        disk.fail(Class::Read, Fail::Once(at), SQLITE_IOERR_READ);
        let store = match open(&folder.file()) {
            Ok(store) => store,
            Err(StoreError::Disk(_)) => open(&folder.file()).unwrap(),
            Err(error) => panic!("read {at}: {error:?}"),
        };
        match store.read(|r| r.spaces()) {
            Ok(spaces) => assert_eq!(spaces.len(), 1),
            Err(error) => assert!(matches!(error, StoreError::Disk(_)), "read {at}: {error:?}"),
        }
        assert_eq!(store.read(|r| r.spaces()).unwrap().len(), 1, "read {at}");
        match store.write(|w| w.set_setting("at", b"1")) {
            Ok(()) => {}
            Err(error) => assert!(matches!(error, StoreError::Disk(_)), "read {at}: {error:?}"),
        }
        store.write(|w| w.set_setting("at", b"2")).unwrap();
        drop(store);
        if disk.mend() == 0 {
            break;
        }
        met += 1;
    }
    assert!(met > 5, "the plan met nothing");
}

#[test]
fn a_page_that_reads_wrongly_once_spoils_nothing_but_that_use() {
    let folder = Folder::new();
    let store = folder.store();
    for counter in 1..=20 {
        save(&store, counter).unwrap();
    }
    drop(store);
    let whole = bytes(&folder.file());
    let store = Store::open(&folder.file(), &KEY).unwrap();
    let flipped: Vec<u8> = whole
        .iter()
        .enumerate()
        .map(|(at, byte)| byte ^ u8::from(at > 4_096 * 5 && at % 4_096 == 9))
        .collect();
    std::fs::write(folder.file(), flipped).unwrap();
    let found = store.read(|r| r.log_in_order(SPACE));
    assert!(matches!(found, Err(StoreError::Damaged(_))), "{found:?}");
    let written = save(&store, 21);
    assert!(
        matches!(written, Err(StoreError::Damaged(_))),
        "{written:?}"
    );
    std::fs::write(folder.file(), whole).unwrap();
    assert_eq!(saved(&store), Ok(20));
    save(&store, 21).unwrap();
    assert_eq!(saved(&store), Ok(21));
}

#[test]
fn a_store_whose_folder_cannot_be_written_is_read_and_written_again_once_it_can() {
    let disk = Disk::take();
    let folder = Folder::new();
    let store = open(&folder.file()).unwrap();
    (1..=3).for_each(|counter| save(&store, counter).unwrap());
    drop(store);
    disk.fail(Class::Create, Fail::From(0), SQLITE_CANTOPEN);
    let store = open(&folder.file()).unwrap();
    assert_eq!(saved(&store), Ok(3));
    assert!(save(&store, 4).is_err());
    assert_eq!(saved(&store), Ok(3), "what failed was not half done");
    assert!(disk.mend() > 0, "nothing ever failed");
    save(&store, 4).unwrap();
    assert_eq!(saved(&store), Ok(4));
}

#[test]
fn a_store_on_a_full_disk_is_read_and_says_that_the_disk_is_full() {
    let disk = Disk::take();
    let folder = Folder::new();
    let store = open(&folder.file()).unwrap();
    (1..=3).for_each(|counter| save(&store, counter).unwrap());
    drop(store);
    disk.fail(Class::Write, Fail::From(0), SQLITE_FULL);
    let store = open(&folder.file()).unwrap();
    assert_eq!(saved(&store), Ok(3));
    assert_eq!(save(&store, 4), Err(StoreError::Full));
    assert_eq!(saved(&store), Ok(3));
    disk.mend();
    save(&store, 4).unwrap();
    assert_eq!(saved(&store), Ok(4));
}
