//! A turn at making a record: whoever finds none makes a key for it, and of two keys only one would be kept.

use std::fs::File;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Held until the record is there, or could not be made. Others of this process and of other ones, such as an
/// extension of the app, wait for it; the turn of a process that ended is free.
pub(super) struct FirstUse {
    _here: MutexGuard<'static, ()>,
    /// The folder that the record is to be in, locked: no file is left of that.
    _folder: Option<File>,
}

impl FirstUse {
    pub(super) fn turn(record: &Path) -> FirstUse {
        static HERE: Mutex<()> = Mutex::new(());
        let here = HERE.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = record
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        // Where there is no folder opening says so, and where folders can't be locked this process is on its own.
        let folder = File::open(folder).ok();
        let folder = folder.filter(|folder| folder.lock().is_ok());
        FirstUse {
            _here: here,
            _folder: folder,
        }
    }
}
