//! When a clinic wants a patient to read a guide.

use serde::{Deserialize, Serialize};

use super::guide::{Due, GuideId};
use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, RecordSection, Shape,
    Writers, limits, text,
};

const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time of the assignment");

/// A clinic's rule for when one guide comes due to one patient, instead of the bundled one. Apart from
/// [`GuideText`](super::GuideText), so that a guide is moved for one patient without a word of it being
/// written anew. It lives in the care space; the newest for a guide counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideAssignment {
    /// Which guide, bundled or the clinic's own.
    pub guide: GuideId,
    /// When it comes due: `phase preparation`, `S-3`, `S+1`, or `never`, which takes it off.
    pub due: Due,
    /// Who assigned it, by the name that the patient sees.
    pub by: String,
    /// When.
    pub at: Moment,
}

impl Content for GuideAssignment {
    const KIND: Kind = Kind::named("guide_assignment");
    const SHAPE: Shape = Shape::new(&[
        Field::value("guide"),
        Field::value("due"),
        Field::value("by"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::To(RecordSection::Programme);

    fn checked(self) -> Result<Self, Invalid> {
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        text::moment(self.at, AT)?;
        Ok(Self { by, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    #[allow(
        clippy::unwrap_used,
        reason = "names that are written here, in tests only"
    )]
    fn examples() -> Vec<Self> {
        let example = |n: u8, due: &str| GuideAssignment {
            guide: format!("getting-ready-{n}").parse().unwrap(),
            due: due.parse().unwrap(),
            by: format!("Dr. Vega {n}"),
            at: Moment::utc(1_795_465_113_000 + i64::from(n)),
        };
        vec![
            example(1, "S-3"),
            example(2, "phase integration"),
            example(3, "never"),
        ]
    }
}
