//! A visit: an appointment without a dose. Dosing sessions are a kind of their own.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::open_word::open_word;
use super::session_block::Minutes;
use super::text::{Named, named};
use super::{
    Belongs, Content, DosingSession, Field, Index, Invalid, Kind, Moment, Placement, RecordSection,
    Shape, Writers, limits, text,
};

const PURPOSE: Named = named("purpose", "what the visit is for");
const AT: Named = named("at", "the time of the visit");
const YEAR: Named = named("at", "the year of the visit");
const MINUTES: Named = named("minutes", "the length of the visit");
const WAY: Named = named("way", "how the visit is held");
const PLACE: Named = named("place", "the name of the place");
const ADDRESS: Named = named("address", "the address");
const CONTACT: Named = named("contact", "how to reach the clinic");
const WITH: Named = named("with", "the name");
const NOTE: Named = named("note", "the note");

/// How long a visit takes unless the clinic says otherwise: an hour, as outpatient psychotherapy is
/// commonly booked. The clinic sets each one.
pub const USUAL_LENGTH: Minutes = Minutes(60);

open_word! {
    /// What a visit is for.
    VisitPurpose {
        /// To find out together whether the programme fits.
        Assessment = "assessment", "Assessment";
        /// To get ready for a session.
        Preparation = "preparation", "Preparation";
        /// To work a session into daily life.
        Integration = "integration", "Integration";
        /// To look after the body.
        CheckUp = "check_up", "Check-up";
        /// After the last session.
        FollowUp = "follow_up", "Follow-up";
    }
}

open_word! {
    /// How a visit is held.
    VisitWay {
        /// At a place.
        InPerson = "in_person", "In person";
        /// Over video. No link is kept: one that names the visit would tell its host who opened it.
        Video = "video", "By video";
        /// Over the phone.
        Phone = "phone", "By phone";
    }
}

/// A visit as it is, in short: told to who would book something else at that time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitNow {
    /// What it is for.
    pub purpose: VisitPurpose,
    /// When it begins.
    pub at: Moment,
}

impl From<&Visit> for VisitNow {
    fn from(visit: &Visit) -> Self {
        Self {
            purpose: visit.purpose.clone(),
            at: visit.at,
        }
    }
}

impl fmt::Display for VisitNow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} on {}",
            self.purpose.label(),
            self.at.on_the_calendar()
        )
    }
}

/// A visit without a dose, planned or past. It lives in the care space: both sides see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// What it is for.
    pub purpose: VisitPurpose,
    /// When it begins.
    pub at: Moment,
    /// How long it takes, 1 to 360 minutes.
    #[serde(default = "usual_length")]
    pub minutes: Minutes,
    /// How it is held.
    #[serde(default = "in_person")]
    pub way: VisitWay,
    /// What the place is called, at most 120 characters; may be empty.
    #[serde(default)]
    pub place: String,
    /// Where it is, at most 300 characters; may be empty.
    #[serde(default)]
    pub address: String,
    /// How to reach the clinic then, at most 300 characters; may be empty.
    #[serde(default)]
    pub contact: String,
    /// With whom, at most 120 characters; empty as long as nobody is named.
    #[serde(default)]
    pub with: String,
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

impl Visit {
    /// When it ends, in milliseconds since 1970 UTC.
    pub fn ends_ms(&self) -> i64 {
        let minutes = i64::from(self.minutes.0);
        self.at
            .unix_ms
            .saturating_add(minutes.saturating_mul(60_000))
    }

    /// Whether any of it is at the time of some part of a session.
    pub fn is_during(&self, session: &DosingSession) -> bool {
        let block = session.block();
        self.at.unix_ms < block.ends.unix_ms && block.arrives.unix_ms < self.ends_ms()
    }

    /// A visit in person at that time, of the usual length, with nothing else to know about it.
    pub const fn new(purpose: VisitPurpose, at: Moment) -> Self {
        Self {
            purpose,
            at,
            minutes: USUAL_LENGTH,
            way: VisitWay::InPerson,
            place: String::new(),
            address: String::new(),
            contact: String::new(),
            with: String::new(),
            note: String::new(),
            called_off_at: None,
            moved_from: None,
        }
    }

    /// Whether it takes place, or did, as far as anybody said.
    pub const fn takes_place(&self) -> bool {
        self.called_off_at.is_none()
    }

    /// Whether it is still to come in a programme that goes on. A follow-up visit belongs to the time after one.
    pub fn needs_a_programme(&self, now: Moment) -> bool {
        self.purpose != VisitPurpose::FollowUp
            && self.takes_place()
            && self.ends().unix_ms > now.unix_ms
    }

    /// When it is over.
    pub const fn ends(&self) -> Moment {
        self.minutes.after(self.at)
    }

    /// Where it is held, for a sentence: the name of the place, or `by video`; empty where nobody said.
    pub fn place_in_words(&self) -> String {
        match self.way {
            VisitWay::InPerson => self.place.clone(),
            VisitWay::Video | VisitWay::Phone | VisitWay::Other(_) => {
                self.way.label().to_lowercase()
            }
        }
    }
}

const fn usual_length() -> Minutes {
    USUAL_LENGTH
}

const fn in_person() -> VisitWay {
    VisitWay::InPerson
}

impl Content for Visit {
    const KIND: Kind = Kind::named("visit");
    const SHAPE: Shape = Shape::new(&[
        Field::value("purpose"),
        Field::value("at"),
        Field::value("minutes"),
        Field::value("way"),
        Field::value("place"),
        Field::value("address"),
        Field::value("contact"),
        Field::value("with"),
        Field::text("note"),
        Field::value("called_off_at"),
        Field::value("moved_from"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::To(RecordSection::Programme);

    fn checked(self) -> Result<Self, Invalid> {
        text::planned_moment(self.at, AT, YEAR)?;
        self.minutes.checked(1, MINUTES)?;
        Ok(Self {
            purpose: self.purpose.checked(PURPOSE)?,
            way: self.way.checked(WAY)?,
            place: text::line(&self.place, PLACE, limits::NAME)?,
            address: text::line(&self.address, ADDRESS, limits::PLACE)?,
            contact: text::line(&self.contact, CONTACT, limits::PLACE)?,
            with: text::line(&self.with, WITH, limits::NAME)?,
            note: text::paragraphs(&self.note, NOTE, limits::NOTE)?,
            ..self
        })
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
        let all = VisitPurpose::ALL.iter().zip(VisitWay::ALL).zip(1u8..);
        let example = |((purpose, way), n): ((&VisitPurpose, &VisitWay), u8)| Visit {
            purpose: purpose.clone(),
            at: Moment::utc(1_795_465_113_000 + i64::from(n)),
            minutes: Minutes(u16::from(n) + 45),
            way: way.clone(),
            place: format!("Harbor Clinic, room {n}"),
            address: format!("Harbor Street {n}, Laramie"),
            contact: format!("Ring bell {n}, or +1 307 555 010{n}"),
            with: format!("Maya Lindqvist {n}"),
            note: format!("Bring notebook {n}."),
            called_off_at: Some(Moment::utc(1_795_400_113_000 + i64::from(n))),
            moved_from: Some(Moment::utc(1_795_300_113_000 + i64::from(n))),
        };
        all.map(example).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_visit_has_a_year_that_somebody_plans_and_some_length() {
        let visit = || Visit::examples().remove(0);
        assert!(visit().checked().is_ok());
        let wrong = Visit {
            at: "1999-12-31T10:00:00Z".parse().unwrap(),
            ..visit()
        };
        assert_eq!(
            wrong.checked().unwrap_err().to_string(),
            "the year of the visit is not between 2000 and 2200"
        );
        for minutes in [0, 361] {
            let wrong = Visit {
                minutes: Minutes(minutes),
                ..visit()
            };
            assert_eq!(
                wrong.checked().unwrap_err().to_string(),
                "the length of the visit is not between 1 and 360"
            );
        }
    }

    #[test]
    fn a_visit_says_where_it_is_held() {
        let at: Moment = "2026-11-23T09:00:00.000-07:00".parse().unwrap();
        let mut visit = Visit::new(VisitPurpose::Integration, at);
        assert_eq!(visit.place_in_words(), "");
        visit.place = "Harbor Clinic".into();
        assert_eq!(visit.place_in_words(), "Harbor Clinic");
        visit.way = VisitWay::Video;
        assert_eq!(visit.place_in_words(), "by video");
        assert_eq!(visit.ends().to_string(), "2026-11-23T10:00:00.000-07:00");
    }

    #[test]
    fn a_visit_of_a_newer_version_is_kept_as_it_is_and_shown_by_its_own_word() {
        let fields = serde_json::json!({
            "purpose": "group_talk", "at": "2026-11-23T09:00:00.000-07:00", "way": "walking",
        });
        let read = Visit::from_projection(fields.as_object().unwrap()).unwrap();
        assert_eq!(read.purpose, VisitPurpose::Other("group_talk".into()));
        assert_eq!(read.minutes, USUAL_LENGTH);
        assert!(read.checked().is_ok());
    }
}
