//! That a patient ended their account.

use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, text,
};

const AT: Named = named("at", "the time of the end");

/// The patient ended their account: the last thing that their phone says. The end itself is a statement of the space;
/// this says what the patient decided about what they had shared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountEnd {
    /// When they decided it, by their phone's clock.
    pub at: Moment,
    /// Whether they took back what they had shared.
    #[serde(default)]
    pub taken_back: bool,
}

impl Content for AccountEnd {
    const KIND: Kind = Kind::named("account_end");
    const SHAPE: Shape = Shape::new(&[Field::value("at"), Field::value("taken_back")]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::ToNone;
    // A caseload says it of the patient.
    const TO_BE_SEEN: bool = false;
    const IN_EXPORT: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        text::moment(self.at, AT)?;
        Ok(self)
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| AccountEnd {
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
            taken_back: n == 1,
        };
        (1..=3).map(example).collect()
    }
}
