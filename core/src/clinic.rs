//! What a clinic's node can do: invite patients, read what they shared, reply, mark as reviewed,
//! sync. The console is its only user today. Names, marks and the register of patients live in the
//! clinic's own space; replies, sessions and receipts in each patient's care space.

mod caseload;
mod delivery;
mod pairing;
mod view;
mod write;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use companion_protocol::id::{MemberId, SpaceId};

pub use pairing::{InviteState, PatientInvitation};
pub use view::{
    CaseRow, CheckInItem, ClinicDevice, EntryItem, EntryPage, NewPatient, PatientPage, ReplyItem,
    SessionItem, TimelineItem,
};

use crate::domain::{ClinicProfile, Content, DocumentId, Kind, PatientRecord};
use crate::error::{CoreError, Result};
use crate::patient::{CLINIC, LAST_SYNC, SERVER, listen, remember_sync, text};
use crate::record::RecordCheck;
use crate::replica::{Ports, Purpose, Replica};
use crate::store::{ItemFilter, ItemRow, StoreKey};
use crate::sync::{self, Line, OnHint, SyncReport, WatchHandle};

/// A clinic's node.
pub struct Clinic {
    replica: Arc<Mutex<Replica>>,
    syncing: Mutex<()>,
}

impl Clinic {
    /// Makes a new node at `path`. Its [`Clinic::public_key`] must be registered at the server
    /// before it can found spaces there.
    pub fn init(
        path: &Path,
        key: &StoreKey,
        ports: Ports,
        name: &str,
        server: &str,
    ) -> Result<Self> {
        let profile = ClinicProfile::new(name).checked()?;
        // Refuses an address that could never work, before anything is written.
        ports.network.authority(server)?;
        let mut replica = Replica::open(path, key, ports, false)?;
        if replica.space_for(Purpose::Clinic).is_some() {
            return Err(CoreError::NotNow("this folder holds a clinic already"));
        }
        replica.store.write(|w| {
            w.set_setting(SERVER, server.trim_end_matches('/').as_bytes())?;
            w.set_setting(CLINIC, profile.name.as_bytes())
        })?;
        replica.found_space(Purpose::Clinic, None)?;
        Ok(Self::over(replica))
    }

    /// Opens a node that was made before.
    pub fn open(path: &Path, key: &StoreKey, ports: Ports) -> Result<Self> {
        if !path.exists() {
            return Err(CoreError::NotFound("clinic"));
        }
        let replica = Replica::open(path, key, ports, false)?;
        if replica.space_for(Purpose::Clinic).is_none() {
            return Err(CoreError::NotFound("clinic"));
        }
        Ok(Self::over(replica))
    }

    fn over(replica: Replica) -> Self {
        Self {
            replica: Arc::new(Mutex::new(replica)),
            syncing: Mutex::new(()),
        }
    }

    /// The key that the server's operator registers.
    pub fn public_key(&self) -> MemberId {
        self.replica().me.member()
    }

    /// The clinic's name as patients see it.
    pub fn name(&self) -> Result<String> {
        let saved = self.replica().store.read(|r| r.setting(CLINIC))?;
        text(saved).ok_or(CoreError::NotFound("clinic"))
    }

    /// The server's address.
    pub fn server(&self) -> Result<String> {
        let saved = self.replica().store.read(|r| r.setting(SERVER))?;
        text(saved).ok_or(CoreError::NotFound("server address"))
    }

    /// When the last sync ended well, milliseconds since 1970 UTC.
    pub fn last_sync_ms(&self) -> Result<Option<i64>> {
        let saved = self.replica().store.read(|r| r.setting(LAST_SYNC))?;
        Ok(text(saved).and_then(|ms| ms.parse().ok()))
    }

    /// Exchanges everything with the server, and tells patients' phones what has arrived here.
    pub fn sync(&self) -> Result<SyncReport> {
        let server = self.server()?;
        let _one_at_a_time = self.one_at_a_time();
        let line = Line::open(&self.replica, &server)?;
        let mut report = sync::run(&line)?;
        delivery::acknowledge(&line, &mut report)?;
        let mut replica = self.replica();
        report.waiting = replica.store.read(|r| r.count_outbox())?;
        if report.problems.is_empty() {
            remember_sync(&mut replica)?;
        }
        Ok(report)
    }

    /// Calls `on_hint` whenever the server says that something is new, until the handle is dropped.
    pub fn watch(&self, on_hint: OnHint) -> Result<WatchHandle> {
        listen(&self.replica, &self.server()?, on_hint)
    }

    /// What a person should know, in plain words, newest last.
    pub fn warnings(&self) -> Result<Vec<String>> {
        let warnings = self.replica().store.read(|r| r.warnings())?;
        Ok(warnings.into_iter().map(|warning| warning.detail).collect())
    }

    /// Makes every row anew from the log.
    pub fn rebuild(&self) -> Result<()> {
        self.replica().rebuild()
    }

    /// Compares every row with its document.
    pub fn check_record(&self) -> Result<RecordCheck> {
        self.replica().check_record()
    }

    /// One exchange with the server at a time, so that nothing is sealed and sent twice.
    fn one_at_a_time(&self) -> MutexGuard<'_, ()> {
        self.syncing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn replica(&self) -> MutexGuard<'_, Replica> {
        self.replica.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Clinic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clinic")
    }
}

fn clinic_space(replica: &Replica) -> Result<SpaceId> {
    replica
        .space_for(Purpose::Clinic)
        .map(|state| state.row.space)
        .ok_or(CoreError::NotFound("clinic"))
}

/// A patient's row and record.
fn record(replica: &Replica, patient: DocumentId) -> Result<(ItemRow, PatientRecord)> {
    let item = replica
        .store
        .read(|r| r.item(patient))?
        .filter(|item| item.kind == Kind::PATIENT)
        .ok_or(CoreError::NotFound("patient"))?;
    let record = crate::patient::read(&item)?;
    Ok((item, record))
}

fn items_of(replica: &Replica, space: SpaceId, kind: &Kind) -> Result<Vec<ItemRow>> {
    let filter = ItemFilter {
        spaces: vec![space],
        kind: Some(kind.clone()),
        newest_first: true,
        ..ItemFilter::default()
    };
    Ok(replica.store.read(|r| r.items(&filter))?)
}
