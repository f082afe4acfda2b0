//! Where a clinic's node lives on disk: the replica, the accounts, and the key to both.

use std::fs::{self, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use companion_core::ports::Rng;
use zeroize::Zeroizing;

/// The node's folder.
#[derive(Clone, Debug)]
pub struct Folder {
    data: PathBuf,
    key_file: PathBuf,
}

/// Why the folder or the key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The system says no.
    #[error("cannot use {path}: {error}")]
    Io {
        /// What.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Not 32 bytes.
    #[error("{0} does not hold a store key (32 bytes)")]
    NotAKey(PathBuf),
    /// Others may read it.
    #[error("{0} can be read by other users of this machine: set its mode to 0600")]
    ReadableByOthers(PathBuf),
    /// The folder itself is not there.
    #[error(
        "there is no folder {0}: is that the right name? `clinic-console init` makes the folder of a new clinic, and \
         no other command does"
    )]
    NoFolder(PathBuf),
    /// Nothing there yet.
    #[error(
        "there is no clinic in {0}: is that the right folder? `clinic-console init` makes a new clinic, and no \
         other command does"
    )]
    Empty(PathBuf),
    /// One of the two stores is there, and the other is not.
    #[error(
        "{0} is missing, and nothing was made in its place: put it back from where it went, or put the whole node \
         back from a copy with `clinic-console restore`"
    )]
    Incomplete(PathBuf),
    /// Two at once would each count on alone.
    #[error("{0} is in use by another `clinic-console`: stop that one first")]
    InUse(PathBuf),
    /// Something there already.
    #[error("there is a clinic in {0} already")]
    Occupied(PathBuf),
}

/// The node's folder is this process's own for as long as it has this.
#[derive(Debug)]
pub struct Held(#[allow(dead_code, reason = "the lock lives as long as the file")] fs::File);

impl Folder {
    /// The folder `data`, with the key inside unless it lives elsewhere.
    pub fn new(data: PathBuf, key_file: Option<PathBuf>) -> Self {
        // What is said of a mistyped folder says where it was looked for.
        let data = std::path::absolute(&data).unwrap_or(data);
        let key_file = key_file.unwrap_or_else(|| data.join("store.key"));
        Self { data, key_file }
    }

    /// The folder itself.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Where the key is kept.
    pub fn key_file(&self) -> &Path {
        &self.key_file
    }

    /// The clinic's encrypted replica.
    pub fn replica(&self) -> PathBuf {
        self.data.join("clinic.db")
    }

    /// Clinicians, sessions and the audit record.
    pub fn accounts(&self) -> PathBuf {
        self.data.join("console.db")
    }

    /// Makes the folder for its owner alone, and a fresh key unless the key file exists already.
    ///
    /// # Errors
    ///
    /// When a clinic is there already, or the disk says no.
    pub fn make(&self, rng: &dyn Rng) -> Result<Zeroizing<[u8; 32]>, FolderError> {
        if self.replica().exists() {
            return Err(FolderError::Occupied(self.data.clone()));
        }
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.data)
            .map_err(at(&self.data))?;
        if self.key_file.exists() {
            return self.key_in_file();
        }
        let key = Zeroizing::new(companion_core::ports::random::<32>(rng));
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&self.key_file)
            .map_err(at(&self.key_file))?;
        file.write_all(key.as_slice()).map_err(at(&self.key_file))?;
        file.sync_all().map_err(at(&self.key_file))?;
        Ok(key)
    }

    /// The key to the replica and the accounts of an existing clinic.
    ///
    /// # Errors
    ///
    /// When there is none or a part of it is missing, or the key file is damaged or open to others.
    pub fn key(&self) -> Result<Zeroizing<[u8; 32]>, FolderError> {
        if !self.data.is_dir() {
            return Err(FolderError::NoFolder(self.data.clone()));
        }
        match [self.replica(), self.accounts()].map(|file| (is_there(&file), file)) {
            [(true, _), (true, _)] => self.key_in_file(),
            [(false, _), (false, _)] => Err(FolderError::Empty(self.data.clone())),
            [(false, missing), _] | [_, (false, missing)] => Err(FolderError::Incomplete(missing)),
        }
    }

    /// Keeps the folder to this process. The system lets go of it when the process ends, however that is.
    ///
    /// # Errors
    ///
    /// [`FolderError::InUse`] where another process has it; [`FolderError::Io`].
    pub fn hold(&self) -> Result<Held, FolderError> {
        let path = self.data.join("lock");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600);
        let lock = options.open(&path).map_err(at(&path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Held(lock)),
            Err(fs::TryLockError::WouldBlock) => Err(FolderError::InUse(self.data.clone())),
            Err(fs::TryLockError::Error(error)) => Err(at(&path)(error)),
        }
    }

    /// A key beside the data it opens protects against somebody who copies only the databases (a
    /// backup, a synced folder), not against somebody who takes the whole disk. For that, encrypt
    /// the disk, or keep the file in a secret manager's mount and name it with `--store-key-file`.
    fn key_in_file(&self) -> Result<Zeroizing<[u8; 32]>, FolderError> {
        let mut file = fs::File::open(&self.key_file).map_err(at(&self.key_file))?;
        let mode = file
            .metadata()
            .map_err(at(&self.key_file))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            return Err(FolderError::ReadableByOthers(self.key_file.clone()));
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(33));
        let read = std::io::Read::by_ref(&mut file)
            .take(33)
            .read_to_end(&mut bytes);
        read.map_err(at(&self.key_file))?;
        let key: [u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| FolderError::NotAKey(self.key_file.clone()))?;
        Ok(Zeroizing::new(key))
    }
}

/// Whether a store is there. An empty file is none: whoever opens it makes a new one.
pub(crate) fn is_there(store: &Path) -> bool {
    fs::metadata(store).is_ok_and(|file| file.is_file() && file.len() > 0)
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> FolderError {
    let path = path.to_owned();
    move |error| FolderError::Io { path, error }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use companion_core::ports::OsRng;

    use super::*;

    fn hold_stores(folder: &Folder) {
        for file in [folder.replica(), folder.accounts()] {
            fs::write(file, b"a store").unwrap();
        }
    }

    #[test]
    fn a_key_is_made_once_for_its_owner_and_read_back() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().join("clinic"), None);
        assert!(matches!(folder.key(), Err(FolderError::NoFolder(_))));
        let key = folder.make(&OsRng).unwrap();
        hold_stores(&folder);
        assert_eq!(*folder.key().unwrap(), *key);
        assert!(matches!(folder.make(&OsRng), Err(FolderError::Occupied(_))));
        let file = place.path().join("clinic/store.key");
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(
            folder.key(),
            Err(FolderError::ReadableByOthers(_))
        ));
    }

    #[test]
    fn a_short_or_long_key_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("elsewhere.key");
        let folder = Folder::new(place.path().join("clinic"), Some(file.clone()));
        folder.make(&OsRng).unwrap();
        hold_stores(&folder);
        for wrong in [vec![1; 31], vec![1; 33]] {
            fs::write(&file, wrong).unwrap();
            assert!(matches!(folder.key(), Err(FolderError::NotAKey(_))));
        }
    }
}
