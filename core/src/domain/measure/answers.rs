//! A sheet read with its instrument: what is answered, what is left, and what it comes to.

use super::{
    Asked, Given, Instrument, InstrumentVersion, Item, ItemNumber, MeasureId, Points, Sheet,
};

/// How one item of an instrument stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemState {
    /// Not reached yet.
    Open,
    /// Somebody chose not to answer.
    Skipped,
    /// Answered with one of its choices.
    Answered(Points),
    /// Something is written down that is none of its choices.
    Unreadable,
}

/// The answers of one person at one time to one instrument.
#[derive(Clone, Copy, Debug)]
pub struct Answers<'a> {
    instrument: &'static Instrument,
    sheet: &'a Sheet,
}

/// The total of a whole questionnaire. It knows of which measure and which version it is: a number
/// alone says nothing. Only [`Answers::total`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    instrument: &'static Instrument,
    total: u16,
}

/// Why there is no total: these items are not answered. Nothing is filled in for them. (That PHQ-9 may be
/// prorated is a clinic's decision, and not in the published scoring.)
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("incomplete: no answer to {}", self.named())]
pub struct Incomplete {
    /// Items that were not reached.
    pub open: Vec<ItemNumber>,
    /// Items that somebody chose not to answer.
    pub skipped: Vec<ItemNumber>,
    /// Items whose answer is none that the instrument offers.
    pub unreadable: Vec<ItemNumber>,
}

/// Why answers have no total.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTotal {
    /// Not every item that counts is answered.
    #[error(transparent)]
    Incomplete(#[from] Incomplete),
    /// None is published for the measure: each of its questions stands for itself.
    #[error("each question of {0} stands for itself")]
    NotMade(&'static str),
}

/// What was answered to the item about thoughts of death or of hurting oneself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HarmAnswer {
    /// The item.
    pub item: ItemNumber,
    /// How it stands.
    pub state: ItemState,
}

impl<'a> Answers<'a> {
    /// The sheet as that instrument understands it.
    pub const fn new(instrument: &'static Instrument, sheet: &'a Sheet) -> Self {
        Self { instrument, sheet }
    }

    /// The instrument that is answered.
    pub const fn instrument(&self) -> &'static Instrument {
        self.instrument
    }

    /// How an item stands.
    pub fn state(&self, item: &Item) -> ItemState {
        match self.sheet.get(item.number) {
            None => ItemState::Open,
            Some(Some(Given::Skipped)) => ItemState::Skipped,
            Some(Some(Given::Points(points))) if item.choice(points).is_some() => {
                ItemState::Answered(points)
            }
            Some(_) => ItemState::Unreadable,
        }
    }

    /// The item to ask next: the first that was not reached and is to be asked at all.
    pub fn next(&self) -> Option<&'static Item> {
        let mut items = self.instrument.items.iter();
        items.find(|item| self.is_asked(item) && self.state(item) == ItemState::Open)
    }

    /// The total, once every item that counts is answered.
    ///
    /// # Errors
    ///
    /// Which items have no answer, or that no total is made of this measure.
    pub fn total(&self) -> Result<Score, NoTotal> {
        if !self.instrument.has_total() {
            return Err(NoTotal::NotMade(self.instrument.short_name));
        }
        let mut missing = Incomplete {
            open: Vec::new(),
            skipped: Vec::new(),
            unreadable: Vec::new(),
        };
        let mut total = 0;
        for item in self.instrument.counted() {
            match self.state(item) {
                ItemState::Answered(points) => total += u16::from(points),
                ItemState::Open => missing.open.push(item.number),
                ItemState::Skipped => missing.skipped.push(item.number),
                ItemState::Unreadable => missing.unreadable.push(item.number),
            }
        }
        let instrument = self.instrument;
        if missing.items().is_empty() {
            Ok(Score { instrument, total })
        } else {
            Err(missing.into())
        }
    }

    /// What was answered about thoughts of death, where the instrument asks. It needs no other answer.
    pub fn harm(&self) -> Option<HarmAnswer> {
        let item = self.instrument.item(self.instrument.harm_item?)?;
        Some(HarmAnswer {
            item: item.number,
            state: self.state(item),
        })
    }

    /// Whether the item is to be asked, as far as is answered.
    fn is_asked(&self, item: &Item) -> bool {
        match item.asked {
            Asked::ForTheTotal | Asked::OnItsOwn => true,
            Asked::BesideIfAnyProblem => self.instrument.counted().any(|counted| {
                matches!(self.state(counted), ItemState::Answered(points) if points > Points(0))
            }),
        }
    }
}

impl Incomplete {
    /// All of the items, in their order.
    pub fn items(&self) -> Vec<ItemNumber> {
        let mut items = [&*self.open, &self.skipped, &self.unreadable].concat();
        items.sort_unstable();
        items
    }

    fn named(&self) -> String {
        let items: Vec<_> = self.items().iter().map(ItemNumber::to_string).collect();
        let word = if items.len() == 1 { "item" } else { "items" };
        format!("{word} {}", items.join(", "))
    }
}

impl Score {
    /// The measure that it is of.
    pub fn measure(&self) -> &'static MeasureId {
        &self.instrument.id
    }

    /// The version of the measure that it is of.
    pub const fn version(&self) -> InstrumentVersion {
        self.instrument.version
    }

    /// The instrument, with what was published of its totals.
    pub const fn instrument(&self) -> &'static Instrument {
        self.instrument
    }

    /// The number.
    pub const fn total(&self) -> u16 {
        self.total
    }
}
