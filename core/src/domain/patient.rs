//! The clinic's register: who its patients are, and what it says about itself.
//!
//! Patients live in the clinic space only; the profile also travels in the care space.

use companion_protocol::id::SpaceId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Content, Invalid, Kind, Moment, text};

/// Most characters of a person's or clinic's name.
pub const NAME_LIMIT: usize = 120;
/// Most characters of initials.
pub const INITIALS_LIMIT: usize = 8;
/// Most characters of pronouns.
pub const PRONOUNS_LIMIT: usize = 40;

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
        self.as_str()
    }
}

/// One patient in the clinic's register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PatientRecord {
    /// The name that the care team uses.
    pub name: String,
    /// Short form for lists; may be empty.
    #[serde(default)]
    pub initials: String,
    /// The patient's pronouns; may be empty.
    #[serde(default)]
    pub pronouns: String,
    /// Where they stand in the programme.
    #[serde(default)]
    pub phase: Phase,
    /// The space that is shared with them.
    pub care_space: SpaceId,
    /// When they were invited last.
    pub invited_at: Moment,
    /// When both sides confirmed each other's keys, if they have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paired_at: Option<Moment>,
    /// Fields from a newer version.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Content for PatientRecord {
    const KIND: Kind = Kind::PATIENT;

    fn checked(self) -> Result<Self, Invalid> {
        let name = text::needed_line(&self.name, "the name", NAME_LIMIT)?;
        let initials = text::line(&self.initials, "the initials", INITIALS_LIMIT)?;
        let pronouns = text::line(&self.pronouns, "the pronouns", PRONOUNS_LIMIT)?;
        text::moment(self.invited_at, "the time of the invitation")?;
        Ok(Self {
            name,
            initials,
            pronouns,
            ..self
        })
    }
}

/// What a clinic says about itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClinicProfile {
    /// The name that patients see.
    pub name: String,
    /// Fields from a newer version.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl ClinicProfile {
    /// A profile with nothing but a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            extra: Map::new(),
        }
    }
}

impl Content for ClinicProfile {
    const KIND: Kind = Kind::CLINIC_PROFILE;

    fn checked(self) -> Result<Self, Invalid> {
        let name = text::needed_line(&self.name, "the clinic's name", NAME_LIMIT)?;
        Ok(Self { name, ..self })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn patient() -> PatientRecord {
        PatientRecord {
            name: "Ada Sample".into(),
            initials: "AS".into(),
            pronouns: "she/her".into(),
            phase: Phase::Integration,
            care_space: SpaceId::new([2; 32]),
            invited_at: Moment::utc(1_795_465_113_123),
            paired_at: Some(Moment::utc(1_795_465_213_123)),
            extra: Map::new(),
        }
    }

    #[test]
    fn the_json_of_a_patient_and_a_clinic_stays_as_it_is() {
        insta::assert_json_snapshot!("patient", patient().to_projection().unwrap());
        let clinic = ClinicProfile::new("Harbour Clinic");
        insta::assert_json_snapshot!("clinic_profile", clinic.to_projection().unwrap());
        let fields = patient().to_projection().unwrap();
        assert_eq!(PatientRecord::from_projection(&fields).unwrap(), patient());
    }

    #[test]
    fn a_patient_needs_a_name() {
        let nameless = PatientRecord {
            name: " ".into(),
            ..patient()
        };
        assert_eq!(
            nameless.checked().unwrap_err().to_string(),
            "the name is empty"
        );
        let tidied = PatientRecord {
            name: " Ada  Sample ".into(),
            ..patient()
        }
        .checked();
        assert_eq!(tidied.unwrap(), patient());
    }

    #[test]
    fn every_phase_is_kept_under_its_own_word() {
        for phase in Phase::ALL {
            assert_eq!(serde_json::to_value(phase).unwrap(), phase.as_str());
        }
    }
}
