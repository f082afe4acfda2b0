//! The phone's folder: the encrypted record and, beside it, its key.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use companion_core::domain::Moment;
use companion_core::domain::unlocked::UnlockedHelp;
use companion_core::patient::Patient;
use companion_core::ports::Rng;
use companion_core::{CoreError, Ports, StoreError, StoreKey};

use crate::error::PhoneError;

/// The record's file.
pub(crate) const RECORD: &str = "phone.db";
/// The file of its key.
const KEY: &str = "phone.key";
/// The same until the record was made. So a key is never beside no record, unless the record was lost.
const NEW_KEY: &str = "phone.key.new";

/// The file that whoever exchanges with the server holds.
const LOCK: &str = "phone.lock";

/// A phone's folder. Several commands may use one at a time: the record takes care of that itself, but
/// for its making and for exchanges with the server.
pub(crate) struct Folder {
    path: PathBuf,
}

/// The right to exchange with the server on behalf of a folder. It ends when this is dropped, or with
/// the process.
pub(crate) struct Turn {
    _lock: File,
}

impl Folder {
    /// The folder, made for its owner alone on first use.
    pub(crate) fn open(path: &Path) -> Result<Self, PhoneError> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(writing(path))?;
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// The folder of a phone that is there already.
    pub(crate) fn existing(path: &Path) -> Result<Self, PhoneError> {
        let folder = Self {
            path: path.to_owned(),
        };
        // Either alone is a phone that lost something, and opening it says what. What can't be looked at is
        // not missing.
        for file in [KEY, RECORD] {
            let file = path.join(file);
            if file.try_exists().map_err(at(&file))? {
                return Ok(folder);
            }
        }
        Err(PhoneError::NoPhone {
            path: path.to_owned(),
        })
    }

    /// Help to show without opening the record, wherever its folder is.
    pub(crate) fn help(path: Option<&Path>) -> UnlockedHelp {
        match path {
            Some(path) => Patient::help_without_key(&path.join(RECORD)),
            None => UnlockedHelp::bundled(),
        }
    }

    /// The same for this folder.
    pub(crate) fn help_here(&self) -> UnlockedHelp {
        Self::help(Some(&self.path))
    }

    /// Where what can be read without unlocking lies.
    pub(crate) fn help_file(&self) -> PathBuf {
        self.path.join(format!("{RECORD}.help"))
    }

    /// Where the record is, or will be.
    pub(crate) fn record_path(&self) -> PathBuf {
        self.path.join(RECORD)
    }

    /// Opens the record, making it and its key on first use.
    pub(crate) fn record(&self, ports: &Ports) -> Result<Patient, PhoneError> {
        // Two first commands at once would each make a key and an identity. Opening never waits for the
        // network, so nobody waits here for long.
        let opening = File::open(&self.path).map_err(at(&self.path))?;
        opening.lock().map_err(at(&self.path))?;
        let key = self.key(&*ports.rng)?;
        let record = Patient::open(&self.record_path(), &key, ports.clone());
        if self.has(NEW_KEY)? && !self.has(KEY)? {
            match &record {
                Ok(_) => self.settle_key()?,
                // Or it would be taken for the key of a record that is put back.
                Err(CoreError::Store(StoreError::Lost)) => self.forget_new_key()?,
                Err(_) => {}
            }
        }
        Ok(record?)
    }

    fn has(&self, name: &str) -> Result<bool, PhoneError> {
        let file = self.path.join(name);
        file.try_exists().map_err(at(&file))
    }

    /// Opens a record that was open in this command before. Another command may have taken it away meanwhile, since
    /// its account was ended: a new one is never made in its place.
    pub(crate) fn record_again(&self, ports: &Ports) -> Result<Patient, PhoneError> {
        self.must_have_record()?;
        self.record(ports)
    }

    /// That the record is here.
    pub(crate) fn must_have_record(&self) -> Result<(), PhoneError> {
        match self.has(RECORD)? {
            true => Ok(()),
            false => Err(PhoneError::NoPhone {
                path: self.path.clone(),
            }),
        }
    }

    /// Takes the record and its key away, if its account was ended; gives when that was. Waits until no other command
    /// exchanges with the server; `None` also where that one has taken them away.
    pub(crate) fn removed_if_ended(&self, ports: &Ports) -> Result<Option<Moment>, PhoneError> {
        let record = self.path.join(RECORD);
        if !self.has(RECORD)? || !self.has(KEY)? {
            return Ok(None);
        }
        let turn = self.take_turn()?;
        if !self.has(RECORD)? || !self.has(KEY)? {
            // Only this command made the lock anew.
            let lock = self.path.join(LOCK);
            return match fs::remove_file(&lock) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(writing(&lock)(error)),
                _ => Ok(None),
            };
        }
        let key = self.key(&*ports.rng)?;
        let removed = Patient::remove_if_ended(&record, &key, ports.clone())?;
        if removed.is_some() {
            drop(turn);
            for name in [LOCK, KEY] {
                let file = self.path.join(name);
                fs::remove_file(&file).map_err(writing(&file))?;
            }
        }
        Ok(removed)
    }

    /// Waits until no other command exchanges with the server. Only what is read of the record from
    /// then on is what the other exchange left behind: open it anew.
    pub(crate) fn take_turn(&self) -> Result<Turn, PhoneError> {
        let lock = self.turn()?;
        lock.lock().map_err(at(&self.path))?;
        Ok(Turn { _lock: lock })
    }

    /// The same without waiting; `None` while another command exchanges.
    pub(crate) fn try_take_turn(&self) -> Result<Option<Turn>, PhoneError> {
        let lock = self.turn()?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Turn { _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(at(&self.path)(error)),
        }
    }

    fn turn(&self) -> Result<File, PhoneError> {
        let path = self.path.join(LOCK);
        OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(writing(&path))
    }

    /// The key that the record is encrypted with.
    ///
    /// On a real phone it lives in the Keychain or the Keystore, bound to the device and its lock,
    /// and never beside the record. A file beside it protects a copied database, not a stolen disk.
    fn key(&self, rng: &dyn Rng) -> Result<StoreKey, PhoneError> {
        let path = self.path.join(KEY);
        match File::open(&path) {
            Ok(file) => {
                let key = read_key(file, &path)?;
                match self.record_is_empty()? {
                    true => Err(CoreError::Store(StoreError::Lost).into()),
                    false => Ok(key),
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => self.new_key(rng),
            Err(error) => Err(at(&path)(error)),
        }
    }

    /// The key of a record that is being made, now or by a command that was killed at it.
    fn new_key(&self, rng: &dyn Rng) -> Result<StoreKey, PhoneError> {
        let path = self.path.join(NEW_KEY);
        match (self.has(NEW_KEY)?, self.has(RECORD)?) {
            // It was on the disk before the record was begun.
            (true, true) => read_key(File::open(&path).map_err(at(&path))?, &path),
            (false, true) => Err(PhoneError::Key {
                path: self.path.join(KEY),
                why: "is missing, and the record can't be opened without it",
            }),
            // Its writing may have been cut off, and nothing is encrypted with it yet.
            (_, false) => {
                self.forget_new_key()?;
                make_key(&path, rng)
            }
        }
    }

    /// Whether the record is missing or has nothing in it.
    fn record_is_empty(&self) -> Result<bool, PhoneError> {
        let path = self.record_path();
        match fs::metadata(&path) {
            Ok(file) => Ok(file.is_file() && file.len() == 0),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
            Err(error) => Err(at(&path)(error)),
        }
    }

    /// The record was made: from now on its key has its name.
    fn settle_key(&self) -> Result<(), PhoneError> {
        let (new, key) = (self.path.join(NEW_KEY), self.path.join(KEY));
        // A link and not a renaming, which would put this key over one that somebody restored meanwhile.
        fs::hard_link(&new, &key).map_err(writing(&key))?;
        self.forget_new_key()
    }

    fn forget_new_key(&self) -> Result<(), PhoneError> {
        let new = self.path.join(NEW_KEY);
        match fs::remove_file(&new) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(writing(&new)(error)),
            _ => self.sync(),
        }
    }

    /// Lets what files are called in the folder outlast a power cut.
    fn sync(&self) -> Result<(), PhoneError> {
        File::open(&self.path)
            .and_then(|folder| folder.sync_all())
            .map_err(at(&self.path))
    }
}

fn read_key(file: File, path: &Path) -> Result<StoreKey, PhoneError> {
    let wrong = |why| PhoneError::Key {
        path: path.to_owned(),
        why,
    };
    let mode = file.metadata().map_err(at(path))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(wrong(
            "can be read by other users of this machine; set its mode to 0600",
        ));
    }
    let mut bytes = Vec::with_capacity(StoreKey::LENGTH + 1);
    // One byte more than a key has, so that a longer file is noticed.
    file.take(StoreKey::LENGTH as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(at(path))?;
    let bytes = bytes
        .try_into()
        .map_err(|_| wrong("does not hold a key of 32 bytes"))?;
    Ok(StoreKey::new(bytes))
}

/// Makes a key in a file that is not there yet, and waits until both are on the disk.
fn make_key(path: &Path, rng: &dyn Rng) -> Result<StoreKey, PhoneError> {
    let key = StoreKey::random(rng);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(writing(path))?;
    file.write_all(key.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(writing(path))?;
    let folder = path.parent().unwrap_or(path);
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(at(folder))?;
    Ok(key)
}

/// What went wrong when something was to be written.
fn writing(path: &Path) -> impl FnOnce(std::io::Error) -> PhoneError + '_ {
    use std::io::ErrorKind;
    move |error| match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => PhoneError::NotWritable {
            path: path.to_owned(),
        },
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => PhoneError::Full {
            path: path.to_owned(),
        },
        _ => at(path)(error),
    }
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> PhoneError + '_ {
    move |error| PhoneError::Folder {
        path: path.to_owned(),
        error,
    }
}

#[cfg(test)]
mod tests;
