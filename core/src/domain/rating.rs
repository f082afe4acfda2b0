//! The seven ratings of a check-in, and the words for each.
//!
//! Seven, because that is the finest scale whose steps people still tell apart without
//! numbers; the rating is what is kept, the words may be reworded or translated.

use serde::{Deserialize, Deserializer, Serialize, de};

/// One of seven ratings, 1 to 7; 4 is the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Rating(u8);

/// A number that is not one of the ratings from 1 to 7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a rating from 1 to 7")]
pub struct RatingError;

impl Rating {
    /// The lowest rating.
    pub const LOWEST: Rating = Rating(1);
    /// The middle of the scale.
    pub const MIDDLE: Rating = Rating(4);
    /// The highest rating.
    pub const HIGHEST: Rating = Rating(7);

    /// The rating of that number.
    ///
    /// # Errors
    ///
    /// When the number is not between 1 and 7.
    pub const fn new(number: u8) -> Result<Rating, RatingError> {
        match number {
            1..=7 => Ok(Rating(number)),
            _ => Err(RatingError),
        }
    }

    /// 1 to 7.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// All seven, lowest first.
    pub fn all() -> impl DoubleEndedIterator<Item = Rating> {
        (1..=7).map(Rating)
    }
}

impl TryFrom<u8> for Rating {
    type Error = RatingError;

    fn try_from(number: u8) -> Result<Rating, RatingError> {
        Rating::new(number)
    }
}

impl<'de> Deserialize<'de> for Rating {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Rating::new(u8::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// What a rating measures. A higher rating always means more of what the scale is named after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scale {
    /// How pleasant the person feels.
    Valence,
    /// How much energy the person has.
    Energy,
    /// How anxious the person is: here more is harder.
    Anxiety,
    /// How well the person slept.
    Sleep,
}

impl Scale {
    /// All scales in the order in which a check-in asks.
    pub const ALL: [Scale; 4] = [Scale::Valence, Scale::Energy, Scale::Anxiety, Scale::Sleep];

    /// The heading of the scale.
    pub const fn name(self) -> &'static str {
        match self {
            Scale::Valence => "Mood",
            Scale::Energy => "Energy",
            Scale::Anxiety => "Anxiety",
            Scale::Sleep => "Sleep",
        }
    }

    /// What the check-in asks.
    pub const fn question(self) -> &'static str {
        match self {
            Scale::Valence => "How are you feeling right now?",
            Scale::Energy => "How much energy do you have?",
            Scale::Anxiety => "How anxious are you?",
            Scale::Sleep => "How did you sleep?",
        }
    }

    /// The rating in words, lower case, fit to stand inside a sentence.
    pub const fn label(self, rating: Rating) -> &'static str {
        match (self, rating.0) {
            (Scale::Valence, ..=1) => "very unpleasant",
            (Scale::Valence, 2) => "unpleasant",
            (Scale::Valence, 3) => "slightly unpleasant",
            (Scale::Valence, 4) => "neither pleasant nor unpleasant",
            (Scale::Valence, 5) => "slightly pleasant",
            (Scale::Valence, 6) => "pleasant",
            (Scale::Valence, _) => "very pleasant",
            (Scale::Energy, ..=1) => "drained",
            (Scale::Energy, 2) => "very low",
            (Scale::Energy, 3) => "rather low",
            (Scale::Energy, 4) => "in between",
            (Scale::Energy, 5) => "fairly good",
            (Scale::Energy, 6) => "high",
            (Scale::Energy, _) => "very high",
            (Scale::Anxiety, ..=1) => "not anxious at all",
            (Scale::Anxiety, 2) => "hardly anxious",
            (Scale::Anxiety, 3) => "a little anxious",
            (Scale::Anxiety, 4) => "somewhat anxious",
            (Scale::Anxiety, 5) => "quite anxious",
            (Scale::Anxiety, 6) => "very anxious",
            (Scale::Anxiety, _) => "extremely anxious",
            (Scale::Sleep, ..=1) => "hardly at all",
            (Scale::Sleep, 2) => "badly",
            (Scale::Sleep, 3) => "rather badly",
            (Scale::Sleep, 4) => "so-so",
            (Scale::Sleep, 5) => "fairly well",
            (Scale::Sleep, 6) => "well",
            (Scale::Sleep, _) => "very well",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_seven_ratings_and_no_others() {
        assert_eq!(
            Rating::all().map(Rating::number).collect::<Vec<_>>(),
            [1, 2, 3, 4, 5, 6, 7]
        );
        for number in [0, 8, 255] {
            assert_eq!(Rating::new(number), Err(RatingError));
            assert!(serde_json::from_str::<Rating>(&number.to_string()).is_err());
        }
        assert_eq!(serde_json::to_string(&Rating::HIGHEST).unwrap(), "7");
    }

    #[test]
    fn every_rating_of_every_scale_has_its_own_words() {
        for scale in Scale::ALL {
            let labels: BTreeSet<_> = Rating::all().map(|rating| scale.label(rating)).collect();
            assert_eq!(labels.len(), 7, "{}", scale.name());
        }
        insta::assert_json_snapshot!(
            Scale::ALL
                .map(|scale| (
                    scale.name(),
                    Rating::all().map(|s| scale.label(s)).collect::<Vec<_>>()
                ))
                .to_vec()
        );
    }
}
