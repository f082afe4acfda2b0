//! A clinic's own rule for what raises a flag: its condition as data, and its words.

use serde::{Deserialize, Serialize};

use super::open_word::open_word;
use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, limits, text,
};

const MEASURE: Named = named("measure", "the measure");
const WHEN: Named = named("when", "the condition");
const POINTS: Named = named("points", "the number of points");
const ITEM: Named = named("item", "the number of the item");
const WORDS: Named = named("words", "the words of the rule");
const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time of the rule");
const RETIRED_AT: Named = named("retired_at", "the time from which it holds no more");

open_word! {
    /// When a rule holds. A word of a newer version holds never here, and the rule says so.
    RuleWhen {
        /// The total is so many points or more above the baseline's.
        Rises = "rises_from_baseline", "the total rises from the baseline by";
        /// The total is so many points or more below the baseline's.
        Falls = "falls_from_baseline", "the total falls from the baseline by";
        /// The total is so high or higher.
        TotalAtLeast = "total_at_least", "the total is at least";
        /// One answer counts so much or more.
        AnswerAtLeast = "answer_at_least", "the answer to one item is at least";
    }
}

impl RuleWhen {
    /// Whether it asks for the total of the answers.
    pub const fn is_about_the_total(&self) -> bool {
        matches!(
            self,
            RuleWhen::Rises | RuleWhen::Falls | RuleWhen::TotalAtLeast
        )
    }
}

/// A rule that a clinic made. It lives in the clinic space. None is there by default: which change
/// matters is for a clinic to say, and its words are what the flag says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlagRule {
    /// The measure, by its id: `phq-9`.
    pub measure: String,
    /// When it holds.
    pub when: RuleWhen,
    /// How many points, 1 to 1,000.
    pub points: u16,
    /// Which item, from 1 to 99: needed for [`RuleWhen::AnswerAtLeast`] alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u8>,
    /// The clinic's words for it, one line of at most 200 characters.
    pub words: String,
    /// Who made it.
    pub by: String,
    /// When it was made.
    pub at: Moment,
    /// Since when it holds no more, if it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<Moment>,
}

impl FlagRule {
    /// Whether both watch the same, whatever they say of it.
    pub fn watches_the_same(&self, other: &FlagRule) -> bool {
        let watched = |rule: &FlagRule| {
            let measure = rule.measure.clone();
            (measure, rule.when.clone(), rule.points, rule.item)
        };
        watched(self) == watched(other)
    }

    /// Whether this version can apply it: it is in force, and its condition is known here.
    pub fn applies(&self) -> bool {
        self.retired_at.is_none() && !matches!(self.when, RuleWhen::Other(_))
    }
}

impl Content for FlagRule {
    const KIND: Kind = Kind::named("flag_rule");
    const SHAPE: Shape = Shape::new(&[
        Field::value("measure"),
        Field::value("when"),
        Field::value("points"),
        Field::value("item"),
        Field::value("words"),
        Field::value("by"),
        Field::value("at"),
        Field::value("retired_at"),
    ]);
    const PLACEMENT: Placement = Placement::Clinic;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;

    fn checked(self) -> Result<Self, Invalid> {
        let measure = text::needed_line(&self.measure, MEASURE, limits::WORD)?;
        let when = self.when.checked(WHEN)?;
        let between = |name: Named, number: u16, most: u16| match number {
            1.. if number <= most => Ok(()),
            _ => Err(name.wrong(Problem::OutOfRange {
                least: 1,
                most: most.into(),
            })),
        };
        between(POINTS, self.points, limits::POINTS)?;
        match self.item {
            Some(item) => between(ITEM, item.into(), 99)?,
            None if when == RuleWhen::AnswerAtLeast => return Err(ITEM.wrong(Problem::Empty)),
            None => {}
        }
        let words = text::needed_line(&self.words, WORDS, limits::TITLE)?;
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        text::moment(self.at, AT)?;
        let retired = self.retired_at;
        retired.map(|at| text::moment(at, RETIRED_AT)).transpose()?;
        Ok(Self {
            measure,
            when,
            words,
            by,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            state: match self.retired_at {
                None => "in_force",
                Some(_) => "retired",
            },
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, when| FlagRule {
            measure: format!("measure-{n}"),
            when,
            points: u16::from(n) + 4,
            item: Some(n),
            words: format!("It rose by {n} or more."),
            by: format!("Dr. Vega {n}"),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
            retired_at: Some(Moment::utc(1_795_465_114_000 + i64::from(n))),
        };
        vec![
            example(1, RuleWhen::Rises),
            example(2, RuleWhen::TotalAtLeast),
            example(3, RuleWhen::AnswerAtLeast),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    fn rule() -> FlagRule {
        FlagRule {
            retired_at: None,
            ..FlagRule::examples().remove(0)
        }
    }

    #[test]
    fn a_rule_about_an_answer_names_the_item() {
        let nameless = FlagRule {
            when: RuleWhen::AnswerAtLeast,
            item: None,
            ..rule()
        };
        assert_eq!(
            nameless.checked().unwrap_err().to_string(),
            "the number of the item is empty"
        );
        let always = FlagRule {
            points: 0,
            ..rule()
        };
        assert_eq!(
            always.checked().unwrap_err().to_string(),
            "the number of points is not between 1 and 1000"
        );
    }

    #[test]
    fn a_condition_of_a_newer_version_is_kept_and_never_taken_for_met() {
        let newer = FlagRule {
            when: "doubles".to_owned().into(),
            ..rule()
        };
        assert!(rule().applies() && !newer.applies());
        let written = newer.to_projection().unwrap();
        assert_eq!(written["when"], "doubles");
        assert_eq!(FlagRule::from_projection(&written).unwrap(), newer);
    }
}
