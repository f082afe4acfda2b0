//! What a clinic says about itself.

use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Placement, Problem, Shape, Writers, limits,
    nickname, text,
};

const NAME: Named = named("name", "the clinic's name");
const KEEP_DAYS: Named = named("keep_days", "the number of days");
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
    /// For how many days the server is to keep what a patient shared after they ended their account, so that the
    /// clinic's node gets what is left; 0 to 366.
    #[serde(default = "usual_keep_days")]
    pub keep_days: u16,
}

/// As long as somebody at a clinic may be away.
const fn usual_keep_days() -> u16 {
    USUAL_KEEP_DAYS
}

/// Where a clinic says nothing of it.
pub const USUAL_KEEP_DAYS: u16 = 30;
/// As long as most servers keep a space after its end.
pub const MOST_KEEP_DAYS: u16 = 366;
/// How few it may ask for: a console that is off over a weekend still reads what was shared last, and of the end.
pub const LEAST_KEEP_DAYS: u16 = 3;

impl ClinicProfile {
    /// A profile with nothing but a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            server: String::new(),
            keep_days: USUAL_KEEP_DAYS,
        }
    }
}

impl Content for ClinicProfile {
    const KIND: Kind = Kind::named("clinic_profile");
    const SHAPE: Shape = Shape::new(&[
        Field::value("name"),
        Field::value("server"),
        Field::value("keep_days"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;

    fn checked(self) -> Result<Self, Invalid> {
        let name = nickname::needed_tidied(&self.name, NAME, limits::NAME)?;
        let server = text::line(&self.server, SERVER, limits::ADDRESS)?;
        if !(LEAST_KEEP_DAYS..=MOST_KEEP_DAYS).contains(&self.keep_days) {
            return Err(KEEP_DAYS.wrong(Problem::OutOfRange {
                least: LEAST_KEEP_DAYS.into(),
                most: i64::from(MOST_KEEP_DAYS),
            }));
        }
        Ok(Self {
            name,
            server,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index::default()
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| {
            let mut profile = ClinicProfile::new(format!("Harbor Clinic {n}"));
            profile.server = format!("https://sync{n}.example.org");
            profile.keep_days = 10 * u16::from(n);
            profile
        };
        (1..=3).map(example).collect()
    }
}
