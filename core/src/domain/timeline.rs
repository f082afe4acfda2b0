//! One line of a whole programme: steps that were taken, dosing sessions, visits and what is due, with
//! dates and lengths. A pure function of the documents; nothing of it is kept.
//!
//! Two views of one line. A clinician's has also how the number of sessions changed and who said each
//! step. Neither has an opinion: nothing is late, missed or in a row.

mod lay;

pub use lay::before_now;

use chrono::NaiveDate;
use serde::Serialize;

use super::commitment::Commitment;
use super::day::Day;
use super::dosing_session::DosingSession;
use super::programme::{Programme, Standing};
use super::readiness::{Outcome, Readiness};
use super::session_block::Minutes;
use super::visit::{Visit, VisitPurpose, VisitWay};
use super::{DocumentId, Moment, Phase, RecordSection};

/// What a timeline is made of.
#[derive(Clone, Debug, Default)]
pub struct Material<'a> {
    /// The programme, if one was begun.
    pub programme: Option<&'a Programme>,
    /// All outcomes of assessments, in any order.
    pub outcomes: &'a [Readiness],
    /// The outcome that counts now, if one does: which one that is, clocks alone do not say.
    pub counts: Option<&'a Readiness>,
    /// All dosing sessions, in any order.
    pub sessions: &'a [(DocumentId, DosingSession)],
    /// All visits, in any order.
    pub visits: &'a [(DocumentId, Visit)],
    /// What is to be done, in any order.
    pub due: &'a [Due],
}

/// What is to be done, on a day or from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What.
    pub what: Task,
    /// On which day; `None` for as soon as may be.
    pub on: Option<Day>,
}

impl Due {
    /// What a patient wants to look at again on a day, as long as nobody said what became of it.
    pub(crate) fn commitment(commitment: Commitment) -> Option<Due> {
        let on = commitment
            .review_on
            .filter(|_| commitment.became.is_none())?;
        Some(Due {
            what: Task::Commitment {
                text: commitment.text,
            },
            on: Some(Day::of(on)?),
        })
    }
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Task {
    /// To look at structure and costs in that version, and to acknowledge it.
    Costs {
        /// The version.
        version: u32,
    },
    /// To read a guide.
    Guide {
        /// What it is called.
        title: String,
    },
    /// To answer questionnaires.
    Questionnaires,
    /// To look again at something that the patient wants to do.
    Commitment {
        /// What.
        text: String,
    },
    /// To look at the assessment again, together.
    Assessment,
}

/// One thing of the line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// When it is, or begins.
    pub from: When,
    /// When it is over, or was; `None` for what takes no time, and for what goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Whether it is behind, goes on, or is ahead.
    pub state: State,
    /// What it is.
    #[serde(flatten)]
    pub what: What,
}

/// When something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// At that time.
    At(Moment),
    /// On that day, wherever the person is.
    On(Day),
}

/// Whether something is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was.
    Behind,
    /// It goes on, or can be done from today on.
    Now,
    /// It is to come.
    Ahead,
    /// It does not take place.
    CalledOff,
}

/// What is on the line.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// A phase, from when it began to when the next one did.
    Phase {
        /// Which.
        phase: Phase,
        /// Who said so; `None` in a patient's view, and of the assessment that a programme begins with.
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// A pause with its length, or that the programme went on or ended.
    Standing {
        /// Which of them.
        standing: Standing,
        /// Why; may be empty.
        reason: String,
        /// Who said so; `None` in a patient's view.
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// Another number of sessions was planned. In a clinician's view alone.
    Plan {
        /// How many in all.
        sessions: u32,
        /// Why.
        reason: String,
        /// Who said so.
        by: String,
    },
    /// What an assessment came to.
    Outcome {
        /// What.
        outcome: Outcome,
        /// Who said so.
        by: String,
    },
    /// A dosing session, from the arrival to the end.
    Session {
        /// Its document.
        id: DocumentId,
        /// Its number.
        number: u32,
        /// What the place is called; may be empty.
        place: String,
        /// When it was to begin before it was moved.
        #[serde(skip_serializing_if = "Option::is_none")]
        moved_from: Option<Moment>,
    },
    /// A visit without a dose.
    Visit {
        /// Its document.
        id: DocumentId,
        /// What it is for.
        purpose: VisitPurpose,
        /// How it is held.
        way: VisitWay,
        /// Where, or `by video`; may be empty.
        place: String,
        /// With whom; may be empty.
        with: String,
        /// When it was to begin before it was moved.
        #[serde(skip_serializing_if = "Option::is_none")]
        moved_from: Option<Moment>,
    },
    /// Something to be done.
    Due(Task),
}

/// How long something takes or took, in the unit that people would say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Less than a day.
    Minutes(Minutes),
    /// A day or more: days of the calendar, from the first to the last.
    Days(u32),
}

impl Step {
    /// How long it takes or took; `None` for what takes less than a minute, and for what goes on.
    pub fn length(&self) -> Option<Length> {
        const MS_OF_A_MINUTE: i64 = 60_000;
        const MINUTES_OF_A_DAY: i64 = 24 * 60;
        let (When::At(from), Some(until)) = (self.from, self.until) else {
            return None;
        };
        let minutes = until.unix_ms.checked_sub(from.unix_ms)? / MS_OF_A_MINUTE;
        if minutes == 0 {
            return None;
        }
        if minutes < MINUTES_OF_A_DAY {
            return u16::try_from(minutes)
                .ok()
                .map(Minutes)
                .map(Length::Minutes);
        }
        let days = until
            .local_date()?
            .signed_duration_since(from.local_date()?);
        u32::try_from(days.num_days()).ok().map(Length::Days)
    }
}

impl Length {
    /// In words: `2 h 30 min`, `12 days`.
    pub fn in_words(self) -> String {
        match self {
            Length::Minutes(Minutes(minutes)) => match (minutes / 60, minutes % 60) {
                (0, rest) => format!("{rest} min"),
                (hours, 0) => format!("{hours} h"),
                (hours, rest) => format!("{hours} h {rest} min"),
            },
            Length::Days(1) => "1 day".to_owned(),
            Length::Days(days) => format!("{days} days"),
        }
    }
}

impl What {
    /// The section of the record that it is read from.
    pub const fn section(&self) -> RecordSection {
        match self {
            What::Phase { .. }
            | What::Standing { .. }
            | What::Plan { .. }
            | What::Session { .. }
            | What::Visit { .. }
            | What::Due(Task::Guide { .. }) => RecordSection::Programme,
            What::Outcome { .. } | What::Due(Task::Assessment) => RecordSection::Assessment,
            What::Due(Task::Costs { .. }) => RecordSection::Costs,
            What::Due(Task::Questionnaires) => RecordSection::Measures,
            What::Due(Task::Commitment { .. }) => RecordSection::Goals,
        }
    }

    /// What it is, for a person: one line without its date.
    pub fn in_words(&self) -> String {
        match self {
            What::Phase { phase, .. } => format!("Phase of {}", phase.label().to_lowercase()),
            What::Standing {
                standing, reason, ..
            } => {
                let what = match standing {
                    Standing::Running => "The programme goes on",
                    Standing::Paused => "Pause",
                    Standing::Ended => "The programme has ended",
                };
                with(what, reason)
            }
            What::Plan {
                sessions, reason, ..
            } => with(&format!("{sessions} sessions planned in all"), reason),
            What::Outcome { outcome, .. } => {
                format!(
                    "Outcome of the assessment: {}",
                    outcome.label().to_lowercase()
                )
            }
            What::Session { number, place, .. } => with(&format!("Dosing session {number}"), place),
            What::Visit {
                purpose,
                place,
                with: name,
                ..
            } => {
                let what = format!("Visit: {}", purpose.label().to_lowercase());
                let what = match &**name {
                    "" => what,
                    name => format!("{what}, with {name}"),
                };
                with(&what, place)
            }
            What::Due(Task::Costs { version }) => {
                format!("To do: look at structure and costs, version {version}")
            }
            What::Due(Task::Guide { title }) => format!("To read: {title}"),
            What::Due(Task::Questionnaires) => "To answer: a few questions".to_owned(),
            What::Due(Task::Commitment { text }) => format!("To look at again: {text}"),
            What::Due(Task::Assessment) => "To look at the assessment again, together".to_owned(),
        }
    }

    /// Who said it, where the view tells.
    pub fn by(&self) -> Option<&str> {
        match self {
            What::Phase { by, .. } | What::Standing { by, .. } => by.as_deref(),
            What::Plan { by, .. } | What::Outcome { by, .. } => Some(by),
            What::Session { .. } | What::Visit { .. } | What::Due(_) => None,
        }
    }

    /// When it was to begin before it was moved.
    pub const fn moved_from(&self) -> Option<Moment> {
        match self {
            What::Session { moved_from, .. } | What::Visit { moved_from, .. } => *moved_from,
            _ => None,
        }
    }
}

impl State {
    /// The same for a person; empty where the date says enough.
    pub const fn label(self) -> &'static str {
        match self {
            State::Behind | State::Ahead => "",
            State::Now => "now",
            State::CalledOff => "called off",
        }
    }
}

fn with(what: &str, more: &str) -> String {
    match more {
        "" => what.to_owned(),
        more => format!("{what}; {more}"),
    }
}

impl From<Day> for When {
    fn from(day: Day) -> When {
        When::On(day)
    }
}

impl When {
    /// The day, by the calendar of whoever wrote the time.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            When::At(moment) => moment.local_date(),
            When::On(day) => Some(day.to_chrono()),
        }
    }
}

#[cfg(test)]
mod tests;
