//! The phone's folder: the encrypted record and, beside it, its key.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use companion_core::Ports;
use companion_core::patient::Patient;
use companion_core::ports::Rng;
use companion_core::store::StoreKey;

use crate::error::PhoneError;

/// A folder in use. Two commands on one folder wait for each other: each keeps the record's state
/// in memory while it runs.
pub(crate) struct Folder {
    path: PathBuf,
    lock: File,
}

impl Folder {
    /// Opens the folder, making it for its owner alone, and waits until no other command uses it.
    pub(crate) fn open(path: &Path) -> Result<Self, PhoneError> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(at(path))?;
        let lock_path = path.join("phone.lock");
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&lock_path)
            .map_err(at(&lock_path))?;
        lock.lock().map_err(at(&lock_path))?;
        Ok(Self {
            path: path.to_owned(),
            lock,
        })
    }

    /// Opens the record, making it and its key on first use.
    pub(crate) fn patient(&self, ports: Ports) -> Result<Patient, PhoneError> {
        let key = self.key(&*ports.rng)?;
        Ok(Patient::open(&self.path.join("phone.db"), &key, ports)?)
    }

    /// Lets other commands in while this one waits for something.
    pub(crate) fn release(self) -> Result<(), PhoneError> {
        self.lock.unlock().map_err(at(&self.path))
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
                if self.path.join("phone.db").exists() {
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
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .map_err(at(&draft))?;
    file.write_all(key.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(at(&draft))?;
    fs::rename(&draft, path).map_err(at(path))?;
    let folder = path.parent().unwrap_or(path);
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(at(folder))?;
    Ok(key)
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> PhoneError + '_ {
    move |error| PhoneError::Folder {
        path: path.to_owned(),
        error,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use companion_core::ports::OsRng;

    use super::*;

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
