//! What a person at the clinic has to see soon, told from what somebody answered or pressed: signals,
//! the clinic's own rules for them, and the flag that a signal becomes.
//!
//! Pure. Nothing here judges how great a risk is, sends anything, or closes anything by itself. Whether
//! anybody will see a signal is said by what is delivered, and not here.

mod flag;
mod monitoring;
mod rule;
mod signal;

#[cfg(test)]
mod tests;

pub use flag::{Flag, FlagError, FlagState, Step};
pub use monitoring::{
    Hours, HoursError, MinuteOfDay, Missing, Monitoring, NeedsMonitoring, may_offer,
};
pub use rule::{Condition, Rule, RuleError, RuleId};
pub use signal::{Cause, RiskSignal, asked_to_be_contacted, signals};
