//! What a clinic sets for all its patients, or for one of them alone: rules for reminders, prompts, and questions
//! on use. Read and changed in one way, whatever the kind.

use super::Clinic;
use crate::domain::{
    ClinicWide as _, DocumentId, HeldForAll, HoldsFor, Invalid, Latest, Moment, PromptRules,
    ReminderRules, UseQuestions,
};
use crate::error::{CoreError, Result};
use crate::records::{Newest, Seen, View};

/// What can be set so, and what is said where it can't be kept.
pub trait Settable: HeldForAll<ForAll: Latest> + Latest {
    /// Why it is refused, in the words of the kind.
    fn refused(&self, why: Invalid) -> CoreError {
        CoreError::Invalid(why)
    }
}

impl Settable for PromptRules {}
impl Settable for UseQuestions {}

impl Settable for ReminderRules {
    fn refused(&self, why: Invalid) -> CoreError {
        // A field is named by itself, and a reminder by its name.
        match self.rules() {
            Err(error) if why.name.field == "changes" => CoreError::Reminders(error),
            _ => CoreError::Invalid(why),
        }
    }
}

/// A patient for whom something of their own holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfTheirOwn {
    /// Who.
    pub patient: DocumentId,
    /// What the clinic calls them.
    pub name: String,
    /// What holds for them, for whoever lets those for all count again.
    pub seen: Seen,
}

impl Clinic {
    /// What is set for all patients; `None` while our own counts as it is, and where this version can't read it.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::PromptRules;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// assert!(clinic.held_for_all::<PromptRules>()?.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn held_for_all<T: Settable>(&self) -> Result<Option<T>> {
        let set = self.own.newest::<T::ForAll>()?.or_nothing();
        Ok(set.map(|view| view.content.copy().clone()))
    }

    /// Changes it for all patients, except for those who have their own. What says the same again changes nothing.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] names the field, [`CoreError::Reminders`] the reminder that can't be kept to;
    /// [`NotNow::Newer`](crate::NotNow::Newer) where a newer version set it.
    ///
    /// ```
    /// use companion_core::domain::ReminderRules;
    /// use companion_core::domain::reminder_rules::ReminderChange;
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
    /// clinic.change_for_all::<ReminderRules>("Maya", |rules| rules.changes.push(id, fast))?;
    /// assert_eq!(clinic.held_for::<ReminderRules>(ada)?.unwrap().content.changes.len(), 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn change_for_all<T: Settable>(&self, by: &str, change: impl FnOnce(&mut T)) -> Result<()> {
        let turn = self.take_register_turn();
        let present = self.own.newest::<T::ForAll>()?.or_refuse()?;
        let before = present.as_ref().map(|view| view.content.copy().clone());
        let Some(set) = changed(before, by, self.now(), HoldsFor::All, change)? else {
            return Ok(());
        };
        let set = T::ForAll::of(set);
        match present {
            Some(present) => {
                let edit = |it: &mut T::ForAll| *it = set;
                self.own.edit(present.id, &present.revision, edit)?;
            }
            None => drop(self.own.create(set)?),
        }
        drop(turn);
        // What fails here is said by the next exchange, which tries it again.
        self.raise_what_arrived();
        Ok(())
    }

    /// What this patient's phone has: what holds for all, or for them alone.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn held_for<T: Settable>(&self, patient: DocumentId) -> Result<Option<View<T>>> {
        Ok(self.records_of(patient)?.newest()?.or_nothing())
    }

    /// Changes it for one patient alone. From then on what is set for all leaves theirs as it is. What changes
    /// nothing leaves them what holds for all. `shown` is whom what the person had before them holds for.
    ///
    /// # Errors
    ///
    /// As [`Clinic::change_for_all`]; [`CoreError::ChangedMeanwhile`] where the patient's own was shown, and what holds
    /// for all counts again since; and [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::{HoldsFor, PromptRules};
    /// use companion_core::domain::prompt_rules::PromptChange;
    /// use companion_core::records::Seen;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let off = PromptChange { prompt: "hard".into(), off: true, ..PromptChange::default() };
    /// let id = clinic.new_item();
    /// clinic.change_for::<PromptRules>(ada, &HoldsFor::All, "Maya", |rules| rules.change(id, off))?;
    /// assert_eq!(clinic.patients_apart::<PromptRules>()?[0].name, "Ada");
    /// let own = clinic.held_for::<PromptRules>(ada)?.unwrap().content;
    /// clinic.hold_for_all_again::<PromptRules>(ada, Seen::of(&own), "Maya")?;
    /// assert!(clinic.held_for::<PromptRules>(ada)?.unwrap().content.changes.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn change_for<T: Settable>(
        &self,
        patient: DocumentId,
        shown: &HoldsFor,
        by: &str,
        change: impl FnOnce(&mut T),
    ) -> Result<()> {
        let _turn = self.take_register_turn();
        let records = self.records_of(patient)?;
        let present = records.newest::<T>()?.or_refuse()?;
        let is_own = present
            .as_ref()
            .is_some_and(|view| *view.content.holds_for() == HoldsFor::Patient);
        if *shown == HoldsFor::Patient && !is_own {
            return Err(CoreError::ChangedMeanwhile);
        }
        let before = present.as_ref().map(|view| view.content.clone());
        let Some(set) = changed(before, by, self.now(), HoldsFor::Patient, change)? else {
            return Ok(());
        };
        match present {
            Some(present) => {
                let edit = |it: &mut T| *it = set;
                records.edit(present.id, &present.revision, edit)?;
            }
            None => drop(records.create(set)?),
        }
        Ok(())
    }

    /// The patients who have their own, by name: what changes for all changes nothing for them.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    pub fn patients_apart<T: Settable>(&self) -> Result<Vec<OfTheirOwn>> {
        let mut found = Vec::new();
        for (patient, record) in self.read_register()? {
            if !self.replica.knows(record.care_space) {
                continue;
            }
            let said = self.records_in(record.care_space).newest::<T>()?;
            let seen = match said {
                Newest::Is(said) if *said.content.holds_for() == HoldsFor::Patient => {
                    Seen::of(&said.content)
                }
                // It may be theirs alone.
                Newest::Unreadable { .. } => Seen::of(""),
                Newest::Is(_) | Newest::None => continue,
            };
            let name = record.name;
            found.push(OfTheirOwn {
                patient,
                name,
                seen,
            });
        }
        found.sort_by(|a, b| (&a.name, a.patient).cmp(&(&b.name, b.patient)));
        Ok(found)
    }

    /// Lets what holds for all count for one patient again. `seen` is what the person had before them of the
    /// patient's own; where there is none any more, nothing changes.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`] where the patient's own says something else by now;
    /// [`Missing::Patient`](crate::Missing::Patient); [`NotNow::Newer`](crate::NotNow::Newer).
    pub fn hold_for_all_again<T: Settable>(
        &self,
        patient: DocumentId,
        seen: Seen,
        by: &str,
    ) -> Result<()> {
        let _turn = self.take_register_turn();
        let records = self.records_of(patient)?;
        let Some(present) = records.newest::<T>()?.or_refuse()? else {
            return Ok(());
        };
        if *present.content.holds_for() != HoldsFor::Patient {
            return Ok(());
        }
        seen.must_be(&present.content)?;
        let for_all = self.own.newest::<T::ForAll>()?.or_refuse()?;
        let for_all = for_all.map(|view| view.content.copy().clone());
        let now = self.now();
        let set = for_all.unwrap_or_else(|| T::nothing_set(by, now));
        let edit = |it: &mut T| *it = set;
        records.edit(present.id, &present.revision, edit)?;
        Ok(())
    }
}

/// What stands after a change; `None` where it says nothing else than before.
fn changed<T: Settable>(
    before: Option<T>,
    by: &str,
    now: Moment,
    holds_for: HoldsFor,
    change: impl FnOnce(&mut T),
) -> Result<Option<T>> {
    let mut before = before.unwrap_or_else(|| T::nothing_set(by, now));
    let mut set = before.clone();
    change(&mut set);
    // Whoever says the same again, and when, changes nothing.
    before.sign(holds_for.clone(), by, now);
    set.sign(holds_for, by, now);
    if set == before {
        return Ok(None);
    }
    let checked = set.clone().checked();
    checked.map(Some).map_err(|why| set.refused(why))
}
