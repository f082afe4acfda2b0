//! A sheet read with its instrument: what is answered, what is left, and what it comes to.

use std::collections::BTreeSet;

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
    /// Answered differently in two places, until somebody chooses: the highest of what was answered counts so
    /// much. It is part of no total.
    Apart(Points),
    /// Something is written down that is none of its choices.
    Unreadable,
}

/// The answers of one person at one time to one instrument.
#[derive(Clone, Copy, Debug)]
pub struct Answers<'a> {
    instrument: &'static Instrument,
    sheet: &'a Sheet,
    /// Whether they were given over a longer time than the questions ask about.
    is_over_too_long: bool,
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
#[error("incomplete: {}", self.named())]
pub struct Incomplete {
    /// Items that were not reached.
    pub open: Vec<ItemNumber>,
    /// Items that somebody chose not to answer.
    pub skipped: Vec<ItemNumber>,
    /// Items whose answer is none that the instrument offers.
    pub unreadable: Vec<ItemNumber>,
    /// Items that were answered differently in two places.
    pub apart: Vec<ItemNumber>,
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
    /// They were begun and finished further apart than the time that the questions ask about: what they say is of
    /// different times.
    #[error(
        "the answers are of different times: they were given over more than the time that is asked about"
    )]
    OverTooLong,
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
        Self {
            instrument,
            sheet,
            is_over_too_long: false,
        }
    }

    /// The same, given over a longer time than the questions ask about, if so: no total is made of them then.
    pub(in crate::domain) const fn over_too_long(self, is_over_too_long: bool) -> Self {
        Self {
            is_over_too_long,
            ..self
        }
    }

    /// The instrument that is answered.
    pub const fn instrument(&self) -> &'static Instrument {
        self.instrument
    }

    /// How an item stands.
    pub fn state(&self, item: &Item) -> ItemState {
        let apart = self.given_apart(item);
        if apart.contains(&None) {
            return ItemState::Unreadable;
        }
        if apart.len() > 1 {
            let points = apart.into_iter().filter_map(|given| match given {
                Some(Given::Points(points)) => Some(points),
                Some(Given::Skipped) | None => None,
            });
            return ItemState::Apart(points.max().unwrap_or(Points(0)));
        }
        match self.sheet.get(item.number) {
            None => ItemState::Open,
            Some(Some(Given::Skipped)) => ItemState::Skipped,
            Some(Some(Given::Points(points))) if item.choice(points).is_some() => {
                ItemState::Answered(points)
            }
            Some(_) => ItemState::Unreadable,
        }
    }

    /// What was answered to an item in two places apart, each once; empty where there is one answer. `None` among
    /// them is none that the item offers.
    pub fn given_apart(&self, item: &Item) -> BTreeSet<Option<Given>> {
        let offered = |given: Option<Given>| match given {
            Some(Given::Points(points)) => item.choice(points).and(given),
            given => given,
        };
        let all = self.sheet.apart(item.number).into_iter().map(offered);
        let all: BTreeSet<Option<Given>> = all.collect();
        // The same answer in two places is one answer.
        if all.len() > 1 { all } else { BTreeSet::new() }
    }

    /// The same in the words of the choices, one after the other.
    pub fn words_apart(&self, item: &Item) -> String {
        let words = |given| match given {
            Some(Given::Points(points)) => item
                .choice(points)
                .map_or_else(String::new, |choice| choice.text.to_owned()),
            Some(Given::Skipped) | None => "skipped".to_owned(),
        };
        let each: Vec<String> = self.given_apart(item).into_iter().map(words).collect();
        each.join(" / ")
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
    /// Which items have no answer, that they are of different times, or that no total is made of this measure.
    pub fn total(&self) -> Result<Score, NoTotal> {
        if !self.instrument.has_total() {
            return Err(NoTotal::NotMade(self.instrument.short_name));
        }
        let mut missing = Incomplete {
            open: Vec::new(),
            skipped: Vec::new(),
            unreadable: Vec::new(),
            apart: Vec::new(),
        };
        let mut total = 0;
        for item in self.instrument.counted() {
            match self.state(item) {
                ItemState::Answered(points) => total += u16::from(points),
                ItemState::Open => missing.open.push(item.number),
                ItemState::Skipped => missing.skipped.push(item.number),
                ItemState::Unreadable => missing.unreadable.push(item.number),
                ItemState::Apart(_) => missing.apart.push(item.number),
            }
        }
        let instrument = self.instrument;
        if self.is_over_too_long {
            Err(NoTotal::OverTooLong)
        } else if missing.items().is_empty() {
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
                matches!(
                    self.state(counted),
                    ItemState::Answered(points) | ItemState::Apart(points) if points > Points(0)
                )
            }),
        }
    }
}

impl Incomplete {
    /// All of the items, in their order.
    pub fn items(&self) -> Vec<ItemNumber> {
        let mut items = self.unanswered();
        items.extend(&self.apart);
        items.sort_unstable();
        items
    }

    fn unanswered(&self) -> Vec<ItemNumber> {
        let mut items = [&*self.open, &self.skipped, &self.unreadable].concat();
        items.sort_unstable();
        items
    }

    fn named(&self) -> String {
        let named = |items: &[ItemNumber]| {
            let names: Vec<_> = items.iter().map(ItemNumber::to_string).collect();
            let word = if items.len() == 1 { "item" } else { "items" };
            format!("{word} {}", names.join(", "))
        };
        let (unanswered, apart) = (self.unanswered(), &self.apart);
        match (&*unanswered, &**apart) {
            (unanswered, []) => format!("no answer to {}", named(unanswered)),
            ([], apart) => format!("different answers in two places to {}", named(apart)),
            (unanswered, apart) => format!(
                "no answer to {}, and different answers in two places to {}",
                named(unanswered),
                named(apart)
            ),
        }
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
