//! A dosing session: the visit that entries prepare for and look back on.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::check_in::NOTE_LIMIT;
use super::{Content, Invalid, Kind, Moment, text};

/// A dosing session, planned or past. It lives in the care space: both sides see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DosingSession {
    /// Which one of the programme it is, from 1.
    pub number: u32,
    /// When it begins.
    pub at: Moment,
    /// What both sides should know about it. Edits of it merge inside the text.
    #[serde(default)]
    pub note: String,
    /// Fields from a newer version.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Content for DosingSession {
    const KIND: Kind = Kind::SESSION;

    fn checked(self) -> Result<Self, Invalid> {
        if self.number == 0 {
            return Err(Invalid::Empty {
                what: "the session's number",
            });
        }
        let note = text::paragraphs(&self.note, "the note", NOTE_LIMIT)?;
        text::moment(self.at, "the time of the session")?;
        Ok(Self { note, ..self })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_json_of_a_session_stays_as_it_is() {
        let session = DosingSession {
            number: 2,
            at: Moment {
                unix_ms: 1_795_465_113_000,
                offset_minutes: 0,
            },
            note: "Bring the playlist.".into(),
            extra: Map::new(),
        };
        insta::assert_json_snapshot!("session", session.to_projection().unwrap());
        assert_eq!(
            DosingSession::from_projection(&session.to_projection().unwrap()).unwrap(),
            session
        );
        assert!(
            DosingSession {
                number: 0,
                ..session
            }
            .checked()
            .is_err()
        );
    }
}
