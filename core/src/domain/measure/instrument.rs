//! A questionnaire that may be answered: its exact words, what answers count, and where all of it
//! comes from.

use super::interval::{Days, Interval};
use super::threshold::Thresholds;
use super::{Fact, InstrumentVersion, ItemNumber, Loinc, MeasureId, Points, Source};

/// What has to stand wherever codes of LOINC are shown or exported.
/// Source: <https://loinc.org/license>, in the words of US Core's questionnaires.
pub const LOINC_NOTICE: &str = "This material contains content from LOINC® (http://loinc.org). LOINC \
    is copyright © 1995-2024, Regenstrief Institute, Inc. and the LOINC Committee, and is available at \
    no cost under the license at http://loinc.org/license.";

/// A questionnaire in one version, word by word. Its wording is shown as it is: a translation or a
/// shorter form would be another measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Names it in a record.
    pub id: MeasureId,
    /// Which version of words and scoring this is.
    pub version: InstrumentVersion,
    /// What it is called for short: `PHQ-9`.
    pub short_name: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Which form the words are taken from.
    pub edition: Fact<&'static str>,
    /// What stands above everything.
    pub instructions: &'static str,
    /// What each item goes on from, where the items are no sentences of their own.
    pub stem: Option<&'static str>,
    /// The questions, in order.
    pub items: &'static [Item],
    /// What time the questions are about.
    pub recall: Recall,
    /// How soon it makes sense to ask again.
    pub interval: Interval,
    /// What ranges of totals are called; empty where no names were published.
    pub bands: &'static [Band],
    /// Who published those names.
    pub bands_source: Option<Source>,
    /// What was published of totals and changes.
    pub thresholds: Thresholds,
    /// The item that asks about thoughts of death or of hurting oneself, if one does. A measure that has
    /// it is off until somebody is responsible for reading it ([`may_offer`](crate::domain::monitoring::may_offer)).
    pub harm_item: Option<ItemNumber>,
    /// Its codes; `None` where none were confirmed.
    pub loinc: Option<LoincCodes>,
    /// By what permission it is here.
    pub permission: Permission,
}

/// One question.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// Its printed number.
    pub number: ItemNumber,
    /// Its words.
    pub text: &'static str,
    /// The answers that it offers, in order.
    pub choices: &'static [Choice],
    /// Whether it counts, and when it is asked.
    pub asked: Asked,
    /// Its code; `None` where none was confirmed.
    pub loinc: Option<Loinc>,
}

/// Whether an item counts towards the total, and when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is part of the total.
    ForTheTotal,
    /// It is no part of the total, and is asked when any other answer counts more than 0.
    BesideIfAnyProblem,
    /// It stands for itself: no total is made of it.
    OnItsOwn,
}

/// One answer that an item offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it counts. Of an item that is no part of a total, only the order.
    pub points: Points,
    /// Its words.
    pub text: &'static str,
    /// Its code; `None` where none was confirmed.
    pub loinc: Option<Loinc>,
}

/// What time the questions are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recall {
    /// The last two weeks.
    TwoWeeks,
    /// The past month.
    Month,
    /// The past year.
    Year,
    /// How life is going, and the day before.
    NowadaysAndYesterday,
}

/// What totals of a range are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// The lowest total of it.
    pub least: u16,
    /// The highest total of it.
    pub most: u16,
    /// What it is called, lowercase.
    pub name: &'static str,
}

/// The codes of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoincCodes {
    /// Of the questionnaire.
    pub panel: Loinc,
    /// Of its total.
    pub total: Loinc,
    /// Where both, and those of the items, are found.
    pub source: Source,
}

/// By what permission the words are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The line to show with it.
    pub notice: &'static str,
    /// What may be done.
    pub terms: Terms,
    /// Who says so.
    pub source: Source,
}

/// What may be done with the words. There is no value for what may not be shipped: that is a
/// [`Withheld`](super::Withheld).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terms {
    /// Copyrighted; nobody has to ask to reproduce, translate, display or distribute it.
    NoPermissionRequired,
    /// Not copyrighted: made by people who work for the United States.
    GovernmentWork,
    /// Free where the owner is named and it is not sold.
    WithCredit,
    /// Free for any use where the source is named.
    WithSource,
}

impl Instrument {
    /// The item of that number.
    pub fn item(&self, number: ItemNumber) -> Option<&'static Item> {
        self.items.iter().find(|item| item.number == number)
    }

    /// The items that are asked whatever is answered: all but those beside a total.
    pub fn questions(&self) -> impl Iterator<Item = &'static Item> {
        let always = |item: &&Item| item.asked != Asked::BesideIfAnyProblem;
        self.items.iter().filter(always)
    }

    /// Whether a total is made of the answers. Where none is, each question stands for itself.
    pub fn has_total(&self) -> bool {
        self.counted().next().is_some()
    }

    /// The items that make the total; none where each stands for itself.
    pub fn counted(&self) -> impl Iterator<Item = &'static Item> {
        let counts = |item: &&Item| item.asked == Asked::ForTheTotal;
        self.items.iter().filter(counts)
    }

    /// The highest total; 0 where none is made.
    pub fn most(&self) -> u16 {
        self.counted().map(|item| u16::from(item.most())).sum()
    }

    /// What that total is called; `None` where no names were published, and beyond the range.
    pub fn band(&self, total: u16) -> Option<&'static Band> {
        let mut bands = self.bands.iter();
        bands.find(|band| (band.least..=band.most).contains(&total))
    }
}

impl Item {
    /// The answer that counts so much.
    pub fn choice(&self, points: Points) -> Option<&'static Choice> {
        self.choices.iter().find(|choice| choice.points == points)
    }

    /// What the highest answer counts.
    pub fn most(&self) -> Points {
        let most = self.choices.iter().map(|choice| choice.points).max();
        most.unwrap_or(Points(0))
    }

    pub(super) const fn counted(
        number: u8,
        text: &'static str,
        choices: &'static [Choice],
        loinc: Option<Loinc>,
    ) -> Item {
        Item {
            number: ItemNumber::in_table(number),
            text,
            choices,
            asked: Asked::ForTheTotal,
            loinc,
        }
    }
}

impl Choice {
    /// Whether its words begin with what it counts, as on a scale of numbers.
    pub fn says_its_number(&self) -> bool {
        let number: String = self.text.chars().take_while(char::is_ascii_digit).collect();
        number == self.points.to_string()
    }

    pub(super) const fn new(points: u8, text: &'static str, loinc: Option<Loinc>) -> Choice {
        Choice {
            points: Points(points),
            text,
            loinc,
        }
    }
}

impl Band {
    pub(super) const fn new(least: u16, most: u16, name: &'static str) -> Band {
        Band { least, most, name }
    }
}

impl Recall {
    /// How many days after the first answer the last one still is about the same time. Ours: no source says it.
    pub const fn days(self) -> Days {
        Days(match self {
            Recall::TwoWeeks => 14,
            Recall::Month => 31,
            Recall::Year => 366,
            Recall::NowadaysAndYesterday => 1,
        })
    }

    /// The time in words, to stand inside a sentence.
    pub const fn label(self) -> &'static str {
        match self {
            Recall::TwoWeeks => "the last two weeks",
            Recall::Month => "the past month",
            Recall::Year => "the past year",
            Recall::NowadaysAndYesterday => "life nowadays, and yesterday",
        }
    }
}
