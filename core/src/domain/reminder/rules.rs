//! A clinic's rules as data: what a patient is reminded of, when, in which words, and how often at most.
//! Nothing here is believed before [`RulePack::checked`](super::Rules) has read it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{MeasureId, QuietHours, RuleId, Task, TimeOfDay};

/// All rules of a clinic, as it edits and signs them.
///
/// The order of `rules` is their order of importance: where a day has more than it may hold, those
/// further down are left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RulePack {
    /// The clinic's own zone, an IANA name: by its clock `{time}` is written. Without one, the time is
    /// written as the session has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clinic_zone: Option<String>,
    /// How much is too much.
    pub caps: Caps,
    /// At most 64.
    pub rules: Vec<Rule>,
}

/// How much is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caps {
    /// Most reminders of one local day, 1 to 6. When fasting begins is told beside them.
    pub per_day: u8,
    /// Most times that one thing is asked for, a day apart, 1 to 7.
    pub times_asked: u8,
    /// When nothing is shown, unless the patient chose other hours.
    pub quiet: QuietHours,
    /// Hours after a session has ended in which only its own gentle word of the evening is shown, 0 to
    /// 168.
    pub quiet_hours_after_session: u16,
    /// After how many check-ins in a row without an answer they become half as frequent, 1 to 30.
    /// They become no rarer than one a week.
    pub thin_after: u8,
    /// When check-ins are asked for, until the patient chooses.
    pub check_in_at: TimeOfDay,
}

/// What a reminder is about. A patient can pause each by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// When to stop eating or drinking. The only one that is shown in quiet hours, and beside the
    /// number of a day. Its rules are a clinic's alone: the default pack has none.
    Fasting,
    /// It is soon time to leave.
    Leaving,
    /// One gentle word in the evening of the day of a session.
    Evening,
    /// Tomorrow is the session.
    DayBefore,
    /// What to do before a session.
    Preparation,
    /// The day after.
    DayAfter,
    /// Visits and prompts for integration.
    Integration,
    /// Questionnaires around a session.
    Measure,
    /// Months later.
    FollowUp,
    /// A mood check-in.
    CheckIn,
}

impl Topic {
    /// All of them.
    pub const ALL: [Topic; 10] = [
        Topic::Fasting,
        Topic::Leaving,
        Topic::Evening,
        Topic::DayBefore,
        Topic::Preparation,
        Topic::DayAfter,
        Topic::Integration,
        Topic::Measure,
        Topic::FollowUp,
        Topic::CheckIn,
    ];

    /// The word that is kept, and by which a patient chooses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Topic::Fasting => "fasting",
            Topic::Leaving => "leaving",
            Topic::Evening => "evening",
            Topic::DayBefore => "day_before",
            Topic::Preparation => "preparation",
            Topic::DayAfter => "day_after",
            Topic::Integration => "integration",
            Topic::Measure => "measure",
            Topic::FollowUp => "follow_up",
            Topic::CheckIn => "check_in",
        }
    }
}

/// On which side of a session's day something has its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Before it.
    Before,
    /// After it.
    After,
}

impl Topic {
    /// On which side of a session's day it has its place; `None` where that is not said by what it is about.
    pub const fn side(self) -> Option<Side> {
        match self {
            Topic::Fasting | Topic::Leaving | Topic::DayBefore | Topic::Preparation => {
                Some(Side::Before)
            }
            Topic::DayAfter | Topic::Integration | Topic::FollowUp => Some(Side::After),
            Topic::Evening | Topic::Measure | Topic::CheckIn => None,
        }
    }
}

/// One thing that a patient is reminded of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Its name, one of a kind within the pack.
    pub id: RuleId,
    /// What it is about.
    pub topic: Topic,
    /// When.
    pub when: When,
    /// What it says inside the app, and on the lock screen if the patient wants that: one line of at
    /// most 240 characters. `{time}`, `{date}` and `{place}` stand for those of the session or visit, and
    /// `{when}` for its day: `today`, `tomorrow` or `on 2026-12-07`.
    pub words: String,
    /// What it asks for. Once all of it is done, it falls silent. Empty: it only tells something.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub asks: BTreeSet<Task>,
    /// The measures that it asks for; it is silent while none of them is due.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub measures: BTreeSet<MeasureId>,
    /// How often in all it is said while it is not done, once a day, 1 to `times_asked` of the caps.
    pub times: u8,
    /// Whether the clinic is told where it stays undone.
    #[serde(default)]
    pub tells_clinic: bool,
}

/// When a rule speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// So many days from the local day of each session, before it where negative; -365 to 365.
    SessionDay {
        /// Days.
        days: i16,
        /// At what time of that day.
        at: DayTime,
    },
    /// So many minutes before each session begins, 1 to 2,880.
    BeforeSession {
        /// Minutes as they pass, whatever clocks are changed to meanwhile.
        minutes: u16,
    },
    /// So many days before the local day of each visit, 0 to 60.
    BeforeVisit {
        /// Days.
        days: u16,
        /// At what time of that day.
        at: DayTime,
    },
    /// So many months after the last session of the programme, 1 to 24.
    AfterLastSession {
        /// Months of the calendar; a day that a month lacks becomes its last.
        months: u8,
        /// At what time of that day.
        at: DayTime,
    },
    /// Again and again after each session.
    SeriesAfterSession {
        /// Days from the session to the first, at least 1.
        first: u16,
        /// Days from one to the next, at least 1.
        every: u16,
        /// How often, at most 60 times.
        times: u16,
        /// At what time of the day.
        at: DayTime,
    },
    /// On each day of the programme's rhythm of check-ins.
    Rhythm {
        /// At what time of the day.
        at: DayTime,
    },
}

/// A time of day, or the one that the patient chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayTime {
    /// That time.
    At(TimeOfDay),
    /// When the patient wants to be asked for check-ins.
    OfCheckIns,
}
