//! The phone's exchanges with the server: asked for, hinted at, given up, put to sleep.

use super::{AccountState, Patient};
use crate::domain::Purpose;
use crate::error::Result;
use crate::ports::{Cancel, OnHint, WatchHandle};
use crate::report::{SyncProgress, SyncReport, WarningCode};
use crate::store::Closed;
use crate::sync::{self, BLOB_ROUNDS, BlobsDone, ServerConnection};

/// How many digits of an id are shown.
const SHORT: usize = 8;

impl Patient {
    /// Exchanges everything with the server. Offline is an error that says so; nothing is lost. Who
    /// asks while an exchange is under way shares the next one.
    ///
    /// # Errors
    ///
    /// [`CoreError::Offline`](crate::CoreError::Offline), [`CoreError::Untrusted`](crate::CoreError::Untrusted), [`CoreError::BadAddress`](crate::CoreError::BadAddress),
    /// [`CoreError::Paused`](crate::CoreError::Paused), [`CoreError::NotPaired`](crate::CoreError::NotPaired).
    ///
    /// ```
    /// use companion_core::CoreError;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// assert!(matches!(phone.sync(), Err(CoreError::NotPaired)));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn sync(&self) -> Result<SyncReport> {
        self.sync_until(&Cancel::new())
    }

    /// As [`Patient::sync`], until the caller gives up: [`CoreError::Canceled`](crate::CoreError::Canceled) then. What the server
    /// had acknowledged by then stays so.
    ///
    /// # Errors
    ///
    /// As [`Patient::sync`], and [`CoreError::Canceled`](crate::CoreError::Canceled).
    ///
    /// ```
    /// use companion_core::ports::Cancel;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// let cancel = Cancel::new();
    /// let from_a_button = cancel.clone();
    /// from_a_button.cancel();
    /// assert!(phone.sync_until(&cancel).is_err());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn sync_until(&self, cancel: &Cancel) -> Result<SyncReport> {
        self.sync_telling(cancel, &|_| {})
    }

    /// As [`Patient::sync_until`], and tells how far it got, in numbers alone: after each batch of changes, and after
    /// each part of a recording or picture. Who shares an exchange that somebody else began hears nothing of it.
    ///
    /// # Errors
    ///
    /// As [`Patient::sync_until`].
    ///
    /// ```
    /// use companion_core::CoreError;
    /// use companion_core::ports::Cancel;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let alone = phone.sync_telling(&Cancel::new(), &|so_far| println!("{} sent", so_far.sent));
    /// assert!(matches!(alone, Err(CoreError::NotPaired)));
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn sync_telling(&self, cancel: &Cancel, tell: &dyn Fn(SyncProgress)) -> Result<SyncReport> {
        let address = self.server()?;
        let outcome = self.replica.gate.share(cancel, |cancel| {
            let server = ServerConnection::open(&self.replica, &address, cancel)?.telling(tell);
            if let Some(report) = self.go_on_ending(&server)? {
                return Ok(report);
            }
            let mut report = self.exchange(&server)?;
            if let Some(state) = self.account_state()? {
                report.ended = true;
                if matches!(state, AccountState::EndedElsewhere { .. }) {
                    // What stays here for now is to be whole, as long as the server keeps what is shared.
                    sync::exchange_blobs(&server, &mut report)?;
                }
                return Ok(report);
            }
            if self.keep_in_step(&server, &mut report)? {
                report = report.and_then(self.exchange(&server)?);
            }
            self.exchange_blobs(&server, report)
        });
        // Also what arrived before an exchange failed may have changed it, or deleted something.
        self.keep_unlocked();
        self.records.wipe()?;
        outcome
    }

    /// Exchanges recordings and pictures, once all texts are. What is written meanwhile goes first.
    fn exchange_blobs(
        &self,
        server: &ServerConnection<'_>,
        mut report: SyncReport,
    ) -> Result<SyncReport> {
        for _ in 0..BLOB_ROUNDS {
            let mut text_waits = self.records.fill_in_attachments()? > 0;
            if !text_waits {
                match sync::exchange_blobs(server, &mut report)? {
                    BlobsDone::All => break,
                    // It may be what a copy elsewhere waits for.
                    BlobsDone::Arrived => {}
                    BlobsDone::TextWaits => text_waits = true,
                }
            }
            if text_waits {
                report = report.and_also(self.exchange(server)?);
            }
        }
        Ok(report)
    }

    /// Exchanges everything, with what a phone does about what came. For whoever is inside the gate.
    pub(super) fn exchange(&self, server: &ServerConnection<'_>) -> Result<SyncReport> {
        // Again, should the last exchange have broken off right after this phone was let in.
        self.settle_private()?;
        self.introduce()?;
        let mut report = sync::run(server, self)?;
        if self.is_over(Purpose::Private) {
            self.records.settle_shared_at_the_end()?;
            // Whatever else there was to do was to be written.
            return Ok(report);
        }
        // A phone that was just let in says what it is called, and uses the grant that it was given.
        if self.introduce()? | self.take_grant()? {
            report = report.and_then(sync::run(server, self)?);
        }
        let parted = self.records.settle_names()?;
        // What was brought back, or held back, is to reach the patient's other phones.
        let brought_back =
            !self.is_over(Purpose::Care) && self.records.bring_back_what_was_left()? > 0;
        let let_go = self.let_go_of_copied_lines()?;
        let is_more = self.records.finish_deletions()? | parted | brought_back | let_go;
        if is_more || report.held_back > 0 {
            report = report.and_then(sync::run(server, self)?);
        }
        if report.received > 0 || report.sent > 0 {
            self.say_what_came_back(&mut report)?;
        }
        if report.received > 0 {
            self.learn_clinic_name()?;
        }
        Ok(report)
    }

    /// Says what was deleted on one of the patient's phones and is back, since another one worked on it before it had
    /// heard of that.
    fn say_what_came_back(&self, report: &mut SyncReport) -> Result<()> {
        let Some(private) = self.replica.row_for(Purpose::Private) else {
            return Ok(());
        };
        let back = self.records.came_back()?;
        let said = back.iter().map(|back| {
            let how = match back.was_shared {
                true => "it was shared meanwhile, and is withdrawn",
                false => "another phone had a version of it that was not read where it was deleted",
            };
            let kind = back.row.kind.as_str().replace('_', " ");
            let id: String = back.row.document.to_string().chars().take(SHORT).collect();
            format!("{kind} {id}: {how}")
        });
        let said: Vec<String> = said.collect();
        if said.is_empty() {
            return self
                .replica
                .clear_warning(WarningCode::CameBack, private.space);
        }
        let said = said.join("; ");
        if self
            .replica
            .warn_of_state(WarningCode::CameBack, private.space, &said)?
        {
            report.warn(WarningCode::CameBack, private.space, said);
        }
        Ok(())
    }

    /// Calls `on_hint` whenever the server says that something is new, until the handle is dropped.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`](crate::CoreError::NotPaired), [`CoreError::BadAddress`](crate::CoreError::BadAddress).
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let watch = phone.watch(Box::new(|_| println!("something is new")));
    /// assert!(watch.is_err(), "not paired yet");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn watch(&self, on_hint: OnHint) -> Result<WatchHandle> {
        sync::watch(&self.replica, &self.server()?, on_hint)
    }

    /// Before the app sleeps: ends an exchange that is under way, lets none begin, and lets go of the
    /// file, so that the system finds no lock on it. Reading and writing still work, and open it again.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// phone.pause();
    /// assert_eq!(phone.status()?.waiting, 0);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn pause(&self) {
        self.replica.pause();
    }

    /// What tells when no file of the record is open any more, once this and all that was made of it is let go of. A
    /// thread that watches the record lets go of it a little after its observation did.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let closed = phone.closed();
    /// assert!(!closed.wait(std::time::Duration::ZERO));
    /// drop(phone);
    /// assert!(closed.wait(std::time::Duration::from_secs(5)));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn closed(&self) -> Closed {
        self.replica.store.closed()
    }

    /// After the app has slept: exchanges may begin again.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// phone.pause();
    /// phone.resume();
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn resume(&self) {
        self.replica.gate.resume();
    }
}
