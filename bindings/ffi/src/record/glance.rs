//! What the clinic reads at a glance of what was shared.

use companion_core::domain::DocumentId;
use companion_core::domain::digest::{
    Coming, Concern, Digest, Line, MoodMovement, ScoreMovement, Section, Silence, What, Why,
};
use companion_core::domain::disclosed::Doubts;
use companion_core::domain::session_preparation::StillOpen;
use companion_core::patient::AtAGlance;

use super::PhoneRecord;
use super::programme::MissingFirst;
use crate::cross::{Back as _, Cross, choice, view};
use crate::error::Result;
use crate::kinds::CommitmentBecame;
use crate::values::{LocalMoment, MoodScale};

choice! {
    /// A part of what is read at a glance, in its order.
    GlancePart of Section {
        /// What somebody has to deal with, and what was answered about thoughts of death.
        Safety,
        /// The next session.
        NextSession,
        /// What the person wants to talk about.
        ToTalkAbout,
        /// What is new or was changed.
        Changed,
        /// What was left undone.
        LeftUndone,
        /// How check-ins moved.
        Moods,
        /// How questionnaires moved.
        Totals,
        /// That nothing came.
        Silence,
    }
}

/// The rule by which a part is made: show it beside it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GlanceRule {
    /// The part.
    pub part: GlancePart,
    /// Its rule in plain English.
    pub rule: String,
}

/// Why a line stands there.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum GlanceWhy {
    /// The person wants to talk about it.
    WantsToTalk,
    /// It is new.
    New,
    /// It was changed.
    Edited {
        /// When.
        at: LocalMoment,
    },
    /// Its day has come, and nobody has said what became of it.
    NothingSaid,
    /// This became of it.
    BecameThis {
        /// What.
        became: CommitmentBecame,
    },
}

impl Cross<Why> for GlanceWhy {
    fn out(core: Why) -> Self {
        match core {
            Why::WantsToTalk => GlanceWhy::WantsToTalk,
            Why::New => GlanceWhy::New,
            Why::Edited { at } => GlanceWhy::Edited { at: Cross::out(at) },
            Why::NothingSaid => GlanceWhy::NothingSaid,
            Why::Became(became) => GlanceWhy::BecameThis {
                became: Cross::out(became),
            },
        }
    }
}

view! {
    /// What is to be doubted of a line.
    GlanceDoubts of Doubts {
        /// Whether a text of it was written in two places apart.
        in_two_wordings: bool,
        /// Whether its writer's clock was ahead: when it was is not known.
        clock_ahead: bool,
    }
}

view! {
    /// One thing, to open.
    GlanceLine of Line {
        /// The document.
        id: DocumentId,
        /// What it is, as `kind()` of its list names it.
        kind: String,
        /// Its title or first line, at most 120 characters.
        words: String,
        /// When it happened.
        when: LocalMoment,
        /// When it came, where that is more than a day after it was written or last changed.
        came_late: Option<LocalMoment>,
        /// Why it stands there.
        why: GlanceWhy,
        /// What is to be doubted of it.
        doubts: GlanceDoubts,
    }
}

/// Something that stands on top. What the clinic does about it stays there, and is not known on this phone.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GlanceConcern {
    /// The document that it is about.
    pub about: Option<DocumentId>,
    /// What it is, in plain English where it is no answer.
    pub words: String,
    /// The questionnaire, by its name, where it is an answer.
    pub measure: Option<String>,
    /// The question, by its number.
    pub question: Option<u8>,
    /// What was answered; nothing where it can't be read here.
    pub points: Option<u8>,
    /// When.
    pub when: LocalMoment,
}

impl Cross<Concern> for GlanceConcern {
    fn out(core: Concern) -> Self {
        let Concern {
            flag: _,
            about,
            what,
            when,
            handled: _,
        } = core;
        let when = Cross::out(when);
        match what {
            What::Flag { source, words } => Self {
                about,
                words: match words.is_empty() {
                    true => source.label().to_owned(),
                    false => words,
                },
                measure: None,
                question: None,
                points: None,
                when,
            },
            What::Answer {
                measure,
                item,
                points,
            } => Self {
                about,
                words: String::new(),
                measure: Some(measure),
                question: Some(item.number()),
                points: points.map(|points| points.0),
                when,
            },
        }
    }
}

/// The next session, with what is open before it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GlanceSession {
    /// Its document.
    pub session: DocumentId,
    /// Its number.
    pub number: u32,
    /// When it begins.
    pub at: LocalMoment,
    /// The first thing that is missing before it may take place.
    pub missing_first: Option<MissingFirst>,
    /// Who leads it; empty where nobody is named.
    pub therapist: String,
    /// Who is there for the medicine; empty where nobody is named.
    pub medical_provider: String,
    /// Who is not named, in plain English.
    pub not_named: Vec<String>,
    /// Whether they want eyeshades; nothing where they have not said.
    pub eyeshades: Option<bool>,
    /// Whether they want music; nothing where they have not said.
    pub music: Option<bool>,
    /// Whether a ride home is named; where it is not, that is open.
    pub ride_is_named: bool,
    /// Whether the ride home is confirmed.
    pub ride_is_confirmed: bool,
    /// Things of the list that are open, in plain English.
    pub open: Vec<String>,
}

impl Cross<Coming> for GlanceSession {
    fn out(core: Coming) -> Self {
        let Coming {
            session,
            number,
            at,
            closed,
            therapist,
            medical_provider,
            not_named,
            eyeshades,
            music,
            open,
        } = core;
        let items = open.iter().filter_map(|open| match open {
            StillOpen::Item(item) => Some(item.label().to_owned()),
            StillOpen::NoRide | StillOpen::RideNotConfirmed => None,
        });
        let ride_is_named = !open.contains(&StillOpen::NoRide);
        Self {
            session,
            number,
            at: Cross::out(at),
            missing_first: Cross::out(closed),
            therapist,
            medical_provider,
            not_named: not_named.iter().map(|who| who.label().to_owned()).collect(),
            eyeshades,
            music,
            ride_is_named,
            ride_is_confirmed: ride_is_named && !open.contains(&StillOpen::RideNotConfirmed),
            open: items.collect(),
        }
    }
}

view! {
    /// How check-ins moved on one scale, 1 to 7.
    GlanceMood of MoodMovement {
        /// The scale.
        scale: MoodScale,
        /// The last one before.
        before: Option<u8>,
        /// How many there were since.
        answers: u64,
        /// How many of them are to be doubted.
        doubted: u64,
        /// The first.
        first: u8,
        /// The last.
        last: u8,
        /// The lowest.
        lowest: u8,
        /// The highest.
        highest: u8,
    }
}

/// A total and when it is of.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct GlanceTotal {
    /// The total, or the answer where each question stands for itself.
    pub total: u16,
    /// When.
    pub at: LocalMoment,
}

impl Cross<(u16, companion_core::domain::Moment)> for GlanceTotal {
    fn out((total, at): (u16, companion_core::domain::Moment)) -> Self {
        Self {
            total,
            at: Cross::out(at),
        }
    }
}

view! {
    /// How a questionnaire moved: numbers to talk about, and no verdict.
    GlanceScore of ScoreMovement {
        /// The questionnaire.
        measure: String,
        /// Its version.
        version: u16,
        /// The question, where each stands for itself.
        item: Option<u8>,
        /// The newest.
        latest: u16,
        /// When that is of.
        at: LocalMoment,
        /// The one before.
        before: Option<GlanceTotal>,
        /// The difference between both.
        difference: Option<i32>,
        /// All since then.
        since_then: Vec<GlanceTotal>,
        /// How many were not complete.
        incomplete: u64,
    }
}

view! {
    /// That nothing came.
    GlanceSilence of Silence {
        /// When the person last wrote, changed or sent something that they share.
        last: Option<LocalMoment>,
        /// Whole days since then.
        days: Option<i64>,
    }
}

/// What the clinic reads at a glance, as far as this phone knows. What is private can't get into it. What the clinic
/// marked as talked about still stands in it: such marks stay at the clinic.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GlanceView {
    /// Since when.
    pub since: LocalMoment,
    /// When it was made.
    pub made_at: LocalMoment,
    /// What stands on top.
    pub safety: Vec<GlanceConcern>,
    /// The next session.
    pub next_session: Option<GlanceSession>,
    /// What the person wants to talk about.
    pub to_talk_about: Vec<GlanceLine>,
    /// What is new or was changed.
    pub changed: Vec<GlanceLine>,
    /// What was left undone.
    pub left_undone: Vec<GlanceLine>,
    /// How check-ins moved.
    pub moods: Vec<GlanceMood>,
    /// How questionnaires moved.
    pub totals: Vec<GlanceScore>,
    /// That nothing came.
    pub silence: Option<GlanceSilence>,
    /// What of all that the clinic has not received yet, as it stands here.
    pub not_received: Vec<DocumentId>,
    /// The rule of each part.
    pub rules: Vec<GlanceRule>,
}

impl Cross<AtAGlance> for GlanceView {
    fn out(core: AtAGlance) -> Self {
        let AtAGlance {
            digest,
            not_received,
        } = core;
        let Digest {
            since,
            made_at,
            safety,
            next_session,
            to_talk_about,
            changed,
            left_undone,
            moods,
            totals,
            silence,
        } = digest;
        let rules = Section::ALL.map(|section| GlanceRule {
            part: Cross::out(section),
            rule: section.rule().to_owned(),
        });
        Self {
            since: Cross::out(since),
            made_at: Cross::out(made_at),
            safety: Cross::out(safety),
            next_session: Cross::out(next_session),
            to_talk_about: Cross::out(to_talk_about),
            changed: Cross::out(changed),
            left_undone: Cross::out(left_undone),
            moods: Cross::out(moods),
            totals: Cross::out(totals),
            silence: Cross::out(silence),
            not_received: Cross::out(not_received),
            rules: rules.to_vec(),
        }
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// What the clinic reads at a glance of what was shared since a moment. It takes nothing private.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn at_a_glance(&self, since: LocalMoment) -> Result<GlanceView> {
        self.inner
            .ask(move |patient| {
                let since = since.back()?;
                Ok(Cross::out(patient.at_a_glance(since)?))
            })
            .await
    }
}
