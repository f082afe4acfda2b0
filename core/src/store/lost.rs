//! Whether a store's file is gone while other files of it lie where it was. A new one in its place would know
//! nothing of them, and whatever it does not know is tidied away.

use std::fs::{self, Metadata};
use std::io::{Error, ErrorKind};
use std::path::Path;

use super::connection::with_suffix;
use super::{BlobFiles, Store, StoreError};

/// What stands beside a store, other than its recordings, once something was in it: its log, and on a phone help to
/// show without the key.
const LOG: &str = "-wal";
const HELP: &str = ".help";

impl Store {
    /// Whether there is a store's file at `path` with anything in it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Lost`] where there is none, and other files of the store are there.
    pub(crate) fn is_there(path: &Path) -> Result<bool, StoreError> {
        if has_content(path)? {
            return Ok(true);
        }
        if !has_more(path, LOG)? && !leaves_something(path)? {
            return Ok(false);
        }
        // Looked at anew: another process may have been making the store at this moment, and makes its file first.
        match has_content(path)? {
            true => Ok(true),
            false => Err(StoreError::Lost),
        }
    }

    /// That nothing which a new store would take for its own was there before it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Lost`].
    pub(crate) fn must_be_alone(&self) -> Result<(), StoreError> {
        match leaves_something(self.path())? {
            true => Err(StoreError::Lost),
            false => Ok(()),
        }
    }
}

/// Whether recordings or pictures, or help to show without the key, lie beside a store.
fn leaves_something(path: &Path) -> Result<bool, StoreError> {
    Ok(BlobFiles::of(path).are_any()? || has_more(path, HELP)?)
}

fn has_more(path: &Path, suffix: &str) -> Result<bool, StoreError> {
    has_content(&with_suffix(path, suffix))
}

/// What is no file, such as a folder, is not missing: opening it says what it is.
fn has_content(path: &Path) -> Result<bool, StoreError> {
    let found = found(fs::metadata(path))?;
    Ok(found.is_some_and(|it| !it.is_file() || it.len() > 0))
}

fn found(metadata: Result<Metadata, Error>) -> Result<Option<Metadata>, StoreError> {
    match metadata {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(StoreError::of_io(&error)),
    }
}
