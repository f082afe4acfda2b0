//! Flags: raised once for one event, and taken from step to step by people.

use super::Clinic;
use crate::domain::flag::{FlagAct, FlagSource, FlagStep};
use crate::domain::risk::{Cause, RiskSignal};
use crate::domain::{DocumentId, Flag, ItemId, Ordered};
use crate::error::{NotNow, Result};
use crate::records::{PageSize, Query, View};

/// A flag to raise.
#[derive(Debug, Clone, PartialEq)]
pub struct NewFlag {
    /// What it is about: a response, a request; `None` for the patient as such.
    pub about: Option<DocumentId>,
    /// What raises it.
    pub source: FlagSource,
    /// What there is to see.
    pub words: String,
    /// Who raises it; empty where a rule does.
    pub by: String,
}

impl From<RiskSignal> for NewFlag {
    /// The flag that a signal becomes: in the clinic's words for a rule of its own, else in ours.
    fn from(signal: RiskSignal) -> NewFlag {
        let (source, words) = match signal.cause {
            Cause::HarmItem { item, points } => (
                FlagSource::HarmItem,
                format!(
                    "Item {item} (thoughts of death or of hurting oneself) was answered with {points}."
                ),
            ),
            Cause::HarmItemUnreadable { item } => (
                FlagSource::HarmItem,
                format!(
                    "The answer to item {item} (thoughts of death or of hurting oneself) can't be read here."
                ),
            ),
            Cause::ContactMe => (
                FlagSource::ContactRequest,
                "The patient asked to be contacted.".to_owned(),
            ),
            Cause::ClinicRule { words, .. } => (FlagSource::ClinicRule, words),
        };
        NewFlag {
            about: Some(signal.about),
            source,
            words,
            by: String::new(),
        }
    }
}

impl Clinic {
    /// Raises a flag. For an event that has one already, open or closed, that one is given back: a rule that
    /// is applied again raises nothing twice.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient); [`CoreError::Invalid`](crate::CoreError::Invalid) for words that can't be saved.
    ///
    /// ```
    /// use companion_core::clinic::NewFlag;
    /// use companion_core::domain::flag::{FlagAct, FlagSource};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let flag = clinic.raise_flag(ada, NewFlag {
    ///     about: None,
    ///     source: FlagSource::Person,
    ///     words: "Sounded very low on the phone.".into(),
    ///     by: "Maya".into(),
    /// })?;
    /// assert!(clinic.step_flag(ada, flag.id, FlagAct::Closed, "Sam", "Talked.").is_err());
    /// clinic.step_flag(ada, flag.id, FlagAct::Acknowledged, "Sam", "")?;
    /// let closed = clinic.step_flag(ada, flag.id, FlagAct::Closed, "Sam", "Talked for an hour.")?;
    /// assert!(!closed.content.is_open());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn raise_flag(&self, patient: DocumentId, new: NewFlag) -> Result<View<Flag>> {
        let care_space = self.record(patient)?.content.care_space;
        let records = self.records_in(care_space);
        let flag = Flag {
            patient,
            care_space,
            about: new.about,
            source: new.source,
            words: new.words,
            raised_by: new.by,
            at: self.now(),
            steps: Ordered::default(),
        };
        if let Some(about) = new.about {
            let known = records.page(&Query::<Flag>::about(about).size(PageSize::LARGEST))?;
            let same = |known: &View<Flag>| known.content.is_same_event(&flag);
            if let Some(known) = known.items.into_iter().find(same) {
                return Ok(known);
            }
        }
        records.create(flag)
    }

    /// Takes a step with a flag: acknowledges it, closes it with words for what was done, or opens it again.
    ///
    /// # Errors
    ///
    /// [`NotNow::Flag`] for a step that does not follow from where the flag is;
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for a name or words that can't be saved; as
    /// [`Clinic::get`].
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewFlag, NewPatient};
    /// # use companion_core::domain::flag::{FlagAct, FlagSource};
    /// # use companion_core::{CoreError, NotNow};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let (source, words, by) = (FlagSource::Person, "Please call.".into(), "Maya".into());
    /// # let flag = clinic.raise_flag(ada, NewFlag { about: None, source, words, by })?;
    /// clinic.step_flag(ada, flag.id, FlagAct::Acknowledged, "Maya", "")?;
    /// let twice = clinic.step_flag(ada, flag.id, FlagAct::Acknowledged, "Sam", "");
    /// assert!(matches!(twice, Err(CoreError::NotNow(NotNow::Flag(_)))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn step_flag(
        &self,
        patient: DocumentId,
        flag: DocumentId,
        act: FlagAct,
        by: &str,
        words: &str,
    ) -> Result<View<Flag>> {
        let records = self.records_of(patient)?;
        let view: View<Flag> = records.get(flag)?;
        let step = FlagStep {
            act,
            by: by.to_owned(),
            at: self.now(),
            words: words.to_owned(),
        };
        let mut taken = view.content;
        taken
            .take(ItemId::random(&*self.replica.ports.rng), step)
            .map_err(NotNow::Flag)?;
        records.edit(flag, &view.revision, |it| *it = taken)
    }

    /// The flags of a patient that somebody still has to do something about, newest first.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert!(clinic.open_flags(ada)?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn open_flags(&self, patient: DocumentId) -> Result<Vec<View<Flag>>> {
        let records = self.records_of(patient)?;
        let mut query = Query::<Flag>::all().size(PageSize::LARGEST);
        let mut open = Vec::new();
        loop {
            // The flags of all patients stand in the clinic's one space.
            let page = records.page(&query)?;
            let its = page.items.into_iter();
            open.extend(its.filter(|it| it.content.patient == patient && it.content.is_open()));
            match page.next {
                Some(next) => query = query.after(next),
                None => return Ok(open),
            }
        }
    }
}
