//! Copies of a database file: made while it is in use, verified before they count, and put back
//! under a new life.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use companion_protocol::id::Incarnation;
use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::{SqliteStorage, error, schema};
use crate::config::private_file;
use crate::random;
use crate::storage::audit::audit;
use crate::storage::{BackupReport, Life, StorageError};

/// Pages copied between two looks at whether to go on.
const PAGES: i32 = 512;

/// The log of one space, as counted: its row, its counter, its changes and their bytes.
type Counts = Vec<(i64, i64, i64, i64)>;

fn counts(of: &Connection) -> Result<Counts, StorageError> {
    of.prepare(
        "SELECT spaces.row, spaces.number, count(changes.row), coalesce(sum(length(bytes)), 0)
         FROM spaces LEFT JOIN changes
             ON changes.row BETWEEN spaces.row << 24 AND (spaces.row << 24) + 0xffffff
         GROUP BY spaces.row ORDER BY spaces.row",
    )
    .and_then(|mut ask| {
        ask.query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect()
    })
    .map_err(error)
}

/// SQLite's own opinion of every page and index.
pub(super) fn integrity(of: &Connection) -> Result<(), StorageError> {
    let said: String = of
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(error)?;
    if said == "ok" {
        Ok(())
    } else {
        Err(StorageError::Corrupt)
    }
}

/// Checks a file without changing it: whose it is, its format, every page.
pub fn verify_file(path: &Path) -> Result<(), StorageError> {
    let connection = schema::open_reader(path)?;
    integrity(&connection)
}

/// Copies the database at `from`, in use or not, to a new file `to`. The copy counts only once it
/// was read back whole and every log in it has as many changes as its original.
pub fn back_up_file(from: &Path, to: &Path) -> Result<BackupReport, StorageError> {
    if to.exists() {
        return Err(already_there(to));
    }
    let partial = beside(to, "partial");
    let _ = fs::remove_file(&partial);
    let result = copy(from, &partial).and_then(|report| {
        File::open(&partial)?.sync_all()?;
        fs::rename(&partial, to)?;
        sync_folder(to)?;
        Ok(report)
    });
    if result.is_err() {
        let _ = fs::remove_file(&partial);
    }
    result
}

fn copy(from: &Path, to: &Path) -> Result<BackupReport, StorageError> {
    let source = schema::open_reader(from)?;
    // Held open, so that counts and pages are of one moment while others write on.
    let moment = source.unchecked_transaction().map_err(error)?;
    let expected = counts(&moment)?;
    {
        private_file(to)?;
        let mut target = Connection::open(to).map_err(error)?;
        Backup::new(&source, &mut target)
            .and_then(|copy| copy.run_to_completion(PAGES, std::time::Duration::ZERO, None))
            .map_err(error)?;
        // A backup is one file: no write-ahead log beside it.
        target
            .pragma_update(None, "journal_mode", "delete")
            .map_err(error)?;
    }
    let copied = schema::open_reader(to)?;
    integrity(&copied)?;
    let found = counts(&copied)?;
    if found != expected {
        return Err(StorageError::Corrupt);
    }
    let total = |pick: fn(&(i64, i64, i64, i64)) -> i64| -> u64 {
        found.iter().map(|row| super::unsigned(pick(row))).sum()
    };
    Ok(BackupReport {
        spaces: total(|_| 1),
        changes: total(|row| row.2),
        bytes: fs::metadata(to)?.len(),
    })
}

/// Puts the backup `from` in the place of `database`, under a new life that began at `at_ms`. What
/// was there is kept beside it; returns its name. The server must not be running.
pub fn replace_file(
    from: &Path,
    database: &Path,
    at_ms: i64,
) -> Result<(Life, Option<PathBuf>), StorageError> {
    verify_file(from)?;
    let fresh = beside(database, "restoring");
    for leftover in [
        fresh.clone(),
        dashed(&fresh, "wal"),
        dashed(&fresh, "journal"),
    ] {
        let _ = fs::remove_file(leftover);
    }
    copy(from, &fresh)?;
    if !audit(&SqliteStorage::open(&fresh)?)?.problems.is_empty() {
        let _ = fs::remove_file(&fresh);
        return Err(StorageError::Corrupt);
    }
    let life = Life {
        incarnation: Incarnation::new(random::bytes()?),
        restored_at_ms: Some(at_ms),
    };
    {
        // The new life is durable in the file before the file takes its place. Nobody knows yet
        // whether a chain in it is the newest.
        let connection = schema::open_writer(&fresh)?;
        connection
            .execute(
                "UPDATE life SET incarnation = ?1, restored_at_ms = ?2 WHERE only = 1",
                rusqlite::params![life.incarnation.as_bytes(), at_ms],
            )
            .and_then(|_| connection.execute("UPDATE spaces SET vouched = 0", []))
            .map_err(error)?;
        connection
            .pragma_update(None, "journal_mode", "delete")
            .map_err(error)?;
        integrity(&connection)?;
    }
    File::open(&fresh)?.sync_all()?;
    let kept = set_aside(database, at_ms)?;
    // One step: before it the old database stands here, after it the new one.
    fs::rename(&fresh, database)?;
    sync_folder(database)?;
    Ok((life, kept))
}

/// Keeps the present database under another name as well, with nothing left in its write-ahead
/// log: SQLite would play that log into whatever file takes the name.
fn set_aside(database: &Path, at_ms: i64) -> Result<Option<PathBuf>, StorageError> {
    if !database.exists() {
        return Ok(None);
    }
    let kept = beside(database, &format!("replaced-{at_ms}"));
    let folded = Connection::open(database)
        .map_err(error)
        .and_then(|connection| {
            let mode: String = connection
                .pragma_update_and_check(None, "journal_mode", "delete", |row| row.get(0))
                .map_err(error)?;
            if mode == "delete" {
                Ok(())
            } else {
                Err(StorageError::Busy)
            }
        });
    for name in ["wal", "shm"] {
        let beside_it = dashed(database, name);
        if beside_it.exists() {
            match &folded {
                Err(StorageError::Busy) => return Err(StorageError::Busy),
                // A damaged database: keep its log for whoever wants to rescue something.
                _ => fs::rename(&beside_it, dashed(&kept, name))?,
            }
        }
    }
    if fs::hard_link(database, &kept).is_err() {
        fs::copy(database, &kept)?;
    }
    sync_folder(database)?;
    Ok(Some(kept))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn dashed(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-");
    name.push(ending);
    name.into()
}

fn sync_folder(of: &Path) -> Result<(), StorageError> {
    let folder = of.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()?;
    Ok(())
}

fn already_there(path: &Path) -> StorageError {
    let name = path.display();
    std::io::Error::new(
        std::io::ErrorKind::AlreadyExists,
        format!("{name} exists already"),
    )
    .into()
}
