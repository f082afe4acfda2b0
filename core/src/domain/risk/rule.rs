//! A clinic's own rule for what makes a signal, as far as this version can apply it. None is on by default.

use super::super::flag_rule::RuleWhen;
use super::super::measure::{
    Answers, Change, Instrument, ItemNumber, ItemState, Measure, MeasureId, Points, Score,
};
use super::super::{DocumentId, FlagRule};

/// A [`FlagRule`] that holds and that this version understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    id: DocumentId,
    measure: &'static Instrument,
    condition: Condition,
    words: String,
}

/// When a rule is met. Points are those of the measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// The total rises from the baseline by at least so many points.
    RisesFromBaseline(u16),
    /// The total falls from the baseline by at least so many points.
    FallsFromBaseline(u16),
    /// The total is at least so many points.
    TotalAtLeast(u16),
    /// The answer to one item counts at least so many points.
    AnswerAtLeast(ItemNumber, Points),
}

/// Why a rule is not applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// The clinic took it back.
    #[error("the rule holds no more")]
    Retired,
    /// It is from a newer version.
    #[error("this version does not know the condition of the rule")]
    Unknown,
    /// Its measure may not be offered.
    #[error("the measure {0} is not offered here")]
    NotOffered(MeasureId),
    /// Its measure has no such item.
    #[error("the measure has no such item")]
    NoSuchItem,
    /// Its measure makes no total.
    #[error("this measure makes no total: a rule can be about the answer to one of its items")]
    NoTotal,
    /// It is about the total, and names an item all the same.
    #[error("a rule about the total is about no single item: leave the number of the item out")]
    ItemOfATotal,
    /// The same is watched by a rule that holds already.
    #[error(
        "a rule that holds already watches the same, and says “{words}”: end that one first if this is to say it otherwise"
    )]
    Twice {
        /// Its words.
        words: String,
    },
    /// It would always hold, or never.
    #[error("the number of points is not between 1 and {most}")]
    Points {
        /// The most points that can be had.
        most: u16,
    },
}

impl Rule {
    /// Reads a clinic's rule.
    ///
    /// # Errors
    ///
    /// Why it can't be applied: it is kept all the same.
    pub fn of(id: DocumentId, kept: &FlagRule) -> Result<Rule, RuleError> {
        if kept.retired_at.is_some() {
            return Err(RuleError::Retired);
        }
        let measure = MeasureId::from_stored(&kept.measure);
        let Some(Measure::Offered(instrument)) = Measure::of(&measure) else {
            return Err(RuleError::NotOffered(measure));
        };
        let points = kept.points;
        if kept.when.is_about_the_total() && !instrument.has_total() {
            return Err(RuleError::NoTotal);
        }
        if kept.when.is_about_the_total() && kept.item.is_some() {
            return Err(RuleError::ItemOfATotal);
        }
        let (condition, most) = match kept.when {
            RuleWhen::Rises => (Condition::RisesFromBaseline(points), instrument.most()),
            RuleWhen::Falls => (Condition::FallsFromBaseline(points), instrument.most()),
            RuleWhen::TotalAtLeast => (Condition::TotalAtLeast(points), instrument.most()),
            RuleWhen::AnswerAtLeast => {
                let number = ItemNumber::new(kept.item.unwrap_or(0));
                let number = number.map_err(|_| RuleError::NoSuchItem)?;
                let item = instrument.item(number).ok_or(RuleError::NoSuchItem)?;
                let most: u16 = item.most().into();
                let least = u8::try_from(points).map_err(|_| RuleError::Points { most })?;
                (Condition::AnswerAtLeast(number, Points(least)), most)
            }
            RuleWhen::Other(_) => return Err(RuleError::Unknown),
        };
        if !(1..=most).contains(&points) {
            return Err(RuleError::Points { most });
        }
        Ok(Rule {
            id,
            measure: instrument,
            condition,
            words: kept.words.clone(),
        })
    }

    /// Its id.
    pub const fn id(&self) -> DocumentId {
        self.id
    }

    /// The measure that it is about.
    pub const fn measure(&self) -> &'static MeasureId {
        &self.measure.id
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
                    matches!(
                        answers.state(item),
                        ItemState::Answered(points) | ItemState::Apart(points) if points >= least
                    )
                })
            }
        }
    }
}
