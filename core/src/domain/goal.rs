//! What a patient hopes for, in any part of life.

use serde::{Deserialize, Serialize};

use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, RecordSection, SearchText,
    Shape, Writers, limits, text,
};

const DOMAIN: Named = named("domain", "the part of life");
const TEXT: Named = named("text", "the goal");
const WORDS: Named = named("became_words", "what became of it");
const AT: Named = named("at", "the time of the goal");

/// One thing that a patient hopes for. It lives in the care space, and both sides edit it: it is found
/// words for together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// Which part of life it is in.
    #[serde(default)]
    pub domain: LifeDomain,
    /// The goal, at most 4,000 bytes of UTF-8. Edits of it merge inside the text.
    #[serde(default)]
    pub text: String,
    /// What became of it.
    #[serde(default)]
    pub became: Became,
    /// The same in words, at most 4,000 bytes of UTF-8; may be empty. Edits of it merge inside the text.
    #[serde(default)]
    pub became_words: String,
    /// When it was written down.
    pub at: Moment,
}

/// A part of life, as one word or a few. Other words than the known ones are as good.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LifeDomain(String);

/// What became of a goal. It is said by the two who edit it; nothing computes it, and no figure is made
/// of it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// Nothing was said yet.
    #[default]
    Open,
    /// It came about.
    Reached,
    /// Some of it came about.
    Partly,
    /// It turned into something else.
    Changed,
    /// It was let go.
    LetGo,
}

impl LifeDomain {
    /// The words that are offered.
    pub const OFFERED: [&'static str; 6] = [
        "sleep",
        "relationships",
        "work",
        "body",
        "mood",
        "everyday_life",
    ];

    /// The word that is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for LifeDomain {
    fn default() -> Self {
        Self("everyday_life".to_owned())
    }
}

impl From<String> for LifeDomain {
    fn from(word: String) -> Self {
        Self(word)
    }
}

impl Became {
    /// All of them.
    pub const ALL: [Became; 5] = [
        Became::Open,
        Became::Reached,
        Became::Partly,
        Became::Changed,
        Became::LetGo,
    ];

    /// The word that is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Became::Open => "open",
            Became::Reached => "reached",
            Became::Partly => "partly",
            Became::Changed => "changed",
            Became::LetGo => "let_go",
        }
    }
}

impl Content for Goal {
    const KIND: Kind = Kind::named("goal");
    const SHAPE: Shape = Shape::new(&[
        Field::value("domain"),
        Field::text("text"),
        Field::value("became"),
        Field::text("became_words"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Both;
    const BELONGS: Belongs = Belongs::To(RecordSection::Goals);
    /// Both sides read it at once, and what somebody wants of their life can wait until the day after a session.
    const HELD_IN_QUIET: bool = true;

    fn checked(self) -> Result<Self, Invalid> {
        let domain = text::needed_line(self.domain.as_str(), DOMAIN, limits::WORD)?.into();
        let text = text::paragraphs(&self.text, TEXT, limits::NOTE)?;
        if text.is_empty() {
            return Err(TEXT.wrong(Problem::Empty));
        }
        let became_words = text::paragraphs(&self.became_words, WORDS, limits::NOTE)?;
        text::moment(self.at, AT)?;
        Ok(Self {
            domain,
            text,
            became_words,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            state: self.became.as_str(),
            search: Some(SearchText {
                title: self.text.clone(),
                body: self.became_words.clone(),
                tags: self.domain.as_str().to_owned(),
            }),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, became| Goal {
            domain: format!("sleep{n}").into(),
            text: format!("Sleep through {n} nights."),
            became,
            became_words: format!("It was {n}."),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        vec![
            example(1, Became::Partly),
            example(2, Became::Open),
            example(3, Became::LetGo),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_goal_says_something_in_some_part_of_life() {
        let goal = || Goal::examples().remove(0);
        let silent = Goal {
            text: " \n".into(),
            ..goal()
        };
        assert_eq!(
            silent.checked().unwrap_err().to_string(),
            "the goal is empty"
        );
        let nowhere = Goal {
            domain: String::new().into(),
            ..goal()
        };
        assert_eq!(nowhere.checked().unwrap_err().name.field, "domain");
    }

    #[test]
    fn what_became_of_it_is_kept_under_its_own_word() {
        for became in Became::ALL {
            assert_eq!(serde_json::to_value(became).unwrap(), became.as_str());
        }
    }
}
