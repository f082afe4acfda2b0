//! The files of blobs: a folder for each space, in it a file for each blob, named after it. One that is
//! still arriving has an ending. Nothing is said to be on the disk before it, and the folder entry that
//! leads to it, were synced.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use companion_protocol::api::BlobName;
use companion_protocol::id::{BlobId, SpaceId};

use super::super::backup::beside;
#[cfg(test)]
use super::fate::Fate;

/// The ending of a blob that is still arriving.
const ARRIVING: &str = ".part";

/// The folder of one database's blobs.
pub(in super::super) struct Disk {
    root: PathBuf,
    #[cfg(test)]
    pub(super) fate: Fate,
}

/// What stands there of one blob, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Files {
    pub(super) arriving: Option<u64>,
    pub(super) whole: Option<u64>,
}

/// What a machine that loses its power loses.
#[cfg_attr(not(test), allow(dead_code, reason = "read by tests"))]
#[derive(Clone, Copy)]
enum Unsynced<'a> {
    /// A file, from here on.
    Bytes(&'a Path, u64),
    /// A file or folder.
    Entry(&'a Path),
}

/// Something in the folder.
pub(in super::super) enum Entry {
    /// A whole blob.
    Whole(SpaceId, BlobId),
    /// What has arrived of one.
    Arriving(SpaceId, BlobId),
    /// Nothing that belongs here.
    Stray(PathBuf),
}

impl Disk {
    /// The blobs of the database in this file.
    pub(in super::super) fn of(database: &Path) -> Self {
        Self {
            root: folder(database),
            #[cfg(test)]
            fate: Fate::default(),
        }
    }

    /// A system call is about to be made; in tests the process may end here, or the disk be full.
    pub(super) fn step(&self) -> io::Result<()> {
        #[cfg(test)]
        self.fate.step()?;
        Ok(())
    }

    /// These bytes, or this entry, are about to be in the machine's memory alone.
    fn unsynced(&self, what: Unsynced<'_>) {
        #[cfg(test)]
        match what {
            Unsynced::Bytes(path, from) => self.fate.written(path, from),
            Unsynced::Entry(path) => self.fate.entered(path),
        }
        #[cfg(not(test))]
        let _ = what;
    }

    fn space(&self, space: SpaceId) -> PathBuf {
        self.root.join(space.to_string())
    }

    /// Where a whole blob stands.
    pub(in super::super) fn whole(&self, space: SpaceId, blob: BlobId) -> PathBuf {
        self.space(space).join(blob.to_string())
    }

    pub(super) fn arriving(&self, space: SpaceId, blob: BlobId) -> PathBuf {
        self.space(space).join(format!("{blob}{ARRIVING}"))
    }

    pub(super) fn files(&self, space: SpaceId, blob: BlobId) -> io::Result<Files> {
        Ok(Files {
            arriving: length(&self.arriving(space, blob))?,
            whole: length(&self.whole(space, blob))?,
        })
    }

    /// Writes a part and waits until it is on the disk. What stood there from its beginning on is gone.
    pub(super) fn write(
        &self,
        space: SpaceId,
        blob: BlobId,
        from: u64,
        bytes: &[u8],
    ) -> io::Result<()> {
        self.make_folders(space)?;
        let path = self.arriving(space, blob);
        let is_new = !path.exists();
        self.step()?;
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)?;
        if is_new {
            self.unsynced(Unsynced::Entry(&path));
        }
        if file.metadata()?.len() > from {
            self.step()?;
            file.set_len(from)?;
        }
        self.step()?;
        self.unsynced(Unsynced::Bytes(&path, from));
        file.write_all_at(bytes, from)?;
        self.sync_file(&file, &path)?;
        if is_new {
            self.sync(&self.space(space))?;
        }
        Ok(())
    }

    /// The folder of a space, there after a crash as well.
    pub(in super::super) fn make_folders(&self, space: SpaceId) -> io::Result<()> {
        for folder in [&self.root, &self.space(space)] {
            self.step()?;
            match DirBuilder::new().mode(0o700).create(folder) {
                Ok(()) => {
                    self.unsynced(Unsynced::Entry(folder));
                    self.sync(folder.parent().unwrap_or(folder))?;
                }
                Err(why) if why.kind() == ErrorKind::AlreadyExists => {}
                Err(why) => return Err(why),
            }
        }
        Ok(())
    }

    /// Cuts what has arrived back to this length.
    pub(super) fn cut(&self, space: SpaceId, blob: BlobId, length: u64) -> io::Result<()> {
        let path = self.arriving(space, blob);
        self.step()?;
        let file = OpenOptions::new().write(true).open(&path)?;
        file.set_len(length)?;
        self.sync_file(&file, &path)
    }

    /// The name of what has arrived.
    pub(super) fn name_of_arrived(&self, space: SpaceId, blob: BlobId) -> io::Result<BlobId> {
        self.step()?;
        name_of(&self.arriving(space, blob))
    }

    /// Takes what has arrived as the whole. When it came is said by nothing that a copy of the folder keeps.
    pub(super) fn finish(&self, space: SpaceId, blob: BlobId) -> io::Result<()> {
        let arriving = self.arriving(space, blob);
        self.step()?;
        let file = OpenOptions::new().write(true).open(&arriving)?;
        file.set_modified(SystemTime::UNIX_EPOCH)?;
        self.sync_file(&file, &arriving)?;
        let whole = self.whole(space, blob);
        self.step()?;
        fs::rename(&arriving, &whole)?;
        self.unsynced(Unsynced::Entry(&whole));
        self.sync(&self.space(space))
    }

    /// Takes a blob away, in whichever form it stands there.
    pub(super) fn remove(&self, space: SpaceId, blob: BlobId) -> io::Result<()> {
        let mut removed = false;
        for path in [self.whole(space, blob), self.arriving(space, blob)] {
            self.step()?;
            removed |= gone(fs::remove_file(path))?;
        }
        if removed {
            self.sync(&self.space(space))?;
        }
        Ok(())
    }

    /// Takes away what has arrived of a blob that stands there whole.
    pub(super) fn remove_arriving(&self, space: SpaceId, blob: BlobId) -> io::Result<()> {
        self.step()?;
        gone(fs::remove_file(self.arriving(space, blob))).map(drop)
    }

    pub(super) fn read(
        &self,
        space: SpaceId,
        blob: BlobId,
        from: u64,
        bytes: &mut [u8],
    ) -> io::Result<()> {
        File::open(self.whole(space, blob))?.read_exact_at(bytes, from)
    }

    /// Gives everything that stands in the folder.
    pub(in super::super) fn each(
        &self,
        mut take: impl FnMut(Entry) -> Result<(), crate::storage::StorageError>,
    ) -> Result<(), crate::storage::StorageError> {
        for (path, name) in listed(&self.root)? {
            let space: Option<SpaceId> = name.and_then(|name| name.parse().ok());
            let Some(space) = space.filter(|_| path.is_dir()) else {
                take(Entry::Stray(path))?;
                continue;
            };
            for (path, name) in listed(&path)? {
                let name = name.as_deref().unwrap_or_default();
                let (blob, of): (&str, fn(SpaceId, BlobId) -> Entry) =
                    match name.strip_suffix(ARRIVING) {
                        Some(blob) => (blob, Entry::Arriving),
                        None => (name, Entry::Whole),
                    };
                take(
                    blob.parse()
                        .map_or(Entry::Stray(path), |blob| of(space, blob)),
                )?;
            }
        }
        Ok(())
    }

    /// Takes away folders in which nothing stands.
    pub(super) fn tidy(&self) -> io::Result<()> {
        for (path, _) in listed(&self.root)? {
            if path.is_dir() && listed(&path)?.is_empty() {
                fs::remove_dir(&path)?;
            }
        }
        Ok(())
    }

    fn sync(&self, folder: &Path) -> io::Result<()> {
        self.step()?;
        sync_folder(folder)?;
        #[cfg(test)]
        self.fate.folder_synced(folder);
        Ok(())
    }

    fn sync_file(&self, file: &File, _path: &Path) -> io::Result<()> {
        self.step()?;
        file.sync_all()?;
        #[cfg(test)]
        self.fate.synced(_path);
        Ok(())
    }
}

/// The folder beside a database in which its blobs stand.
pub fn folder(database: &Path) -> PathBuf {
    beside(database, "blobs")
}

pub(in super::super) fn sync_folder(folder: &Path) -> io::Result<()> {
    let named = !folder.as_os_str().is_empty();
    File::open(if named { folder } else { Path::new(".") })?.sync_all()
}

/// The name of what a file holds, read piece by piece.
pub(in super::super) fn name_of(path: &Path) -> io::Result<BlobId> {
    let mut name = BlobName::default();
    io::copy(&mut File::open(path)?, &mut name)?;
    Ok(name.finish())
}

/// What stands in a folder, with the names that are text; nothing where there is no such folder.
pub(in super::super) fn listed(folder: &Path) -> io::Result<Vec<(PathBuf, Option<String>)>> {
    let entries = match fs::read_dir(folder) {
        Err(why) if why.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    entries
        .map(|entry| entry.map(|entry| (entry.path(), entry.file_name().into_string().ok())))
        .collect()
}

/// How long a file is, where there is one.
fn length(path: &Path) -> io::Result<Option<u64>> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found.len())),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
        Err(why) => Err(why),
    }
}

/// Whether something was taken away; that nothing was there is no failure.
fn gone(removed: io::Result<()>) -> io::Result<bool> {
    match removed {
        Ok(()) => Ok(true),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(false),
        Err(why) => Err(why),
    }
}
