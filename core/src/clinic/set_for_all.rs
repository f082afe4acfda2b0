//! What a clinic sets once for all its patients: it stands in the clinic space, and each care space has a copy,
//! which phones read. Here it is read, compared with the copies, and written where they say something else.
//! What may be set, and by which verb, stands with each part of it.

use companion_protocol::id::SpaceId;

use super::Clinic;
use super::guides::are_of_one_place;
use crate::domain::{
    ClinicGuideSlot, ClinicGuideText, ClinicMonitoring, ClinicPeople, ClinicPromptRules,
    ClinicReleaseRules, ClinicReminderRules, ClinicSupportCard, ClinicUseQuestions, ClinicWide,
    Content, DocumentId, GuideSlot, GuideText, HeldForAll, HoldsFor, Latest, Monitoring, People,
    PromptRules, ReleaseRules, ReminderRules, SupportCard, UseQuestions,
};
use crate::error::Result;
use crate::ports::Rng;
use crate::records::{Edit, Newest, Records, View};

/// What all patients' phones are to be told.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct SetForAll {
    pub(super) monitoring: Option<Monitoring>,
    pub(super) card: Option<SupportCard>,
    reminders: Option<ReminderRules>,
    prompts: Option<PromptRules>,
    questions: Option<UseQuestions>,
    people: Option<People>,
    releases: Option<ReleaseRules>,
    texts: Vec<GuideText>,
    rules: Vec<GuideSlot>,
}

impl Clinic {
    pub(super) fn set_for_all(&self) -> Result<SetForAll> {
        Ok(SetForAll {
            monitoring: self.one_for_all::<ClinicMonitoring>()?,
            card: self.one_for_all::<ClinicSupportCard>()?,
            reminders: self.one_for_all::<ClinicReminderRules>()?,
            prompts: self.one_for_all::<ClinicPromptRules>()?,
            questions: self.one_for_all::<ClinicUseQuestions>()?,
            people: self.one_for_all::<ClinicPeople>()?,
            releases: self.one_for_all::<ClinicReleaseRules>()?,
            texts: self.newest_of_each::<ClinicGuideText>()?,
            rules: self.newest_of_each::<ClinicGuideSlot>()?,
        })
    }

    /// What stands for all of a kind of which there is one.
    fn one_for_all<T: ClinicWide + Latest>(&self) -> Result<Option<T::Copy>> {
        // What can't be read here is said by a node that can.
        let set = self.own.newest::<T>()?.or_nothing();
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
    /// Does something with each kind of which something is set.
    fn each(&self, act: &mut impl Act) -> Result<()> {
        act.on(self.monitoring.as_slice())?;
        act.on(self.card.as_slice())?;
        act.on(self.reminders.as_slice())?;
        act.on(self.prompts.as_slice())?;
        act.on(self.questions.as_slice())?;
        act.on(self.people.as_slice())?;
        act.on(self.releases.as_slice())?;
        act.on(&self.texts)?;
        act.on(&self.rules)
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
    /// Whether a copy that this version can't read may be one patient's own.
    const MAY_BE_ONES_OWN: bool = false;

    /// Whether that copy stays as it is, whatever is set for all.
    fn is_one_patients_own(&self) -> bool {
        false
    }

    /// What a record says of it now; `None` where this version can't read that.
    fn said_in(records: &Records) -> Result<Option<Vec<View<Self>>>>;

    /// Whether this is the copy of what was set.
    fn is_copy_of(&self, _set: &Self) -> bool {
        true
    }
}

/// What is set for all patients alike.
macro_rules! one_for_all {
    ($($kind:ident),*) => {$(
        impl Copied for $kind {
            fn said_in(records: &Records) -> Result<Option<Vec<View<Self>>>> {
                newest_in(records)
            }
        }
    )*};
}
one_for_all!(Monitoring, SupportCard, People, ReleaseRules);

/// Of most kinds one document counts.
fn newest_in<T: Latest>(records: &Records) -> Result<Option<Vec<View<T>>>> {
    Ok(match records.newest()? {
        Newest::Is(said) => Some(vec![said]),
        Newest::None => Some(Vec::new()),
        Newest::Unreadable { .. } => None,
    })
}

/// What may be set for one patient alone.
macro_rules! for_all_or_one {
    ($($kind:ident),*) => {$(
        impl Copied for $kind {
            const MAY_BE_ONES_OWN: bool = true;

            fn is_one_patients_own(&self) -> bool {
                *self.holds_for() == HoldsFor::Patient
            }

            fn said_in(records: &Records) -> Result<Option<Vec<View<Self>>>> {
                newest_in(records)
            }
        }
    )*};
}
for_all_or_one!(ReminderRules, PromptRules, UseQuestions);

/// What has a document for each thing and language.
macro_rules! one_for_each {
    ($($kind:ident),*) => {$(
        impl Copied for $kind {
            fn said_in(records: &Records) -> Result<Option<Vec<View<Self>>>> {
                records.all().map(Some)
            }

            fn is_copy_of(&self, set: &Self) -> bool {
                are_of_one_place(self, set)
            }
        }
    )*};
}
one_for_each!(GuideText, GuideSlot);

/// Something to do with all that is set of one kind.
trait Act {
    fn on<T: Copied>(&mut self, set: &[T]) -> Result<()>;
}

struct Founding<'a> {
    care: SpaceId,
    rng: &'a dyn Rng,
    edits: Vec<Edit>,
}

impl Act for Founding<'_> {
    fn on<T: Copied>(&mut self, set: &[T]) -> Result<()> {
        for set in set {
            let id = DocumentId::random(self.rng);
            self.edits.push(Edit::new(self.care, id, set)?);
        }
        Ok(())
    }
}

struct Comparing<'a> {
    records: &'a Records,
    is_said: bool,
}

impl Act for Comparing<'_> {
    fn on<T: Copied>(&mut self, set: &[T]) -> Result<()> {
        if set.is_empty() || !self.is_said {
            return Ok(());
        }
        let Some(said) = T::said_in(self.records)? else {
            self.is_said = T::MAY_BE_ONES_OWN;
            return Ok(());
        };
        self.is_said = set.iter().all(|set| {
            let said = said.iter().map(|view| &view.content);
            let said = said.into_iter().find(|said| said.is_copy_of(set));
            said.is_some_and(|said| said == set || said.is_one_patients_own())
        });
        Ok(())
    }
}

struct Saying<'a> {
    records: &'a Records,
    written: usize,
}

impl Act for Saying<'_> {
    fn on<T: Copied>(&mut self, set: &[T]) -> Result<()> {
        if set.is_empty() {
            return Ok(());
        }
        let Some(said) = T::said_in(self.records)? else {
            // A newer node said something there: nobody writes over what they can't see.
            return Ok(());
        };
        for set in set {
            match said.iter().find(|said| said.content.is_copy_of(set)) {
                Some(said) if said.content == *set || said.content.is_one_patients_own() => {
                    continue;
                }
                Some(said) => {
                    let edit = |it: &mut T| it.clone_from(set);
                    self.records.edit(said.id, &said.revision, edit)?;
                }
                None => drop(self.records.create(set.clone())?),
            }
            self.written += 1;
        }
        Ok(())
    }
}
