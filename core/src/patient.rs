//! What a patient's phone can do: write, check in, share, take back, search, pair, sync. All of it
//! but pairing and syncing works offline, and what a verb returned as saved survives a power cut.

mod devices;
mod journal;
mod pairing;
mod sharing;
mod view;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use companion_protocol::api::path;
use companion_protocol::id::SpaceId;

pub(crate) use devices::remove_member;
pub use devices::{DeviceKind, DeviceView};
pub(crate) use journal::{OPENED_REVISION, edit, read, revision_text, written_only_by};
pub(crate) use pairing::open_door;
pub use pairing::{Invitation, Pairing};
pub use view::{
    CheckInDraft, CheckInView, DeliveryState, EntryDraft, EntryView, PhoneStatus, ReplyView,
    SessionView,
};

use crate::error::{CoreError, Result};
use crate::ports::{Method, Request};
use crate::record::RecordCheck;
use crate::replica::{Ports, Purpose, Replica};
use crate::store::StoreKey;
use crate::sync::{self, Line, OnHint, Signer, SyncReport, WatchHandle};

pub(crate) const SERVER: &str = "server";
pub(crate) const CLINIC: &str = "clinic";
pub(crate) const LAST_SYNC: &str = "last_sync_ms";

/// A patient's phone.
pub struct Patient {
    replica: Arc<Mutex<Replica>>,
    /// One sync at a time; writing goes on meanwhile.
    syncing: Mutex<()>,
}

impl Patient {
    /// Opens the record at `path`, making it on first use. Works unpaired and offline.
    pub fn open(path: &Path, key: &StoreKey, ports: Ports) -> Result<Self> {
        let mut replica = Replica::open(path, key, ports, true)?;
        if replica.space_for(Purpose::Private).is_none() {
            replica.found_space(Purpose::Private, None)?;
        }
        Ok(Self {
            replica: Arc::new(Mutex::new(replica)),
            syncing: Mutex::new(()),
        })
    }

    /// What the first screen shows.
    pub fn status(&self) -> Result<PhoneStatus> {
        let replica = self.replica();
        let (server, clinic, last, waiting, warnings) = replica.store.read(|r| {
            Ok::<_, CoreError>((
                text(r.setting(SERVER)?),
                text(r.setting(CLINIC)?),
                text(r.setting(LAST_SYNC)?).and_then(|ms| ms.parse().ok()),
                r.count_outbox()?,
                r.warnings()?,
            ))
        })?;
        Ok(PhoneStatus {
            member: replica.me.member(),
            paired: replica
                .space_for(Purpose::Care)
                .is_some_and(|state| state.row.joined),
            clinic,
            server,
            waiting,
            last_sync_ms: last,
            warnings: warnings.into_iter().map(|warning| warning.detail).collect(),
        })
    }

    /// Exchanges everything with the server. Offline is an error that says so; nothing is lost.
    pub fn sync(&self) -> Result<SyncReport> {
        let server = self.server()?;
        let _one_at_a_time = self.syncing.lock().unwrap_or_else(PoisonError::into_inner);
        let line = Line::open(&self.replica, &server)?;
        let report = sync::run(&line)?;
        // What fails of it is tried again by the next.
        let _ = self.retire_words();
        let mut replica = self.replica();
        if report.problems.is_empty() {
            remember_sync(&mut replica)?;
        }
        self.learn_clinic_name(&mut replica)?;
        Ok(report)
    }

    /// Calls `on_hint` whenever the server says that something is new, until the handle is dropped.
    pub fn watch(&self, on_hint: OnHint) -> Result<WatchHandle> {
        listen(&self.replica, &self.server()?, on_hint)
    }

    /// Makes every row and the search index anew from the log.
    pub fn rebuild(&self) -> Result<()> {
        self.replica().rebuild()
    }

    /// Compares every row with its document.
    pub fn check_record(&self) -> Result<RecordCheck> {
        self.replica().check_record()
    }

    fn server(&self) -> Result<String> {
        let saved = self.replica().store.read(|r| r.setting(SERVER))?;
        text(saved).ok_or(CoreError::NotPaired)
    }

    fn replica(&self) -> MutexGuard<'_, Replica> {
        self.replica.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Patient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Patient")
    }
}

pub(crate) fn text(bytes: Option<Vec<u8>>) -> Option<String> {
    bytes.and_then(|bytes| String::from_utf8(bytes).ok())
}

/// How old the noted time of the last sync may be. A screen shows minutes, and each note waits for
/// the disk: as long as all the rest of a sync that brings one change.
const NOTED_MS: u64 = 10_000;

pub(crate) fn remember_sync(replica: &mut Replica) -> Result<()> {
    let now_ms = replica.now().unix_ms;
    let noted = text(replica.store.read(|r| r.setting(LAST_SYNC))?);
    let noted: Option<i64> = noted.and_then(|ms| ms.parse().ok());
    if noted.is_some_and(|noted| noted <= now_ms && noted.abs_diff(now_ms) < NOTED_MS) {
        return Ok(());
    }
    let now = now_ms.to_string();
    replica
        .store
        .write(|w| w.set_setting(LAST_SYNC, now.as_bytes()))?;
    Ok(())
}

/// Listens for hints on behalf of a replica.
pub(crate) fn listen(
    replica: &Arc<Mutex<Replica>>,
    server: &str,
    on_hint: OnHint,
) -> Result<WatchHandle> {
    let network = Arc::clone(&sync::lock_replica(replica).ports.network);
    let authority = network.authority(server)?;
    let signing = Arc::downgrade(replica);
    let request = Arc::new(move || {
        let replica = signing.upgrade()?;
        let mut request = Request::new(Method::Get, path::EVENTS);
        let replica = sync::lock_replica(&replica);
        sync::sign_request(&replica, Signer::Me, &authority, &mut request);
        Some(request)
    });
    Ok(network.listen(server, request, on_hint)?)
}

/// The space that something of that visibility lives in.
pub(crate) fn home(replica: &Replica, shared: bool) -> Result<SpaceId> {
    let purpose = if shared {
        Purpose::Care
    } else {
        Purpose::Private
    };
    match replica.space_for(purpose) {
        // Writing for oneself needs nobody's leave.
        Some(state) if state.row.joined || !shared => Ok(state.row.space),
        _ if shared => Err(CoreError::NotPaired),
        _ => Err(CoreError::NotFound("private space")),
    }
}
