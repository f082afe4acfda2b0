//! One small thing that somebody wants to do after a session, and what became of it.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use super::open_word::open_word;
use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, RecordSection,
    SearchText, Shape, Visibility, Writers, limits, text,
};

const TEXT: Named = named("text", "what you want to do");
const AT: Named = named("at", "the time of the commitment");
const REVIEW_ON: Named = named("review_on", "the year of looking at it again");
const BECAME: Named = named("became", "what became of it");
const BECAME_WORDS: Named = named("became_words", "the words about what became of it");

open_word! {
    /// What became of a commitment. None of them is a failure, and nothing is counted in a row.
    Became {
        /// It was done.
        Kept = "kept", "done";
        /// Some of it was.
        Partly = "partly", "partly";
        /// It was not.
        Not = "not", "not this time";
        /// It became something else.
        Changed = "changed", "it changed";
    }
}

/// A commitment, in the patient's own words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Commitment {
    /// What it is, at most 4,000 bytes of UTF-8. Edits of it merge inside the text.
    pub text: String,
    /// The session that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<DocumentId>,
    /// On which day to look at it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_on: Option<NaiveDate>,
    /// What became of it; `None` as long as nobody has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub became: Option<Became>,
    /// More about that, at most 4,000 bytes of UTF-8. Edits of it merge inside the text.
    #[serde(default)]
    pub became_words: String,
    /// Who is meant to see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// When it was made.
    pub at: Moment,
}

impl Commitment {
    /// A commitment with nothing but its words, for [`OnlyMe`](Visibility::OnlyMe).
    pub fn new(text: impl Into<String>, at: Moment) -> Self {
        Self {
            text: text.into(),
            about: None,
            review_on: None,
            became: None,
            became_words: String::new(),
            visibility: Visibility::default(),
            at,
        }
    }

    /// Whether its day has come and nobody has said what became of it.
    pub fn is_to_review(&self, today: NaiveDate) -> bool {
        self.became.is_none() && self.review_on.is_some_and(|day| day <= today)
    }
}

impl Content for Commitment {
    const KIND: Kind = Kind::named("commitment");
    const SHAPE: Shape = Shape::new(&[
        Field::text("text"),
        Field::value("about"),
        Field::value("review_on"),
        Field::value("became"),
        Field::text("became_words"),
        Field::value("visibility"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::ByVisibility;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::To(RecordSection::Goals);

    fn checked(self) -> Result<Self, Invalid> {
        let words = text::paragraphs(&self.text, TEXT, limits::NOTE)?;
        if words.is_empty() {
            return Err(TEXT.wrong(Problem::Empty));
        }
        let years = limits::SESSION_FIRST_YEAR..=limits::SESSION_LAST_YEAR;
        if self
            .review_on
            .is_some_and(|day| !years.contains(&day.year()))
        {
            return Err(REVIEW_ON.wrong(Problem::OutOfRange {
                least: limits::SESSION_FIRST_YEAR.into(),
                most: limits::SESSION_LAST_YEAR.into(),
            }));
        }
        let became = self.became.as_ref().map(|became| became.checked(BECAME));
        text::moment(self.at, AT)?;
        Ok(Self {
            text: words,
            became: became.transpose()?,
            became_words: text::paragraphs(&self.became_words, BECAME_WORDS, limits::NOTE)?,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            about: self.about,
            state: self.visibility.as_str(),
            search: Some(SearchText {
                body: format!("{}\n{}", self.text, self.became_words),
                ..SearchText::default()
            }),
            ..Index::default()
        }
    }

    fn visibility(&self) -> Option<Visibility> {
        Some(self.visibility)
    }

    fn set_visibility(&mut self, visibility: Visibility) {
        self.visibility = visibility;
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, became, visibility| Commitment {
            about: Some(DocumentId::new([n; 16])),
            review_on: NaiveDate::from_ymd_opt(2026, 12, n.into()),
            became: Some(became),
            became_words: format!("Went {n} times."),
            visibility,
            ..Commitment::new(
                format!("Walk to the lake {n} times this week."),
                Moment::utc(1_795_465_113_123 + i64::from(n)),
            )
        };
        vec![
            example(1, Became::Kept, Visibility::CareTeam),
            example(2, Became::Partly, Visibility::TalkInSession),
            example(3, Became::Changed, Visibility::OnlyMe),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_commitment_is_looked_at_from_its_day_on_until_somebody_says_what_became_of_it() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
        let mut walk = Commitment {
            review_on: Some(day(7)),
            ..Commitment::new("Walk to the lake.", Moment::utc(0))
        };
        assert!(!walk.is_to_review(day(6)));
        assert!(walk.is_to_review(day(7)) && walk.is_to_review(day(30)));
        walk.became = Some(Became::Not);
        assert!(!walk.is_to_review(day(30)));
        assert!(!Commitment::new("Rest.", Moment::utc(0)).is_to_review(day(30)));
    }

    #[test]
    fn an_empty_one_and_an_impossible_day_are_refused() {
        let empty = Commitment::new(" ", Moment::utc(0)).checked().unwrap_err();
        assert_eq!(empty.to_string(), "what you want to do is empty");
        let far = Commitment {
            review_on: NaiveDate::from_ymd_opt(2201, 1, 1),
            ..Commitment::new("Walk.", Moment::utc(0))
        };
        assert_eq!(far.checked().unwrap_err().name.field, "review_on");
        let mut fields = Commitment::examples().remove(0).to_projection().unwrap();
        fields.insert("review_on".into(), "2026-02-30".into());
        assert!(Commitment::from_projection(&fields).is_err());
    }
}
