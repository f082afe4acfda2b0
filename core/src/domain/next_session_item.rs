//! A line on the list "for my next session" that belongs to nothing that was written elsewhere.

use serde::{Deserialize, Serialize};

use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, RecordSection, SearchText,
    Shape, Visibility, Writers, limits, text,
};

const TEXT: Named = named("text", "the line");
const AT: Named = named("at", "the time of the line");

/// A line for the next session. The list itself is whatever has the visibility
/// [`TalkInSession`](Visibility::TalkInSession): entries, check-ins, commitments and these lines. That one
/// was talked about is the clinic's mark [`TalkedAbout`](super::TalkedAbout) on it, as on all of them, and
/// it leaves the list as they do, by another visibility.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextSessionItem {
    /// What it says, at most 4,000 bytes of UTF-8. Edits of it merge inside the text.
    pub text: String,
    /// Who is meant to see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// When it was written.
    pub at: Moment,
}

impl NextSessionItem {
    /// A line for [`OnlyMe`](Visibility::OnlyMe): a reminder to oneself, until it is put on the list.
    pub fn new(text: impl Into<String>, at: Moment) -> Self {
        Self {
            text: text.into(),
            visibility: Visibility::default(),
            at,
        }
    }
}

impl Content for NextSessionItem {
    const KIND: Kind = Kind::named("next_session_item");
    const SHAPE: Shape = Shape::new(&[
        Field::text("text"),
        Field::value("visibility"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::ByVisibility;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::To(RecordSection::Journal);

    fn checked(self) -> Result<Self, Invalid> {
        let words = text::paragraphs(&self.text, TEXT, limits::NOTE)?;
        if words.is_empty() {
            return Err(TEXT.wrong(Problem::Empty));
        }
        text::moment(self.at, AT)?;
        Ok(Self {
            text: words,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            state: self.visibility.as_str(),
            search: Some(SearchText {
                body: self.text.clone(),
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
        let example = |n: u8, visibility| NextSessionItem {
            visibility,
            ..NextSessionItem::new(
                format!("Ask about the dream {n}."),
                Moment::utc(1_795_465_113_123 + i64::from(n)),
            )
        };
        vec![
            example(1, Visibility::TalkInSession),
            example(2, Visibility::CareTeam),
            example(3, Visibility::OnlyMe),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_line_says_something_and_is_on_the_list_by_its_visibility() {
        let empty = NextSessionItem::new("\n", Moment::utc(0)).checked();
        assert_eq!(empty.unwrap_err().to_string(), "the line is empty");
        let mut line = NextSessionItem::new("Ask about sleep.", Moment::utc(0));
        assert_eq!(line.index().state, "only_me");
        line.set_visibility(Visibility::TalkInSession);
        assert_eq!(line.index().state, "talk_in_session");
    }
}
