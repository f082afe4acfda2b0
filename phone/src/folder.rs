//! The phone's folder: the encrypted record and, beside it, its key.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use companion_core::domain::Moment;
use companion_core::domain::unlocked::UnlockedHelp;
use companion_core::patient::Patient;
use companion_core::ports::Rng;
use companion_core::{Ports, StoreKey};

use crate::error::PhoneError;

/// The record's file.
pub(crate) const RECORD: &str = "phone.db";

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
        for file in ["phone.key", RECORD] {
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
        let record = Patient::open(&self.record_path(), &key, ports.clone())?;
        Ok(record)
    }

    /// Takes the record and its key away, if its account was ended; gives when that was. Not while another command
    /// exchanges with the server: the next one does it.
    pub(crate) fn removed_if_ended(&self, ports: &Ports) -> Result<Option<Moment>, PhoneError> {
        let record = self.path.join(RECORD);
        if !record.try_exists().map_err(at(&record))? || !self.path.join("phone.key").exists() {
            return Ok(None);
        }
        let Some(turn) = self.try_take_turn()? else {
            return Ok(None);
        };
        let key = self.key(&*ports.rng)?;
        let removed = Patient::remove_if_ended(&record, &key, ports.clone())?;
        if removed.is_some() {
            drop(turn);
            for name in ["phone.lock", "phone.key"] {
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
        let path = self.path.join("phone.lock");
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
        let path = self.path.join("phone.key");
        match File::open(&path) {
            Ok(file) => read_key(file, &path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if self.path.join(RECORD).exists() {
                    let why = "is missing, and the record can't be opened without it";
                    return Err(PhoneError::Key { path, why });
                }
                make_key(&path, rng)
            }
            Err(error) => Err(at(&path)(error)),
        }
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

fn make_key(path: &Path, rng: &dyn Rng) -> Result<StoreKey, PhoneError> {
    let key = StoreKey::random(rng);
    // Whole or not at all: a key cut off by a power cut must not stand where a key is looked for.
    let draft = path.with_extension("key.new");
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(writing(&draft)(error));
        }
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)
        .map_err(writing(&draft))?;
    file.write_all(key.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(writing(&draft))?;
    // A link and not a renaming, which would put this key over one that somebody restored meanwhile.
    fs::hard_link(&draft, path).map_err(writing(path))?;
    fs::remove_file(&draft).map_err(writing(&draft))?;
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
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use std::sync::{Arc, Barrier};

    use companion_core::ports::OsRng;
    use companion_core::ports::testing::offline;

    use super::*;

    #[test]
    fn one_command_at_a_time_exchanges() {
        let place = tempfile::tempdir().unwrap();
        let (one, other) = (
            Folder::open(place.path()).unwrap(),
            Folder::open(place.path()).unwrap(),
        );
        let turn = one.take_turn().unwrap();
        assert!(other.try_take_turn().unwrap().is_none());
        drop(turn);
        assert!(other.try_take_turn().unwrap().is_some());
    }

    #[test]
    fn commands_that_begin_at_once_make_one_phone() {
        const AT_ONCE: usize = 4;
        for _ in 0..5 {
            let place = tempfile::tempdir().unwrap();
            let together = Barrier::new(AT_ONCE);
            let open = |_| {
                let folder = Folder::open(&place.path().join("phone")).unwrap();
                let ports = Ports {
                    rng: Arc::new(OsRng),
                    ..offline()
                };
                together.wait();
                folder.record(&ports).unwrap().status().unwrap().member
            };
            let members = std::thread::scope(|scope| {
                let open = &open;
                let opening = (0..AT_ONCE).map(|n| scope.spawn(move || open(n)));
                let opening: Vec<_> = opening.collect();
                let members = opening.into_iter().map(|thread| thread.join().unwrap());
                members.collect::<Vec<_>>()
            });
            assert!(
                members.windows(2).all(|two| two[0] == two[1]),
                "{members:?}"
            );
        }
    }

    #[test]
    fn a_key_that_is_there_is_never_written_over() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("phone.key");
        fs::write(&file, [7; 32]).unwrap();
        assert!(make_key(&file, &OsRng).is_err());
        assert_eq!(fs::read(&file).unwrap(), [7; 32]);
    }

    #[test]
    fn a_key_is_made_once_for_its_owner_alone() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(&place.path().join("phone")).unwrap();
        let key = folder.key(&OsRng).unwrap();
        assert!(folder.key(&OsRng).unwrap() == key);
        let file = place.path().join("phone/phone.key");
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(fs::metadata(&file).unwrap().len(), 32);
    }

    #[test]
    fn a_key_that_is_cut_off_open_to_others_or_lost_is_named() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        folder.key(&OsRng).unwrap();
        let file = place.path().join("phone.key");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(folder.key(&OsRng).unwrap_err().to_string().contains("0600"));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        for length in [0, 31, 33] {
            fs::write(&file, vec![7; length]).unwrap();
            assert!(
                folder
                    .key(&OsRng)
                    .unwrap_err()
                    .to_string()
                    .contains("32 bytes"),
                "{length}"
            );
        }
        fs::remove_file(&file).unwrap();
        fs::write(place.path().join("phone.db"), b"a record").unwrap();
        // A fresh key would make the record look damaged, and hide what is really missing.
        assert!(
            folder
                .key(&OsRng)
                .unwrap_err()
                .to_string()
                .contains("missing")
        );
    }
}
