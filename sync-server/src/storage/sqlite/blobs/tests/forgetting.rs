//! A process that ends at any step of forgetting a space.

use super::*;
use crate::storage::{Ending as Ends, Extended, Extension, Founded, NewStatement, Room};

const FORGET_ON: Day = Day(TODAY.0 + 31);
/// More than go in one piece.
const ROWS: i64 = 5000;

/// A space with a recording, a photo that is arriving, and thousands of changes, that was ended today.
fn ended(file: &Path) -> SqliteStorage {
    let storage = founded(file);
    given(&storage, &recording()).unwrap();
    storage.give_part(part(&[3; 2 * PART], 0)).unwrap();
    let other = Founding {
        space: SpaceId::new([9; 32]),
        founder: CLINIC,
        statement: vec![0; 100],
        hash: StatementHash::new([9; 32]),
        issuer: CLINIC,
        serial: GrantSerial::new([9; 16]),
        max_bytes: 0,
        vouched: true,
    };
    storage.create_space(other).unwrap();
    storage
        .writer
        .run(|to| {
            let row = "(SELECT row FROM spaces WHERE id = x'0101010101010101010101010101010101010101010101010101010101010101')";
            let numbers = format!(
                "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROWS})"
            );
            to.execute_batch(&format!(
                "{numbers} INSERT INTO changes (row, bytes) SELECT ({row} << 24) | n, x'00' FROM numbers;
                 {numbers} INSERT INTO names (space, author, name, number)
                     SELECT {row}, 0, CAST(printf('%08d', n) AS BLOB), n FROM numbers;
                 INSERT INTO authors VALUES ({row}, 0, 1, zeroblob(32));
                 INSERT INTO drops VALUES ({row}, 0, 1, zeroblob(32));
                 UPDATE spaces SET used_bytes = used_bytes + {ROWS} WHERE row = {row};
                 UPDATE clinics SET used_bytes = used_bytes + {ROWS};"
            ))
            .map_err(crate::storage::sqlite::error)?;
            Ok(Verdict::Keep(()))
        })
        .unwrap();
    let extension = Extension {
        space: SPACE,
        previous: StatementHash::new([1; 32]),
        statements: vec![NewStatement {
            bytes: vec![4; 50],
            hash: StatementHash::new([4; 32]),
        }],
        comes: Vec::new(),
        goes: Vec::new(),
        last: Vec::new(),
        room: Room::Needed,
        ends: Some(Ends::today(TODAY, 30)),
    };
    let extended = storage.extend_chain(extension).unwrap();
    assert!(matches!(extended, Extended::Done(_)));
    storage
}

/// How many rows each table has that belong to a space, or name one.
fn rows(storage: &SqliteStorage) -> Vec<(String, i64)> {
    let tables = [
        "spaces",
        "members",
        "authors",
        "changes",
        "names",
        "drops",
        "blobs",
        "statements",
    ];
    storage
        .read(|from| {
            let count = |table: &str| {
                let sql = format!("SELECT count(*) FROM {table}");
                from.query_row(&sql, [], |row| row.get(0)).unwrap()
            };
            let counted = tables
                .iter()
                .map(|table| ((*table).to_owned(), count(table)));
            Ok(counted.collect())
        })
        .unwrap()
}

/// Only the other space is left, nothing of this one is charged or on the disk, and it stays known as forgotten.
fn is_forgotten(storage: &SqliteStorage, when: &str) {
    let only_the_other = [("spaces", 1), ("members", 1), ("statements", 1)];
    for (table, count) in rows(storage) {
        let expected = only_the_other.iter().find(|(name, _)| *name == table);
        assert_eq!(
            count,
            expected.map_or(0, |(_, count)| *count),
            "{table}, {when}"
        );
    }
    assert_eq!(storage.head(SPACE).unwrap(), None, "{when}");
    assert_eq!(storage.blob_faults().unwrap(), [], "{when}");
    let disk = &storage.blobs.disk;
    for blob in [named(&recording()), named(&[3; 2 * PART])] {
        assert_eq!(disk.files(SPACE, blob).unwrap(), Files::default(), "{when}");
    }
    assert!(storage.is_forgotten(SPACE).unwrap(), "{when}");
    let clinic = &storage.clinics().unwrap()[0];
    assert_eq!((clinic.spaces, clinic.bytes), (1, 100), "{when}");
    let again = Founding {
        space: SPACE,
        founder: CLINIC,
        statement: vec![0; 100],
        hash: StatementHash::new([1; 32]),
        issuer: CLINIC,
        serial: GrantSerial::new([7; 16]),
        max_bytes: 0,
        vouched: true,
    };
    let founded = storage.create_space(again).unwrap();
    assert_eq!(founded, Founded::Forgotten, "{when}");
    let by_its_grant = Founding {
        space: SpaceId::new([5; 32]),
        founder: CLINIC,
        statement: vec![0; 100],
        hash: StatementHash::new([5; 32]),
        issuer: CLINIC,
        serial: GrantSerial::new([1; 16]),
        max_bytes: 0,
        vouched: true,
    };
    let founded = storage.create_space(by_its_grant).unwrap();
    assert_eq!(founded, Founded::GrantUsed, "{when}");
}

#[test]
fn a_space_is_kept_until_its_day_and_then_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let storage = ended(&folder.path().join("sync.db"));
    let waits = storage.ended_spaces().unwrap();
    assert_eq!(waits.len(), 1);
    assert_eq!(
        (waits[0].space, waits[0].ending.forget_on),
        (SPACE, FORGET_ON)
    );
    assert_eq!(storage.forget_spaces(Day(FORGET_ON.0 - 1)).unwrap(), 0);
    assert!(storage.head(SPACE).unwrap().is_some());
    assert_eq!(storage.blobs(SPACE).unwrap().len(), 2);
    assert_eq!(storage.forget_spaces(FORGET_ON).unwrap(), 1);
    is_forgotten(&storage, "on its day");
    assert!(storage.ended_spaces().unwrap().is_empty());
    assert_eq!(storage.forget_spaces(FORGET_ON).unwrap(), 0);
}

#[test]
fn a_process_that_is_killed_while_it_forgets_goes_on_the_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let storage = ended(&folder.path().join("sync.db"));
    storage.blobs.disk.fate.decide(Ending::Good);
    storage.forget_spaces(FORGET_ON).unwrap();
    let steps = storage.blobs.disk.fate.steps();
    assert!(steps > 12, "{steps}");
    for at in 1..=steps {
        let when = format!("killed at step {at} of {steps}");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sync.db");
        let storage = ended(&file);
        storage.blobs.disk.fate.decide(Ending::KilledAt(at));
        storage.forget_spaces(FORGET_ON).unwrap_err();
        drop(storage);
        let storage = SqliteStorage::open(&file).unwrap();
        storage.reconcile_blobs().unwrap();
        storage.forget_spaces(FORGET_ON).unwrap();
        is_forgotten(&storage, &when);
    }
}

#[test]
fn the_days_of_an_end_are_dates_for_people() {
    let days = [
        (0, "1970-01-01"),
        (11_016, "2000-02-29"),
        (20_454, "2026-01-01"),
        (20_789, "2026-12-02"),
    ];
    for (day, date) in days {
        assert_eq!(Day(day).to_string(), date);
    }
    assert_eq!(
        Ends::today(TODAY, 0).forget_on,
        TODAY,
        "none at all is at once"
    );
    assert_eq!(
        Ends::today(TODAY, 1).forget_on,
        Day(TODAY.0 + 2),
        "a whole day"
    );
}
