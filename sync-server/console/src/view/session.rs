//! Dosing sessions by the short name that the clinic says.

use companion_core::domain::{DosingSession, Moment};

/// S1, S2 …
pub fn label(session: &DosingSession) -> String {
    format!("S{}", session.number)
}

/// A moment as a `datetime-local` field shows it.
pub fn as_typed(moment: Moment) -> String {
    let local = moment.to_chrono();
    local.map_or_else(String::new, |at| at.format("%Y-%m-%dT%H:%M").to_string())
}
