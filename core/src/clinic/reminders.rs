//! A clinic's own rules for reminders: for all its patients, or for one alone.

use super::Clinic;
use super::for_all_or_one::Settable;
use crate::domain::{DocumentId, Invalid, ReminderRules};
use crate::error::{CoreError, Result};
use crate::records::View;

impl Settable for ReminderRules {
    fn refused(&self, why: Invalid) -> CoreError {
        // A field is named by itself, and a reminder by its name.
        match self.rules() {
            Err(error) if why.name.field == "changes" => CoreError::Reminders(error),
            _ => CoreError::Invalid(why),
        }
    }
}

impl Clinic {
    /// The rules for reminders that the clinic set for all its patients; `None` while the default pack counts
    /// as it is.
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
    /// assert!(clinic.reminder_rules()?.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn reminder_rules(&self) -> Result<Option<ReminderRules>> {
        self.held_for_all()
    }

    /// Changes the rules for reminders of all patients, except of those who have rules of their own. What says
    /// the same again changes nothing.
    ///
    /// # Errors
    ///
    /// [`CoreError::Reminders`] names the reminder that can't be kept to, [`CoreError::Invalid`] a field.
    ///
    /// ```
    /// use companion_core::domain::reminder_rules::ReminderChange;
    /// use companion_core::domain::ReminderRules;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let fast = ReminderChange {
    ///     rule: "fasting_food".into(),
    ///     topic: "fasting".into(),
    ///     number: Some(360),
    ///     words: "From now on, nothing to eat.".into(),
    ///     ..ReminderChange::default()
    /// };
    /// let id = clinic.new_item();
    /// clinic.change_reminder_rules("Maya", |rules| rules.changes.push(id, fast))?;
    /// let of_ada: ReminderRules = clinic.reminder_rules_of(ada)?.unwrap().content;
    /// assert_eq!(of_ada.changes.len(), 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn change_reminder_rules(
        &self,
        by: &str,
        change: impl FnOnce(&mut ReminderRules),
    ) -> Result<()> {
        self.change_for_all(by, change)
    }

    /// The rules for reminders that this patient's phone has: those for all, or for them alone; `None` while
    /// the default pack counts as it is.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn reminder_rules_of(&self, patient: DocumentId) -> Result<Option<View<ReminderRules>>> {
        self.held_for(patient)
    }

    /// Changes the rules for reminders of one patient alone. From then on the rules for all leave theirs as
    /// they are. What changes nothing leaves them those for all.
    ///
    /// # Errors
    ///
    /// As [`Clinic::change_reminder_rules`], and [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// clinic.change_reminder_rules_of(ada, "Maya", |rules| rules.per_day = Some(1))?;
    /// clinic.change_reminder_rules("Maya", |rules| rules.per_day = Some(3))?;
    /// let per_day = |ada| Ok::<_, companion_core::CoreError>(clinic.reminder_rules_of(ada)?.unwrap().content.per_day);
    /// assert_eq!(per_day(ada)?, Some(1));
    /// clinic.use_reminder_rules_for_all(ada, "Maya")?;
    /// assert_eq!(per_day(ada)?, Some(3));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn change_reminder_rules_of(
        &self,
        patient: DocumentId,
        by: &str,
        change: impl FnOnce(&mut ReminderRules),
    ) -> Result<()> {
        self.change_for(patient, by, change)
    }

    /// The patients who have reminders of their own, by name: what changes for all changes nothing for them.
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
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// clinic.change_reminder_rules_of(ada, "Maya", |rules| rules.per_day = Some(1))?;
    /// assert_eq!(clinic.patients_with_their_own_reminders()?, [(ada, "Ada".to_owned())]);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn patients_with_their_own_reminders(&self) -> Result<Vec<(DocumentId, String)>> {
        self.patients_apart::<ReminderRules>()
    }

    /// Lets the rules for all count for one patient again.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn use_reminder_rules_for_all(&self, patient: DocumentId, by: &str) -> Result<()> {
        self.hold_for_all_again::<ReminderRules>(patient, by)
    }
}
