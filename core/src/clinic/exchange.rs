//! The node's exchanges with the server: asked for, hinted at, given up, put to sleep.

use super::Clinic;
use crate::error::{CoreError, Result};
use crate::ports::{Cancel, OnHint, WatchHandle};
use crate::report::SyncReport;
use crate::sync::{self, ServerConnection};

impl Clinic {
    /// Exchanges everything with the server, and tells patients' phones what has arrived here. Who
    /// asks while an exchange is under way shares the next one.
    ///
    /// # Errors
    ///
    /// [`CoreError::Offline`], [`CoreError::Untrusted`], [`CoreError::BadAddress`],
    /// [`CoreError::Paused`].
    pub fn sync(&self) -> Result<SyncReport> {
        self.sync_until(&Cancel::new())
    }

    /// As [`Clinic::sync`], until the caller gives up: [`CoreError::Canceled`] then.
    pub fn sync_until(&self, cancel: &Cancel) -> Result<SyncReport> {
        let address = self.server()?;
        self.replica.gate.share(cancel, |cancel| {
            let server = ServerConnection::open(&self.replica, &address, cancel)?;
            let report = sync::run(&server, &|space| self.acknowledge(space))?;
            if report.problems.is_empty() {
                self.replica.remember_sync()?;
            }
            Ok(report)
        })
    }

    /// Calls `on_hint` whenever the server says that something is new, until the handle is dropped.
    ///
    /// # Errors
    ///
    /// [`CoreError::BadAddress`].
    pub fn watch(&self, on_hint: OnHint) -> Result<WatchHandle> {
        sync::watch(&self.replica, &self.server()?, on_hint)
    }

    /// Ends an exchange that is under way, lets none begin, and lets go of the file.
    pub fn pause(&self) {
        self.replica.pause();
    }

    /// Exchanges may begin again.
    pub fn resume(&self) {
        self.replica.gate.resume();
    }
}
