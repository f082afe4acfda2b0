//! Copies of a database file: made while it is in use, and verified before they count.

mod blobs;

pub(super) use blobs::{keep_blobs, move_blobs, remove_blobs};

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::blobs::folder;
use super::{error, schema};
use crate::config::private_file;
use crate::storage::{BackupReport, StorageError};

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

/// Looks whose a file is and of which format, without changing it.
pub fn recognize_file(path: &Path) -> Result<(), StorageError> {
    schema::open_reader(path).map(drop)
}

/// Checks a file without changing it: whose it is, its format, every page.
pub fn verify_file(path: &Path) -> Result<(), StorageError> {
    let connection = schema::open_reader(path)?;
    integrity(&connection)
}

/// Copies the database at `from`, in use or not, to a new file `to`, and its blobs into a folder beside that.
/// The copy counts only once it was read back whole and every log in it has as many changes as its original.
pub fn back_up_file(from: &Path, to: &Path) -> Result<BackupReport, StorageError> {
    for new in [to, &folder(to)] {
        if new.exists() {
            return Err(already_there(new));
        }
    }
    let partial = beside(to, "partial");
    let _ = fs::remove_file(&partial);
    remove_blobs(&partial)?;
    let result = copy(from, &partial).and_then(|report| {
        File::open(&partial)?.sync_all()?;
        // The file last: where it stands, the copy is whole.
        if folder(&partial).exists() {
            fs::rename(folder(&partial), folder(to))?;
        }
        fs::rename(&partial, to)?;
        sync_folder(to)?;
        Ok(report)
    });
    if result.is_err() {
        let _ = fs::remove_file(&partial);
        let _ = remove_blobs(&partial);
        if !to.exists() {
            let _ = remove_blobs(to);
        }
    }
    result
}

pub(super) fn copy(from: &Path, to: &Path) -> Result<BackupReport, StorageError> {
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
    drop(moment);
    let blobs = blobs::copy_blobs(from, to)?;
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
        blobs: blobs.blobs,
        lost_blobs: blobs.lost,
        bytes: fs::metadata(to)?.len().saturating_add(blobs.bytes),
    })
}

pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

pub(super) fn sync_folder(of: &Path) -> Result<(), StorageError> {
    Ok(super::blobs::sync_folder(of.parent().unwrap_or(of))?)
}

fn already_there(path: &Path) -> StorageError {
    let name = path.display();
    std::io::Error::new(
        std::io::ErrorKind::AlreadyExists,
        format!("{name} exists already"),
    )
    .into()
}
