//! What a clinic says of releases: how long one may run at most, and whether a rule on records of the treatment of
//! substance use binds whoever is told something.

use serde::{Deserialize, Serialize};

use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, limits, text,
};

const LONGEST: Named = named("longest_days", "the longest time of a release");
const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time");

/// What the clinic set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleaseRules {
    /// How many days a release may run at most, 1 to 3650.
    pub longest_days: u32,
    /// Whether the clinic says that it is a program under 42 CFR Part 2: what it hands over then carries that rule's
    /// notice.
    #[serde(default)]
    pub part_2: bool,
    /// Who set it.
    pub by: String,
    /// When.
    pub at: Moment,
}

impl Content for ReleaseRules {
    const KIND: Kind = Kind::named("release_rules");
    const SHAPE: Shape = Shape::new(&[
        Field::value("longest_days"),
        Field::value("part_2"),
        Field::value("by"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;

    fn checked(self) -> Result<Self, Invalid> {
        if !(1..=limits::RELEASE_DAYS).contains(&self.longest_days) {
            return Err(LONGEST.wrong(Problem::OutOfRange {
                least: 1,
                most: limits::RELEASE_DAYS.into(),
            }));
        }
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
    fn examples() -> Vec<Self> {
        let example = |n: u8, part_2| ReleaseRules {
            longest_days: u32::from(n) * 90,
            part_2,
            by: format!("Dr. Vega {n}"),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        vec![example(1, true), example(2, false), example(3, false)]
    }
}
