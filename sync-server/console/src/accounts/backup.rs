//! Copies of the accounts file, made while others use it.

use std::path::Path;

use rusqlite::backup::{Backup, StepResult};

use super::{Accounts, AccountsError, connect};

impl Accounts {
    /// Copies the accounts as they are now to a new file under the same key, and checks the copy.
    ///
    /// # Errors
    ///
    /// When there is a file at `path`, or the disk says no.
    pub fn back_up(&self, path: &Path, key: &[u8; 32]) -> Result<(), AccountsError> {
        if path.exists() {
            return Err(std::io::Error::from(std::io::ErrorKind::AlreadyExists).into());
        }
        let mut copy = connect(path, key)?;
        {
            let store = self.store();
            let backup = Backup::new(&store, &mut copy)?;
            // All pages in one step: one consistent state.
            if backup.step(-1)? != StepResult::Done {
                return Err(AccountsError::InUse);
            }
        }
        check(&copy)?;
        copy.query_row("PRAGMA journal_mode = DELETE", (), |_| Ok(()))?;
        Ok(())
    }

    /// Reads the whole file and proves every page.
    ///
    /// # Errors
    ///
    /// [`AccountsError::Damaged`].
    pub fn prove_whole(&self) -> Result<(), AccountsError> {
        check(&self.store())
    }

    /// Ends every session: a copy that comes back to life must not let in whoever signed out since it
    /// was made.
    ///
    /// # Errors
    ///
    /// The store.
    pub fn end_all_sessions(&self) -> Result<(), AccountsError> {
        self.store().execute("DELETE FROM session", [])?;
        Ok(())
    }
}

fn check(store: &rusqlite::Connection) -> Result<(), AccountsError> {
    let found: String = store.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        Ok(())
    } else {
        Err(AccountsError::Damaged)
    }
}
