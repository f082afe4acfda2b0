//! Flags: raised once for one event, and taken from step to step by people.

mod anew;
mod request;

pub use request::Answered;

use companion_protocol::id::SpaceId;
use sha2::{Digest as _, Sha256};

use super::{Clinic, OpenFlag};
use crate::domain::flag::{FlagAct, FlagSource, FlagState, FlagStep};
use crate::domain::risk::{Cause, RiskSignal};
use crate::domain::{Content as _, DocumentId, Flag, ItemId, Moment, Ordered, Purpose};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::records::{Begins, Edit, PageSize, Query, Seen, View};

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
    /// When the thing was that it is about, by the patient's clock; `None` where a person raises it.
    pub at: Option<Moment>,
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
            Cause::Unreadable { measure, version } => (
                FlagSource::Unreadable,
                format!(
                    "Answers to the measure {} (version {version}) can't be read or scored here. Ask the \
                     patient what they answered, and bring this program up to date.",
                    plain_word(measure.as_str())
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
            at: Some(signal.at),
        }
    }
}

/// A word of another version's, fit to stand in a sentence: it may hold anything.
pub(super) fn plain_word(word: &str) -> String {
    let plain = |letter: &char| letter.is_ascii_alphanumeric() || "-_".contains(*letter);
    let kept: String = word.chars().filter(plain).take(40).collect();
    if kept.is_empty() {
        "without a name".to_owned()
    } else {
        kept
    }
}

/// Names a flag after all that it says when it is raised: every node that raises it for the same event writes
/// the same document, in the same change.
fn event_id(flag: &Flag) -> DocumentId {
    let mut digest = Sha256::new();
    digest.update(b"kap flag of an event\0");
    digest.update(flag.patient.as_bytes());
    digest.update(flag.care_space.as_bytes());
    if let Some(about) = flag.about {
        digest.update(about.as_bytes());
    }
    let at = flag.at.to_string();
    for part in [flag.source.as_str(), &flag.words, &at] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let digest: [u8; 32] = digest.finalize().into();
    let first = digest.first_chunk().copied().unwrap_or_default();
    DocumentId::new(first)
}

/// A flag that stands now.
pub(super) struct Raised {
    pub(super) id: DocumentId,
    pub(super) is_new: bool,
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
    /// use companion_core::records::Seen;
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
    ///     at: None,
    /// })?;
    /// let seen = Seen::of(&flag.content.steps);
    /// assert!(clinic.step_flag(ada, flag.id, seen, FlagAct::Closed, "Sam", "Talked.").is_err());
    /// let flag = clinic.step_flag(ada, flag.id, seen, FlagAct::Acknowledged, "Sam", "")?;
    /// let seen = Seen::of(&flag.content.steps);
    /// let closed = clinic.step_flag(ada, flag.id, seen, FlagAct::Closed, "Sam", "Talked for an hour.")?;
    /// assert!(!closed.content.is_open());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn raise_flag(&self, patient: DocumentId, new: NewFlag) -> Result<View<Flag>> {
        let care_space = self.record(patient)?.content.care_space;
        let raised = self.raise(patient, care_space, new)?;
        self.own.get(raised.id)
    }

    /// The same, for whoever knows the care space. Says whether it was raised just now.
    pub(super) fn raise(
        &self,
        patient: DocumentId,
        care_space: SpaceId,
        new: NewFlag,
    ) -> Result<Raised> {
        let flag = Flag {
            patient,
            care_space,
            about: new.about,
            source: new.source,
            words: new.words,
            raised_by: new.by,
            at: new.at.unwrap_or_else(|| self.now()),
            steps: Ordered::default(),
        }
        .checked()?;
        if new.at.is_none() && flag.about.is_none() {
            let id = self.own.create(flag)?.id;
            return Ok(Raised { id, is_new: true });
        }
        self.raise_event(flag)
    }

    /// Raises a flag for an event, unless there is one of that event. What was closed is over: where it was answered
    /// anew since, that is another event.
    fn raise_event(&self, mut flag: Flag) -> Result<Raised> {
        // Under all the names that the subject had: what was withdrawn and shared again says the same again.
        let known =
            Query::<Flag>::about(flag.about.unwrap_or(flag.patient)).size(PageSize::LARGEST);
        let known = self.own.page(&known)?.items.into_iter();
        let same: Vec<View<Flag>> = known
            .filter(|known| known.content.says_the_same(&flag))
            .collect();
        let known = |view: &View<Flag>| Raised {
            id: view.id,
            is_new: false,
        };
        if let Some(open) = same.iter().find(|view| view.content.is_open()) {
            return Ok(known(open));
        }
        let closed = same
            .iter()
            .filter_map(|view| Some((anew::closed_at(&view.content)?, view)));
        if let Some((at, view)) = closed.max_by_key(|(at, _)| *at) {
            let about = flag.about.unwrap_or(flag.patient);
            if !self.was_answered_since((&view.content, about), at)? {
                return Ok(known(view));
            }
            flag.at = self.now();
        }
        let id = event_id(&flag);
        let clinic = self.own.writable_space(Purpose::Clinic)?;
        match self.replica.store.read(|r| r.item(id))? {
            None => {}
            Some(there) if there.space == clinic => return Ok(Raised { id, is_new: false }),
            // Somebody wrote a document of that name elsewhere: it keeps nobody from being seen.
            Some(_) => {
                let id = self.own.create(flag)?.id;
                return Ok(Raised { id, is_new: true });
            }
        }
        let edit = Edit {
            begins: Begins::Repeatable,
            ..Edit::new(clinic, id, &flag)?
        };
        match self.replica.commit(&[edit]) {
            Ok(()) => Ok(Raised { id, is_new: true }),
            // Somebody raised it at the same moment.
            Err(CoreError::NotNow(NotNow::Contended))
                if self.replica.store.read(|r| r.item(id))?.is_some() =>
            {
                Ok(Raised { id, is_new: false })
            }
            Err(error) => Err(error),
        }
    }

    /// Takes a step with a flag: acknowledges it, closes it with words for what was done, or opens it again. `seen` are
    /// the steps that the person had before them: nobody closes what somebody opened again with words that they have
    /// not read.
    ///
    /// # Errors
    ///
    /// [`NotNow::Flag`] for a step that does not follow from where the flag is;
    /// [`CoreError::ChangedMeanwhile`] where somebody took steps meanwhile;
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for a name or words that can't be saved; as
    /// [`Clinic::get`].
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewFlag, NewPatient};
    /// # use companion_core::domain::flag::{FlagAct, FlagSource};
    /// # use companion_core::records::Seen;
    /// # use companion_core::{CoreError, NotNow};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let (source, words, by) = (FlagSource::Person, "Please call.".into(), "Maya".into());
    /// # let flag = clinic.raise_flag(ada, NewFlag { about: None, source, words, by, at: None })?;
    /// let seen = Seen::of(&flag.content.steps);
    /// clinic.step_flag(ada, flag.id, seen, FlagAct::Acknowledged, "Maya", "")?;
    /// let twice = clinic.step_flag(ada, flag.id, seen, FlagAct::Acknowledged, "Sam", "");
    /// assert!(matches!(twice, Err(CoreError::NotNow(NotNow::Flag(_)))));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn step_flag(
        &self,
        patient: DocumentId,
        flag: DocumentId,
        seen: Seen,
        act: FlagAct,
        by: &str,
        words: &str,
    ) -> Result<View<Flag>> {
        let step = FlagStep {
            act,
            by: by.to_owned(),
            at: self.now(),
            words: words.to_owned(),
        };
        self.change_flag(patient, flag, |flag, id| {
            let before = flag.steps.clone();
            flag.take(id, step).map_err(NotNow::Flag)?;
            seen.must_be(&before)
        })
    }

    /// Adds what somebody did besides to a flag that somebody else closed meanwhile. It stays closed.
    ///
    /// # Errors
    ///
    /// [`NotNow::Flag`] for a flag that is open; [`CoreError::Invalid`](crate::CoreError::Invalid) for a name or
    /// words that can't be saved; as [`Clinic::get`].
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewFlag, NewPatient};
    /// # use companion_core::domain::flag::{FlagAct, FlagSource};
    /// # use companion_core::records::Seen;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let (source, words, by) = (FlagSource::Person, "Please call.".into(), "Maya".into());
    /// # let flag = clinic.raise_flag(ada, NewFlag { about: None, source, words, by, at: None })?;
    /// # let seen = Seen::of(&flag.content.steps);
    /// # let flag = clinic.step_flag(ada, flag.id, seen, FlagAct::Acknowledged, "Maya", "")?;
    /// let seen = Seen::of(&flag.content.steps);
    /// clinic.step_flag(ada, flag.id, seen, FlagAct::Closed, "Maya", "She is with her sister.")?;
    /// let flag = clinic.add_to_closed_flag(ada, flag.id, "Sam", "I told her sister, too.")?;
    /// assert!(!flag.content.is_open() && flag.content.steps.len() == 3);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn add_to_closed_flag(
        &self,
        patient: DocumentId,
        flag: DocumentId,
        by: &str,
        words: &str,
    ) -> Result<View<Flag>> {
        let (by, words, at) = (by.to_owned(), words.to_owned(), self.now());
        self.change_flag(patient, flag, |flag, id| {
            Ok(flag
                .add_what_was_done(id, by, words, at)
                .map_err(NotNow::Flag)?)
        })
    }

    fn change_flag(
        &self,
        patient: DocumentId,
        flag: DocumentId,
        change: impl FnOnce(&mut Flag, ItemId) -> Result<()>,
    ) -> Result<View<Flag>> {
        // Two who close it at once must not both be told that they did.
        let _turn = self.take_register_turn();
        let records = self.records_of(patient)?;
        let view: View<Flag> = records.get(flag)?;
        if view.content.patient != patient {
            return Err(CoreError::NotFound(Missing::Document));
        }
        let mut changed = view.content;
        let id = ItemId::random(&*self.replica.ports.rng);
        change(&mut changed, id)?;
        records.edit(flag, &view.revision, |it| *it = changed)
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
        let mut open = self.flags(patient)?;
        open.retain(|flag| flag.content.is_open());
        Ok(open)
    }

    /// All flags of a patient, the closed ones among them, newest first.
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
    /// assert!(clinic.flags(ada)?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn flags(&self, patient: DocumentId) -> Result<Vec<View<Flag>>> {
        self.record(patient)?;
        // The flags of all patients stand in the clinic's one space.
        let mut flags = self.own.all::<Flag>()?;
        flags.retain(|flag| flag.content.patient == patient);
        Ok(flags)
    }

    /// When a flag came to this node, milliseconds since 1970 UTC by its clock: right after the exchange that
    /// brought what it is about. After a restore it is when the flag came back.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewFlag, NewPatient};
    /// # use companion_core::domain::flag::FlagSource;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let (source, words, by) = (FlagSource::Person, "Please call.".into(), "Maya".into());
    /// let flag = clinic.raise_flag(ada, NewFlag { about: None, source, words, by, at: None })?;
    /// assert_eq!(clinic.flag_since_ms(&flag)?, clinic.now().unix_ms);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn flag_since_ms(&self, flag: &View<Flag>) -> Result<i64> {
        let clinic = self.own.writable_space(Purpose::Clinic)?;
        let first = self
            .replica
            .store
            .read(|r| r.first_received(clinic, flag.id))?;
        Ok(first.unwrap_or(flag.received_ms))
    }

    /// The flags of one care space that are not closed, as the caseload shows them.
    pub(super) fn open_flags_of(&self, care: SpaceId) -> Result<Vec<OpenFlag>> {
        let mut open = Vec::new();
        for state in ["new", "acknowledged"] {
            let flags = self.own.every(&Query::<Flag>::all().in_state(state))?;
            let its = flags.iter();
            for flag in its.filter(|flag| flag.content.care_space == care) {
                open.push(self.open_flag(flag)?);
            }
        }
        open.sort_by_key(|flag| (flag.acknowledged_by.is_some(), flag.since_ms, flag.id));
        Ok(open)
    }

    fn open_flag(&self, flag: &View<Flag>) -> Result<OpenFlag> {
        let Flag { source, words, .. } = &flag.content;
        let request = self.request_of(&flag.content)?;
        Ok(OpenFlag {
            id: flag.id,
            source: source.clone(),
            words: words.clone(),
            since_ms: self.flag_since_ms(flag)?,
            acknowledged_by: match flag.content.state() {
                FlagState::Acknowledged(step) => Some(step.by.clone()),
                FlagState::New | FlagState::Reopened(_) | FlagState::Closed(_) => None,
            },
            is_taken_back: request
                .as_ref()
                .is_some_and(|it| it.taken_back_at.is_some()),
            request_words: request.map(|it| it.first_line()).unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests;
