//! The cards that are part of the program: the one place where their numbers stand.

use super::{LineKind, SupportLine};

/// A card that is part of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundledCard {
    /// The country that it is for, by ISO 3166-1.
    pub region: &'static str,
    /// The country in words.
    pub region_name: &'static str,
    /// Counted up with each change.
    pub version: u32,
    /// Where the lines come from.
    pub source: &'static str,
    /// When somebody last compared them with it, `2026-11-23`. Compare them again at each release: a wrong
    /// number here is worse than none.
    pub checked_on: &'static str,
    entries: &'static [BundledLine],
}

/// One line of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundledLine {
    /// Who answers, and for what.
    pub label: &'static str,
    /// What to call, text or open.
    pub number: &'static str,
    /// How.
    pub how: &'static LineKind,
}

/// For the United States, the only region that this version has numbers for.
pub static UNITED_STATES: BundledCard = BundledCard {
    region: "US",
    region_name: "the United States",
    version: 1,
    source: "988lifeline.org; health.wyo.gov, 988 Suicide & Crisis Lifeline (United States)",
    checked_on: "2026-11-23",
    entries: &[
        BundledLine {
            label: "Suicide & Crisis Lifeline: free, confidential, day and night",
            number: "988",
            how: &LineKind::Call,
        },
        BundledLine {
            label: "the same, by text message",
            number: "988",
            how: &LineKind::Text,
        },
        BundledLine {
            label: "the same, by chat",
            number: "https://988lifeline.org",
            how: &LineKind::Web,
        },
        BundledLine {
            label: "if your life or somebody else's is in danger right now",
            number: "911",
            how: &LineKind::Call,
        },
    ],
};

/// All of them.
pub static BUNDLED: &[&BundledCard] = &[&UNITED_STATES];

impl BundledCard {
    /// The card of that region, if one is bundled.
    pub fn of_region(region: &str) -> Option<&'static BundledCard> {
        BUNDLED.iter().find(|card| card.region == region).copied()
    }

    /// Its lines, most urgent to know first.
    pub fn lines(&self) -> impl Iterator<Item = SupportLine> + use<> {
        self.entries.iter().map(|line| SupportLine {
            label: line.label.to_owned(),
            number: line.number.to_owned(),
            how: line.how.clone(),
        })
    }
}
