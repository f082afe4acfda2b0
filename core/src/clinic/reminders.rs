//! A clinic's own rules for reminders: for all its patients, or for one alone.

use super::Clinic;
use super::safety::has_their_own;
use crate::domain::reminder_rules::HoldsFor;
use crate::domain::{ClinicReminderRules, Content as _, DocumentId, Moment, ReminderRules};
use crate::error::{CoreError, Result};
use crate::records::View;

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
        let set = self.own.newest::<ClinicReminderRules>()?.or_nothing();
        Ok(set.map(|view| view.content.0))
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
        let turn = self.take_register_turn();
        let present = self.own.newest::<ClinicReminderRules>()?.or_refuse()?;
        let before = present.as_ref().map(|view| view.content.0.clone());
        let now = self.now();
        let Some(set) = changed(before, by, now, HoldsFor::All, change)? else {
            return Ok(());
        };
        let set = ClinicReminderRules(set);
        match present {
            Some(present) => {
                let edit = |it: &mut ClinicReminderRules| *it = set;
                self.own.edit(present.id, &present.revision, edit)?;
            }
            None => drop(self.own.create(set)?),
        }
        drop(turn);
        // What fails here is said by the next exchange, which tries it again.
        self.raise_what_arrived();
        Ok(())
    }

    /// The rules for reminders that this patient's phone has: those for all, or for them alone; `None` while
    /// the default pack counts as it is.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn reminder_rules_of(&self, patient: DocumentId) -> Result<Option<View<ReminderRules>>> {
        Ok(self.records_of(patient)?.newest()?.or_nothing())
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
        let _turn = self.take_register_turn();
        let records = self.records_of(patient)?;
        let present = records.newest::<ReminderRules>()?.or_refuse()?;
        let before = present.as_ref().map(|view| view.content.clone());
        let Some(set) = changed(before, by, self.now(), HoldsFor::Patient, change)? else {
            return Ok(());
        };
        match present {
            Some(present) => {
                let edit = |it: &mut ReminderRules| *it = set;
                records.edit(present.id, &present.revision, edit)?;
            }
            None => drop(records.create(set)?),
        }
        Ok(())
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
        let mut found = Vec::new();
        for (patient, record) in self.read_register()? {
            if !self.replica.knows(record.care_space) {
                continue;
            }
            let said = self
                .records_in(record.care_space)
                .newest::<ReminderRules>()?;
            if has_their_own(&said) {
                found.push((patient, record.name));
            }
        }
        found.sort_by(|(a, of_a), (b, of_b)| (of_a, a).cmp(&(of_b, b)));
        Ok(found)
    }

    /// Lets the rules for all count for one patient again.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn use_reminder_rules_for_all(&self, patient: DocumentId, by: &str) -> Result<()> {
        let _turn = self.take_register_turn();
        let records = self.records_of(patient)?;
        let Some(present) = records.newest::<ReminderRules>()?.or_refuse()? else {
            return Ok(());
        };
        let for_all = self.own.newest::<ClinicReminderRules>()?.or_refuse()?;
        let for_all = for_all.map(|view| view.content.0);
        let now = self.now();
        let set = for_all.unwrap_or_else(|| ReminderRules::new(by, now));
        let edit = |it: &mut ReminderRules| *it = set;
        records.edit(present.id, &present.revision, edit)?;
        Ok(())
    }
}

/// The rules after a change; `None` where it changes nothing.
fn changed(
    before: Option<ReminderRules>,
    by: &str,
    now: Moment,
    holds_for: HoldsFor,
    change: impl FnOnce(&mut ReminderRules),
) -> Result<Option<ReminderRules>> {
    let before = before.unwrap_or_else(|| ReminderRules::new(by, now));
    let mut set = before.clone();
    change(&mut set);
    if set == before {
        return Ok(None);
    }
    set.holds_for = holds_for;
    if before.says_the_same(&set) {
        return Ok(None);
    }
    (set.by, set.at) = (by.to_owned(), now);
    // A field is named by itself, and a reminder by its name.
    let set = set.clone().checked().map_err(|invalid| match set.rules() {
        Err(error) if invalid.name.field == "changes" => CoreError::Reminders(error),
        _ => CoreError::Invalid(invalid),
    })?;
    Ok(Some(set))
}
