//! What a person at the clinic has to see soon, told from what somebody answered or pressed: signals, and a
//! clinic's own rules for them. A [`Flag`](super::Flag) keeps what became of one.
//!
//! Pure. Nothing here judges how great a risk is, sends anything, or closes anything by itself. Whether
//! anybody will see a signal is said by what is delivered, and not here.

mod record;
mod rule;
mod signal;

#[cfg(test)]
mod tests;

pub use record::{StandingRule, signals_of};
pub use rule::{Condition, Rule, RuleError};
pub use signal::{Cause, RiskSignal, asked_to_be_contacted, signals};
