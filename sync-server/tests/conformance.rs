//! Every backend passes the one suite.
#![allow(clippy::unwrap_used, missing_docs)]

use sync_server::storage::conformance;
use sync_server::storage::sqlite::SqliteStorage;

#[test]
fn sqlite_does_what_every_backend_must() {
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    conformance::run(|| {
        number += 1;
        SqliteStorage::open(&folder.path().join(format!("{number}.db"))).unwrap()
    })
    .unwrap();
}
