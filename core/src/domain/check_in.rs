//! A mood check-in: fifteen seconds, seven steps, a few words.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Content, Invalid, Kind, Moment, Scale, Step, Visibility, set, text};

/// Most bytes of a check-in's or a session's note.
pub const NOTE_LIMIT: usize = 4_000;
/// Most characters of one feeling word.
pub const FEELING_LIMIT: usize = 40;
/// Most feeling words of one check-in.
pub const FEELINGS_LIMIT: usize = 32;

/// How somebody was at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckIn {
    /// How pleasant it felt; the only thing that must be answered.
    pub valence: Step,
    /// How much energy there was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy: Option<Step>,
    /// How much anxiety there was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anxiety: Option<Step>,
    /// How good the last night was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sleep: Option<Step>,
    /// Words for it, from [`FEELINGS`](super::FEELINGS) or the person's own.
    #[serde(default, with = "set")]
    pub feelings: BTreeSet<String>,
    /// Anything to add. Edits of it merge inside the text.
    #[serde(default)]
    pub note: String,
    /// Who is meant to see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// When it was, by the person's own clock.
    pub at: Moment,
    /// Fields from a newer version.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl CheckIn {
    /// A check-in with nothing but its valence, for [`OnlyMe`](Visibility::OnlyMe).
    pub fn new(valence: Step, at: Moment) -> Self {
        Self {
            valence,
            energy: None,
            anxiety: None,
            sleep: None,
            feelings: BTreeSet::new(),
            note: String::new(),
            visibility: Visibility::default(),
            at,
            extra: Map::new(),
        }
    }

    /// The answer on that scale, if it was given.
    pub fn step(&self, scale: Scale) -> Option<Step> {
        match scale {
            Scale::Valence => Some(self.valence),
            Scale::Energy => self.energy,
            Scale::Anxiety => self.anxiety,
            Scale::Sleep => self.sleep,
        }
    }
}

impl Content for CheckIn {
    const KIND: Kind = Kind::CHECK_IN;

    fn checked(self) -> Result<Self, Invalid> {
        let named = ("a feeling", "feelings");
        let feelings = text::lines(&self.feelings, named, (FEELING_LIMIT, FEELINGS_LIMIT))?;
        let note = text::paragraphs(&self.note, "the note", NOTE_LIMIT)?;
        text::moment(self.at, "the time of the check-in")?;
        Ok(Self {
            feelings,
            note,
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn the_json_of_a_check_in_stays_as_it_is() {
        let at = Moment {
            unix_ms: 1_795_465_113_123,
            offset_minutes: -300,
        };
        let full = CheckIn {
            energy: Some(Step::LOWEST),
            anxiety: Some(Step::MIDDLE),
            sleep: Some(Step::HIGHEST),
            feelings: ["calm".to_owned(), "wide awake".to_owned()].into(),
            note: "Slept through.".into(),
            visibility: Visibility::CareTeam,
            ..CheckIn::new(Step::new(6).unwrap(), at)
        };
        insta::assert_json_snapshot!("check_in", full.to_projection().unwrap());
        insta::assert_json_snapshot!(
            "least_check_in",
            CheckIn::new(Step::LOWEST, at).to_projection().unwrap()
        );
        assert_eq!(
            CheckIn::from_projection(&full.to_projection().unwrap()).unwrap(),
            full
        );
    }

    #[test]
    fn an_eighth_step_and_a_missing_time_are_refused() {
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
            ..CheckIn::new(Step::MIDDLE, Moment::utc(0))
        };
        assert_eq!(
            long.checked().unwrap_err().to_string(),
            "the note is longer than 4 kilobytes"
        );
    }
}
