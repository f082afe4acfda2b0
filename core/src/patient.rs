//! What a patient's phone can do: write, check in, share, withdraw, search, pair, sync. All of it but
//! pairing and syncing works offline, and what a verb returned as saved survives a power cut.

mod anything_new;
mod at_a_glance;
mod attachments;
mod devices;
mod drafts;
mod ending;
mod exchange;
mod export;
mod following;
mod guides;
mod held_back;
mod import;
mod in_step;
mod language;
mod measures;
mod medicines;
mod metered;
mod newcomers;
mod pairing;
mod preparation;
mod programme;
mod prompts;
mod record;
mod recovery;
mod releases;
mod reminders;
mod safety_plan;
mod second_phone;
mod session_day;
mod session_marks;
mod team;
mod timeline;
mod to_review;
mod two_wordings;
mod unlocked;
mod use_check;
mod view;
mod words;
mod written;

use std::path::Path;

use companion_protocol::id::{MemberId, SpaceId, StatementHash};
use std::sync::{Arc, Mutex};

pub use crate::costs::Costs;
pub use crate::domain::day_word::DayMark;
pub use crate::medicines::Medicines;
pub use crate::releases::{ReleaseView, RequestAnswer, RequestView, Told};
pub use at_a_glance::AtAGlance;
pub use ending::{AccountState, BeforeEnding, SharedThen};
pub use guides::GuideMark;
pub use measures::{MeasureOffer, NotOffered};
pub use programme::Plan;
pub use prompts::Prompts;
pub use releases::Accepted;
pub use session_day::Today;
pub use team::{CareTeam, OutsideProvider, TeamPerson, WHO_CAN_READ};
pub use to_review::{ReviewStanding, ToReview};
pub use view::{
    CompareWith, DeviceKind, DeviceView, EarlierWords, Invitation, Newcomer, Pairing, PairingState,
    PhoneStatus, RecoverySheet, RemovedView, RetractedView, ToConfirm, WordsStatus, WordsView,
};

use crate::domain::{Moment, Purpose, Side};
use crate::error::{CoreError, Result};
use crate::health::{FilesHealth, HealthReport};
use crate::ports::{Cancel, Ports};
use crate::records::{RecordCheck, Records, Scope};
use crate::replica::Replica;
use crate::report::WarningId;
use crate::settings::{CLINIC, SERVER};
use crate::space::identity::Handle;
use crate::store::StoreKey;

/// A patient's phone. Every verb may be called from any thread; none that works offline waits for one
/// that does not.
pub struct Patient {
    replica: Arc<Replica>,
    records: Records,
    /// The spaces in which this phone has said what it is called and who it is.
    introduced: Arc<Mutex<Option<(SpaceId, SpaceId)>>>,
    /// The newest statements of both spaces when they were last seen to be in step.
    in_step: Arc<Mutex<Option<[StatementHash; 2]>>>,
    /// Whoever waits for a verb that asks the server gives up by this.
    wish: Cancel,
}

impl Patient {
    /// Opens the record at `path`, making it on first use. Works unpaired and offline. Help to show without the key
    /// is put right where it is not what the record says.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the file can't be opened with that key, or is missing or empty while other files of
    /// it are there: recordings, or help to show without the key.
    ///
    /// ```
    /// use companion_core::StoreKey;
    /// use companion_core::domain::Entry;
    /// use companion_core::patient::Patient;
    /// use companion_core::ports::testing::offline;
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// let key = StoreKey::new([7; 32]);
    /// let phone = Patient::open(&folder.path().join("phone.db"), &key, offline())?;
    /// let entry = phone.create(Entry {
    ///     body: "The lake was calm.".to_owned(),
    ///     ..Entry::new(phone.now())
    /// })?;
    /// assert_eq!(phone.get::<Entry>(entry.id)?.content.body, "The lake was calm.");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn open(path: &Path, key: &StoreKey, ports: Ports) -> Result<Self> {
        let replica = Replica::open(path, key, ports, Side::Patient)?;
        if replica.row_for(Purpose::Private).is_none() {
            replica.found_space(Purpose::Private, None)?;
        }
        let replica = Arc::new(replica);
        let records = Records::new(&replica, Scope::Patient);
        let patient = Self {
            replica,
            records,
            introduced: Arc::default(),
            in_step: Arc::default(),
            wish: Cancel::new(),
        };
        patient.mend_unlocked();
        Ok(patient)
    }

    /// The same phone, for verbs that somebody may give up on: pairing, devices, recovery words, all that asks the
    /// server. What had been acknowledged stays so.
    ///
    /// ```
    /// use companion_core::CoreError;
    /// use companion_core::ports::Cancel;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// let cancel = Cancel::new();
    /// cancel.cancel();
    /// let given_up = phone.until(cancel).recover("https://sync.test", &["abandon"; 12].join(" "));
    /// assert!(given_up.is_err());
    /// # Ok::<(), CoreError>(())
    /// ```
    #[must_use]
    pub fn until(&self, cancel: Cancel) -> Patient {
        Patient {
            replica: Arc::clone(&self.replica),
            records: self.records.clone(),
            introduced: Arc::clone(&self.introduced),
            in_step: Arc::clone(&self.in_step),
            wish: cancel,
        }
    }

    /// The present moment by this phone's clock, with the offset from UTC that it shows.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert_eq!(phone.now().unix_ms, 1_795_597_200_000);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn now(&self) -> Moment {
        self.replica.now()
    }

    /// What the first screen shows.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let status = phone.status()?;
    /// assert!(!status.pairing.is_paired() && status.waiting == 0);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn status(&self) -> Result<PhoneStatus> {
        let replica = &self.replica;
        let (waiting, files) = replica
            .store
            .read(|r| Ok::<_, CoreError>((r.count_outbox()?, FilesHealth::read(r)?)))?;
        let files_held = self.files_held()?;
        let files_to_come_held = self.files_to_come_held()?;
        Ok(PhoneStatus {
            member: self.my_id(),
            name: self.phone_name()?,
            pairing: self.pairing_state()?,
            recovery_words: self.words_status()?,
            clinic: replica.text_setting(CLINIC)?,
            server: replica.text_setting(SERVER)?,
            moved_to: self.moved_clinic()?.map(|profile| profile.server),
            waiting: waiting.try_into().unwrap_or(u64::MAX),
            files,
            files_held,
            files_to_come_held,
            last_sync_ms: replica.last_sync_ms()?,
            warnings: replica.standing_warnings()?,
        })
    }

    /// Shows a warning no longer, unless it comes back with other words.
    ///
    /// # Errors
    ///
    /// [`Missing::Warning`](crate::Missing::Warning) when there is none of that name.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// for warning in phone.status()?.warnings {
    ///     phone.dismiss_warning(warning.id)?;
    /// }
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn dismiss_warning(&self, id: WarningId) -> Result<()> {
        self.replica.dismiss_warning(id)
    }

    /// Makes every row and the search index anew from the log.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read or written.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// phone.rebuild()?;
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn rebuild(&self) -> Result<()> {
        self.replica.rebuild()
    }

    /// Compares every row with its document. Slow: for quiet times.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert!(phone.check_record()?.differing.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn check_record(&self) -> Result<RecordCheck> {
        self.replica.check_record()
    }

    /// The health of this replica as a report that can be sent: counts, sizes, versions, ages and codes, and
    /// nothing of what anybody wrote, is called or is named by. Slow, as [`Patient::check_record`] is.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read at all.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let report = phone.health_report()?;
    /// assert_eq!((report.side, report.outbox.and_then(|it| it.oldest_hours)), ("patient", None));
    /// println!("{report}");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn health_report(&self) -> Result<HealthReport> {
        self.replica.health_report()
    }

    /// The same report where [`Patient::open`] failed: versions, sizes of the file at `path`, and why, in a word.
    ///
    /// ```
    /// # use companion_core::{StoreKey, patient::Patient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("p.db");
    /// # let ports = companion_core::ports::testing::offline;
    /// # drop(Patient::open(&path, &StoreKey::new([7; 32]), ports())?);
    /// let why = Patient::open(&path, &StoreKey::new([8; 32]), ports()).unwrap_err();
    /// let report = Patient::report_on_unopened(&path, &why);
    /// assert!(report.to_string().contains("can't be opened (wrong_key_or_first_page)"));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn report_on_unopened(path: &Path, why: &CoreError) -> HealthReport {
        HealthReport::of_unopened(Side::Patient, path, why)
    }

    /// This phone's name in the record that it shares or waits for; before that, in what it keeps to itself.
    fn my_id(&self) -> MemberId {
        let care = self.replica.row_for(Purpose::Care);
        let row = care.or_else(|| self.replica.row_for(Purpose::Private));
        let handle = row.map_or(Handle::SHARED, |row| row.handle);
        self.replica.identity(&handle).member()
    }

    fn server(&self) -> Result<String> {
        self.replica
            .text_setting(SERVER)?
            .ok_or(CoreError::NotPaired)
    }
}

impl std::fmt::Debug for Patient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Patient")
    }
}
