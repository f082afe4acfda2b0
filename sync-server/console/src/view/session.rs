//! Dosing sessions by the short name that the clinic says.

use companion_core::domain::DosingSession;

/// S1, S2 …
pub fn label(session: &DosingSession) -> String {
    format!("S{}", session.number)
}
