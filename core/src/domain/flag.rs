//! A flag: something about a patient that a person at the clinic has to deal with. New, then
//! acknowledged, then closed, each by a person and each kept; nothing closes one by itself.

use companion_protocol::id::SpaceId;
use serde::{Deserialize, Serialize};

use super::open_word::open_word;
use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, ItemId, Kind, Moment, Ordered, Placement,
    RecordSection, Shape, Writers, limits, text,
};

const SOURCE: Named = named("source", "what raised the flag");
const WORDS: Named = named("words", "the words of the flag");
const RAISED_BY: Named = named("raised_by", "the name of who raised it");
const AT: Named = named("at", "the time of the flag");
const STEPS: Named = named("steps", "steps with one flag");
const STEP: Named = named("steps", "a step");
const STEP_BY: Named = named("steps", "the name of who took a step");
const STEP_WORDS: Named = named("steps", "what was done");
const STEP_AT: Named = named("steps", "the time of a step");

open_word! {
    /// What raised a flag.
    FlagSource {
        /// An answer about thoughts of death or of hurting oneself.
        HarmItem = "harm_item", "an answer about thoughts of death";
        /// The patient asked to be contacted.
        ContactRequest = "contact_request", "the patient asked to be contacted";
        /// A rule of the clinic's own.
        ClinicRule = "clinic_rule", "a rule of the clinic";
        /// Something that this version of the program can't read or score.
        Unreadable = "unreadable", "something that can't be read here";
        /// Somebody at the clinic.
        Person = "person", "somebody at the clinic";
    }
}

open_word! {
    /// A step that somebody took with a flag.
    FlagAct {
        /// They have seen it and take care of it.
        Acknowledged = "acknowledged", "acknowledged";
        /// They are done with it, and said what was done.
        Closed = "closed", "closed";
        /// It is not over.
        Reopened = "reopened", "opened again";
    }
}

/// One step, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagStep {
    /// What it was.
    pub act: FlagAct,
    /// Who, at most 120 characters.
    pub by: String,
    /// When.
    pub at: Moment,
    /// What was done, or why it is opened again: at most 4,000 bytes of UTF-8.
    #[serde(default)]
    pub words: String,
}

/// How far people are with a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagState<'a> {
    /// Nobody has acknowledged it.
    New,
    /// It was closed and is not over: nobody has acknowledged it since.
    Reopened(&'a FlagStep),
    /// Somebody takes care of it.
    Acknowledged(&'a FlagStep),
    /// Somebody closed it.
    Closed(&'a FlagStep),
}

/// Why a step can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlagError {
    /// Somebody acknowledged it already.
    #[error("somebody has acknowledged this flag already")]
    AlreadyAcknowledged,
    /// It has to be acknowledged before it is closed.
    #[error("this flag has to be acknowledged before it is closed")]
    NotAcknowledged,
    /// It is closed.
    #[error("this flag is closed")]
    AlreadyClosed,
    /// Only what was closed can be opened again.
    #[error("this flag is open")]
    NotClosed,
}

/// A flag. It lives in the clinic space: the patient does not see it.
///
/// Its state is told from its steps, which are only ever added. Two nodes that take a step apart both
/// stand in the list; where one closed it and the other opened it again, it is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flag {
    /// The patient in the register.
    pub patient: DocumentId,
    /// The care space of that patient.
    pub care_space: SpaceId,
    /// The document that it is about: a response, a request; `None` for the patient as such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<DocumentId>,
    /// What raised it.
    pub source: FlagSource,
    /// What there is to see, in the words of whoever raised it or of the clinic's rule: at most 4,000
    /// bytes of UTF-8.
    #[serde(default)]
    pub words: String,
    /// Who raised it; empty where a rule did.
    #[serde(default)]
    pub raised_by: String,
    /// When a person raised it. Of one that a rule raised: when the thing was that it is about, by the
    /// patient's clock, so that every node raises the same one.
    pub at: Moment,
    /// What people did, oldest first.
    #[serde(default)]
    pub steps: Ordered<FlagStep>,
}

impl Flag {
    /// How far people are. What does not follow from the step before, as when two people acknowledge it
    /// apart, counts once.
    pub fn state(&self) -> FlagState<'_> {
        let mut state = FlagState::New;
        for (_, step) in self.steps.iter() {
            state = match (&step.act, state) {
                (FlagAct::Acknowledged, FlagState::New | FlagState::Reopened(_)) => {
                    FlagState::Acknowledged(step)
                }
                (FlagAct::Closed, FlagState::Acknowledged(_)) => FlagState::Closed(step),
                (FlagAct::Reopened, FlagState::Closed(_)) => FlagState::Reopened(step),
                (_, state) => state,
            };
        }
        state
    }

    /// Whether somebody still has to do something.
    pub fn is_open(&self) -> bool {
        !matches!(self.state(), FlagState::Closed(_))
    }

    /// Takes a step, whose id must be new.
    ///
    /// # Errors
    ///
    /// The step does not follow from where the flag is; it is then as it was.
    pub fn take(&mut self, id: ItemId, step: FlagStep) -> Result<(), FlagError> {
        match (&step.act, self.state()) {
            (FlagAct::Acknowledged, FlagState::New | FlagState::Reopened(_))
            | (FlagAct::Closed, FlagState::Acknowledged(_))
            | (FlagAct::Reopened, FlagState::Closed(_)) => {}
            (FlagAct::Acknowledged, FlagState::Acknowledged(_)) => {
                return Err(FlagError::AlreadyAcknowledged);
            }
            (FlagAct::Acknowledged | FlagAct::Closed, FlagState::Closed(_)) => {
                return Err(FlagError::AlreadyClosed);
            }
            (FlagAct::Closed, FlagState::New | FlagState::Reopened(_)) => {
                return Err(FlagError::NotAcknowledged);
            }
            // What a step from a newer version does is not known here.
            (FlagAct::Reopened | FlagAct::Other(_), _) => return Err(FlagError::NotClosed),
        }
        self.steps.push(id, step);
        Ok(())
    }

    /// Adds what somebody did besides to a flag that is closed, as a step whose id must be new: two people may
    /// have done something, and only one of them closed it. It stays closed by whoever closed it first.
    ///
    /// # Errors
    ///
    /// [`FlagError::NotClosed`] for one that is open: there the words close it.
    pub fn add_what_was_done(
        &mut self,
        id: ItemId,
        by: String,
        words: String,
        at: Moment,
    ) -> Result<(), FlagError> {
        if self.is_open() {
            return Err(FlagError::NotClosed);
        }
        let act = FlagAct::Closed;
        self.steps.push(id, FlagStep { act, by, at, words });
        Ok(())
    }

    /// Whether two flags about the same subject say the same of it.
    pub fn says_the_same(&self, other: &Flag) -> bool {
        self.patient == other.patient
            && self.about.is_some() == other.about.is_some()
            && self.source == other.source
            && self.words == other.words
    }

    /// Whether two flags are about the same: two nodes that raised one apart raised it once.
    pub fn is_same_event(&self, other: &Flag) -> bool {
        self.about.is_some() && self.about == other.about && self.says_the_same(other)
    }
}

impl FlagStep {
    fn checked(&self) -> Result<Self, Invalid> {
        let act = self.act.checked(STEP)?;
        let by = text::needed_line(&self.by, STEP_BY, limits::NAME)?;
        let words = text::paragraphs(&self.words, STEP_WORDS, limits::NOTE)?;
        if words.is_empty() && act == FlagAct::Closed {
            return Err(STEP_WORDS.wrong(Problem::Empty));
        }
        text::moment(self.at, STEP_AT)?;
        Ok(Self {
            act,
            by,
            words,
            ..self.clone()
        })
    }
}

impl Content for Flag {
    const KIND: Kind = Kind::named("flag");
    const SHAPE: Shape = Shape::new(&[
        Field::value("patient"),
        Field::value("care_space"),
        Field::value("about"),
        Field::value("source"),
        Field::value("words"),
        Field::value("raised_by"),
        Field::value("at"),
        Field::ordered(
            "steps",
            &[
                Field::value("act"),
                Field::value("by"),
                Field::value("at"),
                Field::value("words"),
            ],
        ),
    ]);
    const PLACEMENT: Placement = Placement::Clinic;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::To(RecordSection::Safety);

    fn checked(self) -> Result<Self, Invalid> {
        let source = self.source.checked(SOURCE)?;
        let words = text::paragraphs(&self.words, WORDS, limits::NOTE)?;
        let raised_by = text::line(&self.raised_by, RAISED_BY, limits::NAME)?;
        if raised_by.is_empty() && source == FlagSource::Person {
            return Err(RAISED_BY.wrong(Problem::Empty));
        }
        text::moment(self.at, AT)?;
        if self.steps.len() > limits::FLAG_STEPS {
            return Err(STEPS.wrong(Problem::TooMany {
                limit: limits::FLAG_STEPS,
            }));
        }
        let mut steps = self.steps.clone();
        for (id, step) in self.steps.iter() {
            let checked = step.checked()?;
            if checked != *step {
                steps.update(id, |step| *step = checked);
            }
        }
        Ok(Self {
            source,
            words,
            raised_by,
            steps,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            // A flag that is about nothing else is about the patient.
            about: Some(self.about.unwrap_or(self.patient)),
            state: match self.state() {
                FlagState::New | FlagState::Reopened(_) => "new",
                FlagState::Acknowledged(_) => "acknowledged",
                FlagState::Closed(_) => "closed",
            },
            concerns: Some(self.care_space),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, source| {
            let at = Moment::utc(1_795_465_113_123 + i64::from(n));
            let mut steps = Ordered::default();
            steps.push(
                ItemId::new([n; 16]),
                FlagStep {
                    act: FlagAct::Acknowledged,
                    by: format!("Maya {n}"),
                    at,
                    words: format!("Calling at {n}."),
                },
            );
            Flag {
                patient: DocumentId::new([n; 16]),
                care_space: SpaceId::new([n; 32]),
                about: Some(DocumentId::new([n + 100; 16])),
                source,
                words: format!("Please look {n}."),
                raised_by: format!("Dr. Vega {n}"),
                at,
                steps,
            }
        };
        vec![
            example(1, FlagSource::ContactRequest),
            example(2, FlagSource::HarmItem),
            example(3, FlagSource::Person),
        ]
    }
}

#[cfg(test)]
mod tests;
