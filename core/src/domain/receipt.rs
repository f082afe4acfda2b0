//! What tells a patient truthfully whether anyone has seen what they wrote: received, and opened.
//!
//! Both live in the care space and are written by the clinic.

use std::collections::BTreeMap;

use companion_protocol::id::{Counter, MemberId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::patient::NAME_LIMIT;
use super::{Content, DocumentId, Invalid, Kind, Moment, text};

/// A clinician opened something: one document for each person and thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// What was opened.
    pub about: DocumentId,
    /// Who opened it, by the name that the patient sees.
    pub by: String,
    /// When it was opened first.
    pub at: Moment,
    /// Fields from a newer version.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Content for Opening {
    const KIND: Kind = Kind::OPENING;

    fn checked(self) -> Result<Self, Invalid> {
        let by = text::needed_line(&self.by, "the name", NAME_LIMIT)?;
        text::moment(self.at, "the time of opening")?;
        Ok(Self { by, ..self })
    }
}

/// How far the clinic's own replica has received: for each author the last of its contiguous
/// changes. One document for each clinic, moved forward as more arrives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Author to the counter of the last change received from it without a gap.
    #[serde(default)]
    pub through: BTreeMap<MemberId, Counter>,
    /// The clinic's name as the patient sees it.
    pub clinic: String,
    /// When it last received something.
    pub at: Moment,
    /// Fields from a newer version.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Delivery {
    /// Whether the clinic has that change of that author.
    pub fn covers(&self, author: &MemberId, counter: Counter) -> bool {
        self.through
            .get(author)
            .is_some_and(|through| *through >= counter)
    }
}

impl Content for Delivery {
    const KIND: Kind = Kind::DELIVERY;

    fn checked(self) -> Result<Self, Invalid> {
        let clinic = text::needed_line(&self.clinic, "the clinic's name", NAME_LIMIT)?;
        text::moment(self.at, "the time of delivery")?;
        Ok(Self { clinic, ..self })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_json_of_an_opening_and_a_delivery_stays_as_it_is() {
        let opening = Opening {
            about: DocumentId::new([1; 16]),
            by: "Dr. Vega".into(),
            at: Moment::utc(1_795_465_113_123),
            extra: Map::new(),
        };
        let delivery = Delivery {
            through: [
                (MemberId::new([3; 32]), Counter(41)),
                (MemberId::new([4; 32]), Counter(1)),
            ]
            .into(),
            clinic: "Harbour Clinic".into(),
            at: Moment::utc(1_795_465_113_123),
            extra: Map::new(),
        };
        insta::assert_json_snapshot!("opening", opening.to_projection().unwrap());
        insta::assert_json_snapshot!("delivery", delivery.to_projection().unwrap());
        let opening_fields = opening.to_projection().unwrap();
        assert_eq!(Opening::from_projection(&opening_fields).unwrap(), opening);
        let delivery_fields = delivery.to_projection().unwrap();
        assert_eq!(
            Delivery::from_projection(&delivery_fields).unwrap(),
            delivery
        );
    }

    #[test]
    fn a_delivery_covers_what_it_reached_and_nothing_after() {
        let author = MemberId::new([3; 32]);
        let delivery = Delivery {
            through: [(author, Counter(2))].into(),
            clinic: "Harbour Clinic".into(),
            at: Moment::utc(0),
            extra: Map::new(),
        };
        assert!(delivery.covers(&author, Counter(1)) && delivery.covers(&author, Counter(2)));
        assert!(!delivery.covers(&author, Counter(3)));
        assert!(!delivery.covers(&MemberId::new([9; 32]), Counter(1)));
    }
}
