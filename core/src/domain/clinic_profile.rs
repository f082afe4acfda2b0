//! What a clinic says about itself.

use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Placement, Shape, Writers, limits, nickname,
    text,
};

const NAME: Named = named("name", "the clinic's name");
const SERVER: Named = named("server", "the server's address");

/// What a clinic says about itself, in each care space. Only the clinic's side may write it, so what it
/// says of the server comes from the clinic, whichever server hands it over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClinicProfile {
    /// The name that patients see, at most 120 characters.
    pub name: String,
    /// Where the clinic moved to with its record; empty as long as it never moved.
    #[serde(default)]
    pub server: String,
}

impl ClinicProfile {
    /// A profile with nothing but a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            server: String::new(),
        }
    }
}

impl Content for ClinicProfile {
    const KIND: Kind = Kind::named("clinic_profile");
    const SHAPE: Shape = Shape::new(&[Field::value("name"), Field::value("server")]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;

    fn checked(self) -> Result<Self, Invalid> {
        let name = nickname::needed_tidied(&self.name, NAME, limits::NAME)?;
        let server = text::line(&self.server, SERVER, limits::ADDRESS)?;
        Ok(Self { name, server })
    }

    fn index(&self) -> Index {
        Index::default()
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| {
            let mut profile = ClinicProfile::new(format!("Harbor Clinic {n}"));
            profile.server = format!("https://sync{n}.example.org");
            profile
        };
        (1..=3).map(example).collect()
    }
}
