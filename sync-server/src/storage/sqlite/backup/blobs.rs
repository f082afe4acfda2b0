//! The blobs of a copy. A file never changes once its blob is whole, so they are copied after the database,
//! while others write on; what is deleted meanwhile leaves the copy too.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use companion_protocol::id::{BlobId, SpaceId};
use rusqlite::Connection;

use super::super::blobs::{Disk, Entry, folder, listed, name_of, sync_folder};
use super::super::{error, reads, schema, writes};
use crate::storage::{HeldBlob, StorageError};

/// What became of the blobs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Copied {
    /// In the copy, each held to its name there.
    pub(super) blobs: u64,
    /// Their bytes.
    pub(super) bytes: u64,
    /// Noted at the source, and damaged or missing there: not in the copy.
    pub(super) lost: u64,
}

/// Copies the whole blobs that the database `to`, a copy of the one at `from`, notes. What is not whole, and
/// what can't be had, it notes no more.
pub(super) fn copy_blobs(from: &Path, to: &Path) -> Result<Copied, StorageError> {
    let (source, target) = (Disk::of(from), Disk::of(to));
    let copy = Connection::open(to).map_err(error)?;
    let mut done = Copied::default();
    for space in reads::spaces(&copy)? {
        for held in reads::blobs(&copy, space)? {
            let blob = held.state.blob;
            if held.state.is_whole() && copied(&source, &target, space, &held)? {
                done.blobs = done.blobs.saturating_add(1);
                done.bytes = done.bytes.saturating_add(held.state.size);
                continue;
            }
            if held.state.is_whole() && is_noted(from, space, blob)? {
                done.lost = done.lost.saturating_add(1);
            }
            writes::forget_blob(&copy, space, blob, None)?;
        }
    }
    sync_spaces(to)?;
    Ok(done)
}

fn is_noted(database: &Path, space: SpaceId, blob: BlobId) -> Result<bool, StorageError> {
    Ok(reads::blob(&schema::open_reader(database)?, space, blob)?.is_some())
}

/// Copies one blob and reads it back; says whether it is there now and is what its name says.
fn copied(
    source: &Disk,
    target: &Disk,
    space: SpaceId,
    held: &HeldBlob,
) -> Result<bool, StorageError> {
    let blob = held.state.blob;
    // What can't be read is missing there; what can't be written fails the copy.
    let Ok(mut original) = File::open(source.whole(space, blob)) else {
        return Ok(false);
    };
    if original.metadata()?.len() != held.state.size {
        return Ok(false);
    }
    target.make_folders(space)?;
    let path = target.whole(space, blob);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    io::copy(&mut original, &mut file)?;
    file.sync_all()?;
    if name_of(&path)? == blob {
        return Ok(true);
    }
    fs::remove_file(path)?;
    Ok(false)
}

/// Takes the blobs of a database, or of a copy that was not finished, away.
pub(in super::super) fn remove_blobs(database: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder(database)) {
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Gives the blobs of the database `from` to the one at `to`, which is on the same disk and may have others:
/// one that both have is the same, and the one that is given was read just now.
pub(in super::super) fn move_blobs(from: &Path, to: &Path) -> Result<(), StorageError> {
    let target = Disk::of(to);
    each_whole(from, |space, blob, path| {
        target.make_folders(space)?;
        Ok(fs::rename(path, target.whole(space, blob))?)
    })?;
    sync_spaces(to)?;
    Ok(remove_blobs(from)?)
}

/// Keeps the blobs of the database `from` beside the one at `to` as well. On most disks that takes no room:
/// a file that is whole never changes, so both may be one.
pub(in super::super) fn keep_blobs(from: &Path, to: &Path) -> Result<(), StorageError> {
    let target = Disk::of(to);
    each_whole(from, |space, blob, path| {
        target.make_folders(space)?;
        let kept = target.whole(space, blob);
        match fs::hard_link(&path, &kept) {
            Ok(()) => Ok(()),
            // A copy onto the very same file would empty it.
            Err(why) if why.kind() == ErrorKind::AlreadyExists => Err(why.into()),
            Err(_) => Ok(fs::copy(&path, kept).map(drop)?),
        }
    })?;
    sync_spaces(to)?;
    Ok(())
}

/// Waits until the folders of all spaces are on the disk.
fn sync_spaces(database: &Path) -> io::Result<()> {
    for (folder, _) in listed(&folder(database))? {
        sync_folder(&folder)?;
    }
    Ok(())
}

fn each_whole(
    database: &Path,
    mut take: impl FnMut(SpaceId, BlobId, PathBuf) -> Result<(), StorageError>,
) -> Result<(), StorageError> {
    let disk = Disk::of(database);
    disk.each(|entry| match entry {
        Entry::Whole(space, blob) => take(space, blob, disk.whole(space, blob)),
        Entry::Arriving(..) | Entry::Stray(_) => Ok(()),
    })
}
