//! What a clinic's node can do: invite patients, read what they shared, reply, mark as reviewed,
//! sync. The console is its only user today. Names, marks and the register of patients live in the
//! clinic's own space; replies, sessions, programmes and receipts in each patient's care space.

mod adoption;
mod attachments;
mod caseload;
mod comparing;
mod costs;
mod digest;
mod exchange;
mod flags;
mod for_all_or_one;
mod forks;
mod grants;
mod guides;
mod keeping;
mod looks;
mod marks;
mod measures;
mod medicine;
mod medicines;
mod moving;
mod pairing;
mod profile;
mod programme;
mod raising;
mod receipts;
mod record;
mod register;
mod releases;
mod review;
mod safety;
mod safety_plan;
mod screening;
mod sessions;
mod set_for_all;
mod team;
mod timeline;
mod two_wordings;
mod view;
mod visits;
mod written;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, PoisonError};

use companion_protocol::id::{MemberId, SpaceId};

pub use crate::releases::{ReleaseView, RequestAnswer, RequestView, Told};
pub use flags::{Answered, NewFlag};
pub use for_all_or_one::{OfTheirOwn, Settable};
pub use forks::Fork;
pub use guides::{GuideWords, Saved, TypedGuide};
pub use measures::Measured;
pub use medicine::MedicineOfSession;
pub use moving::Announced;
pub use programme::{OutcomeSeen, PhaseChange, PlannedNumber, how_it_stands};
pub use releases::HandOver;
pub use safety::{CardText, Safety};
pub use sessions::{PlannedSession, Prepared};
pub use view::{
    CaseRow, ClinicDevice, Comparison, Correction, DeviceKind, InviteState, LastCheckIn,
    NewPatient, OpenFlag, PatientInvitation, PatientView,
};
pub use view::{SameName, Shared, SharedPage, SharingOver, Soon};

pub use crate::costs::Costs;
use crate::domain::day::Day;
use crate::domain::{ClinicProfile, Content as _, DocumentId, Moment, Purpose, Side};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::health::HealthReport;
pub use crate::medicines::Medicines;
use crate::ports::Ports;
use crate::records::{RecordCheck, Records, Scope};
use crate::replica::Replica;
use crate::report::{StandingWarning, WarningId};
use crate::settings::{CLINIC, SERVER};
use crate::space::identity::Handle;
use crate::store::{Store, StoreKey};

/// A clinic's node. Every verb may be called from any thread; none that works offline waits for one
/// that does not.
pub struct Clinic {
    replica: Arc<Replica>,
    /// The clinic's own records.
    own: Records,
    caseload: caseload::Cache,
    /// The change of the clinic's space at which every care space of the register was here.
    held_at: AtomicI64,
    /// Held from looking whether a name is taken to having written it.
    registering: Mutex<()>,
    /// What was looked at for something to flag. Held while somebody looks.
    looked: Mutex<raising::Looked>,
    /// Which document holds the looks of whom on the present day. Held while somebody notes one.
    noting: Mutex<BTreeMap<(DocumentId, String, Day), DocumentId>>,
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
    /// that key, or is missing or empty while other files of it are there.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// drop(clinic);
    /// let ports = companion_core::ports::testing::offline();
    /// assert_eq!(Clinic::open(&path, &key, ports)?.name()?, "Harbor Street Clinic");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn open(path: &Path, key: &StoreKey, ports: Ports) -> Result<Self> {
        let nobody = CoreError::NotFound(Missing::Clinic);
        // Nothing is made where nothing is, nor where a record was lost.
        if !Store::is_there(path)? {
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
            held_at: AtomicI64::new(i64::MIN),
            registering: Mutex::new(()),
            looked: Mutex::default(),
            noting: Mutex::default(),
            replica,
        }
    }

    /// The present moment by this node's clock, with the offset from UTC that it shows.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// assert_eq!(clinic.now().unix_ms, 1_795_597_200_000);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn now(&self) -> Moment {
        self.replica.now()
    }

    /// The key that the server's operator registers.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// println!("sync-server clinic add {}", clinic.public_key());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn public_key(&self) -> MemberId {
        self.replica.identity(&Handle::SHARED).member()
    }

    /// The clinic's name as patients see it.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// assert_eq!(clinic.name()?, "Harbor Street Clinic");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn name(&self) -> Result<String> {
        let name = self.replica.text_setting(CLINIC)?;
        name.ok_or(CoreError::NotFound(Missing::Clinic))
    }

    /// The server's address.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// assert_eq!(clinic.server()?, "https://sync.test");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn server(&self) -> Result<String> {
        let server = self.replica.text_setting(SERVER)?;
        server.ok_or(CoreError::NotFound(Missing::Clinic))
    }

    /// When the last sync ended well, milliseconds since 1970 UTC by this node's clock.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// assert_eq!(clinic.last_sync_ms()?, None);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn last_sync_ms(&self) -> Result<Option<i64>> {
        self.replica.last_sync_ms()
    }

    /// What a person should know, oldest first, until somebody dismisses it.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// assert!(clinic.warnings()?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn warnings(&self) -> Result<Vec<StandingWarning>> {
        self.replica.standing_warnings()
    }

    /// Shows a warning no longer, unless it comes back with other words.
    ///
    /// # Errors
    ///
    /// [`Missing::Warning`] when there is none of that name.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// for warning in clinic.warnings()? {
    ///     clinic.dismiss_warning(warning.id)?;
    /// }
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn dismiss_warning(&self, id: WarningId) -> Result<()> {
        self.replica.dismiss_warning(id)
    }

    /// Makes every row anew from the log, and looks at all of them for something to flag.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read or written.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// clinic.rebuild()?;
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn rebuild(&self) -> Result<()> {
        self.replica.rebuild()?;
        self.look_at_everything_again();
        // What fails here is said by the next exchange, which tries it again.
        self.raise_what_arrived();
        Ok(())
    }

    /// Copies the whole store, as it is now, to a new file under the same key, and checks the copy. The
    /// clinic goes on meanwhile.
    ///
    /// # Errors
    ///
    /// [`StoreError::Exists`](crate::StoreError::Exists) when there is a file at `path`; else what the
    /// disk or the check gave.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// let copy = folder.path().join("copy.db");
    /// clinic.back_up(&copy)?;
    /// assert!(clinic.back_up(&copy).is_err(), "a file is never written over");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn back_up(&self, path: &Path) -> Result<()> {
        Ok(self.replica.store.backup_to(path)?)
    }

    /// Proves every page of the file, and compares every row with its document. Slow: for quiet times.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// assert!(clinic.check_record()?.differing.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn check_record(&self) -> Result<RecordCheck> {
        self.replica.check_record()
    }

    /// The health of this replica as a report that can be sent: counts, sizes, versions, ages and codes, and
    /// nothing of what anybody wrote, is called or is named by. Slow, as [`Clinic::check_record`] is.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read at all.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// let report = clinic.health_report()?;
    /// assert_eq!((report.side, report.outbox.and_then(|it| it.oldest_hours)), ("clinic", None));
    /// println!("{report}");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn health_report(&self) -> Result<HealthReport> {
        self.replica.health_report()
    }

    fn take_register_turn(&self) -> impl Drop + '_ {
        let turn = self.registering.lock();
        turn.unwrap_or_else(PoisonError::into_inner)
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
