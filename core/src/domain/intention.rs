//! What somebody would like to hold in mind in a dosing session, and what matters to them in it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, RecordSection,
    SearchText, Shape, Visibility, Writers, limits, set, text,
};

const TEXT: Named = named("text", "the intention");
const VALUE: Named = named("values", "a value");
const VALUES: Named = named("values", "values");
const AT: Named = named("at", "the time of the intention");

/// An intention for one dosing session, in the patient's own words. Having none is as good: nothing asks for one, and
/// nothing looks at whether it came true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intention {
    /// The session that it is for.
    pub about: DocumentId,
    /// What to hold in mind, at most 4,000 bytes of UTF-8; may be empty where values say it. Edits of it merge inside
    /// the text.
    #[serde(default)]
    pub text: String,
    /// What matters to them, each in their own words: at most 32 of 40 characters.
    #[serde(default, with = "set")]
    pub values: BTreeSet<String>,
    /// Who is meant to see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// When it was written.
    pub at: Moment,
}

impl Intention {
    /// An intention with nothing but its words, for [`OnlyMe`](Visibility::OnlyMe).
    pub fn new(about: DocumentId, text: impl Into<String>, at: Moment) -> Self {
        Self {
            about,
            text: text.into(),
            values: BTreeSet::new(),
            visibility: Visibility::default(),
            at,
        }
    }

    /// What matters to them, in one line; empty where nothing is said.
    pub fn values_in_a_line(&self) -> String {
        let values: Vec<&str> = self.values.iter().map(String::as_str).collect();
        values.join(", ")
    }
}

impl Content for Intention {
    const KIND: Kind = Kind::named("intention");
    const SHAPE: Shape = Shape::new(&[
        Field::value("about"),
        Field::text("text"),
        Field::set("values"),
        Field::value("visibility"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::ByVisibility;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::To(RecordSection::Journal);

    fn checked(self) -> Result<Self, Invalid> {
        let words = text::paragraphs(&self.text, TEXT, limits::NOTE)?;
        let values = text::lines(&self.values, (VALUE, VALUES), (limits::WORD, limits::WORDS))?;
        if words.is_empty() && values.is_empty() {
            return Err(TEXT.wrong(Problem::Empty));
        }
        text::moment(self.at, AT)?;
        Ok(Self {
            text: words,
            values,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            about: Some(self.about),
            state: self.visibility.as_str(),
            search: Some(SearchText {
                body: self.text.clone(),
                tags: self.values.iter().cloned().collect::<Vec<_>>().join("\n"),
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
        let example = |n: u8, visibility| Intention {
            values: [format!("honesty{n}"), format!("my sister{n}")].into(),
            visibility,
            ..Intention::new(
                DocumentId::new([n; 16]),
                format!("To listen {n}."),
                Moment::utc(1_795_465_113_123 + i64::from(n)),
            )
        };
        vec![
            example(1, Visibility::CareTeam),
            example(2, Visibility::TalkInSession),
            example(3, Visibility::OnlyMe),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_intention_is_words_or_values_or_both_and_both_are_found() {
        let of = |text: &str, values: &[&str]| Intention {
            values: values.iter().map(|&value| value.to_owned()).collect(),
            ..Intention::new(DocumentId::new([1; 16]), text, Moment::utc(0))
        };
        let nothing = of(" \n", &[" "]).checked();
        assert_eq!(nothing.unwrap_err().to_string(), "the intention is empty");
        let valued = of("", &[" my  sister ", "honesty"]).checked().unwrap();
        assert_eq!(valued.values_in_a_line(), "honesty, my sister");
        let found = valued.index().search.unwrap();
        assert_eq!((&*found.body, &*found.tags), ("", "honesty\nmy sister"));
        let many: Vec<String> = (0..=limits::WORDS).map(|n| format!("value {n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let many = of("To listen.", &many).checked().unwrap_err();
        assert_eq!(many.name.field, "values");
    }
}
