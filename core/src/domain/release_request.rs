//! What a clinic asks a patient to allow: a release with all its terms, which the patient gives, narrows or declines.

use serde::{Deserialize, Serialize};

use super::release::{AtProgrammeEnd, ReleaseTerms};
use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, limits, text,
};

const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time of the request");
const TAKEN_BACK: Named = named("taken_back_at", "the time at which it was taken back");

/// A request for a release. It opens nothing: only the patient's own release does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleaseRequest {
    /// Whom, what, and what for.
    #[serde(flatten)]
    pub terms: ReleaseTerms,
    /// Who asks, by the name that the patient sees.
    pub by: String,
    /// When the clinic took it back, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back_at: Option<Moment>,
    /// When it was asked.
    pub at: Moment,
}

impl Content for ReleaseRequest {
    const KIND: Kind = Kind::named("release_request");
    const SHAPE: Shape = Shape::new(&[
        Field::value("provider"),
        Field::value("what"),
        Field::value("contact"),
        Field::value("sections"),
        Field::value("purpose"),
        Field::value("until"),
        Field::value("at_programme_end"),
        Field::value("by"),
        Field::value("taken_back_at"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;
    const HAS_OWN_VERBS: bool = true;

    fn checked(self) -> Result<Self, Invalid> {
        let terms = self.terms.checked()?;
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        if let Some(at) = self.taken_back_at {
            text::moment(at, TAKEN_BACK)?;
        }
        text::moment(self.at, AT)?;
        Ok(Self { terms, by, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, at_programme_end| {
            let at = |hours: i64| Moment::utc(1_795_465_113_123 + i64::from(n) + hours * 3_600_000);
            ReleaseRequest {
                terms: ReleaseTerms::example(n, at_programme_end),
                by: format!("Dr. Vega {n}"),
                taken_back_at: Some(at(1)),
                at: at(0),
            }
        };
        vec![
            example(1, AtProgrammeEnd::Ends),
            example(2, AtProgrammeEnd::GoesOn),
            example(3, AtProgrammeEnd::GoesOn),
        ]
    }
}
