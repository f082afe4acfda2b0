//! A backup in the place of the database, under a new life. Whatever is wrong with the backup is said of
//! the backup, and what stood there stays; a process that is killed leaves the old one or the new one.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use companion_protocol::id::Incarnation;
use rusqlite::Connection;

use super::backup::{
    beside, copy, integrity, keep_blobs, move_blobs, remove_blobs, sync_folder, verify_file,
};
use super::blobs::folder;
use super::{SqliteStorage, error, schema};
use crate::random;
use crate::storage::audit::audit;
use crate::storage::{BlobStorage, Life, StorageError};

/// The first bytes of every SQLite database (sqlite.org/fileformat2.html).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Why a backup does not stand in the place of the database.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The file is nothing to restore from.
    #[error("{0}: {1}; nothing was changed")]
    Backup(PathBuf, #[source] BadBackup),
    /// The backup is good, and could not be put in place.
    #[error("failed to put the backup in place: {0}")]
    Storage(#[from] StorageError),
}

/// What is wrong with a backup.
#[derive(Debug, thiserror::Error)]
pub enum BadBackup {
    /// No such file, a folder, or a file that can't be read.
    #[error("{0}")]
    Unreadable(#[from] io::Error),
    /// A folder, or something else that is no file.
    #[error("this is not a file")]
    NotAFile,
    /// Another program's, or no database at all.
    #[error("this is not a backup of the sync server")]
    NotOurs,
    /// Of a newer version of this program.
    #[error("this backup has format {found}; this program knows formats up to {known}")]
    Newer {
        /// The format of the file.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// Cut off, or bytes of it are others than they were.
    #[error("this backup is damaged or not whole")]
    Damaged,
    /// The files of some blobs are not beside it, or not whole.
    #[error(
        "{0} of its blobs are missing or damaged; they belong into the folder {1}, which is moved with the file"
    )]
    BlobsLost(u64, PathBuf),
    /// It can be read, and what it says does not fit together.
    #[error("this backup is damaged: {0}")]
    Unsound(String),
    /// SQLite could not read it.
    #[error("this backup can't be read: {0}")]
    Failed(String),
}

impl From<StorageError> for BadBackup {
    fn from(why: StorageError) -> Self {
        match why {
            StorageError::Corrupt => Self::Damaged,
            StorageError::NotOurs => Self::NotOurs,
            StorageError::Newer { found, known } => Self::Newer { found, known },
            StorageError::File(why) => Self::Unreadable(why),
            other @ (StorageError::Full | StorageError::Busy | StorageError::Backend(_)) => {
                Self::Failed(other.to_string())
            }
        }
    }
}

/// Looks whether a file is a backup at all, without reading all of it.
pub fn recognize_backup(from: &Path) -> Result<(), RestoreError> {
    recognized(from).map_err(|why| RestoreError::Backup(from.to_owned(), why))
}

fn recognized(from: &Path) -> Result<(), BadBackup> {
    if !fs::metadata(from)?.is_file() {
        return Err(BadBackup::NotAFile);
    }
    let mut head = Vec::new();
    File::open(from)?.take(16).read_to_end(&mut head)?;
    if head != MAGIC {
        return Err(BadBackup::NotOurs);
    }
    Ok(schema::open_reader(from).map(drop)?)
}

/// Puts the backup `from` in the place of `database`, under a new life that began at `at_ms`. What
/// was there is kept beside it; returns its name. The server must not be running.
pub fn replace_file(
    from: &Path,
    database: &Path,
    at_ms: i64,
) -> Result<(Life, Option<PathBuf>), RestoreError> {
    recognize_backup(from)?;
    let fresh = beside(database, "restoring");
    for leftover in [
        fresh.clone(),
        dashed(&fresh, "wal"),
        dashed(&fresh, "shm"),
        dashed(&fresh, "journal"),
    ] {
        let _ = fs::remove_file(leftover);
    }
    remove_blobs(&fresh).map_err(StorageError::from)?;
    if let Err(why) = brought(from, &fresh) {
        let _ = fs::remove_file(&fresh);
        let _ = remove_blobs(&fresh);
        return Err(why);
    }
    let life = Life {
        incarnation: Incarnation::new(random::bytes().map_err(StorageError::File)?),
        restored_at_ms: Some(at_ms),
    };
    let forgotten = forgotten_before(database);
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
        stay_forgotten(&connection, &forgotten)?;
        connection
            .pragma_update(None, "journal_mode", "delete")
            .map_err(error)?;
        integrity(&connection)?;
    }
    synced(&fresh)?;
    let kept = set_aside(database, at_ms)?;
    // Beside the old database too they are only files that it does not note.
    move_blobs(&fresh, database)?;
    // One step: before it the old database stands here, after it the new one.
    fs::rename(&fresh, database).map_err(StorageError::File)?;
    sync_folder(database)?;
    // What the old database alone had is kept with it. Where this fails, the next start does it.
    let _ = SqliteStorage::open(database).and_then(|storage| storage.reconcile_blobs());
    Ok((life, kept))
}

/// What the present database knows as forgotten; nothing where it can't be read, which may be why somebody
/// restores.
fn forgotten_before(database: &Path) -> Vec<[u8; 32]> {
    let ids = || -> Result<Vec<[u8; 32]>, StorageError> {
        schema::open_reader(database)?
            .prepare("SELECT id FROM forgotten")
            .and_then(|mut ask| ask.query_map([], |row| row.get(0))?.collect())
            .map_err(error)
    };
    ids().unwrap_or_default()
}

/// What was forgotten since the backup is forgotten by the next start.
fn stay_forgotten(to: &Connection, forgotten: &[[u8; 32]]) -> Result<(), StorageError> {
    for id in forgotten {
        let is_back = to
            .execute(
                "UPDATE spaces SET ended_on = 1, forget_on = 1 WHERE id = ?1",
                [id],
            )
            .map_err(error)?;
        if is_back == 0 {
            to.execute("INSERT OR IGNORE INTO forgotten (id) VALUES (?1)", [id])
                .map_err(error)?;
        }
    }
    Ok(())
}

/// Copies a backup to where it is made ready, and checks all of it.
fn brought(from: &Path, fresh: &Path) -> Result<(), RestoreError> {
    let bad = |why: BadBackup| RestoreError::Backup(from.to_owned(), why);
    let of_backup = |why: StorageError| match why {
        why @ (StorageError::Corrupt | StorageError::NotOurs) => bad(why.into()),
        why => why.into(),
    };
    verify_file(from).map_err(|why| bad(why.into()))?;
    let lost = copy(from, fresh).map_err(of_backup)?.lost_blobs;
    if lost > 0 {
        return Err(bad(BadBackup::BlobsLost(lost, folder(from))));
    }
    let storage = SqliteStorage::open(fresh).map_err(of_backup)?;
    let problems = audit(&storage).map_err(of_backup)?.problems;
    match problems.into_iter().next() {
        Some(problem) => Err(bad(BadBackup::Unsound(problem))),
        None => Ok(()),
    }
}

/// Keeps the present database under another name as well, with nothing left in its write-ahead
/// log: SQLite would play that log into whatever file takes the name.
fn set_aside(database: &Path, at_ms: i64) -> Result<Option<PathBuf>, StorageError> {
    if !database.exists() {
        return Ok(None);
    }
    let kept = free_name(database, &format!("replaced-{at_ms}"));
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
    match fs::hard_link(database, &kept) {
        Ok(()) => {}
        // It may be the very same file, by a restore that broke off: a copy onto itself would empty it.
        Err(why) if why.kind() == io::ErrorKind::AlreadyExists => return Err(why.into()),
        Err(_) => fs::copy(database, &kept).map(drop)?,
    }
    keep_blobs(database, &kept)?;
    sync_folder(database)?;
    Ok(Some(kept))
}

/// A name that nothing has yet: a restore at the same instant, or one that broke off, left its own there.
fn free_name(database: &Path, ending: &str) -> PathBuf {
    let mut name = beside(database, ending);
    let mut number = 2_u32;
    while name.exists() || folder(&name).exists() {
        name = beside(database, &format!("{ending}-{number}"));
        number = number.saturating_add(1);
    }
    name
}

fn synced(path: &Path) -> Result<(), StorageError> {
    Ok(File::open(path)?.sync_all()?)
}

fn dashed(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-");
    name.push(ending);
    name.into()
}
