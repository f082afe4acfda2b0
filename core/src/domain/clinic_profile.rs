//! What a clinic says about itself.

use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{Content, Field, Index, Invalid, Kind, Placement, Shape, Writers, limits, name_key};

const NAME: Named = named("name", "the clinic's name");

/// What a clinic says about itself, in each care space.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClinicProfile {
    /// The name that patients see, at most 120 characters.
    pub name: String,
}

impl ClinicProfile {
    /// A profile with nothing but a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

impl Content for ClinicProfile {
    const KIND: Kind = Kind::named("clinic_profile");
    const SHAPE: Shape = Shape::new(&[Field::value("name")]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;

    fn checked(self) -> Result<Self, Invalid> {
        let name = name_key::needed_line(&self.name, NAME, limits::NAME)?;
        Ok(Self { name })
    }

    fn index(&self) -> Index {
        Index::default()
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        (1..=3)
            .map(|n| ClinicProfile::new(format!("Harbor Clinic {n}")))
            .collect()
    }
}
