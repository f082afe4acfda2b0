//! What a patient takes: medicines and supplements.

use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Ordered, Placement, RecordSection,
    Shape, Writers, limits, text,
};

const NAME: Named = named("items", "the name of a medicine");
const WHAT_FOR: Named = named("items", "what a medicine is for");
const STOPPED: Named = named("items", "the time at which it was stopped");
const ITEMS: Named = named("items", "medicines");
const AT: Named = named("at", "the time of the list");

/// What a patient takes. It lives in the care space, and both sides edit it.
///
/// That somebody of the clinic went through it is a [`MedicationReview`](super::MedicationReview) of its
/// own, which only the clinic writes and which names the version that it is about. Nothing here says
/// what goes with what, or to stop anything: that is for people to talk about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MedicationList {
    /// Medicines and supplements.
    #[serde(default)]
    pub items: Ordered<Medication>,
    /// When the list was begun.
    pub at: Moment,
}

/// One thing that is taken, or was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Medication {
    /// Its name with whatever belongs to it, 1 to 200 characters.
    pub name: String,
    /// What it is taken for, at most 200 characters; may be empty.
    #[serde(default)]
    pub what_for: String,
    /// What sort of thing it is.
    #[serde(default)]
    pub sort: MedicationSort,
    /// When it was stopped, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Moment>,
}

/// What sort of thing is taken.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum MedicationSort {
    /// A medicine, prescribed or not.
    #[default]
    Medicine,
    /// A supplement, an herb, a vitamin.
    Supplement,
}

impl MedicationList {
    /// An empty list.
    pub fn new(at: Moment) -> Self {
        Self {
            items: Ordered::default(),
            at,
        }
    }

    /// What is taken now.
    pub fn taken(&self) -> impl Iterator<Item = &Medication> {
        let items = self.items.iter().map(|(_, item)| item);
        items.filter(|item| item.stopped_at.is_none())
    }
}

impl Medication {
    fn checked(self) -> Result<Self, Invalid> {
        let name = text::needed_line(&self.name, NAME, limits::TITLE)?;
        let what_for = text::line(&self.what_for, WHAT_FOR, limits::TITLE)?;
        if let Some(at) = self.stopped_at {
            text::moment(at, STOPPED)?;
        }
        Ok(Self {
            name,
            what_for,
            ..self
        })
    }
}

impl Content for MedicationList {
    const KIND: Kind = Kind::named("medication_list");
    const SHAPE: Shape = Shape::new(&[
        Field::ordered(
            "items",
            &[
                Field::value("name"),
                Field::value("what_for"),
                Field::value("sort"),
                Field::value("stopped_at"),
            ],
        ),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Both;
    const BELONGS: Belongs = Belongs::To(RecordSection::Medicines);

    fn checked(self) -> Result<Self, Invalid> {
        let items = self
            .items
            .each_checked(ITEMS, limits::ITEMS, Medication::checked)?;
        text::moment(self.at, AT)?;
        Ok(Self { items, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            renewed: true,
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, sort| {
            let at = Moment::utc(1_795_465_113_123 + i64::from(n));
            let mut list = MedicationList::new(at);
            let medication = Medication {
                name: format!("Sertraline {n}"),
                what_for: format!("low mood {n}"),
                sort,
                stopped_at: Some(at),
            };
            list.items.push(super::ItemId::new([n; 16]), medication);
            list
        };
        vec![
            example(1, MedicationSort::Medicine),
            example(2, MedicationSort::Supplement),
            example(3, MedicationSort::Medicine),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::ItemId;

    #[test]
    fn what_was_stopped_stays_on_the_list_and_is_not_taken_any_more() {
        let mut list = MedicationList::new(Moment::utc(0));
        let (one, two) = (ItemId::new([1; 16]), ItemId::new([2; 16]));
        for (id, name) in [(one, "Sertraline"), (two, "St. John’s wort")] {
            let medication = Medication {
                name: name.into(),
                what_for: String::new(),
                sort: MedicationSort::Medicine,
                stopped_at: None,
            };
            list.items.push(id, medication);
        }
        list.items
            .update(two, |item| item.stopped_at = Some(Moment::utc(5)));
        assert_eq!(list.items.len(), 2);
        let taken: Vec<_> = list.taken().map(|item| &*item.name).collect();
        assert_eq!(taken, ["Sertraline"]);
    }

    #[test]
    fn a_medicine_has_a_name_and_a_list_its_limit() {
        let nameless = Medication {
            name: " ".into(),
            what_for: "sleep".into(),
            sort: MedicationSort::Supplement,
            stopped_at: None,
        };
        let mut list = MedicationList::new(Moment::utc(0));
        list.items.push(ItemId::new([1; 16]), nameless);
        assert_eq!(
            list.checked().unwrap_err().to_string(),
            "the name of a medicine is empty"
        );
    }
}
