//! The questions on craving, use outside the plan and the bladder, in plain words that a clinic can change.
//!
//! They are our own and no instrument: there is no score, no threshold and no total. That these three are to be
//! asked about rests on the warnings about ketamine: misuse and lower urinary tract symptoms, FDA, 10 October
//! 2023, on compounded ketamine, and the prescribing information of Ketalar, October 2024 (`guide/source.rs`,
//! `fda-2023` and `ketalar`). The signs that the third names are those of the patient leaflet (`leaflet`).

use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, limits, text,
};

const CRAVING: Named = named("craving", "the question on craving");
const OUTSIDE_PLAN: Named = named("outside_plan", "the question on use outside the plan");
const BLADDER: Named = named("bladder", "the question on the bladder");
const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time of the questions");

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
    /// Who answers for the words.
    pub by: String,
    /// When they were written.
    pub at: Moment,
}

impl UseQuestions {
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

impl Content for UseQuestions {
    const KIND: Kind = Kind::named("use_questions");
    const SHAPE: Shape = Shape::new(&[
        Field::value("craving"),
        Field::value("outside_plan"),
        Field::value("bladder"),
        Field::value("by"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;

    fn checked(self) -> Result<Self, Invalid> {
        text::moment(self.at, AT)?;
        Ok(Self {
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
