//! What stands on top of a digest: what somebody at the clinic still has to deal with, and what was answered
//! about thoughts of death, with what people did about each. Only people close anything.

use super::super::disclosed::Disclosed;
use super::super::flag::{FlagSource, FlagState};
use super::super::measure::{ItemNumber, Points};
use super::super::risk::{Cause, signals};
use super::super::{DocumentId, Flag, Moment, Response};
use super::{Material, is_since};

/// Something that stands on top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// The flag, at the clinic; `None` where none was raised, and on a phone.
    pub flag: Option<DocumentId>,
    /// What it is about: a response, a request; `None` for the patient as such.
    pub about: Option<DocumentId>,
    /// What there is to see.
    pub what: What,
    /// When that was.
    pub when: Moment,
    /// How far people are with it.
    pub handled: Handled,
}

/// What there is to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A flag, by what raised it and in its words.
    Flag {
        /// What raised it.
        source: FlagSource,
        /// Its words; may be empty.
        words: String,
    },
    /// An answer to a question about thoughts of death or of hurting oneself, of which there is no flag here.
    Answer {
        /// The measure, by its short name.
        measure: String,
        /// The question.
        item: ItemNumber,
        /// What the answer counts; `None` for one that can't be read here.
        points: Option<Points>,
    },
}

/// How far people are with something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handled {
    /// No flag was raised for it.
    NoFlag,
    /// Nobody has acknowledged the flag.
    New,
    /// It was closed and opened again, and nobody has acknowledged it since.
    Reopened {
        /// By whom.
        by: String,
        /// When.
        at: Moment,
    },
    /// Somebody takes care of it.
    Acknowledged {
        /// Who.
        by: String,
        /// When.
        at: Moment,
    },
    /// Somebody closed it.
    Closed {
        /// Who.
        by: String,
        /// When.
        at: Moment,
    },
    /// It stays at the clinic, and is not known here.
    NotHere,
}

impl Handled {
    /// Whether a person still has to do something, as far as is known here.
    pub const fn is_open(&self) -> bool {
        !matches!(self, Handled::Closed { .. })
    }
}

/// A flag, as a digest takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagFact {
    /// Which.
    pub flag: DocumentId,
    /// What it is about, by the name that it has now.
    pub about: Option<DocumentId>,
    /// What raised it.
    pub source: FlagSource,
    /// Its words.
    pub words: String,
    /// When the thing was that it is about.
    pub at: Moment,
    /// How far people are with it.
    pub handled: Handled,
}

impl FlagFact {
    /// A flag as it stands. `about` is the present name of what it is about.
    pub fn of(id: DocumentId, flag: &Flag, about: Option<DocumentId>) -> Self {
        let handled = match flag.state() {
            FlagState::New => Handled::New,
            FlagState::Reopened(step) => Handled::Reopened {
                by: step.by.clone(),
                at: step.at,
            },
            FlagState::Acknowledged(step) => Handled::Acknowledged {
                by: step.by.clone(),
                at: step.at,
            },
            FlagState::Closed(step) => Handled::Closed {
                by: step.by.clone(),
                at: step.at,
            },
        };
        Self {
            flag: id,
            about,
            source: flag.source.clone(),
            words: flag.words.clone(),
            at: flag.at,
            handled,
        }
    }
}

/// What a response says about thoughts of death, where that is more than "not at all".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HarmFact {
    /// The measure, by its short name.
    pub measure: String,
    /// The question.
    pub item: ItemNumber,
    /// What the answer counts; `None` for one that can't be read here.
    pub points: Option<Points>,
}

impl HarmFact {
    /// `None` where there is nothing of it to see. Answers that can't be read at all are not among it: the
    /// clinic's node raises a flag for those.
    pub fn of(id: DocumentId, response: &Response) -> Option<Self> {
        let found = signals((id, response), None, &[]).ok()?;
        let instrument = response.instrument().ok()?;
        found.into_iter().find_map(|signal| {
            let (item, points) = match signal.cause {
                Cause::HarmItem { item, points } => (item, Some(points)),
                Cause::HarmItemUnreadable { item } => (item, None),
                Cause::Unreadable { .. } | Cause::ContactMe | Cause::ClinicRule { .. } => {
                    return None;
                }
            };
            let measure = instrument.short_name.to_owned();
            Some(Self {
                measure,
                item,
                points,
            })
        })
    }
}

/// Open ones first, then by when they were.
pub(super) fn concerns(material: &Material, since: Moment) -> Vec<Concern> {
    let is_told = |flag: &&FlagFact| {
        flag.handled.is_open()
            || (flag.source == FlagSource::HarmItem && is_answered_since(material, flag, since))
    };
    let flags = material.flags.iter().flatten().filter(is_told);
    let flagged = flags.map(|flag| Concern {
        flag: Some(flag.flag),
        about: flag.about,
        what: What::Flag {
            source: flag.source.clone(),
            words: flag.words.clone(),
        },
        when: flag.at,
        handled: flag.handled.clone(),
    });
    let answers = material.harm.iter();
    let answered = answers.filter(|one| is_since(one, since) && !has_flag(material, one.id()));
    let answered = answered.map(|one| Concern {
        flag: None,
        about: Some(one.id()),
        what: What::Answer {
            measure: one.content().measure.clone(),
            item: one.content().item,
            points: one.content().points,
        },
        when: one.when(),
        handled: match material.flags {
            Some(_) => Handled::NoFlag,
            None => Handled::NotHere,
        },
    });
    let mut all: Vec<Concern> = flagged.chain(answered).collect();
    all.sort_by_key(|one| (!one.handled.is_open(), one.when, one.flag, one.about));
    all
}

/// Whether what a flag is about was answered since then.
fn is_answered_since(material: &Material, flag: &FlagFact, since: Moment) -> bool {
    let mut answers = material.harm.iter();
    answers.any(|one| Some(one.id()) == flag.about && is_since(one, since))
}

/// Whether there is a flag for an answer, open or closed.
fn has_flag(material: &Material, about: DocumentId) -> bool {
    let mut flags = material.flags.iter().flatten();
    flags.any(|flag| flag.about == Some(about) && flag.source == FlagSource::HarmItem)
}

/// What of disclosed answers is about thoughts of death.
pub(super) fn harm(all: Vec<Disclosed<Response>>) -> Vec<Disclosed<HarmFact>> {
    let told = all.into_iter().filter_map(|one| {
        let id = one.id();
        one.map(|response| HarmFact::of(id, &response)).transpose()
    });
    told.collect()
}
