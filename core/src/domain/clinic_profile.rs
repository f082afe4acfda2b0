//! What a clinic says about itself.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Content, Field, Index, Invalid, Kind, Placement, Shape, Writers, limits, nickname, text,
};

const NAME: Named = named("name", "the clinic's name");
const SERVER: Named = named("server", "the server's address");
const GRANT: Named = named("grant", "the grant");

/// What a clinic says about itself, in each care space. Only the clinic's side may write it, so what it
/// says of the server comes from the clinic, whichever server hands it over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClinicProfile {
    /// The name that patients see, at most 120 characters.
    pub name: String,
    /// Where the clinic moved to with its record; empty as long as it never moved.
    #[serde(default)]
    pub server: String,
    /// A grant for what the patient keeps private, to be founded on that server; in base64url. Empty
    /// where there is no server to move to.
    #[serde(default)]
    pub grant: String,
}

impl ClinicProfile {
    /// A profile with nothing but a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            server: String::new(),
            grant: String::new(),
        }
    }

    /// Says that the clinic moved.
    pub fn moved_to(&mut self, server: &str, grant: &[u8]) {
        server.clone_into(&mut self.server);
        self.grant = BASE64URL_NOPAD.encode(grant);
    }

    /// The grant's bytes, if there is one that can be read.
    pub fn grant_bytes(&self) -> Option<Vec<u8>> {
        let bytes = BASE64URL_NOPAD.decode(self.grant.as_bytes()).ok()?;
        (!bytes.is_empty()).then_some(bytes)
    }
}

impl Content for ClinicProfile {
    const KIND: Kind = Kind::named("clinic_profile");
    const SHAPE: Shape = Shape::new(&[
        Field::value("name"),
        Field::value("server"),
        Field::value("grant"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;

    fn checked(self) -> Result<Self, Invalid> {
        let name = nickname::needed_tidied(&self.name, NAME, limits::NAME)?;
        let server = text::line(&self.server, SERVER, limits::ADDRESS)?;
        let grant = text::line(&self.grant, GRANT, limits::GRANT)?;
        Ok(Self {
            name,
            server,
            grant,
        })
    }

    fn index(&self) -> Index {
        Index::default()
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| {
            let mut profile = ClinicProfile::new(format!("Harbor Clinic {n}"));
            profile.moved_to(&format!("https://sync{n}.example.org"), &[n; 8]);
            profile
        };
        (1..=3).map(example).collect()
    }
}
