//! The whole programme in one line, and the same as a file for a calendar.

use std::time::Duration;

use companion_core::domain::DocumentId;
use companion_core::domain::calendar::Telling;
use companion_core::domain::timeline::{Length, State, Step, Task, What, When};

use super::PhoneRecord;
use super::guides::pack;
use super::prompts::language;
use crate::cross::{Back as _, Cross, choice};
use crate::error::Result;
use crate::kinds::{AssessmentOutcome, ProgrammePhase, ProgrammeStanding, VisitForm, VisitReason};
use crate::values::{CalendarDay, LocalMoment};

choice! {
    /// Whether something on the line is behind.
    StepState of State {
        /// It was.
        Behind,
        /// It goes on, or can be done from today on.
        Now,
        /// It is to come.
        Ahead,
        /// It does not take place.
        CalledOff,
    }
}

choice! {
    /// What a calendar says of an appointment.
    CalendarTelling of Telling {
        /// That there is one, from when to when.
        Neutral,
        /// Also what it is, with whom and where. Whoever sees the calendar reads it.
        Everything,
    }
}

/// What is on the line.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum StepKind {
    /// A phase, from when it began to when the next one did.
    Phase {
        /// Which.
        phase: ProgrammePhase,
    },
    /// A pause with its length, or that the programme went on or ended.
    ProgrammeStood {
        /// Which of them.
        standing: ProgrammeStanding,
        /// Why; may be empty.
        reason: String,
    },
    /// Another number of sessions was planned.
    PlanChanged {
        /// How many in all.
        sessions: u32,
        /// Why.
        reason: String,
        /// Who said so.
        by: String,
    },
    /// What an assessment came to.
    Assessed {
        /// What.
        outcome: AssessmentOutcome,
        /// Who said so.
        by: String,
    },
    /// A dosing session, from the arrival to the end.
    DosingSession {
        /// Its document.
        id: DocumentId,
        /// Its number.
        number: u32,
        /// What the place is called; may be empty.
        place: String,
        /// When it was to begin before it was moved.
        moved_from: Option<LocalMoment>,
    },
    /// A visit without a dose.
    Visit {
        /// Its document.
        id: DocumentId,
        /// What it is for.
        purpose: VisitReason,
        /// How it is held.
        way: VisitForm,
        /// Where, or `by video`; may be empty.
        place: String,
        /// With whom; may be empty.
        with: String,
        /// When it was to begin before it was moved.
        moved_from: Option<LocalMoment>,
    },
    /// Structure and costs are to be read.
    CostsDue {
        /// Which version of them.
        version: u32,
    },
    /// A guide is to be read.
    GuideDue {
        /// Its title.
        title: String,
    },
    /// Questionnaires are asked for.
    QuestionnairesDue,
    /// What the person wanted to do is to be looked at.
    CommitmentDue {
        /// What it says.
        text: String,
    },
    /// The assessment is to be looked at again.
    AssessmentDue,
}

impl Cross<What> for StepKind {
    fn out(core: What) -> Self {
        match core {
            What::Phase { phase, by: _ } => StepKind::Phase {
                phase: Cross::out(phase),
            },
            What::Standing {
                standing,
                reason,
                by: _,
            } => StepKind::ProgrammeStood {
                standing: Cross::out(standing),
                reason,
            },
            What::Plan {
                sessions,
                reason,
                by,
            } => StepKind::PlanChanged {
                sessions,
                reason,
                by,
            },
            What::Outcome { outcome, by } => StepKind::Assessed {
                outcome: Cross::out(outcome),
                by,
            },
            What::Session {
                id,
                number,
                place,
                moved_from,
            } => StepKind::DosingSession {
                id,
                number,
                place,
                moved_from: Cross::out(moved_from),
            },
            What::Visit {
                id,
                purpose,
                way,
                place,
                with,
                moved_from,
            } => StepKind::Visit {
                id,
                purpose: Cross::out(purpose),
                way: Cross::out(way),
                place,
                with,
                moved_from: Cross::out(moved_from),
            },
            What::Due(Task::Costs { version }) => StepKind::CostsDue { version },
            What::Due(Task::Guide { title }) => StepKind::GuideDue { title },
            What::Due(Task::Questionnaires) => StepKind::QuestionnairesDue,
            What::Due(Task::Commitment { text }) => StepKind::CommitmentDue { text },
            What::Due(Task::Assessment) => StepKind::AssessmentDue,
        }
    }
}

/// How long something takes or took.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Enum)]
pub enum StepLength {
    /// Less than a day.
    Time {
        /// How long.
        duration: Duration,
    },
    /// Days of the calendar, from the first to the last.
    Days {
        /// How many.
        days: u32,
    },
}

impl Cross<Length> for StepLength {
    fn out(core: Length) -> Self {
        match core {
            Length::Minutes(minutes) => StepLength::Time {
                duration: Cross::out(minutes),
            },
            Length::Days(days) => StepLength::Days { days },
        }
    }
}

/// One step of the line.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct TimelineStep {
    /// The day on which it begins; nothing for a time that this clock can't show.
    pub day: Option<CalendarDay>,
    /// At what time; nothing for what has a day alone.
    pub from: Option<LocalMoment>,
    /// Until when.
    pub until: Option<LocalMoment>,
    /// How long it takes or took; nothing for what goes on.
    pub length: Option<StepLength>,
    /// Whether it is behind.
    pub state: StepState,
    /// What it is.
    pub what: StepKind,
    /// The same in plain English: one line without its date.
    pub words: String,
}

impl Cross<Step> for TimelineStep {
    fn out(core: Step) -> Self {
        let (words, length) = (core.what.in_words(), core.length());
        let Step {
            from,
            until,
            state,
            what,
        } = core;
        let (day, from) = match from {
            When::At(at) => (at.local_date().map(Cross::out), Some(at)),
            When::On(day) => (Some(Cross::out(day)), None),
        };
        Self {
            day,
            from: Cross::out(from),
            until: Cross::out(until),
            length: Cross::out(length),
            state: Cross::out(state),
            what: Cross::out(what),
            words,
        }
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// Steps that were taken, sessions, visits and what is due in one line, the earliest first. Guides are named in that
    /// language. Nothing on it is late, missed or in a row.
    ///
    /// # Errors
    ///
    /// `Invalid` for what is no tag of a language.
    pub async fn timeline(&self, language_tag: String) -> Result<Vec<TimelineStep>> {
        let all = self.inner.ask(move |patient| {
            let language = language(&language_tag)?;
            Ok(Cross::out(patient.timeline(pack()?, &language)?))
        });
        all.await
    }

    /// Sessions and visits as the text of a file for a calendar (`.ics`), those that were called off as canceled.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn calendar(&self, telling: CalendarTelling) -> Result<String> {
        self.inner
            .ask(move |patient| {
                let telling = telling.back()?;
                Ok(patient.calendar(telling)?)
            })
            .await
    }
}
