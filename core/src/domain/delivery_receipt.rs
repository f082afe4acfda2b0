//! What tells a patient truthfully how far the clinic's own system has received.

use std::collections::BTreeMap;

use companion_protocol::id::{Counter, MemberId};
use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, limits, text,
};

const CLINIC: Named = named("clinic", "the clinic's name");
const AT: Named = named("at", "the time of delivery");

/// How far the clinic's own replica has received: for each author the last of its contiguous
/// changes, and when each step was. Moved forward as more arrives; after some steps a new one is begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryReceipt {
    /// Author to the counter of the last change received from it without a gap.
    #[serde(default)]
    pub through: BTreeMap<MemberId, Counter>,
    /// The steps since this receipt was begun: the author and how far it then was, as
    /// [`DeliveryReceipt::step`] names them, and when that arrived, by the clinic's clock.
    #[serde(default)]
    pub steps: BTreeMap<String, Moment>,
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

    /// The name of a step.
    pub fn step(author: &MemberId, through: Counter) -> String {
        format!("{author}:{through}")
    }

    /// The steps of each author, in their order.
    pub fn steps_by_author(&self) -> BTreeMap<MemberId, Vec<(Counter, Moment)>> {
        let mut steps = BTreeMap::<MemberId, Vec<(Counter, Moment)>>::new();
        for (name, at) in &self.steps {
            let named = name.split_once(':');
            let named = named.and_then(|(by, through)| Some((by.parse().ok()?, through)));
            if let Some((author, through)) = named
                && let Ok(through) = through.parse()
            {
                steps
                    .entry(author)
                    .or_default()
                    .push((Counter(through), *at));
            }
        }
        steps.values_mut().for_each(|steps| steps.sort_unstable());
        steps
    }
}

impl Content for DeliveryReceipt {
    const KIND: Kind = Kind::named("delivery_receipt");
    const SHAPE: Shape = Shape::new(&[
        Field::map("through"),
        Field::map("steps"),
        Field::value("clinic"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;
    const IN_EXPORT: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        let clinic = text::needed_line(&self.clinic, CLINIC, limits::NAME)?;
        text::moment(self.at, AT)?;
        for at in self.steps.values() {
            text::moment(*at, AT)?;
        }
        Ok(Self { clinic, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            // Its time only ever grows, whatever the clinic's clock does: the newest is the one that counts.
            planned: true,
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| DeliveryReceipt {
            through: [(MemberId::new([n; 32]), Counter(u64::from(n)))].into(),
            steps: [(
                DeliveryReceipt::step(&MemberId::new([n; 32]), Counter(u64::from(n))),
                Moment::utc(1_795_465_113_123 + i64::from(n)),
            )]
            .into(),
            clinic: format!("Harbor Clinic {n}"),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        (1..=3).map(example).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn a_delivery_covers_what_it_reached_and_nothing_after() {
        let author = MemberId::new([3; 32]);
        let delivery = DeliveryReceipt {
            through: [(author, Counter(2))].into(),
            steps: BTreeMap::new(),
            clinic: "Harbor Clinic".into(),
            at: Moment::utc(0),
        };
        assert!(delivery.covers(&author, Counter(1)) && delivery.covers(&author, Counter(2)));
        assert!(!delivery.covers(&author, Counter(3)));
        assert!(!delivery.covers(&MemberId::new([9; 32]), Counter(1)));
    }

    #[test]
    fn the_steps_of_an_author_stand_in_their_order() {
        let (author, other) = (MemberId::new([3; 32]), MemberId::new([4; 32]));
        let step = |author, through, ms| {
            let name = DeliveryReceipt::step(author, Counter(through));
            (name, Moment::utc(ms))
        };
        let mut steps: BTreeMap<String, Moment> = [
            step(&author, 10, 20),
            step(&author, 9, 10),
            step(&other, 1, 5),
        ]
        .into();
        steps.insert("nonsense".into(), Moment::utc(0));
        let receipt = DeliveryReceipt {
            steps,
            ..DeliveryReceipt::examples().remove(0)
        };
        let expected = [
            (Counter(9), Moment::utc(10)),
            (Counter(10), Moment::utc(20)),
        ];
        assert_eq!(receipt.steps_by_author()[&author], expected);
    }
}
