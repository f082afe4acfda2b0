//! What a clinic says once the compare-words were the same on both sides.

use companion_protocol::id::MemberId;
use serde::{Deserialize, Serialize};

use super::text::named;
use super::{Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, text};

/// The clinic's word that it compared the words with whoever holds a device: until then a phone must
/// not say that it is paired, since somebody else may have come in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The member that was compared.
    pub member: MemberId,
    /// When, by the clinic's clock.
    pub at: Moment,
}

impl Content for Comparison {
    const KIND: Kind = Kind::named("comparison");
    const SHAPE: Shape = Shape::new(&[Field::value("member"), Field::value("at")]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;

    fn checked(self) -> Result<Self, Invalid> {
        text::moment(self.at, named("at", "the time of comparing"))?;
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
        let example = |n: u8| Comparison {
            member: MemberId::new([n; 32]),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        (1..=3).map(example).collect()
    }
}
