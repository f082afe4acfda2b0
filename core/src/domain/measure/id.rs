//! What names a measure, its version, its items and its codes.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Names a measure in a record, as one lowercase word: `phq-9`. One from a newer version is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MeasureId(Cow<'static, str>);

impl MeasureId {
    pub(super) const fn named(word: &'static str) -> MeasureId {
        MeasureId(Cow::Borrowed(word))
    }

    /// The measure of that word, known or not: from a row, or from what somebody typed.
    pub fn from_stored(word: impl Into<String>) -> MeasureId {
        MeasureId(Cow::Owned(word.into()))
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MeasureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which version of a measure's wording and scoring, from 1. Raised when a word or a point changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InstrumentVersion(pub u16);

impl fmt::Display for InstrumentVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of an item as it is printed beside it, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemNumber(u8);

/// A text or number that is not the number of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the number of an item")]
pub struct ItemNumberError;

impl ItemNumber {
    /// The item of that number.
    ///
    /// # Errors
    ///
    /// For 0.
    pub const fn new(number: u8) -> Result<ItemNumber, ItemNumberError> {
        match number {
            0 => Err(ItemNumberError),
            number => Ok(ItemNumber(number)),
        }
    }

    /// For the tables of this module, which a test reads through.
    pub(super) const fn in_table(number: u8) -> ItemNumber {
        ItemNumber(number)
    }

    /// The number, from 1.
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Display for ItemNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ItemNumber {
    type Err = ItemNumberError;

    /// Only the shortest form: `01` and `+1` would be second names of one item.
    fn from_str(text: &str) -> Result<Self, ItemNumberError> {
        let number = text.parse().map_err(|_| ItemNumberError)?;
        let item = ItemNumber::new(number)?;
        (item.to_string() == text)
            .then_some(item)
            .ok_or(ItemNumberError)
    }
}

/// What one answer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(pub u8);

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Points> for u16 {
    fn from(points: Points) -> u16 {
        points.0.into()
    }
}

/// A code of LOINC, for exports: `44260-8` for a question, `LA6568-5` for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Loinc(pub &'static str);

impl fmt::Display for Loinc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
