//! What of the product is on for a patient, given where their programme stands.

use super::{Programme, Standing};
use crate::domain::readiness::{Outcome, Readiness};

/// What is on. The journal, mood check-ins and help in a crisis always are, with or without a programme,
/// whatever an assessment came to; so they are not asked about here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// Guides and tasks of preparation: once the outcome is *ready*, while the programme runs.
    pub preparation: bool,
    /// Reminders of dosing sessions, and of what comes before and after one: as above.
    pub dosing_reminders: bool,
    /// Prompts and follow-through of integration: as above.
    pub integration: bool,
    /// All that was given for good: guides that were read, the closing summary. Also when it is paused,
    /// and after an end.
    pub looking_back: bool,
}

impl Offered {
    /// With that programme, if there is one, and the newest outcome of its assessment.
    pub fn by(programme: Option<&Programme>, readiness: Option<&Readiness>) -> Self {
        let Some(programme) = programme else {
            return Self::default();
        };
        let is_running = programme.standing() == Standing::Running;
        let is_ready = readiness.is_some_and(|one| one.outcome() == Outcome::Ready);
        let is_on = is_running && is_ready;
        Self {
            preparation: is_on,
            dosing_reminders: is_on,
            integration: is_on,
            looking_back: true,
        }
    }
}
