//! What a patient chose about reminders, and what the clinic changed of reminders and prompts.

use companion_core::domain::prompt_rules::PromptChange;
use companion_core::domain::reminder::{
    LockScreenChoice, Pause, QuietHours, RuleId, TimeOfDay, Topic,
};
use companion_core::domain::reminder_rules::ReminderChange;
use companion_core::domain::{HoldsFor, PromptRules, ReminderPreferences, ReminderRules};

use super::macros::{kind, open_choice};
use crate::cross::{Back, Cross, choice, item_view};
use crate::error::{CompanionError, FieldProblem, Result};
use crate::values::{CalendarDay, LocalMoment};

/// A time of a day, by the clock on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct ClockTime {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

impl Cross<TimeOfDay> for ClockTime {
    fn out(core: TimeOfDay) -> Self {
        let (hour, minute) = core.hour_and_minute();
        Self { hour, minute }
    }
}

impl Back<TimeOfDay> for ClockTime {
    fn back(self) -> Result<TimeOfDay> {
        TimeOfDay::new(self.hour, self.minute).map_err(|error| not_allowed("time", &error))
    }
}

/// Hours of each day in which nothing is shown: from the one time until just before the other, over midnight where the
/// first is later. Both the same: never quiet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct QuietTime {
    /// From when.
    pub from: ClockTime,
    /// Until just before when. At least six hours of a day stay open.
    pub until: ClockTime,
}

impl Cross<QuietHours> for QuietTime {
    fn out(core: QuietHours) -> Self {
        Self {
            from: Cross::out(core.from()),
            until: Cross::out(core.until()),
        }
    }
}

impl Back<QuietHours> for QuietTime {
    fn back(self) -> Result<QuietHours> {
        let hours = QuietHours::new(self.from.back()?, self.until.back()?);
        hours.map_err(|error| not_allowed("quiet_hours", &error))
    }
}

fn not_allowed(field: &str, error: &dyn std::fmt::Display) -> CompanionError {
    CompanionError::Invalid {
        field: field.to_owned(),
        problem: FieldProblem::Other,
        words: error.to_string(),
    }
}

/// "I need a break": how long nothing is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum ReminderPause {
    /// Until that local day; on that day it speaks again.
    Until {
        /// The day.
        day: CalendarDay,
    },
    /// Until it is switched on again.
    Open,
}

impl Cross<Pause> for ReminderPause {
    fn out(core: Pause) -> Self {
        match core {
            Pause::Until(day) => ReminderPause::Until {
                day: Cross::out(day),
            },
            Pause::Open => ReminderPause::Open,
        }
    }
}

impl Back<Pause> for ReminderPause {
    fn back(self) -> Result<Pause> {
        Ok(match self {
            ReminderPause::Until { day } => Pause::Until(day.back()?),
            ReminderPause::Open => Pause::Open,
        })
    }
}

choice! {
    /// What a reminder is about.
    ReminderTopic of Topic {
        /// When to stop eating or drinking.
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
        /// A check-in.
        CheckIn,
    }
}

choice! {
    /// What a lock screen tells of a reminder.
    LockScreenWords of LockScreenChoice {
        /// That there is one, and not of what.
        Neutral,
        /// Its words.
        Words,
    }
}

/// A topic about which nothing is shown for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct PausedTopicView {
    /// The topic.
    pub topic: ReminderTopic,
    /// How long.
    pub pause: ReminderPause,
}

impl Cross<(Topic, Pause)> for PausedTopicView {
    fn out((topic, pause): (Topic, Pause)) -> Self {
        Self {
            topic: Cross::out(topic),
            pause: Cross::out(pause),
        }
    }
}

/// A reminder that speaks at another time of its day.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MovedReminderView {
    /// Its rule, by its name.
    pub rule: String,
    /// When it speaks.
    pub at: ClockTime,
}

impl Cross<(RuleId, TimeOfDay)> for MovedReminderView {
    fn out((rule, at): (RuleId, TimeOfDay)) -> Self {
        Self {
            rule: rule.as_str().to_owned(),
            at: Cross::out(at),
        }
    }
}

kind! {
    /// What the patient chose about reminders, as each of their phones wrote it down. `reminder_preferences` of the
    /// record gives what they say together, and `choose_reminders` changes that. What can't be read of a pause is
    /// silence.
    ReminderChoices of ReminderPreferences as ReminderChoicesView in ReminderChoicesPage {
        /// Since when a lock screen tells the words of a reminder, where they chose so.
        words_since: Option<LocalMoment>,
        /// Since when they want it to tell only that there is a reminder, where they chose so.
        neutral_since: Option<LocalMoment>,
        /// When they last chose something here.
        at: LocalMoment,
    }
    reads {
        /// When to be asked for check-ins; nothing: when the clinic's rules say.
        check_ins_at: Option<ClockTime> = |choices| choices.read().check_in_at,
        /// When nothing is shown; nothing: in the clinic's hours.
        quiet_hours: Option<QuietTime> = |choices| choices.read().quiet,
        /// A break from everything.
        all_paused: Option<ReminderPause> = |choices| choices.read().all,
        /// A break from these topics.
        topics_paused: Vec<PausedTopicView> = |choices| choices.read().paused,
        /// Reminders at another time of their day.
        reminders_moved: Vec<MovedReminderView> = |choices| choices.read().moved,
        /// What a lock screen tells.
        lock_screen: LockScreenWords = |choices| choices.lock_screen(),
    }
    without { check_in_at, quiet, all, paused, moved }
}

open_choice! {
    /// Whom something holds for that a clinic sets.
    SetFor of HoldsFor {
        /// All its patients.
        All,
        /// This patient alone.
        Patient,
    }
}

item_view! {
    /// What a clinic changed of one reminder, or a reminder of its own.
    ReminderChangeView of ReminderChange {
        /// The name of its rule.
        rule: String,
        /// What a reminder of the clinic's own is about, as a word; empty for one of this library's.
        topic: String,
        /// Whether it is never shown.
        off: bool,
        /// Days, minutes or months, as the rule has it; nothing: as in this library's.
        number: Option<i32>,
        /// The time of day, written `18:00`; empty: as in this library's.
        at: String,
        /// How often in all it is said while it is not done.
        times: Option<u8>,
        /// What it says; empty: as in this library's.
        words: String,
    }
}

kind! {
    /// What the clinic changed of reminders; the newest counts. `reminder_rules` of the record gives the rules that a
    /// phone plans with.
    ClinicReminders of ReminderRules as ClinicRemindersView in ClinicRemindersPage {
        /// The clinic's own zone, by whose clock times are written; may be empty.
        clinic_zone: String,
        /// Most reminders of one day.
        per_day: Option<u8>,
        /// Most times that one thing is asked for.
        times_asked: Option<u8>,
        /// When nothing is shown, written `21:00-09:00`; may be empty.
        quiet: String,
        /// Hours after a session with only its own word of the evening.
        quiet_hours_after_session: Option<u16>,
        /// After how many check-ins without an answer they become half as frequent.
        thin_after: Option<u8>,
        /// When check-ins are asked for, until the patient chooses, written `19:00`; may be empty.
        check_in_at: String,
        /// Days from one check-in to the next; nothing: only after sessions.
        check_in_every: Option<u16>,
        /// What is changed of each reminder.
        changes: Vec<ReminderChangeView>,
        /// Whom they hold for.
        holds_for: SetFor,
        /// Who answers for it.
        by: String,
        /// When it was set.
        at: LocalMoment,
    }
}

item_view! {
    /// What a clinic changed of one prompt, or a prompt of its own.
    PromptChangeView of PromptChange {
        /// Its name.
        prompt: String,
        /// Whether it is never offered.
        off: bool,
        /// The first day after a session on which it is offered; nothing: as this library has it.
        from_day: Option<u16>,
        /// The last, itself among them.
        until_day: Option<u16>,
        /// What it says; empty: as this library says it.
        words: String,
    }
}

kind! {
    /// What the clinic changed of the prompts for integration; the newest counts. `prompts` of the record gives what is
    /// offered today.
    ClinicPrompts of PromptRules as ClinicPromptsView in ClinicPromptsPage {
        /// What is changed of each prompt.
        changes: Vec<PromptChangeView>,
        /// Whom they hold for.
        holds_for: SetFor,
        /// Who answers for it.
        by: String,
        /// When it was set.
        at: LocalMoment,
    }
}
