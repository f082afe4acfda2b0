//! A copy of the clinic's node, made while it runs, and putting one back.
//!
//! A copy is a folder of two stores, each encrypted under the node's key. The key is not in it unless
//! somebody asks: kept apart, the copy tells nobody anything.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use companion_core::clinic::Clinic;
use companion_core::{CoreError, Ports, StoreKey};

use crate::accounts::{Accounts, AccountsError};
use crate::node::{Folder, FolderError, is_there};

/// The name of the key file in a folder.
const KEY: &str = "store.key";

/// Whether the key goes into the copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyInCopy {
    /// It stays where it is.
    LeftOut,
    /// Whoever has the copy can read all of it.
    Included,
}

/// Why a copy was not made or not put back. What was there before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The folder or the key.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The clinic's record.
    #[error("the clinic’s record: {0}")]
    Clinic(#[from] CoreError),
    /// The accounts.
    #[error("the accounts: {0}")]
    Accounts(#[from] AccountsError),
    /// The system says no.
    #[error("cannot use {path}: {error}")]
    Io {
        /// What.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Something stands where the copy is to go.
    #[error("{0} is there already: name a folder that does not exist yet")]
    Exists(PathBuf),
    /// It holds no stores.
    #[error(
        "{0} holds no copy of a clinic’s node: is that the right folder? clinic.db or console.db is not in it"
    )]
    NotACopy(PathBuf),
    /// Neither the copy nor the folder has a key.
    #[error(
        "the copy holds no key: put the clinic’s key file at {0} first (mode 0600), or name it with --store-key-file"
    )]
    NoKey(PathBuf),
    /// A row of the record says something else than its document.
    #[error("{0} rows of the copy’s record do not agree with their documents; use an older copy")]
    Differing(usize),
    /// Somebody changed the audit record.
    #[error("the audit record in the copy was changed after it was written")]
    AuditBroken,
}

/// What was put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The clinic's name.
    pub clinic: String,
    /// How many patients the register of the copy names.
    pub patients: usize,
    /// When the copy's node last exchanged everything with the server, in milliseconds since 1970.
    pub last_sync_ms: Option<i64>,
}

/// Copies a node to a new folder while it runs, and checks the copy.
///
/// # Errors
///
/// When `to` exists, a store can't be read, or the disk says no. Nothing stands at `to` then.
pub fn back_up(
    folder: &Folder,
    to: &Path,
    key_in_copy: KeyInCopy,
    ports: Ports,
) -> Result<(), BackupError> {
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let key = folder.key()?;
    let partial = with_ending(to, ".partial");
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(at(&partial))?;
    }
    make_folder(&partial)?;
    let copied = copy_into(
        folder,
        &key,
        &Folder::new(partial.clone(), None),
        key_in_copy,
        ports,
    )
    .and_then(|()| fs::rename(&partial, to).map_err(at(to)));
    if copied.is_err() {
        // Best effort: what is left over is encrypted, and replaced by the next try.
        let _ = fs::remove_dir_all(&partial);
    }
    copied
}

fn copy_into(
    folder: &Folder,
    key: &[u8; 32],
    copy: &Folder,
    key_in_copy: KeyInCopy,
    ports: Ports,
) -> Result<(), BackupError> {
    let (clock, rng) = (Arc::clone(&ports.clock), Arc::clone(&ports.rng));
    let clinic = Clinic::open(&folder.replica(), &StoreKey::new(*key), ports)?;
    // The record first: the accounts' audit may name a patient who came a moment later, never the
    // other way round.
    clinic.back_up(&copy.replica())?;
    let accounts = Accounts::open(&folder.accounts(), key, clock, rng)?;
    accounts.back_up(&copy.accounts(), key)?;
    if key_in_copy == KeyInCopy::Included {
        copy_file(folder.key_file(), copy.key_file())?;
    }
    for file in [copy.replica(), copy.accounts()] {
        let opened = fs::File::open(&file).map_err(at(&file))?;
        opened.sync_all().map_err(at(&file))?;
    }
    Ok(())
}

/// Puts a copy into an empty folder, after checking all of it. Whoever was signed in when the copy was
/// made signs in again.
///
/// # Errors
///
/// When a clinic is in the folder already, the copy is damaged or the key does not open it. The folder
/// is as empty as it was, then.
pub fn restore(from: &Path, folder: &Folder, ports: Ports) -> Result<Restored, BackupError> {
    for file in [folder.replica(), folder.accounts()] {
        if file.exists() {
            return Err(FolderError::Occupied(folder.data().to_owned()).into());
        }
    }
    let copy = Folder::new(from.to_owned(), None);
    if !is_there(&copy.replica()) || !is_there(&copy.accounts()) {
        return Err(BackupError::NotACopy(copy.data().to_owned()));
    }
    make_folder(folder.data())?;
    let brings_key = !folder.key_file().exists();
    if brings_key {
        if !from.join(KEY).is_file() {
            return Err(BackupError::NoKey(folder.key_file().to_owned()));
        }
        copy_file(&from.join(KEY), folder.key_file())?;
    }
    let trial = folder.data().join("restoring");
    let restored = put_back(&copy, &trial, folder, ports);
    let _ = fs::remove_dir_all(&trial);
    if restored.is_err() && brings_key {
        let _ = fs::remove_file(folder.key_file());
    }
    restored
}

/// Checks the copy of the copy, and moves it to its place only when it is whole: opening a store writes
/// into its folder, and the copy itself must stay as it is.
fn put_back(
    copy: &Folder,
    trial: &Path,
    folder: &Folder,
    ports: Ports,
) -> Result<Restored, BackupError> {
    if trial.exists() {
        fs::remove_dir_all(trial).map_err(at(trial))?;
    }
    make_folder(trial)?;
    let tried = Folder::new(trial.to_owned(), Some(folder.key_file().to_owned()));
    copy_file(&copy.replica(), &tried.replica())?;
    copy_file(&copy.accounts(), &tried.accounts())?;
    let key = tried.key()?;
    let (clock, rng) = (Arc::clone(&ports.clock), Arc::clone(&ports.rng));
    let restored = {
        let clinic = Clinic::open(&tried.replica(), &StoreKey::new(*key), ports)?;
        let check = clinic.check_record()?;
        if !check.differing.is_empty() {
            return Err(BackupError::Differing(check.differing.len()));
        }
        let accounts = Accounts::open(&tried.accounts(), &key, clock, rng)?;
        accounts.prove_whole()?;
        if !accounts.audit()?.unbroken {
            return Err(BackupError::AuditBroken);
        }
        accounts.end_all_sessions()?;
        Restored {
            clinic: clinic.name()?,
            patients: clinic.caseload()?.len(),
            last_sync_ms: clinic.last_sync_ms()?,
        }
    };
    // The accounts first: a clinic's record in the folder is what says that a node is there.
    move_store(&tried.accounts(), &folder.accounts())?;
    move_store(&tried.replica(), &folder.replica())?;
    Ok(restored)
}

/// With what SQLite has not folded into the file yet, should there be any.
fn move_store(from: &Path, to: &Path) -> Result<(), BackupError> {
    for ending in ["-wal", ""] {
        let (from, to) = (with_ending(from, ending), with_ending(to, ending));
        if from.exists() {
            fs::rename(&from, &to).map_err(at(&to))?;
        }
    }
    Ok(())
}

fn make_folder(path: &Path) -> Result<(), BackupError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(path).map_err(at(path))
}

/// A new file for its owner alone.
fn copy_file(from: &Path, to: &Path) -> Result<(), BackupError> {
    let mut source = fs::File::open(from).map_err(at(from))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut target = options.open(to).map_err(at(to))?;
    io::copy(&mut source, &mut target).map_err(at(to))?;
    target.sync_all().map_err(at(to))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::Io { path, error }
}
