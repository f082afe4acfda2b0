//! What a patient chose about reminders. Every choice is the patient's own, and wins over the clinic's.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{QuietHours, RuleId, TimeOfDay, Topic};

/// A patient's choices. The default: the clinic's hours, everything on, nothing told on a lock screen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// When to be asked for check-ins.
    pub check_in_at: Option<TimeOfDay>,
    /// When nothing is shown, instead of the clinic's hours.
    pub quiet: Option<QuietHours>,
    /// "I need a break": nothing at all.
    pub all: Option<Pause>,
    /// Nothing about these.
    pub paused: BTreeMap<Topic, Pause>,
    /// Rules that speak at another time of their day.
    pub moved: BTreeMap<RuleId, TimeOfDay>,
    /// What stands on the lock screen.
    pub lock_screen: LockScreenChoice,
}

/// How long something stays silent. The longer one is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pause {
    /// Until that local day; on that day it speaks again.
    Until(NaiveDate),
    /// Until it is switched on again.
    Open,
}

/// What stands on the lock screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockScreenChoice {
    /// That there is a reminder, and not of what.
    #[default]
    Neutral,
    /// The words of the reminder. To be chosen after a warning, and kept with the day of the choice.
    Words,
}

impl Preferences {
    /// Whether that topic may speak on that local day.
    pub(super) fn allow(&self, topic: Topic, day: NaiveDate) -> bool {
        let silent = |pause: Pause| match pause {
            Pause::Until(until) => day < until,
            Pause::Open => true,
        };
        !self.all.is_some_and(silent) && !self.paused.get(&topic).copied().is_some_and(silent)
    }

    /// Whether that topic is silent until somebody switches it on.
    pub(super) fn silence(&self, topic: Topic) -> bool {
        self.all == Some(Pause::Open) || self.paused.get(&topic) == Some(&Pause::Open)
    }
}
