//! What the care team marks as dealt with.

use companion_protocol::id::SpaceId;
use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, Revision, Shape, Writers,
    limits, text,
};

const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time of the review");

/// A clinician's mark that something needs no more attention. It lives in the clinic space: the
/// patient does not see it. It belongs to one version: once the words change, it stands no longer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The entry or check-in that is dealt with.
    pub about: DocumentId,
    /// The care space that it is in.
    pub care_space: SpaceId,
    /// The version that was dealt with.
    pub revision: Revision,
    /// The clinician's name.
    pub by: String,
    /// When it was marked.
    pub at: Moment,
    /// When the mark was taken back, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<Moment>,
}

impl Content for Review {
    const KIND: Kind = Kind::named("review");
    const SHAPE: Shape = Shape::new(&[
        Field::value("about"),
        Field::value("care_space"),
        Field::value("revision"),
        Field::value("by"),
        Field::value("at"),
        Field::value("undone_at"),
    ]);
    const PLACEMENT: Placement = Placement::Clinic;
    const WRITERS: Writers = Writers::Clinic;

    fn checked(self) -> Result<Self, Invalid> {
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        text::moment(self.at, AT)?;
        Ok(Self { by, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            about: Some(self.about),
            concerns: Some(self.care_space),
            state: match self.undone_at {
                None => "stands",
                Some(_) => "undone",
            },
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| Review {
            about: DocumentId::new([n; 16]),
            care_space: SpaceId::new([n; 32]),
            revision: Revision::new([super::ChangeHash::new([n; 32])]),
            by: format!("Dr. Vega {n}"),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
            undone_at: Some(Moment::utc(1_795_465_114_000 + i64::from(n))),
        };
        (1..=3).map(example).collect()
    }
}
