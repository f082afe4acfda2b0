//! What a clinic sets for all its patients, or for one of them alone: read and changed in one way, whatever the
//! kind. The verbs for each kind stand in a file of its own.

use super::Clinic;
use crate::domain::{ClinicWide as _, DocumentId, HeldForAll, HoldsFor, Invalid, Latest, Moment};
use crate::error::{CoreError, Result};
use crate::records::{Newest, View};

/// What can be set so, and what is said where it can't be kept.
pub(super) trait Settable: HeldForAll<ForAll: Latest> + Latest {
    /// Why it is refused, in the words of the kind.
    fn refused(&self, why: Invalid) -> CoreError {
        CoreError::Invalid(why)
    }
}

impl Clinic {
    /// What is set for all; `None` while our own counts as it is.
    pub(super) fn held_for_all<T: Settable>(&self) -> Result<Option<T>> {
        let set = self.own.newest::<T::ForAll>()?.or_nothing();
        Ok(set.map(|view| view.content.copy().clone()))
    }

    /// Changes it for all, except for those who have their own. What says the same again changes nothing.
    pub(super) fn change_for_all<T: Settable>(
        &self,
        by: &str,
        change: impl FnOnce(&mut T),
    ) -> Result<()> {
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
    pub(super) fn held_for<T: Settable>(&self, patient: DocumentId) -> Result<Option<View<T>>> {
        Ok(self.records_of(patient)?.newest()?.or_nothing())
    }

    /// Changes it for one patient alone. What changes nothing leaves them what holds for all.
    pub(super) fn change_for<T: Settable>(
        &self,
        patient: DocumentId,
        by: &str,
        change: impl FnOnce(&mut T),
    ) -> Result<()> {
        let _turn = self.take_register_turn();
        let records = self.records_of(patient)?;
        let present = records.newest::<T>()?.or_refuse()?;
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

    /// The patients who have their own, by name.
    pub(super) fn patients_apart<T: Settable>(&self) -> Result<Vec<(DocumentId, String)>> {
        let mut found = Vec::new();
        for (patient, record) in self.read_register()? {
            if !self.replica.knows(record.care_space) {
                continue;
            }
            let said = self.records_in(record.care_space).newest::<T>()?;
            let is_apart = match said {
                Newest::Is(said) => *said.content.holds_for() == HoldsFor::Patient,
                // It may be theirs alone.
                Newest::Unreadable { .. } => true,
                Newest::None => false,
            };
            if is_apart {
                found.push((patient, record.name));
            }
        }
        found.sort_by(|(a, of_a), (b, of_b)| (of_a, a).cmp(&(of_b, b)));
        Ok(found)
    }

    /// Lets what holds for all count for one patient again.
    pub(super) fn hold_for_all_again<T: Settable>(
        &self,
        patient: DocumentId,
        by: &str,
    ) -> Result<()> {
        let _turn = self.take_register_turn();
        let records = self.records_of(patient)?;
        let Some(present) = records.newest::<T>()?.or_refuse()? else {
            return Ok(());
        };
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
