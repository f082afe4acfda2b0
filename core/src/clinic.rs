//! What a clinic's node can do: invite patients, read what they shared, reply, mark as reviewed,
//! sync. The console is its only user today. Names, marks and the register of patients live in the
//! clinic's own space; replies, sessions and receipts in each patient's care space.

mod caseload;
mod pairing;
mod receipts;
mod register;
mod review;
mod view;

use std::path::Path;
use std::sync::Arc;

use companion_protocol::id::{MemberId, SpaceId};

pub use view::{CaseRow, ClinicDevice, InviteState, NewPatient, PatientInvitation, PatientView};
pub use view::{Shared, SharedPage};

use crate::domain::{ClinicProfile, Content, DocumentId, Moment, Purpose, Revision, Side};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::ports::Ports;
use crate::ports::{Cancel, OnHint, WatchHandle};
use crate::records::{
    Changes, Observation, Observer, Page, PageSize, Query, RecordCheck, Records, Scope, Sequence,
    View, Withdrawn,
};
use crate::replica::Replica;
use crate::report::{StandingWarning, SyncReport, WarningId};
use crate::settings::{CLINIC, SERVER};
use crate::store::StoreKey;
use crate::sync::{self, ServerConnection};

/// A clinic's node. Every verb may be called from any thread; none that works offline waits for one
/// that does not.
pub struct Clinic {
    replica: Arc<Replica>,
    /// The clinic's own records.
    own: Records,
    caseload: caseload::Cache,
}

impl Clinic {
    /// Makes a new node at `path`. Its [`Clinic::public_key`] must be registered at the server
    /// before it can found spaces there.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] for a name that can't be used; [`CoreError::BadAddress`];
    /// [`NotNow::ClinicExists`]; [`CoreError::Store`] when the file can't be made.
    ///
    /// ```
    /// use companion_core::StoreKey;
    /// use companion_core::clinic::Clinic;
    /// use companion_core::ports::testing::offline;
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("clinic.db");
    /// let key = StoreKey::new([7; 32]);
    /// let clinic = Clinic::init(&path, &key, offline(), "Harbor Street Clinic", "https://sync.test")?;
    /// assert_eq!(clinic.name()?, "Harbor Street Clinic");
    /// assert!(clinic.caseload()?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
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
        let replica = Replica::open(path, key, ports, Side::Clinic)?;
        if replica.row_for(Purpose::Clinic).is_some() {
            return Err(NotNow::ClinicExists.into());
        }
        replica.store.write(|w| {
            w.set_setting(SERVER, server.trim_end_matches('/').as_bytes())?;
            w.set_setting(CLINIC, profile.name.as_bytes())
        })?;
        replica.found_space(Purpose::Clinic, None)?;
        Ok(Self::over(replica))
    }

    /// Opens a node that was made before.
    ///
    /// # Errors
    ///
    /// [`Missing::Clinic`] when there is none; [`CoreError::Store`] when the file can't be opened with
    /// that key.
    pub fn open(path: &Path, key: &StoreKey, ports: Ports) -> Result<Self> {
        let nobody = CoreError::NotFound(Missing::Clinic);
        if !path.exists() {
            return Err(nobody);
        }
        let replica = Replica::open(path, key, ports, Side::Clinic)?;
        if replica.row_for(Purpose::Clinic).is_none() {
            return Err(nobody);
        }
        Ok(Self::over(replica))
    }

    fn over(replica: Replica) -> Self {
        let replica = Arc::new(replica);
        Self {
            own: Records::new(&replica, Scope::Clinic),
            caseload: caseload::Cache::default(),
            replica,
        }
    }

    /// The present moment by this node's clock, with the offset from UTC that it shows.
    pub fn now(&self) -> Moment {
        self.replica.now()
    }

    /// The key that the server's operator registers.
    pub fn public_key(&self) -> MemberId {
        self.replica.me.member()
    }

    /// The clinic's name as patients see it.
    pub fn name(&self) -> Result<String> {
        let name = self.replica.text_setting(CLINIC)?;
        name.ok_or(CoreError::NotFound(Missing::Clinic))
    }

    /// The server's address.
    pub fn server(&self) -> Result<String> {
        let server = self.replica.text_setting(SERVER)?;
        server.ok_or(CoreError::NotFound(Missing::Clinic))
    }

    /// When the last sync ended well, milliseconds since 1970 UTC by this node's clock.
    pub fn last_sync_ms(&self) -> Result<Option<i64>> {
        self.replica.last_sync_ms()
    }

    /// Writes something new for a patient, which their phone then shows.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`]; [`CoreError::Invalid`] names the field and its limit;
    /// [`CoreError::NotYours`] for what only the patient writes.
    pub fn create<T: Content>(&self, patient: DocumentId, content: T) -> Result<View<T>> {
        self.records_of(patient)?.create(content)
    }

    /// Changes something of a patient's. `seen` is the version that the person had before them:
    /// `change` is given what that version said, and what came in meanwhile is merged.
    ///
    /// # Errors
    ///
    /// As [`Clinic::create`]; [`CoreError::NotNow`] says why something is not shown any more.
    pub fn edit<T: Content>(
        &self,
        patient: DocumentId,
        id: DocumentId,
        seen: &Revision,
        change: impl FnOnce(&mut T),
    ) -> Result<View<T>> {
        self.records_of(patient)?.edit(id, seen, change)
    }

    /// One thing of a patient's, without anybody's having opened it.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`], [`Missing::Document`]; [`CoreError::NotNow`] says why it is not shown any
    /// more.
    pub fn get<T: Content>(&self, patient: DocumentId, id: DocumentId) -> Result<View<T>> {
        self.records_of(patient)?.get(id)
    }

    /// A page of a list of a patient's, newest first unless the query says otherwise.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`]; [`CoreError::Invalid`] for a cursor of another list.
    pub fn page<T: Content>(&self, patient: DocumentId, query: &Query<T>) -> Result<Page<T>> {
        self.records_of(patient)?.page(query)
    }

    /// How many there are in all pages of a list.
    ///
    /// # Errors
    ///
    /// As [`Clinic::page`].
    pub fn count<T: Content>(&self, patient: DocumentId, query: &Query<T>) -> Result<u64> {
        self.records_of(patient)?.count(query)
    }

    /// What a patient shared once and withdrew: that they did, and nothing of what it said. Newest
    /// first.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`].
    pub fn withdrawn<T: Content>(
        &self,
        patient: DocumentId,
        size: PageSize,
    ) -> Result<Vec<Withdrawn>> {
        self.records_of(patient)?.withdrawn::<T>(size)
    }

    /// The next newer and the next older thing of the same kind.
    ///
    /// # Errors
    ///
    /// As [`Clinic::get`].
    pub fn neighbors<T: Content>(
        &self,
        patient: DocumentId,
        id: DocumentId,
    ) -> Result<(Option<DocumentId>, Option<DocumentId>)> {
        self.records_of(patient)?.neighbors::<T>(id)
    }

    /// Calls the observer, on a thread of its own, with the first page of a patient's list, and again
    /// whenever that shows something else; until what this returns is dropped. An observer that blocks
    /// or panics holds up nobody else.
    ///
    /// # Errors
    ///
    /// As [`Clinic::page`].
    pub fn observe<T: Content>(
        &self,
        patient: DocumentId,
        query: Query<T>,
        observer: impl Observer<T>,
    ) -> Result<Observation> {
        self.records_of(patient)?.observe(query, observer)
    }

    /// Documents of every kind, of all patients and of the clinic, that changed after a point, oldest
    /// change first.
    pub fn changes(&self, since: Sequence, size: PageSize) -> Result<Changes> {
        self.own.changes(since, size)
    }

    /// Where the record stands now, for [`Clinic::changes`].
    pub fn sequence(&self) -> Result<Sequence> {
        self.own.sequence()
    }

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

    /// What a person should know, oldest first, until somebody dismisses it.
    pub fn warnings(&self) -> Result<Vec<StandingWarning>> {
        self.replica.standing_warnings()
    }

    /// Shows a warning no longer, unless it comes back with other words.
    ///
    /// # Errors
    ///
    /// [`Missing::Warning`] when there is none of that name.
    pub fn dismiss_warning(&self, id: WarningId) -> Result<()> {
        self.replica.dismiss_warning(id)
    }

    /// Makes every row anew from the log.
    pub fn rebuild(&self) -> Result<()> {
        self.replica.rebuild()
    }

    /// Copies the whole store, as it is now, to a new file under the same key, and checks the copy. The
    /// clinic goes on meanwhile.
    ///
    /// # Errors
    ///
    /// [`StoreError::Exists`](crate::StoreError::Exists) when there is a file at `path`; else what the
    /// disk or the check gave.
    pub fn back_up(&self, path: &Path) -> Result<()> {
        Ok(self.replica.store.backup_to(path)?)
    }

    /// Proves every page of the file, and compares every row with its document. Slow: for quiet times.
    pub fn check_record(&self) -> Result<RecordCheck> {
        self.replica.check_record()
    }

    /// The records of one patient.
    fn records_of(&self, patient: DocumentId) -> Result<Records> {
        let record = self.record(patient)?;
        Ok(self.records_in(record.content.care_space))
    }

    fn records_in(&self, care: SpaceId) -> Records {
        Records::new(&self.replica, Scope::Care(care))
    }
}

impl std::fmt::Debug for Clinic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clinic")
    }
}
