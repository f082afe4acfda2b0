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
pub struct Sheet {
    written: BTreeMap<String, Value>,
    /// What was answered to an item in two places apart, until somebody chooses. It stands beside the answers in
    /// the document, and is no part of them.
    #[serde(skip)]
    apart: BTreeMap<String, Vec<Value>>,
}

impl Sheet {
    /// Writes down what was done with that item, in place of what was there.
    pub fn set(&mut self, item: ItemNumber, given: Given) {
        self.apart.remove(&item.to_string());
        self.written.insert(item.to_string(), given.written());
    }

    /// Takes away what was done with that item: it was not reached.
    pub fn clear(&mut self, item: ItemNumber) {
        self.apart.remove(&item.to_string());
        self.written.remove(&item.to_string());
    }

    /// What was done with that item. `None` where it was not reached; `Some(None)` where this version
    /// does not understand what was written down.
    pub(super) fn get(&self, item: ItemNumber) -> Option<Option<Given>> {
        self.written.get(&item.to_string()).map(Given::of)
    }

    /// Notes that an item was answered in two places apart, with all that was answered there.
    pub(in crate::domain) fn note_apart(&mut self, item: &str, wordings: &[String]) {
        let read = |text: &String| {
            serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()))
        };
        self.apart
            .insert(item.to_owned(), wordings.iter().map(read).collect());
    }

    /// All that was answered to that item in two places apart; empty where there is one answer. `None` among
    /// them is what this version does not understand.
    pub(super) fn apart(&self, item: ItemNumber) -> Vec<Option<Given>> {
        let wordings = self.apart.get(&item.to_string()).into_iter().flatten();
        wordings.map(Given::of).collect()
    }

    /// What is written down, as it is.
    pub fn written(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.written
            .iter()
            .map(|(item, value)| (item.as_str(), value))
    }

    /// How many items are written down.
    pub fn len(&self) -> usize {
        self.written.len()
    }

    /// Whether nothing is written down.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty()
    }
}

impl Given {
    /// As a sheet keeps it.
    pub(crate) fn written(self) -> Value {
        match self {
            Given::Points(points) => points.0.into(),
            Given::Skipped => SKIPPED.into(),
        }
    }

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
