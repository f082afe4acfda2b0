//! What a patient allows the clinic to tell somebody outside it: whom, which sections of the record, what for,
//! from when until when.
//!
//! A release is the patient's word. What it first said is never widened: whoever wants more told gives another one.
//! Narrowing it and taking it back are steps that are only added, so of what two phones said apart all counts,
//! and no phone that was away for long brings back what ended. Where the words that it began with stand in two
//! wordings all the same, nothing is told by it.

mod error;
mod standing;
mod terms;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use self::error::ReleaseError;
pub use self::standing::ReleaseStanding;
pub use self::terms::{AtProgrammeEnd, ReleaseTerms};
use super::text::{Named, Problem, named};
use super::trail::Trail;
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, ItemId, Kind, Moment, Placement,
    RecordSections, Shape, Writers, limits, text,
};

const UNTIL: Named = named("until", "the end");
const FROM: Named = named("from", "the beginning");
const AT: Named = named("at", "the time of the release");
const NARROWED: Named = named("narrowed", "steps that narrow it");
const TAKEN_BACK: Named = named("taken_back", "times that it was taken back");
const WORDS: Named = named("taken_back", "why it was taken back");
const AT_END: Named = named(
    "at_programme_end",
    "what becomes of it when the programme ends",
);

/// One release. It lives in the care space: the clinic acts on it, and the patient alone writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// Whom, what, and what for.
    #[serde(flatten)]
    pub terms: ReleaseTerms,
    /// From when on something may be told.
    pub from: Moment,
    /// The programme that it ends with; needed where it ends with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<DocumentId>,
    /// What of the clinic's it answers, if it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<DocumentId>,
    /// How it was narrowed since. All steps count, whatever order they came in.
    #[serde(default)]
    pub narrowed: Trail<Narrowing>,
    /// That it was taken back. The first step ends it for good.
    #[serde(default)]
    pub taken_back: Trail<TakenBack>,
    /// When it was given.
    pub at: Moment,
    /// Whether what it began with is there in two wordings.
    #[serde(skip)]
    pub in_two_wordings: bool,
}

/// One step that leaves less to be told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Narrowing {
    /// Sections that are told no more.
    #[serde(default)]
    pub without: RecordSections,
    /// An earlier end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// When the patient said so.
    pub at: Moment,
}

/// That a release was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TakenBack {
    /// Why, for the clinic, at most 500 characters; may be empty.
    #[serde(default)]
    pub words: String,
    /// When.
    pub at: Moment,
}

impl Release {
    /// A release as it is given.
    pub fn new(terms: ReleaseTerms, from: Moment, at: Moment) -> Self {
        Self {
            terms,
            from,
            programme: None,
            request: None,
            narrowed: Trail::default(),
            taken_back: Trail::default(),
            at,
            in_two_wordings: false,
        }
    }

    /// The sections that may be told: those that it began with, without all that were taken out since.
    pub fn sections(&self) -> RecordSections {
        let steps = self.narrowed.iter();
        steps.fold(self.terms.sections.clone(), |left, (_, step)| {
            left.without(&step.without)
        })
    }

    /// The end: the earliest that was said.
    pub fn until(&self) -> Moment {
        let earlier = self.narrowed.iter().filter_map(|(_, step)| step.until);
        earlier.fold(self.terms.until, |least, until| {
            if until.unix_ms < least.unix_ms {
                until
            } else {
                least
            }
        })
    }

    /// Leaves less to be told from now on.
    ///
    /// # Errors
    ///
    /// [`ReleaseError::NotNarrower`] where that would leave as much, or nothing.
    pub fn narrow(&mut self, id: ItemId, step: Narrowing) -> Result<(), ReleaseError> {
        let (before, until) = (self.sections(), self.until());
        let mut narrowed = self.clone();
        narrowed.narrowed.add(id, step);
        let is_less = narrowed.sections() != before || narrowed.until() != until;
        if !is_less || narrowed.sections().is_empty() {
            return Err(ReleaseError::NotNarrower);
        }
        *self = narrowed;
        Ok(())
    }
}

impl Narrowing {
    fn checked(self) -> Result<Self, Invalid> {
        text::moment(self.at, NARROWED)?;
        if let Some(until) = self.until {
            text::moment(until, UNTIL)?;
        }
        Ok(self)
    }
}

impl TakenBack {
    fn checked(self) -> Result<Self, Invalid> {
        text::moment(self.at, TAKEN_BACK)?;
        let words = text::line(&self.words, WORDS, limits::REASON)?;
        Ok(Self { words, ..self })
    }
}

impl Content for Release {
    const KIND: Kind = Kind::named("release");
    const SHAPE: Shape = Shape::new(&[
        Field::value("provider"),
        Field::value("what"),
        Field::value("contact"),
        Field::value("sections"),
        Field::value("purpose"),
        Field::value("until"),
        Field::value("at_programme_end"),
        Field::value("from"),
        Field::value("programme"),
        Field::value("request"),
        Field::ordered(
            "narrowed",
            &[
                Field::value("without"),
                Field::value("until"),
                Field::value("at"),
            ],
        ),
        Field::ordered("taken_back", &[Field::value("words"), Field::value("at")]),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::ToNone;
    // It asks nobody for anything: whoever is to tell something asks it.
    const TO_BE_SEEN: bool = false;
    const HAS_OWN_VERBS: bool = true;
    /// Whom something is told can be decided when the quiet hours are over; taking back does not wait.
    const HELD_IN_QUIET: bool = true;

    fn checked(self) -> Result<Self, Invalid> {
        let terms = self.terms.checked()?;
        text::moment(self.from, FROM)?;
        if terms.until.unix_ms <= self.from.unix_ms {
            return Err(UNTIL.wrong(Problem::Contradicts {
                how: "is not after the beginning",
            }));
        }
        if terms.at_programme_end == AtProgrammeEnd::Ends && self.programme.is_none() {
            return Err(AT_END.wrong(Problem::Contradicts {
                how: "names no programme that it could end with",
            }));
        }
        text::moment(self.at, AT)?;
        Ok(Self {
            terms,
            narrowed: self.narrowed.checked(NARROWED, Narrowing::checked)?,
            taken_back: self.taken_back.checked(TAKEN_BACK, TakenBack::checked)?,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            about: self.request,
            ..Index::default()
        }
    }

    fn note_apart(&mut self, _field: &str, _wordings: &[String]) {
        self.in_two_wordings = true;
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, at_programme_end| {
            let at = |hours: i64| Moment::utc(1_795_465_113_123 + i64::from(n) + hours * 3_600_000);
            let mut release = Release {
                programme: Some(DocumentId::new([n; 16])),
                request: Some(DocumentId::new([n + 8; 16])),
                ..Release::new(ReleaseTerms::example(n, at_programme_end), at(1), at(0))
            };
            let narrowing = Narrowing {
                without: [super::RecordSection::Costs].into(),
                until: Some(at(2)),
                at: at(0),
            };
            release.narrowed.add(ItemId::new([n; 16]), narrowing);
            let words = format!("We do not work together any more, {n}.");
            let taken_back = TakenBack { words, at: at(3) };
            release.taken_back.add(ItemId::new([n; 16]), taken_back);
            release
        };
        vec![
            example(1, AtProgrammeEnd::Ends),
            example(2, AtProgrammeEnd::GoesOn),
            example(3, AtProgrammeEnd::GoesOn),
        ]
    }
}
