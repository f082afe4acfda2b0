//! That a patient looked again at what they said in the quiet hours of a session, and keeps it.

use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers,
    text,
};

const AT: Named = named("at", "the time of looking again");

/// The patient's "keep it private" for one thing that they wrote. It lives in the private space, and is no field
/// of that thing: shared later, it does not tell anybody how long its writer hesitated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptPrivate {
    /// What they keep.
    pub about: DocumentId,
    /// When they decided.
    pub at: Moment,
}

impl Content for KeptPrivate {
    const KIND: Kind = Kind::named("kept_private");
    const SHAPE: Shape = Shape::new(&[Field::value("about"), Field::value("at")]);
    const PLACEMENT: Placement = Placement::Private;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::ToNone;
    const TO_BE_SEEN: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        text::moment(self.at, AT)?;
        Ok(self)
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
        let example = |n: u8| KeptPrivate {
            about: DocumentId::new([n; 16]),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        (1..=3).map(example).collect()
    }
}
