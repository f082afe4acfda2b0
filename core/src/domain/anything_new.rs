//! What a patient answers before a session: is anything new since the last time?

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, RecordSection,
    SearchText, Shape, Writers, limits, text,
};

const WORDS: Named = named("words", "what is new");
const AT: Named = named("at", "the time of the answer");

/// A patient's answer, before one session, to whether anything is new: medicines and supplements,
/// health, pregnancy, illness. It lives in the care space: it is an answer to the clinic.
///
/// A thing of its own and no field of the list of medicines, since an answer is about a session, and
/// *nothing new* changes no list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnythingNew {
    /// The dosing session before which it was asked.
    pub about: DocumentId,
    /// The answer.
    pub answer: News,
    /// What is new, at most 4,000 bytes of UTF-8; needed where something is. Edits of it merge inside the
    /// text.
    #[serde(default)]
    pub words: String,
    /// The day of that session as it was answered: where the session is moved to another one, it is asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Day>,
    /// When it was answered.
    pub at: Moment,
}

/// Whether anything is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// Nothing is.
    Nothing,
    /// Something is.
    Something,
}

impl News {
    /// The word that is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            News::Nothing => "nothing",
            News::Something => "something",
        }
    }
}

impl AnythingNew {
    /// That nothing is new, or something, before the session that begins then.
    pub fn new(about: DocumentId, begins: Moment, answer: News, at: Moment) -> Self {
        Self {
            about,
            answer,
            words: String::new(),
            on: Day::of_moment(begins),
            at,
        }
    }

    /// Whether it was answered for the day of the session that begins then.
    pub fn is_for(&self, begins: Moment) -> bool {
        self.on.is_some() && self.on == Day::of_moment(begins)
    }
}

impl Content for AnythingNew {
    const KIND: Kind = Kind::named("anything_new");
    const SHAPE: Shape = Shape::new(&[
        Field::value("about"),
        Field::value("answer"),
        Field::text("words"),
        Field::value("on"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::To(RecordSection::Medicines);

    fn checked(self) -> Result<Self, Invalid> {
        let words = text::paragraphs(&self.words, WORDS, limits::NOTE)?;
        if self.answer == News::Something && words.is_empty() {
            return Err(WORDS.wrong(Problem::Empty));
        }
        text::moment(self.at, AT)?;
        Ok(Self { words, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            about: Some(self.about),
            state: self.answer.as_str(),
            search: (!self.words.is_empty()).then(|| SearchText {
                body: self.words.clone(),
                ..SearchText::default()
            }),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, answer| AnythingNew {
            about: DocumentId::new([n; 16]),
            answer,
            words: format!("A cold, {n} days."),
            on: Day::new(2026, 12, n.into()),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        vec![
            example(1, News::Nothing),
            example(2, News::Something),
            example(3, News::Something),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_answer_is_for_the_day_of_its_session_and_for_no_other() {
        let at = |text: &str| text.parse::<Moment>().unwrap();
        let begins = at("2026-12-05T22:00:00-07:00");
        let session = DocumentId::new([1; 16]);
        let answer = AnythingNew::new(session, begins, News::Nothing, begins);
        assert!(answer.is_for(begins) && answer.is_for(at("2026-12-05T08:00:00-07:00")));
        assert!(!answer.is_for(at("2026-12-06T22:00:00-07:00")));
        let for_no_day = AnythingNew { on: None, ..answer };
        assert!(!for_no_day.is_for(begins));
    }

    #[test]
    fn something_new_says_what_and_nothing_new_need_not() {
        let answer = |answer| AnythingNew {
            answer,
            words: " ".into(),
            ..AnythingNew::examples().remove(0)
        };
        assert!(answer(News::Nothing).checked().is_ok());
        assert_eq!(
            answer(News::Something).checked().unwrap_err().to_string(),
            "what is new is empty"
        );
    }
}
