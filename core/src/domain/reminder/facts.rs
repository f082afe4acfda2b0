//! What the planner has to know of a record, as plain values. Whoever holds the documents fills them;
//! nothing here is kept. What is missing or odd gives fewer reminders, never more.

use std::collections::BTreeSet;
use std::num::NonZeroU16;

use chrono::NaiveDate;

use super::{MeasureId, NotificationId, Task, Topic};
use crate::domain::{DocumentId, Moment};

/// Everything that a plan depends on, besides rules, choices, zone and time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// How the programme stands. Only one that runs reminds of anything.
    pub standing: Standing,
    /// Whether the assessment came to *ready*. Until then nothing reminds of a session.
    pub readiness: Readiness,
    /// The last local day of the programme, where it has one: nothing comes after it.
    pub last_day: Option<NaiveDate>,
    /// Dosing sessions, past ones too: they say when it is quiet, and which was the last.
    pub sessions: Vec<Session>,
    /// Visits other than dosing.
    pub visits: Vec<Visit>,
    /// How often check-ins are asked for beside those that follow a session; `None`: not at all.
    pub rhythm: Option<Rhythm>,
    /// The days that check-ins were answered for; see [`day_of_answer`](super::day_of_answer).
    pub checked_in: BTreeSet<NaiveDate>,
    /// Measures that may be asked for. One that is switched off is not among them.
    pub measures: Vec<MeasureFacts>,
    /// What is done for the whole programme, such as [`Task::COSTS`].
    pub done: BTreeSet<Task>,
    /// What this phone showed in the last week, by its own account. Without it nothing breaks; with it,
    /// nothing is shown twice when the clock jumps back, and a day that was full stays so when what was
    /// shown in it is done.
    pub shown: Vec<Shown>,
}

/// How a programme stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// It goes on.
    #[default]
    Running,
    /// It rests.
    Paused,
    /// The assessment came to *not yet*.
    NotYet,
    /// The assessment came to *not a fit*.
    NotAFit,
    /// It is over.
    Ended,
    /// This phone is not a member of the record with the clinic, so what it knows of the programme is of before.
    NotAMember,
    /// This version can't read how it stands.
    NotReadable,
}

/// What the assessment came to, as far as reminders of sessions go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Readiness {
    /// Nothing yet.
    #[default]
    Undecided,
    /// Ready for a session.
    Ready,
}

/// A dosing session.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Its document.
    pub id: DocumentId,
    /// When the person arrives, with the offset of the clinic's clock.
    pub starts: Moment,
    /// When the whole block is over; three hours after it starts where nobody said.
    pub ends: Option<Moment>,
    /// Whether it takes place, or did.
    pub takes_place: bool,
    /// Where, for `{place}`; may be empty.
    pub place: String,
    /// What is done for this session, such as [`Task::RIDE`].
    pub done: BTreeSet<Task>,
}

/// A visit without dosing.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// Its document.
    pub id: DocumentId,
    /// When it begins, with the offset of the clinic's clock.
    pub starts: Moment,
    /// Whether it takes place.
    pub takes_place: bool,
    /// Where, for `{place}`; may be empty.
    pub place: String,
}

/// On which days check-ins are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// The first.
    pub from: NaiveDate,
    /// Days from one to the next.
    pub every_days: NonZeroU16,
    /// The last day that may be one, if there is one.
    pub until: Option<NaiveDate>,
}

/// A measure that may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureFacts {
    /// Which.
    pub id: MeasureId,
    /// Days that must pass between two answers: its recall, or what the clinic set.
    pub smallest_interval_days: u16,
    /// The local day of the last answer.
    pub last_answered: Option<NaiveDate>,
}

/// A notification that this phone showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub id: NotificationId,
    /// When.
    pub at: Moment,
    /// What it was about.
    pub topic: Topic,
}
