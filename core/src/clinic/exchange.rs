//! The node's exchanges with the server: asked for, hinted at, given up, put to sleep.

use super::Clinic;
use crate::error::Result;
use crate::ports::{Cancel, OnHint, WatchHandle};
use crate::report::SyncReport;
use crate::sync::{self, BLOB_ROUNDS, BlobsDone, ServerConnection};

impl Clinic {
    /// Exchanges everything with the server, and tells patients' phones what has arrived here. Who
    /// asks while an exchange is under way shares the next one.
    ///
    /// # Errors
    ///
    /// [`CoreError::Offline`](crate::CoreError::Offline), [`CoreError::Untrusted`](crate::CoreError::Untrusted), [`CoreError::BadAddress`](crate::CoreError::BadAddress),
    /// [`CoreError::Paused`](crate::CoreError::Paused).
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    ///
    /// assert!(matches!(clinic.sync(), Err(CoreError::Offline(_))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn sync(&self) -> Result<SyncReport> {
        self.sync_until(&Cancel::new())
    }

    /// As [`Clinic::sync`], until the caller gives up: [`CoreError::Canceled`](crate::CoreError::Canceled) then.
    ///
    /// # Errors
    ///
    /// As [`Clinic::sync`], and [`CoreError::Canceled`](crate::CoreError::Canceled).
    ///
    /// ```
    /// use companion_core::ports::Cancel;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    ///
    /// let cancel = Cancel::new();
    /// cancel.cancel();
    /// assert!(clinic.sync_until(&cancel).is_err());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn sync_until(&self, cancel: &Cancel) -> Result<SyncReport> {
        let address = self.server()?;
        self.replica.gate.share(cancel, |cancel| {
            let exchanged = ServerConnection::open(&self.replica, &address, cancel)
                .and_then(|server| Ok((self.sync_and_adopt(&server)?, server)));
            // Also where the exchange broke off: what arrived by then is here.
            let look = self.raise_what_arrived();
            let (report, server) = exchanged?;
            let mut report = match look.written {
                0 => report,
                _ => report.and_then(sync::run(&server, self)?),
            };
            report.problems.extend(look.problems);
            self.exchange_blobs(&server, report)
        })
    }

    /// Reads recordings and pictures, once all texts are here, and tells the patients' phones. What is written
    /// meanwhile goes first.
    fn exchange_blobs(
        &self,
        server: &ServerConnection<'_>,
        mut report: SyncReport,
    ) -> Result<SyncReport> {
        for _ in 0..BLOB_ROUNDS {
            let done = sync::exchange_blobs(server, &mut report)?;
            if done == BlobsDone::All {
                break;
            }
            report = report.and_also(sync::run(server, self)?);
        }
        Ok(report)
    }

    /// Calls `on_hint` whenever the server says that something is new, until the handle is dropped.
    ///
    /// # Errors
    ///
    /// [`CoreError::BadAddress`](crate::CoreError::BadAddress).
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// let _watch = clinic.watch(Box::new(|_| println!("something is new")))?;
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn watch(&self, on_hint: OnHint) -> Result<WatchHandle> {
        sync::watch(&self.replica, &self.server()?, on_hint)
    }

    /// Ends an exchange that is under way, lets none begin, and lets go of the file.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// clinic.pause();
    /// assert!(clinic.caseload()?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn pause(&self) {
        self.replica.pause();
    }

    /// Exchanges may begin again.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// clinic.pause();
    /// clinic.resume();
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn resume(&self) {
        self.replica.gate.resume();
    }
}
