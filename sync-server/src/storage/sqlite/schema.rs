//! Opening a database file: settings, the format's number, and the steps from one to the next.

use std::path::Path;

use companion_protocol::id::Incarnation;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error;
use crate::config::private_file;
use crate::random;
use crate::storage::StorageError;

/// "KAPS" in the file's header says whose file it is.
pub(super) const APPLICATION_ID: i64 = 0x4b41_5053;
/// Steps in order; the file's `user_version` counts those that it has seen.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001_spaces.sql")];
/// 3.7.0 to 3.51.2 can corrupt a WAL database under several writers (sqlite.org/wal.html#walresetbug).
const OLDEST_SQLITE: i32 = 3_051_003;

/// How long a handle waits for another one.
pub(super) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// Opens for writing; creates the file and brings it to the present format.
pub(super) fn open_writer(path: &Path) -> Result<Connection, StorageError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(StorageError::Backend(
            "the built-in SQLite is too old".into(),
        ));
    }
    // SQLite gives the files beside it the same rights.
    private_file(path)?;
    let mut connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(error)?;
    connection.busy_timeout(PATIENCE).map_err(error)?;
    // Around changes of 1,450 bytes this wastes 94 bytes each; 8 KiB wastes 239, 4 KiB 648. Only a
    // new file takes it.
    connection
        .pragma_update(None, "page_size", 16384)
        .map_err(error)?;
    identify(&connection)?;
    connection
        .pragma_update(None, "journal_mode", "wal")
        .map_err(error)?;
    connection
        .pragma_update(None, "synchronous", "full")
        .map_err(error)?;
    connection
        .pragma_update(None, "foreign_keys", true)
        .map_err(error)?;
    connection
        .pragma_update(None, "cell_size_check", true)
        .map_err(error)?;
    connection
        .pragma_update(None, "trusted_schema", false)
        .map_err(error)?;
    connection
        .pragma_update(None, "temp_store", "memory")
        .map_err(error)?;
    // What a member let go of is overwritten and not only forgotten.
    connection
        .pragma_update(None, "secure_delete", true)
        .map_err(error)?;
    connection
        .pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)
        .map_err(error)?;
    keep_plans(&connection)?;
    connection.set_prepared_statement_cache_capacity(64);
    migrate(&mut connection)?;
    Ok(connection)
}

/// Opens an existing file of the present format for reading.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StorageError> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(error)?;
    connection.busy_timeout(PATIENCE).map_err(error)?;
    connection
        .pragma_update(None, "query_only", true)
        .map_err(error)?;
    connection
        .pragma_update(None, "cell_size_check", true)
        .map_err(error)?;
    connection
        .pragma_update(None, "trusted_schema", false)
        .map_err(error)?;
    keep_plans(&connection)?;
    connection.set_prepared_statement_cache_capacity(32);
    if identify(&connection)? == 0 {
        return Err(StorageError::NotOurs);
    }
    Ok(connection)
}

/// Keeps SQLite from parsing a cached statement again on each use. It does so, without this, where
/// the plan may depend on a bound value (`LIMIT ?`, some `column = ?`), for bindings are cleared
/// after each use. There are no statistics here for a plan to gain by.
fn keep_plans(connection: &Connection) -> Result<(), StorageError> {
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map(|_| ())
        .map_err(error)
}

fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The number of the file's format; 0 for an empty file.
fn identify(connection: &Connection) -> Result<i64, StorageError> {
    let number = |name: &str| -> Result<i64, StorageError> {
        connection
            .pragma_query_value(None, name, |row| row.get(0))
            .map_err(error)
    };
    let (whose, version) = (number("application_id")?, number("user_version")?);
    let things: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(error)?;
    let known = known();
    match (whose, version) {
        (0, 0) if things == 0 => Ok(0),
        (APPLICATION_ID, 1..) if version <= known => Ok(version),
        (APPLICATION_ID, _) if version > known => Err(StorageError::Newer {
            found: version,
            known,
        }),
        _ => Err(StorageError::NotOurs),
    }
}

fn migrate(connection: &mut Connection) -> Result<(), StorageError> {
    let step = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(error)?;
    let version = identify(&step)?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    for migration in MIGRATIONS.iter().skip(done) {
        step.execute_batch(migration).map_err(error)?;
    }
    if version == 0 {
        let incarnation = Incarnation::new(random::bytes()?);
        step.execute(
            "INSERT INTO life (only, incarnation) VALUES (1, ?1)",
            [incarnation.as_bytes()],
        )
        .map_err(error)?;
    }
    if done < MIGRATIONS.len() {
        step.pragma_update(None, "application_id", APPLICATION_ID)
            .map_err(error)?;
        step.pragma_update(None, "user_version", known())
            .map_err(error)?;
    }
    step.commit().map_err(error)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_cached_statement_is_parsed_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sync.db");
        let handles = [open_writer(&path).unwrap(), open_reader(&path).unwrap()];
        let sql = "SELECT bytes FROM changes WHERE row > ?1 AND row <= ?2 ORDER BY row LIMIT ?3";
        for handle in handles {
            for limit in 1..5 {
                let mut ask = handle.prepare_cached(sql).unwrap();
                let none = ask.query([1, 0, limit]).unwrap().next().unwrap().is_none();
                assert!(none);
            }
            let used = handle.prepare_cached(sql).unwrap();
            assert_eq!(used.get_status(StatementStatus::Run), 4);
            assert_eq!(used.get_status(StatementStatus::RePrepare), 0);
        }
    }
}
