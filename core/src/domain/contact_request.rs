//! "Ask the clinic to contact me."

use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, RecordSection, SearchText,
    Shape, Writers, limits, text,
};

const WORDS: Named = named("words", "the message");
const AT: Named = named("at", "the time of the request");
const TAKEN_BACK_AT: Named = named("taken_back_at", "the time of taking it back");

/// A patient's request that the clinic contact them. How far it got is what the view of any document
/// says (on this phone, sent, delivered, opened by whom): nothing here promises that somebody has read
/// it, or when somebody will.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContactRequest {
    /// What to know before calling, at most 4,000 bytes of UTF-8; may be empty.
    #[serde(default)]
    pub words: String,
    /// When they asked.
    pub at: Moment,
    /// When they took it back, if they did. A flag that it raised stays: only people close flags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back_at: Option<Moment>,
}

/// How many characters of a request stand beside its flag.
const FIRST_LINE: usize = 120;

impl ContactRequest {
    /// The first line of the words, at most 120 characters of it, with an ellipsis where more follows; empty
    /// where they wrote nothing.
    pub fn first_line(&self) -> String {
        let mut lines = self.words.lines().map(str::trim);
        let line = lines.find(|line| !line.is_empty()).unwrap_or_default();
        let cut: String = line.chars().take(FIRST_LINE).collect();
        if cut.len() < self.words.trim().len() {
            format!("{cut}…")
        } else {
            cut
        }
    }

    /// Takes it back. Where it was taken back before, that stays as it was.
    pub const fn take_back(&mut self, at: Moment) {
        if self.taken_back_at.is_none() {
            self.taken_back_at = Some(at);
        }
    }

    /// A request of that moment without words.
    pub const fn new(at: Moment) -> Self {
        Self {
            words: String::new(),
            at,
            taken_back_at: None,
        }
    }
}

impl Content for ContactRequest {
    const KIND: Kind = Kind::named("contact_request");
    const SHAPE: Shape = Shape::new(&[
        Field::text("words"),
        Field::value("at"),
        Field::value("taken_back_at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::To(RecordSection::Safety);

    fn checked(self) -> Result<Self, Invalid> {
        let words = text::paragraphs(&self.words, WORDS, limits::NOTE)?;
        text::moment(self.at, AT)?;
        let back = self.taken_back_at;
        back.map(|at| text::moment(at, TAKEN_BACK_AT)).transpose()?;
        Ok(Self { words, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            state: match self.taken_back_at {
                None => "asked",
                Some(_) => "taken_back",
            },
            search: (!self.words.is_empty()).then(|| SearchText {
                body: self.words.clone(),
                ..SearchText::default()
            }),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| ContactRequest {
            words: format!("After {n} in the afternoon, please."),
            taken_back_at: Some(Moment::utc(1_795_465_114_000 + i64::from(n))),
            ..ContactRequest::new(Moment::utc(1_795_465_113_123 + i64::from(n)))
        };
        (1..=3).map(example).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn nobody_has_to_find_words_to_be_called() {
        let request = ContactRequest::new(Moment::utc(0)).checked().unwrap();
        assert_eq!(request.index().state, "asked");
    }

    #[test]
    fn what_was_taken_back_first_counts() {
        let mut request = ContactRequest::new(Moment::utc(0));
        request.take_back(Moment::utc(1));
        request.take_back(Moment::utc(2));
        assert_eq!(request.taken_back_at, Some(Moment::utc(1)));
        assert_eq!(request.index().state, "taken_back");
    }

    #[test]
    fn the_first_line_is_cut_and_says_that_more_follows() {
        for (words, first) in [
            ("", String::new()),
            (" \n ", String::new()),
            ("Please call.", "Please call.".to_owned()),
            ("\n Please call. \nToday.", "Please call.…".to_owned()),
            (&"ü".repeat(120), "ü".repeat(120)),
            (&"ü".repeat(121), format!("{}…", "ü".repeat(120))),
        ] {
            let request = ContactRequest {
                words: words.to_owned(),
                ..ContactRequest::new(Moment::utc(0))
            };
            assert_eq!(request.first_line(), first);
        }
    }
}
