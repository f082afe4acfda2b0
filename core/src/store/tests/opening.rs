//! Whatever lies at the path, opening it either works or says why, and harms nothing.

use rusqlite::Connection;

use super::super::connection::{StoreLocation, give_key};
use super::*;

const WRONG: StoreKey = StoreKey::new([8; 32]);

/// A closed store of some thirty pages.
fn filled(folder: &Folder) -> PathBuf {
    let store = folder.store();
    store
        .write(|w| {
            for counter in 1..=60 {
                let row = LogRow {
                    sealed: vec![3; 1_500],
                    ..log_row(9, counter, counter as u8)
                };
                w.append_log(&row)?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    drop(store);
    folder.file()
}

fn refused(path: &Path, key: &StoreKey) -> StoreError {
    let before = bytes(path);
    let error = Store::open(path, key).unwrap_err();
    assert_eq!(bytes(path), before, "the file was changed");
    error
}

fn with_key(path: &Path) -> Connection {
    StoreLocation {
        path: path.to_owned(),
        key: KEY,
        vfs: None,
    }
    .connect()
    .unwrap()
}

#[test]
fn what_was_written_is_there_after_closing_and_opening() {
    let folder = Folder::new();
    let path = filled(&folder);
    let store = Store::open(&path, &KEY).unwrap();
    assert_eq!(count_log(&store), 60);
    store.integrity_check().unwrap();
}

#[test]
fn another_key_opens_nothing_and_changes_nothing() {
    let folder = Folder::new();
    assert_eq!(
        refused(&filled(&folder), &WRONG),
        StoreError::WrongKeyOrNotOurs
    );
    Store::open(&folder.file(), &KEY).unwrap();
}

#[test]
fn another_key_does_not_fold_a_left_over_log_into_the_file() {
    let folder = Folder::new();
    let store = folder.store();
    // As a power cut would leave it: a file, and a log that is ahead of it.
    let torn = folder.0.path().join("torn.db");
    std::fs::copy(folder.file(), &torn).unwrap();
    let log = folder.0.path().join("torn.db-wal");
    std::fs::copy(folder.0.path().join("record.db-wal"), &log).unwrap();
    drop(store);
    let before = bytes(&log);
    assert!(!before.is_empty());
    assert_eq!(refused(&torn, &WRONG), StoreError::WrongKeyOrNotOurs);
    assert_eq!(bytes(&log), before);
    let store = Store::open(&torn, &KEY).unwrap();
    assert_eq!(store.read(|r| r.spaces()).unwrap().len(), 1);
}

#[test]
fn files_of_something_else_are_refused_untouched() {
    let folder = Folder::new();
    let path = folder.file();
    for content in [
        vec![1; 1],
        vec![b'x'; 300],
        vec![0; 4096],
        (0..255).collect::<Vec<u8>>().repeat(64),
    ] {
        std::fs::write(&path, content).unwrap();
        assert_eq!(refused(&path, &KEY), StoreError::WrongKeyOrNotOurs);
    }
    let plain = folder.0.path().join("plain.db");
    Connection::open(&plain)
        .unwrap()
        .execute_batch("CREATE TABLE t (a)")
        .unwrap();
    assert_eq!(refused(&plain, &KEY), StoreError::WrongKeyOrNotOurs);
    let foreign = folder.0.path().join("foreign.db");
    let connection = Connection::open(&foreign).unwrap();
    give_key(&connection, &KEY).unwrap();
    connection
        .execute_batch("CREATE TABLE t (a); PRAGMA user_version = 1")
        .unwrap();
    drop(connection);
    assert_eq!(refused(&foreign, &KEY), StoreError::WrongKeyOrNotOurs);
    assert!(matches!(
        Store::open(folder.0.path(), &KEY),
        Err(StoreError::Disk(_))
    ));
    let nowhere = folder.0.path().join("no/such/folder.db");
    assert!(matches!(
        Store::open(&nowhere, &KEY),
        Err(StoreError::Disk(_))
    ));
}

#[test]
fn a_file_of_a_newer_version_is_refused_untouched() {
    let folder = Folder::new();
    let path = filled(&folder);
    with_key(&path)
        .execute_batch("PRAGMA user_version = 99; PRAGMA wal_checkpoint")
        .unwrap();
    let known = super::super::migrations::NEWEST;
    assert_eq!(refused(&path, &KEY), StoreError::Newer { found: 99, known });
}

#[test]
fn a_file_that_was_cut_off_is_refused_untouched() {
    let folder = Folder::new();
    let path = filled(&folder);
    let whole = bytes(&path);
    for length in [
        1,
        100,
        4_095,
        4_096,
        8_192,
        10_000,
        whole.len() / 2,
        whole.len() - 4_096,
        whole.len() - 1,
    ] {
        std::fs::write(&path, &whole[..length]).unwrap();
        let error = refused(&path, &KEY);
        assert!(
            matches!(
                error,
                StoreError::WrongKeyOrNotOurs | StoreError::Damaged(_)
            ),
            "{length}: {error:?}"
        );
    }
}

#[test]
fn a_flipped_bit_in_any_page_is_named_as_damage() {
    let folder = Folder::new();
    let path = filled(&folder);
    let whole = bytes(&path);
    for page in 0..whole.len() / 4_096 {
        let mut flipped = whole.clone();
        flipped[page * 4_096 + 1_000] ^= 0x10;
        std::fs::write(&path, &flipped).unwrap();
        let store = match Store::open(&path, &KEY) {
            Ok(store) => store,
            Err(StoreError::WrongKeyOrNotOurs) if page == 0 => continue,
            Err(StoreError::Damaged(_)) => continue,
            Err(other) => panic!("page {page}: {other:?}"),
        };
        match store.read(|r| r.log_in_order(SPACE)) {
            Ok(_) | Err(StoreError::Damaged(_)) => {}
            Err(other) => panic!("page {page}: {other:?}"),
        }
        let found = store.integrity_check();
        assert!(
            matches!(found, Err(StoreError::Damaged(_))),
            "page {page}: {found:?}"
        );
        drop(store);
        for leftover in ["record.db-wal", "record.db-shm"] {
            let _ = std::fs::remove_file(folder.0.path().join(leftover));
        }
    }
}

#[test]
fn nothing_readable_stands_in_the_file_and_no_key_in_messages() {
    let folder = Folder::new();
    let store = folder.store();
    store
        .write(|w| w.set_setting("note", b"the sea was calm and wide"))
        .unwrap();
    for name in ["record.db", "record.db-wal"] {
        let bytes = bytes(&folder.0.path().join(name));
        assert!(
            !bytes.windows(10).any(|window| window == b"was calm a"),
            "{name}"
        );
    }
    assert_eq!(format!("{KEY:?}"), "StoreKey(..)");
    assert!(!format!("{store:?}").contains("0707"));
}

#[cfg(unix)]
#[test]
fn only_the_user_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let _store = folder.store();
    for name in ["record.db", "record.db-wal"] {
        let mode = std::fs::metadata(folder.0.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_backup_is_whole_has_the_same_key_and_replaces_nothing() {
    let folder = Folder::new();
    let store = folder.store();
    store.write(|w| w.append_log(&log_row(9, 1, 1))).unwrap();
    let copy = folder.0.path().join("copy.db");
    store.backup_to(&copy).unwrap();
    assert!(matches!(store.backup_to(&copy), Err(StoreError::Exists(_))));
    assert_eq!(refused(&copy, &WRONG), StoreError::WrongKeyOrNotOurs);
    let copy = Store::open(&copy, &KEY).unwrap();
    assert_eq!(
        copy.read(|r| r.log_in_order(SPACE)).unwrap(),
        [log_row(9, 1, 1)]
    );
    copy.integrity_check().unwrap();
    let names: Vec<_> = std::fs::read_dir(folder.0.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("partial"))
        .collect();
    assert!(names.is_empty(), "{names:?}");
}

#[test]
fn the_released_schema_still_opens() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/store-v1.db");
    let folder = Folder::new();
    std::fs::copy(&fixture, folder.file()).unwrap();
    let store = Store::open(&folder.file(), &KEY).unwrap();
    store.integrity_check().unwrap();
    let (log, waiting, found, setting) = store
        .read(|r| {
            Ok::<_, StoreError>((
                r.log_in_order(SPACE)?,
                r.outbox(SPACE, 10)?,
                r.search("fixt", 10)?,
                r.setting("name")?,
            ))
        })
        .unwrap();
    assert_eq!(log, [log_row(9, 1, 1), log_row(9, 2, 2)]);
    assert_eq!(
        waiting,
        [OutboxRow {
            position: 1,
            ..outbox_row(4)
        }]
    );
    assert_eq!(found, [DocumentId::new([4; 16])]);
    assert_eq!(setting.unwrap(), b"fixture");
}

/// Writes the fixture of a newly released schema: `cargo test -p companion-core --lib write_the_fixture
/// -- --ignored`. Never run it over a released one.
#[test]
// `cargo test -p companion-core --lib write_the_fixture -- --ignored`
#[ignore = "writes a file into the source tree, once for each released schema"]
fn write_the_fixture() {
    let folder = Folder::new();
    let store = folder.store();
    store
        .write(|w| {
            w.append_log(&log_row(9, 1, 1))?;
            w.append_log(&log_row(9, 2, 2))?;
            w.push_outbox(&outbox_row(4))?;
            w.put_search(DocumentId::new([4; 16]), "A fixture", "", "")?;
            w.set_setting("name", b"fixture")
        })
        .unwrap();
    let name = format!(
        "tests/fixtures/store-v{}.db",
        super::super::migrations::NEWEST
    );
    store
        .backup_to(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name))
        .unwrap();
}
