//! The answers to a measure as a document keeps them: item number to what was answered.
//!
//! Each item is a key of its own, so that answers given on two devices apart both stand, and a
//! questionnaire that was left in the middle goes on where it stopped. What this version does not
//! understand is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ItemNumber, Points};

/// The word in place of points where somebody chose not to answer.
const SKIPPED: &str = "skipped";

/// What somebody did with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Given {
    /// Chose the answer that counts so much.
    Points(Points),
    /// Chose not to answer. Never counts as 0.
    Skipped,
}

/// Answers by item: `{"1": 2, "2": "skipped"}`. An item that is missing was not reached yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sheet(BTreeMap<String, Value>);

impl Sheet {
    /// Writes down what was done with that item, in place of what was there.
    pub fn set(&mut self, item: ItemNumber, given: Given) {
        let value = match given {
            Given::Points(points) => points.0.into(),
            Given::Skipped => SKIPPED.into(),
        };
        self.0.insert(item.to_string(), value);
    }

    /// Takes away what was done with that item: it was not reached.
    pub fn clear(&mut self, item: ItemNumber) {
        self.0.remove(&item.to_string());
    }

    /// What was done with that item. `None` where it was not reached; `Some(None)` where this version
    /// does not understand what was written down.
    pub(super) fn get(&self, item: ItemNumber) -> Option<Option<Given>> {
        self.0.get(&item.to_string()).map(Given::of)
    }

    /// What is written down, as it is.
    pub fn written(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(item, value)| (item.as_str(), value))
    }

    /// How many items are written down.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is written down.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Given {
    /// What a value of a sheet says was done; `None` where this version does not understand it.
    pub(in crate::domain) fn of(value: &Value) -> Option<Given> {
        match value {
            Value::String(word) if word == SKIPPED => Some(Given::Skipped),
            Value::Number(number) => {
                let points = u8::try_from(number.as_u64()?).ok()?;
                Some(Given::Points(Points(points)))
            }
            _ => None,
        }
    }
}

impl FromIterator<(ItemNumber, Given)> for Sheet {
    fn from_iter<I: IntoIterator<Item = (ItemNumber, Given)>>(answers: I) -> Self {
        let mut sheet = Sheet::default();
        for (item, given) in answers {
            sheet.set(item, given);
        }
        sheet
    }
}
