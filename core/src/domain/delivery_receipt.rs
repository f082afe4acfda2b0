//! What tells a patient truthfully how far the clinic's own system has received.

use std::collections::BTreeMap;

use companion_protocol::id::{Counter, MemberId};
use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, limits, text,
};

const CLINIC: Named = named("clinic", "the clinic's name");
const AT: Named = named("at", "the time of delivery");

/// How far the clinic's own replica has received: for each author the last of its contiguous
/// changes. One document for each clinic, moved forward as more arrives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryReceipt {
    /// Author to the counter of the last change received from it without a gap.
    #[serde(default)]
    pub through: BTreeMap<MemberId, Counter>,
    /// The clinic's name as the patient sees it.
    pub clinic: String,
    /// When it last received something, by the clinic's clock.
    pub at: Moment,
}

impl DeliveryReceipt {
    /// Whether the clinic has that change of that author.
    pub fn covers(&self, author: &MemberId, counter: Counter) -> bool {
        self.through
            .get(author)
            .is_some_and(|through| *through >= counter)
    }
}

impl Content for DeliveryReceipt {
    const KIND: Kind = Kind::named("delivery_receipt");
    const SHAPE: Shape = Shape::new(&[
        Field::map("through"),
        Field::value("clinic"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;

    fn checked(self) -> Result<Self, Invalid> {
        let clinic = text::needed_line(&self.clinic, CLINIC, limits::NAME)?;
        text::moment(self.at, AT)?;
        Ok(Self { clinic, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| DeliveryReceipt {
            through: [(MemberId::new([n; 32]), Counter(u64::from(n)))].into(),
            clinic: format!("Harbor Clinic {n}"),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        (1..=3).map(example).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_covers_what_it_reached_and_nothing_after() {
        let author = MemberId::new([3; 32]);
        let delivery = DeliveryReceipt {
            through: [(author, Counter(2))].into(),
            clinic: "Harbor Clinic".into(),
            at: Moment::utc(0),
        };
        assert!(delivery.covers(&author, Counter(1)) && delivery.covers(&author, Counter(2)));
        assert!(!delivery.covers(&author, Counter(3)));
        assert!(!delivery.covers(&MemberId::new([9; 32]), Counter(1)));
    }
}
