//! What a clinic sets once for all its patients: it stands in the clinic space, and each care space has a copy,
//! which phones read. Here it is read, compared with the copies, and written where they say something else.
//! What may be set, and by which verb, stands with each part of it.

use companion_protocol::id::SpaceId;

use super::Clinic;
use crate::domain::reminder_rules::HoldsFor;
use crate::domain::{
    ClinicMonitoring, ClinicReminderRules, ClinicSupportCard, Content, DocumentId, Monitoring,
    ReminderRules, SupportCard,
};
use crate::error::Result;
use crate::records::{Edit, Records};

impl Clinic {
    /// What is written of it with a register entry whose care space was just founded.
    pub(super) fn edits_of_set_for_all(&self, care: SpaceId) -> Result<Vec<Edit>> {
        let SetForAll {
            monitoring,
            card,
            reminders,
        } = self.set_for_all()?;
        let id = || DocumentId::random(&*self.replica.ports.rng);
        let monitoring = monitoring.map(|set| Edit::new(care, id(), &set));
        let card = card.map(|set| Edit::new(care, id(), &set));
        let reminders = reminders.map(|set| Edit::new(care, id(), &set));
        monitoring
            .into_iter()
            .chain(card)
            .chain(reminders)
            .collect()
    }

    pub(super) fn set_for_all(&self) -> Result<SetForAll> {
        let monitoring = self.own.newest::<ClinicMonitoring>()?;
        let card = self.own.newest::<ClinicSupportCard>()?;
        let reminders = self.own.newest::<ClinicReminderRules>()?;
        Ok(SetForAll {
            monitoring: monitoring.map(|view| view.content.0),
            card: card.map(|view| view.content.0),
            reminders: reminders.map(|view| view.content.0),
        })
    }
}

/// What all patients' phones are to be told.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct SetForAll {
    pub(super) monitoring: Option<Monitoring>,
    pub(super) card: Option<SupportCard>,
    pub(super) reminders: Option<ReminderRules>,
}

impl SetForAll {
    pub(super) fn is_said_in(&self, records: &Records) -> Result<bool> {
        Ok(is_said(records, self.monitoring.as_ref())?
            && is_said(records, self.card.as_ref())?
            && is_said(records, self.reminders_for(records)?)?)
    }

    /// Writes it where it is not said yet. Gives how many documents that took.
    pub(super) fn say_in(&self, records: &Records) -> Result<usize> {
        Ok(say(records, self.monitoring.as_ref())?
            + say(records, self.card.as_ref())?
            + say(records, self.reminders_for(records)?)?)
    }

    /// The rules for reminders, unless there are some for this patient alone.
    fn reminders_for(&self, records: &Records) -> Result<Option<&ReminderRules>> {
        let said = records.newest::<ReminderRules>()?;
        let is_their_own = said.is_some_and(|said| said.content.holds_for == HoldsFor::Patient);
        Ok(self.reminders.as_ref().filter(|_| !is_their_own))
    }
}

/// Whether a record says what was set; where nothing was set there is nothing to say.
fn is_said<T: Content>(records: &Records, set: Option<&T>) -> Result<bool> {
    let Some(set) = set else { return Ok(true) };
    let said = records.newest::<T>()?;
    Ok(said.is_some_and(|said| said.content == *set))
}

fn say<T: Content>(records: &Records, set: Option<&T>) -> Result<usize> {
    let Some(set) = set else { return Ok(0) };
    match records.newest::<T>()? {
        Some(said) if said.content == *set => return Ok(0),
        Some(said) => {
            let edit = |it: &mut T| it.clone_from(set);
            records.edit(said.id, &said.revision, edit)?;
        }
        None => drop(records.create(set.clone())?),
    }
    Ok(1)
}
