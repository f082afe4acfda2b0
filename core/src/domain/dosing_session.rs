//! A dosing session: the visit that entries prepare for and look back on.

use chrono::Datelike as _;
use serde::{Deserialize, Serialize};

use super::text::{Named, Problem, named};
use super::{
    Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, limits, text,
};

const NUMBER: Named = named("number", "the session's number");
const AT: Named = named("at", "the time of the session");
const YEAR: Named = named("at", "the year of the session");
const NOTE: Named = named("note", "the note");

/// A dosing session, planned or past. It lives in the care space: both sides see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DosingSession {
    /// Which one of the programme it is, from 1 to 999.
    pub number: u32,
    /// When it begins.
    pub at: Moment,
    /// What both sides should know about it, at most 4,000 bytes of UTF-8. Edits of it merge inside
    /// the text.
    #[serde(default)]
    pub note: String,
    /// When it was called off, if it was: it does not take place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called_off_at: Option<Moment>,
    /// When it was to begin before it was moved, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<Moment>,
}

impl DosingSession {
    /// A session of that number at that time, with nothing else to know about it.
    pub const fn new(number: u32, at: Moment) -> Self {
        Self {
            number,
            at,
            note: String::new(),
            called_off_at: None,
            moved_from: None,
        }
    }

    /// Whether it takes place, or did, as far as anybody said.
    pub const fn takes_place(&self) -> bool {
        self.called_off_at.is_none()
    }
}

impl Content for DosingSession {
    const KIND: Kind = Kind::named("session");
    const SHAPE: Shape = Shape::new(&[
        Field::value("number"),
        Field::value("at"),
        Field::text("note"),
        Field::value("called_off_at"),
        Field::value("moved_from"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;

    fn checked(self) -> Result<Self, Invalid> {
        if !(1..=limits::SESSION_NUMBER).contains(&self.number) {
            return Err(NUMBER.wrong(Problem::OutOfRange {
                least: 1,
                most: limits::SESSION_NUMBER.into(),
            }));
        }
        let note = text::paragraphs(&self.note, NOTE, limits::NOTE)?;
        text::moment(self.at, AT)?;
        let year = self.at.local_date().map_or(0, |date| date.year());
        let years = limits::SESSION_FIRST_YEAR..=limits::SESSION_LAST_YEAR;
        if !years.contains(&year) {
            return Err(YEAR.wrong(Problem::OutOfRange {
                least: limits::SESSION_FIRST_YEAR.into(),
                most: limits::SESSION_LAST_YEAR.into(),
            }));
        }
        Ok(Self { note, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            state: if self.takes_place() {
                "planned"
            } else {
                "called_off"
            },
            planned: true,
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| DosingSession {
            number: n.into(),
            at: Moment::utc(1_795_465_113_000 + i64::from(n)),
            note: format!("Bring playlist {n}."),
            called_off_at: Some(Moment::utc(1_795_400_113_000 + i64::from(n))),
            moved_from: Some(Moment::utc(1_795_300_113_000 + i64::from(n))),
        };
        (1..=3).map(example).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_session_has_a_number_and_a_year_that_somebody_plans() {
        let session = || DosingSession::examples().remove(0);
        assert!(session().checked().is_ok());
        for number in [0, 1_000] {
            let wrong = DosingSession {
                number,
                ..session()
            };
            let error = wrong.checked().unwrap_err();
            assert_eq!(error.name.field, "number");
            assert_eq!(
                error.to_string(),
                "the session's number is not between 1 and 999"
            );
        }
        for at in ["1999-12-31T10:00:00Z", "9999-01-01T10:00:00Z"] {
            let wrong = DosingSession {
                at: at.parse().unwrap(),
                ..session()
            };
            let error = wrong.checked().unwrap_err();
            assert_eq!(
                error.to_string(),
                "the year of the session is not between 2000 and 2200"
            );
        }
    }
}
