//! The people who work with a patient in a programme.

use serde::{Deserialize, Serialize};

use super::{MEMBER, ROLE};
use crate::domain::{Invalid, limits, text};

/// One person of the care team, also one from outside the clinic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TeamMember {
    /// The name as the patient knows it, at most 120 characters.
    pub name: String,
    /// What they do.
    pub role: TeamRole,
}

/// What somebody does for a patient, as one word or a few. Words from a newer version are kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TeamRole(String);

impl TeamRole {
    /// The words that this version knows.
    pub const KNOWN: [&'static str; 4] = [
        "therapist",
        "medical_provider",
        "outside_therapist",
        "outside_psychiatrist",
    ];

    /// Leads the programme and is there for its sessions.
    pub fn therapist() -> Self {
        Self("therapist".to_owned())
    }

    /// Watches over the body during a session.
    pub fn medical_provider() -> Self {
        Self("medical_provider".to_owned())
    }

    /// Whether this is the part of the programme's therapist.
    pub fn is_therapist(&self) -> bool {
        self.0 == "therapist"
    }

    /// The word that is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for TeamRole {
    fn from(word: String) -> Self {
        Self(word)
    }
}

impl TeamMember {
    pub(super) fn checked(self) -> Result<Self, Invalid> {
        let name = text::needed_line(&self.name, MEMBER, limits::NAME)?;
        let role = text::needed_line(self.role.as_str(), ROLE, limits::WORD)?.into();
        Ok(Self { name, role })
    }
}
