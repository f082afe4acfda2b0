//! That a patient declined what the clinic asked to be allowed.

use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers,
    limits, text,
};

const WORDS: Named = named("reason", "the reason");
const AT: Named = named("at", "the time of the answer");

/// A patient's no to a [`ReleaseRequest`](super::ReleaseRequest). No reason is needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleaseDeclined {
    /// The request.
    pub about: DocumentId,
    /// Why, for the clinic, at most 500 characters; may be empty.
    #[serde(default)]
    pub reason: String,
    /// When.
    pub at: Moment,
}

impl Content for ReleaseDeclined {
    const KIND: Kind = Kind::named("release_declined");
    const SHAPE: Shape = Shape::new(&[
        Field::value("about"),
        Field::value("reason"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::ToNone;
    // It stands beside the request, where whoever asked looks.
    const TO_BE_SEEN: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        let reason = text::line(&self.reason, WORDS, limits::REASON)?;
        text::moment(self.at, AT)?;
        Ok(Self { reason, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            about: Some(self.about),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| ReleaseDeclined {
            about: DocumentId::new([n; 16]),
            reason: format!("I would rather tell her myself, {n}."),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        (1..=3).map(example).collect()
    }
}
