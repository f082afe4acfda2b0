//! The phases of a programme.

use serde::{Deserialize, Serialize};

/// Where a patient stands in the programme. It may go back and forth between preparation, session
/// and integration.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Finding out together whether the programme fits.
    #[default]
    Assessment,
    /// Getting ready for a session.
    Preparation,
    /// Around the dosing day.
    Session,
    /// Working it into daily life.
    Integration,
    /// The programme has ended.
    Closed,
}

impl Phase {
    /// All phases in the order of the programme.
    pub const ALL: [Phase; 5] = [
        Phase::Assessment,
        Phase::Preparation,
        Phase::Session,
        Phase::Integration,
        Phase::Closed,
    ];

    /// The word that is kept, for form values and filters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Phase::Assessment => "assessment",
            Phase::Preparation => "preparation",
            Phase::Session => "session",
            Phase::Integration => "integration",
            Phase::Closed => "closed",
        }
    }

    /// The phase in words.
    pub const fn label(self) -> &'static str {
        match self {
            Phase::Assessment => "Assessment",
            Phase::Preparation => "Preparation",
            Phase::Session => "Session",
            Phase::Integration => "Integration",
            Phase::Closed => "Closed",
        }
    }
}

/// A text that names no phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a phase of the programme")]
pub struct PhaseError;

impl std::str::FromStr for Phase {
    type Err = PhaseError;

    fn from_str(word: &str) -> Result<Self, PhaseError> {
        let named = Phase::ALL.into_iter().find(|phase| phase.as_str() == word);
        named.ok_or(PhaseError)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_phase_is_kept_under_its_own_word() {
        for phase in Phase::ALL {
            assert_eq!(serde_json::to_value(phase).unwrap(), phase.as_str());
            assert_eq!(phase.as_str().parse(), Ok(phase));
        }
        assert!("moon".parse::<Phase>().is_err());
    }
}
