//! A clinic's own rule for what makes a signal: its condition and its words. None is on by default.

use super::super::measure::{
    Answers, Change, Instrument, ItemNumber, ItemState, Measure, MeasureId, Points, Score,
};
use super::super::text::{Invalid, Named, named};
use super::super::{hex_type, limits, text};

const WORDS: Named = named("words", "the wording of the rule");

/// A text that is not the id of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a rule id of 32 hex digits")]
pub struct RuleIdError;

hex_type!(
    /// Names one rule of a clinic: sixteen random bytes, chosen when it is made.
    RuleId,
    16,
    RuleIdError
);

/// A rule that a clinic made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    id: RuleId,
    measure: &'static Instrument,
    condition: Condition,
    words: String,
}

/// When a rule makes a signal. Measures that are offered all count more where it is harder; the fall is
/// for one where it is the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// The total is so many points or more above the baseline's.
    RisesFromBaseline(u16),
    /// The total is so many points or more below the baseline's.
    FallsFromBaseline(u16),
    /// The total is so high or higher.
    TotalAtLeast(u16),
    /// One answer counts so much or more, whatever else is answered.
    AnswerAtLeast(ItemNumber, Points),
}

/// Why a rule can't be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// The measure is not offered here.
    #[error("the measure {0} is not offered here")]
    NotOffered(MeasureId),
    /// The measure has no such item.
    #[error("the measure has no item {0}")]
    NoSuchItem(ItemNumber),
    /// It would hold always, or never.
    #[error("the number of points is not between 1 and {most}")]
    Points {
        /// The most points that it can be about.
        most: u16,
    },
    /// Its words can't be saved.
    #[error(transparent)]
    Words(#[from] Invalid),
}

impl Rule {
    /// A rule about the newest version of that measure, in the clinic's words (one line, at most 200
    /// characters).
    ///
    /// # Errors
    ///
    /// The measure is not offered, the condition can't be met or is always met, or the words are empty
    /// or too long.
    pub fn new(
        id: RuleId,
        measure: &MeasureId,
        condition: Condition,
        words: &str,
    ) -> Result<Rule, RuleError> {
        let Some(Measure::Offered(instrument)) = Measure::of(measure) else {
            return Err(RuleError::NotOffered(measure.clone()));
        };
        let (points, most) = match condition {
            Condition::RisesFromBaseline(points)
            | Condition::FallsFromBaseline(points)
            | Condition::TotalAtLeast(points) => (points, instrument.most()),
            Condition::AnswerAtLeast(number, points) => {
                let item = instrument.item(number);
                let item = item.ok_or(RuleError::NoSuchItem(number))?;
                (points.into(), item.most().into())
            }
        };
        if !(1..=most).contains(&points) {
            return Err(RuleError::Points { most });
        }
        Ok(Rule {
            id,
            measure: instrument,
            condition,
            words: text::needed_line(words, WORDS, limits::TITLE)?,
        })
    }

    /// Its id.
    pub const fn id(&self) -> RuleId {
        self.id
    }

    /// What it is about.
    pub const fn condition(&self) -> Condition {
        self.condition
    }

    /// The clinic's words for it.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// Whether those answers meet it. Without a total, a baseline of the same version or the answer that
    /// it asks for there is nothing to meet.
    pub(super) fn is_met(
        &self,
        instrument: &Instrument,
        answers: &Answers<'_>,
        baseline: Option<Score>,
    ) -> bool {
        if self.measure.id != instrument.id {
            return false;
        }
        let total = answers.total().ok();
        let points = || {
            let change = Change::new(baseline?, total?).ok()?;
            Some(change.points())
        };
        match self.condition {
            Condition::RisesFromBaseline(by) => points().is_some_and(|points| points >= by.into()),
            Condition::FallsFromBaseline(by) => {
                points().is_some_and(|points| points <= -i32::from(by))
            }
            Condition::TotalAtLeast(least) => total.is_some_and(|score| score.total() >= least),
            Condition::AnswerAtLeast(number, least) => {
                instrument.item(number).is_some_and(|item| {
                    matches!(answers.state(item), ItemState::Answered(points) if points >= least)
                })
            }
        }
    }
}
