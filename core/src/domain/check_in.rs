//! A mood check-in: fifteen seconds, seven ratings, a few words.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, Rating, RecordSection, Scale,
    SearchText, Shape, Visibility, Writers, limits, set, text,
};

const NOTE: Named = named("note", "the note");
const FEELING: Named = named("feelings", "a feeling");
const FEELINGS: Named = named("feelings", "feelings");
const AT: Named = named("at", "the time of the check-in");

/// How somebody was at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckIn {
    /// How pleasant it felt; the only thing that must be answered.
    pub valence: Rating,
    /// How much energy there was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy: Option<Rating>,
    /// How much anxiety there was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anxiety: Option<Rating>,
    /// How good the last night was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sleep: Option<Rating>,
    /// Words for it, from [`FEELINGS`](super::FEELINGS) or the person's own: at most 32 of 40
    /// characters.
    #[serde(default, with = "set")]
    pub feelings: BTreeSet<String>,
    /// Anything to add, at most 4,000 bytes of UTF-8. Edits of it merge inside the text.
    #[serde(default)]
    pub note: String,
    /// Who is meant to see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// When it was, by the person's own clock.
    pub at: Moment,
}

impl CheckIn {
    /// A check-in with nothing but its valence, for [`OnlyMe`](Visibility::OnlyMe).
    pub fn new(valence: Rating, at: Moment) -> Self {
        Self {
            valence,
            energy: None,
            anxiety: None,
            sleep: None,
            feelings: BTreeSet::new(),
            note: String::new(),
            visibility: Visibility::default(),
            at,
        }
    }

    /// The answer on that scale, if it was given.
    pub fn rating(&self, scale: Scale) -> Option<Rating> {
        match scale {
            Scale::Valence => Some(self.valence),
            Scale::Energy => self.energy,
            Scale::Anxiety => self.anxiety,
            Scale::Sleep => self.sleep,
        }
    }
}

impl Content for CheckIn {
    const KIND: Kind = Kind::named("check_in");
    const SHAPE: Shape = Shape::new(&[
        Field::value("valence"),
        Field::value("energy"),
        Field::value("anxiety"),
        Field::value("sleep"),
        Field::set("feelings"),
        Field::text("note"),
        Field::value("visibility"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::ByVisibility;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::To(RecordSection::CheckIns);

    fn checked(self) -> Result<Self, Invalid> {
        let limit = (limits::WORD, limits::WORDS);
        let feelings = text::lines(&self.feelings, (FEELING, FEELINGS), limit)?;
        let note = text::paragraphs(&self.note, NOTE, limits::NOTE)?;
        text::moment(self.at, AT)?;
        Ok(Self {
            feelings,
            note,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            state: self.visibility.as_str(),
            search: (!self.note.is_empty()).then(|| SearchText {
                body: self.note.clone(),
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
        let example = |n: u8, visibility| CheckIn {
            energy: Rating::new(n + 1).ok(),
            anxiety: Rating::new(n + 2).ok(),
            sleep: Rating::new(n + 3).ok(),
            feelings: [format!("calm{n}")].into(),
            note: format!("Slept through {n}."),
            visibility,
            ..CheckIn::new(
                Rating::new(n).unwrap_or(Rating::MIDDLE),
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

    use serde_json::json;

    use super::*;

    #[test]
    fn an_eighth_rating_and_a_missing_time_are_refused() {
        for fields in [
            json!({"valence": 8, "at": "2026-11-23T20:18:33Z"}),
            json!({"valence": 4}),
            json!({"valence": "4", "at": "2026-11-23T20:18:33Z"}),
        ] {
            assert!(
                CheckIn::from_projection(fields.as_object().unwrap()).is_err(),
                "{fields}"
            );
        }
    }

    #[test]
    fn a_word_is_in_the_set_only_if_it_is_marked_true() {
        let fields = json!({
            "valence": 4,
            "at": "2026-11-23T20:18:33Z",
            "feelings": {"calm": true, "sad": false, "odd": 1},
        });
        let read = CheckIn::from_projection(fields.as_object().unwrap()).unwrap();
        assert_eq!(read.feelings, ["calm".to_owned()].into());
    }

    #[test]
    fn a_note_beyond_its_limit_is_refused_in_plain_words() {
        let long = CheckIn {
            note: "x".repeat(4_001),
            ..CheckIn::new(Rating::MIDDLE, Moment::utc(0))
        };
        assert_eq!(
            long.checked().unwrap_err().to_string(),
            "the note is longer than 4 kilobytes"
        );
    }
}
