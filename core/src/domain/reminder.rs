//! Reminders: which notifications a phone has to schedule next, worked out from what stands in the
//! record. A pure function of facts, the clinic's rules, the patient's choices, a zone and a time.
//!
//! Nothing is kept of a plan. A phone plans again whenever something changed, its zone or clock did,
//! or the app was opened, and does what [`Plan::difference`] says. `pack.rs` holds the default rules.
//!
//! ```
//! use companion_core::domain::reminder::{Facts, MOST, Preferences, Rules, Standing, plan};
//! use companion_core::domain::{Moment, Zone};
//!
//! let facts = Facts { standing: Standing::Paused, ..Facts::default() };
//! let now: Moment = "2026-11-23T20:18:33Z".parse()?;
//! let zone = Zone::named("America/New_York")?;
//! let plan = plan(&Rules::default(), &facts, &Preferences::default(), &zone, now, MOST);
//! assert!(plan.notifications.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod candidates;
mod check_ins;
mod checked;
mod day;
mod difference;
mod facts;
mod free_time;
mod measures_due;
mod notification;
mod pack;
mod plan;
mod preferences;
mod rules;
mod time_of_day;
mod unanswered;
mod word;
mod wording;

pub use checked::{Rules, RulesError};
pub use day::day_of_answer;
pub use difference::{Difference, Scheduled};
pub use facts::{Facts, MeasureFacts, Readiness, Rhythm, Session, Shown, Standing, Visit};
pub use notification::{
    About, Fingerprint, LockScreen, NEUTRAL, Notification, NotificationId, NotificationIdError,
};
pub use plan::{MOST, Plan, plan};
pub use preferences::{LockScreenChoice, Pause, Preferences};
pub use rules::{Caps, DayTime, Rule, RulePack, Side, Topic, When};
pub use time_of_day::{QuietHours, QuietHoursError, TimeOfDay, TimeOfDayError};
pub use unanswered::{Unanswered, unanswered};
pub use word::{MeasureId, RuleId, Task, WordError};

#[cfg(test)]
mod tests;
