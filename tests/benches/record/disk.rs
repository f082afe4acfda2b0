//! What none of the other figures has in it: waiting for a disk.

use std::time::Duration;

use rusqlite::Connection;

use crate::making::{scratch_folder, target};
use crate::sample::{Effort, each};
use crate::table::Table;

pub(crate) fn measure(table: &mut Table, effort: Effort) {
    let folder = target().join("record-benchmark");
    table.section(&format!(
        "A disk. All files above are in {}: add this for each commit that a verb waits for",
        scratch_folder().path().parent().unwrap().display()
    ));
    let folder = tempfile::tempdir_in(folder).unwrap();
    let mut connection = Connection::open(folder.path().join("bare.db")).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE bare (position INTEGER PRIMARY KEY, fields TEXT NOT NULL);",
        )
        .unwrap();
    let effort = Effort {
        at_most: effort.at_most.max(Duration::from_millis(500)),
        ..effort
    };
    let row = "x".repeat(2_200);
    let commit = each(
        effort,
        None,
        || (),
        |()| {
            let transaction = connection.transaction().unwrap();
            transaction
                .execute("INSERT INTO bare (fields) VALUES (?1)", [&row])
                .unwrap();
            transaction.commit().unwrap();
        },
    );
    table.figure("a commit of one row, where the records are kept", commit);
}
