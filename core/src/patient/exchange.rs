//! The phone's exchanges with the server: asked for, hinted at, given up, put to sleep.

use super::Patient;
use crate::error::{CoreError, Result};
use crate::ports::{Cancel, OnHint, WatchHandle};
use crate::report::SyncReport;
use crate::sync::{self, ServerConnection};

impl Patient {
    /// Exchanges everything with the server. Offline is an error that says so; nothing is lost. Who
    /// asks while an exchange is under way shares the next one.
    ///
    /// # Errors
    ///
    /// [`CoreError::Offline`], [`CoreError::Untrusted`], [`CoreError::BadAddress`],
    /// [`CoreError::Paused`], [`CoreError::NotPaired`].
    pub fn sync(&self) -> Result<SyncReport> {
        self.sync_until(&Cancel::new())
    }

    /// As [`Patient::sync`], until the caller gives up: [`CoreError::Canceled`] then. What the server
    /// had acknowledged by then stays so.
    pub fn sync_until(&self, cancel: &Cancel) -> Result<SyncReport> {
        let address = self.server()?;
        self.replica.gate.share(cancel, |cancel| {
            let server = ServerConnection::open(&self.replica, &address, cancel)?;
            let report = sync::run(&server, &|_| Ok(()))?;
            // What fails of it is tried again by the next.
            let _ = self.retire_words(cancel);
            if report.problems.is_empty() {
                self.replica.remember_sync()?;
            }
            if report.received > 0 {
                self.learn_clinic_name()?;
            }
            Ok(report)
        })
    }

    /// Calls `on_hint` whenever the server says that something is new, until the handle is dropped.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`], [`CoreError::BadAddress`].
    pub fn watch(&self, on_hint: OnHint) -> Result<WatchHandle> {
        sync::watch(&self.replica, &self.server()?, on_hint)
    }

    /// Before the app sleeps: ends an exchange that is under way, lets none begin, and lets go of the
    /// file, so that the system finds no lock on it. Reading and writing still work, and open it again.
    pub fn pause(&self) {
        self.replica.pause();
    }

    /// After the app has slept: exchanges may begin again.
    pub fn resume(&self) {
        self.replica.gate.resume();
    }
}
