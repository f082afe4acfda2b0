//! The questions on craving, use outside the plan and the bladder, in plain words that a clinic can change.
//!
//! They are our own and no instrument: there is no score, no threshold and no total. That these three are to be
//! asked about rests on the warnings about ketamine: misuse and lower urinary tract symptoms, FDA, 10 October
//! 2023, on compounded ketamine, and the prescribing information of Ketalar, October 2024 (`guide/source.rs`,
//! `fda-2023` and `ketalar`). The signs that the third names are those of the patient leaflet (`leaflet`).

use serde::{Deserialize, Serialize};

use super::clinic_wide::HeldForAll;
use super::text::{Named, Problem, named};
use super::{
    Belongs, ClinicUseQuestions, Content, Field, HoldsFor, Index, Invalid, Kind, Moment, Placement,
    Shape, Writers, limits, text,
};

const CRAVING: Named = named("craving", "the question on craving");
const OUTSIDE_PLAN: Named = named("outside_plan", "the question on use outside the plan");
const BLADDER: Named = named("bladder", "the question on the bladder");
const EVERY: Named = named("every_weeks", "the weeks from one time to the next");
const HOLDS_FOR: Named = named("holds_for", "whom the questions hold for");
const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time of the questions");

const WEEK_MS: i64 = 7 * 24 * 3_600_000;

/// One of the three questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UseQuestion {
    /// A strong wish for the medicine.
    Craving,
    /// Use outside the plan.
    OutsidePlan,
    /// The bladder.
    Bladder,
}

impl UseQuestion {
    /// All three, in the order to ask them.
    pub const ALL: [UseQuestion; 3] = [
        UseQuestion::Craving,
        UseQuestion::OutsidePlan,
        UseQuestion::Bladder,
    ];

    /// The word that is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            UseQuestion::Craving => "craving",
            UseQuestion::OutsidePlan => "outside_plan",
            UseQuestion::Bladder => "bladder",
        }
    }

    /// How it is asked where the clinic has no words of its own.
    pub const fn ours(self) -> &'static str {
        match self {
            UseQuestion::Craving => "Lately, did you feel a strong wish for ketamine?",
            UseQuestion::OutsidePlan => {
                "Lately, did you take ketamine in another way, or more of it, than was planned \
                 with your clinic?"
            }
            UseQuestion::Bladder => {
                "Lately, did your bladder trouble you: going far more often or all at once, pain \
                 or burning, or blood?"
            }
        }
    }
}

/// A clinic's own words for the questions. They live in the care space; the newest count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseQuestions {
    /// On craving, one line of at most 300 characters; ours where it is empty.
    #[serde(default)]
    pub craving: String,
    /// On use outside the plan, the same.
    #[serde(default)]
    pub outside_plan: String,
    /// On the bladder, the same.
    #[serde(default)]
    pub bladder: String,
    /// So many weeks after they were answered, 1 to 52, they are asked again; `None`: they are never asked, and
    /// wait to be looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_weeks: Option<u8>,
    /// Whom they hold for. Those for one patient are left as they are when those for all change.
    #[serde(default = "for_all")]
    pub holds_for: HoldsFor,
    /// Who answers for the words.
    pub by: String,
    /// When they were written.
    pub at: Moment,
}

/// What was written before it could say so held for whoever had it.
fn for_all() -> HoldsFor {
    HoldsFor::All
}

impl UseQuestions {
    /// Nothing worded, and never asked.
    pub fn new(by: &str, at: Moment) -> Self {
        Self {
            craving: String::new(),
            outside_plan: String::new(),
            bladder: String::new(),
            every_weeks: None,
            holds_for: HoldsFor::All,
            by: by.to_owned(),
            at,
        }
    }

    /// Whether they are to be asked now, of somebody who answered last at `last`, or never since `begun`.
    pub fn are_due(&self, begun: Moment, last: Option<Moment>, now: Moment) -> bool {
        let Some(weeks) = self.every_weeks else {
            return false;
        };
        let since = last.map_or(begun.unix_ms, |last| last.unix_ms.max(begun.unix_ms));
        // A clock that was ahead asks later, and not at once.
        now.unix_ms.saturating_sub(since) >= i64::from(weeks) * WEEK_MS
    }

    /// How a question is asked: in the clinic's words where it has some, and else in ours.
    pub fn words(own: Option<&UseQuestions>, question: UseQuestion) -> &str {
        let own = own.map(|own| match question {
            UseQuestion::Craving => &*own.craving,
            UseQuestion::OutsidePlan => &*own.outside_plan,
            UseQuestion::Bladder => &*own.bladder,
        });
        own.filter(|words| !words.is_empty())
            .unwrap_or(question.ours())
    }
}

impl HeldForAll for UseQuestions {
    type ForAll = ClinicUseQuestions;

    fn nothing_set(by: &str, at: Moment) -> Self {
        Self::new(by, at)
    }

    fn holds_for(&self) -> &HoldsFor {
        &self.holds_for
    }

    fn signed(&self) -> (&str, Moment) {
        (&self.by, self.at)
    }

    fn sign(&mut self, holds_for: HoldsFor, by: &str, at: Moment) {
        self.holds_for = holds_for;
        self.by = by.to_owned();
        self.at = at;
    }
}

impl Content for UseQuestions {
    const KIND: Kind = Kind::named("use_questions");
    const SHAPE: Shape = Shape::new(&[
        Field::value("craving"),
        Field::value("outside_plan"),
        Field::value("bladder"),
        Field::value("every_weeks"),
        Field::value("holds_for"),
        Field::value("by"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;

    fn checked(self) -> Result<Self, Invalid> {
        text::moment(self.at, AT)?;
        if self
            .every_weeks
            .is_some_and(|weeks| !(1..=limits::WEEKS).contains(&weeks))
        {
            return Err(EVERY.wrong(Problem::OutOfRange {
                least: 1,
                most: limits::WEEKS.into(),
            }));
        }
        Ok(Self {
            holds_for: self.holds_for.checked(HOLDS_FOR)?,
            craving: text::line(&self.craving, CRAVING, limits::QUESTION)?,
            outside_plan: text::line(&self.outside_plan, OUTSIDE_PLAN, limits::QUESTION)?,
            bladder: text::line(&self.bladder, BLADDER, limits::QUESTION)?,
            by: text::needed_line(&self.by, BY, limits::NAME)?,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| UseQuestions {
            craving: format!("Did you long for it in the last {n} weeks?"),
            outside_plan: format!("Did you take any outside our {n} sessions?"),
            bladder: format!("Did your bladder hurt in the last {n} weeks?"),
            every_weeks: Some(n),
            holds_for: HoldsFor::Other(format!("branch{n}")),
            by: format!("Dr. Vega {n}"),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        (1..=3).map(example).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_asked_so_many_weeks_after_the_last_answer_and_never_unless_the_clinic_says_so() {
        let at = |weeks: i64| Moment::utc(weeks * WEEK_MS);
        let mut questions = UseQuestions::new("Maya", at(0));
        assert!(!questions.are_due(at(0), None, at(500)));
        questions.every_weeks = Some(4);
        assert!(!questions.are_due(at(10), None, Moment::utc(14 * WEEK_MS - 1)));
        assert!(questions.are_due(at(10), None, at(14)));
        assert!(!questions.are_due(at(10), Some(at(13)), at(14)));
        assert!(questions.are_due(at(10), Some(at(13)), at(17)));
        // Answers of an earlier programme do not count for this one.
        assert!(!questions.are_due(at(10), Some(at(1)), at(13)));
        for weeks in [0, limits::WEEKS + 1] {
            let odd = UseQuestions {
                every_weeks: Some(weeks),
                ..questions.clone()
            };
            assert_eq!(odd.checked().map_err(|odd| odd.name), Err(EVERY));
        }
    }

    #[test]
    fn a_clinic_words_its_questions_and_ours_stand_where_it_does_not() {
        let own = UseQuestions {
            bladder: String::new(),
            ..UseQuestions::examples().remove(0)
        };
        let words = |question| UseQuestions::words(Some(&own), question);
        assert_eq!(words(UseQuestion::Craving), own.craving);
        assert_eq!(words(UseQuestion::OutsidePlan), own.outside_plan);
        assert_eq!(words(UseQuestion::Bladder), UseQuestion::Bladder.ours());
        for question in UseQuestion::ALL {
            assert_eq!(UseQuestions::words(None, question), question.ours());
            assert!(question.ours().chars().count() <= limits::QUESTION);
        }
    }
}
