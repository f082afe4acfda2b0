//! Copies of the store, and proof that a store is whole.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::connection::{StoreLocation, create_private, with_suffix};
use super::{Store, StoreError, exit, lock};

impl Store {
    /// Copies the store as it is now to a new file, encrypted with the same key, and checks the
    /// copy. The file stands at `path` only when it is whole.
    ///
    /// A copy that comes back to life must not write beside the original: see the protocol's rule on
    /// counters.
    ///
    /// # Errors
    ///
    /// [`StoreError::Exists`] when there is a file at `path`; else what the disk or the check gave.
    pub fn backup_to(&self, path: &Path) -> Result<(), StoreError> {
        if path.exists() {
            return Err(StoreError::Exists(path.display().to_string()));
        }
        let partial = with_suffix(path, ".partial");
        let copied = self.copy_to(&partial).and_then(|()| {
            // Unlike a rename, a link can't replace a file that appeared meanwhile.
            std::fs::hard_link(&partial, path).map_err(disk)
        });
        for suffix in ["", "-wal", "-shm", "-journal"] {
            // Best effort: what is left over is encrypted, and replaced by the next try.
            let _ = std::fs::remove_file(with_suffix(&partial, suffix));
        }
        copied?;
        sync_folder(path)
    }

    fn copy_to(&self, partial: &Path) -> Result<(), StoreError> {
        let _open = exit::using();
        let _ = std::fs::remove_file(partial);
        create_private(partial)?;
        let location = StoreLocation {
            path: partial.to_owned(),
            key: self.location.key.clone(),
            vfs: None,
        };
        let mut copy = location.connect()?;
        let original = self.location.reader()?;
        {
            let backup = Backup::new(&original, &mut copy)?;
            // All pages in one step: one consistent state, and writers can go on meanwhile.
            match backup.step(-1)? {
                StepResult::Done => {}
                _ => return Err(StoreError::Busy),
            }
        }
        check(&copy)?;
        // Out of the log and into the one file.
        copy.query_row("PRAGMA journal_mode = DELETE", (), |_| Ok(()))?;
        Ok(())
    }

    /// Reads the whole file and proves every page, index and reference. Slow on a large store.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] with the first thing found.
    pub fn integrity_check(&self) -> Result<(), StoreError> {
        // Nobody else may write the file while its pages are read past the log.
        let _open = exit::using();
        let _turn = lock(&self.writer);
        check(&self.location.reader()?)
    }
}

fn check(connection: &Connection) -> Result<(), StoreError> {
    let first = |sql: &str| -> Result<Option<String>, StoreError> {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query(())?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    };
    // The next check looks at the file alone: a page that a power cut tore while the log was folded
    // into it is whole in the log, and no damage. So fold first, and skip it if somebody still reads.
    let folded = connection.query_row("PRAGMA wal_checkpoint", (), |row| {
        Ok(row.get::<_, i64>(1)? == row.get::<_, i64>(2)?)
    })?;
    if let Some(found) = first("PRAGMA cipher_integrity_check")?.filter(|_| folded) {
        return Err(StoreError::Damaged(found));
    }
    if let Some(found) = first("PRAGMA integrity_check(1)")?.filter(|found| found != "ok") {
        return Err(StoreError::Damaged(found));
    }
    if let Some(table) = first("PRAGMA foreign_key_check")? {
        return Err(StoreError::Damaged(format!(
            "a row of {table} names what is not there"
        )));
    }
    Ok(())
}

/// Makes the new name itself survive a power cut.
fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    std::fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(disk)
}

// Taken by value to fit `map_err`.
#[allow(clippy::needless_pass_by_value)]
fn disk(error: std::io::Error) -> StoreError {
    StoreError::Disk(error.to_string())
}
