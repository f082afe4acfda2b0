//! The folder beside a store in which its blobs stand, sealed: a file for each, named after it. One that is being
//! written or that is still arriving has an ending. Nothing is said to be on the disk before it, and the entry in
//! the folder that leads to it, were synced.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use companion_protocol::id::BlobId;
use data_encoding::HEXLOWER;

use super::super::connection::with_suffix;
use super::super::{Store, StoreError};
use super::{BlobRow, BlobStanding};
use crate::ports::{Rng, random};

/// The ending of what is being written.
const NEW: &str = ".new";
/// The ending of what is still arriving.
const ARRIVING: &str = ".part";
/// What whoever writes holds, so that nobody tidies up meanwhile.
const LOCK: &str = "lock";

/// The folder of one store's blobs.
#[derive(Debug)]
pub struct BlobFiles {
    root: PathBuf,
    #[cfg(test)]
    pub(crate) fate: super::tests::Fate,
}

/// Somebody writes, or tidies up. Ends when it is dropped, and with the process.
#[derive(Debug)]
pub struct BlobTurn {
    _lock: Option<File>,
}

/// A file that is being written. What is not kept goes.
#[derive(Debug)]
pub struct NewFile<'a> {
    files: &'a BlobFiles,
    file: File,
    path: PathBuf,
    is_kept: bool,
}

impl Drop for NewFile<'_> {
    fn drop(&mut self) {
        // What is left all the same is sealed, and goes when the store is opened again.
        if !self.is_kept && self.files.step().is_ok() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl io::Write for NewFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.files.step()?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl BlobFiles {
    /// The blobs of the store in this file.
    pub(in super::super) fn of(store: &Path) -> Self {
        Self {
            root: with_suffix(store, ".blobs"),
            #[cfg(test)]
            fate: super::tests::Fate::default(),
        }
    }

    /// A system call is about to be made; in tests the process may end here, or the disk be full.
    #[allow(clippy::unused_self)]
    fn step(&self) -> io::Result<()> {
        #[cfg(test)]
        self.fate.step()?;
        Ok(())
    }

    fn whole(&self, blob: BlobId) -> PathBuf {
        self.root.join(blob.to_string())
    }

    fn arriving(&self, blob: BlobId) -> PathBuf {
        self.root.join(format!("{blob}{ARRIVING}"))
    }

    /// To be held from before the first byte is written until the row of the blob is.
    pub fn turn(&self) -> Result<BlobTurn, StoreError> {
        self.make_folder().map_err(of_io)?;
        let lock = self.lock().map_err(of_io)?;
        // Where files can't be locked there is one process, and it tidies up only when it opens.
        let locked = lock.lock_shared().is_ok();
        Ok(BlobTurn {
            _lock: locked.then_some(lock),
        })
    }

    /// For whoever tidies up; `None` while anybody writes, or where that can't be known.
    fn alone(&self) -> io::Result<Option<BlobTurn>> {
        let lock = self.lock()?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(BlobTurn { _lock: Some(lock) })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Takes the whole folder away.
    pub(in super::super) fn remove_all(&self) -> Result<(), StoreError> {
        match fs::remove_dir_all(&self.root) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(of_io(error)),
            _ => Ok(()),
        }
    }

    fn lock(&self) -> io::Result<File> {
        private()
            .create(true)
            .truncate(false)
            .open(self.root.join(LOCK))
    }

    fn make_folder(&self) -> io::Result<()> {
        self.step()?;
        let mut folder = DirBuilder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            folder.mode(0o700);
        }
        match folder.create(&self.root) {
            Ok(()) => self.sync(self.root.parent()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A new file to write a blob into whose name is not known yet.
    pub fn begin(&self, _turn: &BlobTurn, rng: &dyn Rng) -> Result<NewFile<'_>, StoreError> {
        let name = HEXLOWER.encode(&random::<16>(rng));
        let path = self.root.join(format!("{name}{NEW}"));
        self.step().map_err(of_io)?;
        let file = private().create_new(true).open(&path).map_err(of_io)?;
        Ok(NewFile {
            files: self,
            file,
            path,
            is_kept: false,
        })
    }

    /// All of a blob was written: gives it its name.
    pub fn keep(&self, mut new: NewFile<'_>, blob: BlobId) -> Result<(), StoreError> {
        self.name(&new, blob).map_err(of_io)?;
        new.is_kept = true;
        Ok(())
    }

    fn name(&self, new: &NewFile<'_>, blob: BlobId) -> io::Result<()> {
        self.step()?;
        new.file.sync_all()?;
        self.step()?;
        fs::rename(&new.path, self.whole(blob))?;
        self.sync(Some(&self.root))
    }

    /// Writes a part that arrived, and waits until it is on the disk. What stood there from its beginning on goes.
    pub fn write_part(&self, blob: BlobId, from: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.put_part(blob, from, bytes).map_err(of_io)
    }

    fn put_part(&self, blob: BlobId, from: u64, bytes: &[u8]) -> io::Result<()> {
        self.make_folder()?;
        let path = self.arriving(blob);
        let is_new = !path.exists();
        self.step()?;
        let mut file = private().create(true).truncate(false).open(&path)?;
        self.step()?;
        file.set_len(from)?;
        file.seek(SeekFrom::Start(from))?;
        self.step()?;
        file.write_all(bytes)?;
        self.step()?;
        file.sync_all()?;
        match is_new {
            true => self.sync(Some(&self.root)),
            false => Ok(()),
        }
    }

    /// What has arrived of a blob, to be read.
    pub fn open_arrived(&self, blob: BlobId) -> Result<File, StoreError> {
        File::open(self.arriving(blob)).map_err(of_io)
    }

    /// What has arrived is the whole, and was found to be what its name says.
    pub fn finish(&self, blob: BlobId) -> Result<(), StoreError> {
        let finish = || {
            self.step()?;
            fs::rename(self.arriving(blob), self.whole(blob))?;
            self.sync(Some(&self.root))
        };
        finish().map_err(of_io)
    }

    /// A whole blob, to be read; `None` where there is none.
    pub fn open(&self, blob: BlobId) -> Result<Option<File>, StoreError> {
        match File::open(self.whole(blob)) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(of_io(error)),
        }
    }

    /// Takes a blob away, in whichever form it stands there.
    pub fn remove(&self, blob: BlobId) -> Result<(), StoreError> {
        for path in [self.whole(blob), self.arriving(blob)] {
            self.step().map_err(of_io)?;
            match fs::remove_file(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(of_io(error)),
                _ => {}
            }
        }
        Ok(())
    }

    fn sync(&self, folder: Option<&Path>) -> io::Result<()> {
        self.step()?;
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
        let folder = File::open(folder.unwrap_or(Path::new(".")))?;
        match folder.sync_all() {
            // A folder can't be synced everywhere; where it can't, the system does it by itself.
            Err(error) if error.kind() == ErrorKind::PermissionDenied && cfg!(windows) => Ok(()),
            synced => synced,
        }
    }

    /// Whether anything stands in the folder. A folder that can't be looked into is not empty.
    pub(in super::super) fn are_any(&self) -> Result<bool, StoreError> {
        match self.lengths() {
            Ok(lengths) => Ok(lengths.keys().any(|name| name != LOCK)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(of_io(error)),
        }
    }

    /// What stands in the folder, and how long each file is.
    fn lengths(&self) -> io::Result<BTreeMap<String, u64>> {
        let mut all = BTreeMap::new();
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            if let Ok(name) = entry.file_name().into_string() {
                all.insert(name, entry.metadata()?.len());
            }
        }
        Ok(all)
    }
}

impl Store {
    /// Brings rows and files to say the same, after a process ended between the two, or somebody else did something
    /// to the files. What has no file is not here, and is lost where nobody else has it; a file without a row goes.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the folder or the store can't be read or written.
    pub fn reconcile_blobs(&self) -> Result<(), StoreError> {
        let files = self.blob_files();
        if !files.root.exists() && self.read(|r| r.blobs())?.is_empty() {
            return Ok(());
        }
        files.make_folder().map_err(of_io)?;
        match files.alone().map_err(of_io)? {
            Some(_alone) => self.reconcile(files),
            None => Ok(()),
        }
    }

    fn reconcile(&self, files: &BlobFiles) -> Result<(), StoreError> {
        let lengths = files.lengths().map_err(of_io)?;
        let rows = self.read(|r| r.blobs())?;
        let mut changed = Vec::new();
        for row in &rows {
            let (whole, arriving) = (row.blob.to_string(), format!("{}{ARRIVING}", row.blob));
            let stands = match row.standing {
                BlobStanding::Gone | BlobStanding::LettingGo => continue,
                // Whoever reads it finds out whether it is whole.
                BlobStanding::Lost if lengths.get(&whole) == Some(&row.size) => Some(BlobRow {
                    received: row.size,
                    standing: BlobStanding::ToSend,
                    ..*row
                }),
                BlobStanding::Lost => continue,
                BlobStanding::ToSend | BlobStanding::Sent => {
                    (lengths.get(&whole) == Some(&row.size)).then_some(*row)
                }
                BlobStanding::Arriving => lengths.get(&arriving).map(|length| BlobRow {
                    received: row.received.min(*length),
                    ..*row
                }),
            };
            if stands.as_ref() != Some(row) {
                changed.push((row, stands));
            }
        }
        if !changed.is_empty() {
            self.write(|w| {
                for (row, stands) in &changed {
                    match stands {
                        Some(stands) => {
                            w.put_blob(stands)?;
                            w.touch_named(row.blob)?;
                        }
                        None if row.is_here() => {
                            w.lose_file_of(row)?;
                        }
                        None => w.remove_blob(row.blob)?,
                    }
                }
                Ok::<_, StoreError>(())
            })?;
        }
        let kept: BTreeSet<String> = self
            .read(|r| r.blobs())?
            .iter()
            .filter_map(|row| match row.standing {
                BlobStanding::Gone | BlobStanding::LettingGo | BlobStanding::Lost => None,
                BlobStanding::Arriving => Some(format!("{}{ARRIVING}", row.blob)),
                BlobStanding::ToSend | BlobStanding::Sent => Some(row.blob.to_string()),
            })
            .collect();
        for name in lengths.keys() {
            if name != LOCK && !kept.contains(name) {
                files.step().map_err(of_io)?;
                fs::remove_file(files.root.join(name)).map_err(of_io)?;
            }
        }
        Ok(())
    }
}

/// A file that only this user may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

// Taken by value to fit `map_err`.
#[allow(clippy::needless_pass_by_value)]
fn of_io(error: io::Error) -> StoreError {
    StoreError::of_io(&error)
}
