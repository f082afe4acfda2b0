//! A server put back from a backup says so, and its members fill in what it lost.

use companion_protocol::api::{ErrorCode, Info, PushStatus, path};
use companion_protocol::statement::Role;
use sync_server::storage::audit::audit;
use sync_server::storage::sqlite::{SqliteStorage, back_up_file, replace_file, verify_file};
use sync_server::storage::{Storage, StorageError};

use crate::support::client::Request;
use crate::support::people::{Space, key, member};
use crate::support::{NOW_MS, Relay};

fn incarnation(relay: &Relay) -> String {
    let info: Info = Request::new("GET", path::INFO, Vec::new())
        .send(relay)
        .json();
    info.incarnation.to_string()
}

fn with_two_members() -> (Relay, Space) {
    let relay = Relay::start();
    relay.register(member(&key(1)), 10, 1 << 24);
    let mut space = Space::founded(&relay, &key(1), &key(1), 1);
    space.admit(&relay, &key(1), &key(2), Role::Writer);
    let change = space.write(&key(2), "in the backup");
    space.pushed(&relay, &key(2), &[change]);
    (relay, space)
}

#[test]
fn after_a_restore_members_fill_in_the_chain_and_the_log() {
    let (mut relay, mut space) = with_two_members();
    let before = incarnation(&relay);
    let (database, copy) = (
        relay.config.data.join("sync.db"),
        relay.folder.path().join("copy"),
    );
    let report = back_up_file(&database, &copy).unwrap();
    assert_eq!((report.spaces, report.changes), (1, 1));

    // Lost: an entry of an old epoch by a member who is removed later, and the removal.
    let lost = space.write(&key(2), "after the backup");
    space.pushed(&relay, &key(2), std::slice::from_ref(&lost));
    let rotate = space.rotate(&key(1), &[&key(2)]);
    space.extend(&relay, &key(1), rotate.clone());
    let newest = space.write(&key(1), "new epoch");
    space.pushed(&relay, &key(1), std::slice::from_ref(&newest));
    let full = space.pulled(&relay, &key(1));

    relay.stop();
    replace_file(&copy, &database, NOW_MS).unwrap();
    relay.start_again();
    assert_ne!(incarnation(&relay), before, "clients notice");
    assert_eq!(space.pulled(&relay, &key(1)).changes.len(), 1);

    assert_eq!(space.offer(&relay, &key(1), &rotate).status, 201);
    let offered = space.pushed(&relay, &key(1), &[lost.clone(), newest.clone()]);
    assert!(
        offered
            .results
            .iter()
            .all(|result| result.status == PushStatus::Stored)
    );
    let again = space.pulled(&relay, &key(1));
    assert_eq!(again.changes, full.changes);
    let backdated = space.write(&key(2), "beyond the last counter that counts");
    assert_eq!(
        space.push(&relay, &key(1), &[backdated]).code(),
        ErrorCode::InvalidChange
    );
}

#[test]
fn the_catch_up_ends_after_two_years() {
    let (mut relay, mut space) = with_two_members();
    let (database, copy) = (
        relay.config.data.join("sync.db"),
        relay.folder.path().join("copy"),
    );
    back_up_file(&database, &copy).unwrap();
    let lost = space.write(&key(2), "lost");
    let rotate = space.rotate(&key(1), &[]);
    relay.stop();
    let two_years = 2 * 365 * 24 * 60 * 60 * 1000;
    replace_file(&copy, &database, NOW_MS - two_years).unwrap();
    relay.start_again();
    space.extend(&relay, &key(1), rotate);
    assert_eq!(
        space.push(&relay, &key(2), &[lost]).code(),
        ErrorCode::StaleEpoch
    );
}

#[test]
fn a_space_and_a_member_that_the_backup_lacks_come_back() {
    let relay = Relay::start();
    relay.register(member(&key(1)), 10, 1 << 24);
    let (database, copy) = (
        relay.config.data.join("sync.db"),
        relay.folder.path().join("copy"),
    );
    back_up_file(&database, &copy).unwrap();
    let mut space = Space::founded(&relay, &key(1), &key(1), 1);
    space.admit(&relay, &key(1), &key(2), Role::Writer);
    let mut relay = relay;
    relay.stop();
    replace_file(&copy, &database, NOW_MS).unwrap();
    relay.start_again();
    // The phone alone is awake: it brings what the clinic founded and said, its own admission
    // included.
    assert_eq!(space.found(&relay, &key(2)).status, 201);
    let rest = &space.statements[1..];
    assert_eq!(space.offer_run(&relay, &key(2), rest).status, 201);
    let change = space.write(&key(2), "goes on");
    space.pushed(&relay, &key(2), &[change]);
}

#[test]
fn a_backup_is_taken_while_members_write_and_passes_the_check() {
    let (relay, mut space) = with_two_members();
    let database = relay.config.data.join("sync.db");
    std::thread::scope(|scope| {
        let folder = relay.folder.path();
        let backups = scope.spawn(move || {
            for n in 0..5 {
                let copy = folder.join(format!("copy-{n}"));
                back_up_file(&database, &copy).unwrap();
                verify_file(&copy).unwrap();
                let report = audit(&SqliteStorage::open(&copy).unwrap()).unwrap();
                assert!(report.problems.is_empty(), "{:?}", report.problems);
            }
        });
        for n in 0..100 {
            let change = space.write(&key(2), &n.to_string());
            space.pushed(&relay, &key(2), &[change]);
        }
        backups.join().unwrap();
    });
    let report = audit(&**relay.running.as_ref().unwrap().storage()).unwrap();
    assert_eq!((report.changes, report.statements), (101, 5));
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

#[test]
fn a_bad_backup_is_refused_and_the_database_stays() {
    let (mut relay, space) = with_two_members();
    let (database, copy) = (
        relay.config.data.join("sync.db"),
        relay.folder.path().join("copy"),
    );
    back_up_file(&database, &copy).unwrap();
    relay.stop();
    let good = std::fs::read(&copy).unwrap();
    let mut scribbled = good.clone();
    let middle = good.len() / 2;
    scribbled[middle..].fill(0xa5);
    let half = good[..middle].to_vec();
    for (what, bytes) in [
        ("scribbled", scribbled),
        ("half", half),
        ("text", b"hello".to_vec()),
    ] {
        std::fs::write(&copy, bytes).unwrap();
        assert!(replace_file(&copy, &database, NOW_MS).is_err(), "{what}");
    }
    relay.start_again();
    assert_eq!(space.pulled(&relay, &key(1)).changes.len(), 1);
}

#[test]
fn an_existing_file_is_not_written_over_by_a_backup() {
    let (relay, _) = with_two_members();
    let copy = relay.folder.path().join("copy");
    std::fs::write(&copy, "precious").unwrap();
    let refused = back_up_file(&relay.config.data.join("sync.db"), &copy);
    assert!(matches!(refused, Err(StorageError::File(_))));
    assert_eq!(std::fs::read(&copy).unwrap(), b"precious");
}

#[test]
fn the_check_finds_a_change_that_was_tampered_with() {
    let (mut relay, _) = with_two_members();
    relay.stop();
    let database = relay.config.data.join("sync.db");
    let bytes = std::fs::read(&database).unwrap();
    let text = b"in the backup";
    let at = bytes
        .windows(text.len())
        .position(|window| window == text)
        .unwrap();
    let mut tampered = bytes.clone();
    tampered[at] ^= 1;
    std::fs::write(&database, &tampered).unwrap();
    verify_file(&database).unwrap();
    let report = audit(&SqliteStorage::open(&database).unwrap()).unwrap();
    let found = report
        .problems
        .iter()
        .any(|problem| problem.contains("signature"));
    assert!(found, "{:?}", report.problems);
    assert!(replace_file(&database, &relay.folder.path().join("new.db"), NOW_MS).is_err());
}

#[test]
fn a_file_of_a_newer_format_or_of_another_program_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let newer = folder.path().join("newer.db");
    drop(SqliteStorage::open(&newer).unwrap());
    let mut bytes = std::fs::read(&newer).unwrap();
    // The format's number stands at byte 60 of the header (sqlite.org/fileformat2.html).
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&newer, &bytes).unwrap();
    assert!(matches!(
        SqliteStorage::open(&newer),
        Err(StorageError::Newer { found: 99, .. })
    ));
    assert_eq!(std::fs::read(&newer).unwrap(), bytes);

    let foreign = folder.path().join("foreign.db");
    std::fs::write(&foreign, "not a database, but somebody's notes".repeat(100)).unwrap();
    let before = std::fs::read(&foreign).unwrap();
    assert!(SqliteStorage::open(&foreign).is_err());
    assert_eq!(std::fs::read(&foreign).unwrap(), before);
}

#[test]
fn a_storage_opened_again_is_of_the_same_life() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sync.db");
    let life = SqliteStorage::open(&path).unwrap().life().unwrap();
    assert_eq!(SqliteStorage::open(&path).unwrap().life().unwrap(), life);
}
