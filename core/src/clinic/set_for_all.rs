//! What a clinic sets once for all its patients: it stands in the clinic space, and each care space has a copy,
//! which phones read. Here it is read, compared with the copies, and written where they say something else.
//! What may be set, and by which verb, stands with each part of it.

use companion_protocol::id::SpaceId;

use super::Clinic;
use crate::domain::{
    ClinicMonitoring, ClinicPromptRules, ClinicReminderRules, ClinicSupportCard, ClinicWide,
    Content, DocumentId, HeldForAll, HoldsFor, Monitoring, PromptRules, ReminderRules, SupportCard,
};
use crate::error::Result;
use crate::ports::Rng;
use crate::records::{Edit, Records, View};

/// What all patients' phones are to be told.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct SetForAll {
    pub(super) monitoring: Option<Monitoring>,
    pub(super) card: Option<SupportCard>,
    reminders: Option<ReminderRules>,
    prompts: Option<PromptRules>,
}

impl Clinic {
    pub(super) fn set_for_all(&self) -> Result<SetForAll> {
        Ok(SetForAll {
            monitoring: self.one_for_all::<ClinicMonitoring>()?,
            card: self.one_for_all::<ClinicSupportCard>()?,
            reminders: self.one_for_all::<ClinicReminderRules>()?,
            prompts: self.one_for_all::<ClinicPromptRules>()?,
        })
    }

    /// What stands for all of a kind of which there is one.
    fn one_for_all<T: ClinicWide>(&self) -> Result<Option<T::Copy>> {
        let set = self.own.newest::<T>()?;
        Ok(set.map(|view| view.content.copy().clone()))
    }

    /// What is written of it with a register entry whose care space was just founded.
    pub(super) fn edits_of_set_for_all(&self, care: SpaceId) -> Result<Vec<Edit>> {
        let mut founding = Founding {
            care,
            rng: &*self.replica.ports.rng,
            edits: Vec::new(),
        };
        self.set_for_all()?.each(&mut founding)?;
        Ok(founding.edits)
    }
}

impl SetForAll {
    /// Does something with each part that is set.
    fn each(&self, act: &mut impl Act) -> Result<()> {
        if let Some(set) = &self.monitoring {
            act.on(set)?;
        }
        if let Some(set) = &self.card {
            act.on(set)?;
        }
        if let Some(set) = &self.reminders {
            act.on(set)?;
        }
        if let Some(set) = &self.prompts {
            act.on(set)?;
        }
        Ok(())
    }

    /// Whether a record says all of it.
    pub(super) fn is_said_in(&self, records: &Records) -> Result<bool> {
        let mut compared = Comparing {
            records,
            is_said: true,
        };
        self.each(&mut compared)?;
        Ok(compared.is_said)
    }

    /// Writes it where it is not said yet. Gives how many documents that took.
    pub(super) fn say_in(&self, records: &Records) -> Result<usize> {
        let mut saying = Saying {
            records,
            written: 0,
        };
        self.each(&mut saying)?;
        Ok(saying.written)
    }
}

/// Something of which each care space has a copy.
trait Copied: Content {
    /// Whether that copy stays as it is, whatever is set for all.
    fn is_one_patients_own(&self) -> bool {
        false
    }

    /// What a record says of it now.
    fn said_in(&self, records: &Records) -> Result<Option<View<Self>>> {
        records.newest()
    }
}

impl Copied for Monitoring {}
impl Copied for SupportCard {}

impl Copied for ReminderRules {
    fn is_one_patients_own(&self) -> bool {
        is_one_patients_own(self)
    }
}

impl Copied for PromptRules {
    fn is_one_patients_own(&self) -> bool {
        is_one_patients_own(self)
    }
}

fn is_one_patients_own(set: &impl HeldForAll) -> bool {
    *set.holds_for() == HoldsFor::Patient
}

/// Something to do with each part, whatever its kind.
trait Act {
    fn on<T: Copied>(&mut self, set: &T) -> Result<()>;
}

struct Founding<'a> {
    care: SpaceId,
    rng: &'a dyn Rng,
    edits: Vec<Edit>,
}

impl Act for Founding<'_> {
    fn on<T: Copied>(&mut self, set: &T) -> Result<()> {
        let id = DocumentId::random(self.rng);
        self.edits.push(Edit::new(self.care, id, set)?);
        Ok(())
    }
}

struct Comparing<'a> {
    records: &'a Records,
    is_said: bool,
}

impl Act for Comparing<'_> {
    fn on<T: Copied>(&mut self, set: &T) -> Result<()> {
        if self.is_said {
            let said = set.said_in(self.records)?.map(|view| view.content);
            self.is_said = said.is_some_and(|said| said == *set || said.is_one_patients_own());
        }
        Ok(())
    }
}

struct Saying<'a> {
    records: &'a Records,
    written: usize,
}

impl Act for Saying<'_> {
    fn on<T: Copied>(&mut self, set: &T) -> Result<()> {
        match set.said_in(self.records)? {
            Some(said) if said.content == *set || said.content.is_one_patients_own() => {
                return Ok(());
            }
            Some(said) => {
                let edit = |it: &mut T| it.clone_from(set);
                self.records.edit(said.id, &said.revision, edit)?;
            }
            None => drop(self.records.create(set.clone())?),
        }
        self.written += 1;
        Ok(())
    }
}
