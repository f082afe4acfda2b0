//! That a patient wanted to share something which the quiet hours of a session held back, and how.

use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, Shape,
    Visibility, Writers, text,
};

const AT: Named = named("at", "the time of the wish");

/// How a patient asked for something to be shared that was held back. It is offered and shared like that once the quiet
/// hours are over. It lives in the private space, and is no field of that thing: nobody reads from what is shared
/// that it was to be shared before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SharingWish {
    /// What was held back.
    pub about: DocumentId,
    /// How it was to be shared.
    #[serde(default)]
    pub how: Visibility,
    /// When they asked.
    pub at: Moment,
}

impl Content for SharingWish {
    const KIND: Kind = Kind::named("sharing_wish");
    const SHAPE: Shape = Shape::new(&[
        Field::value("about"),
        Field::value("how"),
        Field::value("at"),
    ]);
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
        (1..=3)
            .zip(Visibility::ALL)
            .map(|(n, how)| SharingWish {
                about: DocumentId::new([n; 16]),
                how,
                at: Moment::utc(1_795_465_113_123 + i64::from(n)),
            })
            .collect()
    }
}
