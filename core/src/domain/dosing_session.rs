//! A dosing session: the visit that entries prepare for and look back on.

use serde::{Deserialize, Serialize};

use super::session_block::{ARRIVAL, Block, COMING_BACK, GROUNDING, MEDICINE, Minutes};
use super::session_step::{self, SessionAct, SessionStep};
use super::text::{Named, Problem, named};
use super::trail::Trail;
use super::{
    Belongs, Content, Field, Index, Invalid, ItemId, Kind, Moment, Placement, RecordSection, Shape,
    Writers, limits, text,
};

const NUMBER: Named = named("number", "the session's number");
const AT: Named = named("at", "the time of the session");
const YEAR: Named = named("at", "the year of the session");
const NOTE: Named = named("note", "the note");
const ARRIVAL_MINUTES: Named = named("arrival_minutes", "the time before the medicine");
const MEDICINE_MINUTES: Named = named("medicine_minutes", "the time of the medicine");
const BACK_MINUTES: Named = named("coming_back_minutes", "the time of coming back");
const GROUNDING_MINUTES: Named = named("grounding_minutes", "the time of grounding");
const PLACE: Named = named("place", "the name of the place");
const ADDRESS: Named = named("address", "the address");
const CONTACT: Named = named("contact", "how to reach the place");
const THERAPIST: Named = named("therapist", "the therapist's name");
const PROVIDER: Named = named("medical_provider", "the medical provider's name");

/// A dosing session, planned or past. It lives in the care space: both sides see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DosingSession {
    /// Which one of the programme it is, from 1 to 999.
    pub number: u32,
    /// When it begins: the patient is to be there.
    pub at: Moment,
    /// From the arrival to the medicine; each of the four 0 to 360 minutes, the second at least 1.
    #[serde(default = "arrival")]
    pub arrival_minutes: Minutes,
    /// The experience itself.
    #[serde(default = "medicine")]
    pub medicine_minutes: Minutes,
    /// Coming back.
    #[serde(default = "coming_back")]
    pub coming_back_minutes: Minutes,
    /// Grounding and first words, until the escort takes over.
    #[serde(default = "grounding")]
    pub grounding_minutes: Minutes,
    /// What the place is called, at most 120 characters; may be empty.
    #[serde(default)]
    pub place: String,
    /// Where it is, at most 300 characters; may be empty.
    #[serde(default)]
    pub address: String,
    /// How to reach it that day, at most 300 characters; may be empty.
    #[serde(default)]
    pub contact: String,
    /// Who is there as therapist, at most 120 characters; empty as long as nobody is named.
    #[serde(default)]
    pub therapist: String,
    /// Who watches over the body, at most 120 characters; empty as long as nobody is named.
    #[serde(default)]
    pub medical_provider: String,
    /// What both sides should know about it, at most 4,000 bytes of UTF-8. Edits of it merge inside
    /// the text.
    #[serde(default)]
    pub note: String,
    /// That it was called off, put back, moved, or changed in its length, each time with who said it and why. Before
    /// the first step it takes place.
    #[serde(default)]
    pub steps: Trail<SessionStep>,
    /// When it was to begin before it was moved, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<Moment>,
}

impl DosingSession {
    /// A session of that number at that time, with nothing else to know about it.
    pub fn new(number: u32, at: Moment) -> Self {
        Self {
            number,
            at,
            arrival_minutes: ARRIVAL,
            medicine_minutes: MEDICINE,
            coming_back_minutes: COMING_BACK,
            grounding_minutes: GROUNDING,
            place: String::new(),
            address: String::new(),
            contact: String::new(),
            therapist: String::new(),
            medical_provider: String::new(),
            note: String::new(),
            steps: Trail::default(),
            moved_from: None,
        }
    }

    /// Whether it is still to come at that moment, if it takes place; from when it begins on it counts as held.
    pub const fn is_ahead(&self, now: Moment) -> bool {
        self.at.unix_ms >= now.unix_ms
    }

    /// Whether its last part has ended at that moment, as it is planned. Until then what is missing before it is
    /// still to be said.
    pub const fn is_over(&self, now: Moment) -> bool {
        self.block().ends.unix_ms < now.unix_ms
    }

    /// Whether any part of it is at the time of some part of another one.
    pub const fn overlaps(&self, other: &DosingSession) -> bool {
        let (this, other) = (self.block(), other.block());
        this.arrives.unix_ms < other.ends.unix_ms && other.arrives.unix_ms < this.ends.unix_ms
    }

    /// From the arrival to the end, as it is planned: what a calendar blocks.
    pub const fn block(&self) -> Block {
        Block::new(
            self.at,
            [
                self.arrival_minutes,
                self.medicine_minutes,
                self.coming_back_minutes,
                self.grounding_minutes,
            ],
        )
    }
}

const fn arrival() -> Minutes {
    ARRIVAL
}

const fn medicine() -> Minutes {
    MEDICINE
}

const fn coming_back() -> Minutes {
    COMING_BACK
}

const fn grounding() -> Minutes {
    GROUNDING
}

impl Content for DosingSession {
    const KIND: Kind = Kind::named("session");
    const SHAPE: Shape = Shape::new(&[
        Field::value("number"),
        Field::value("at"),
        Field::value("arrival_minutes"),
        Field::value("medicine_minutes"),
        Field::value("coming_back_minutes"),
        Field::value("grounding_minutes"),
        Field::value("place"),
        Field::value("address"),
        Field::value("contact"),
        Field::value("therapist"),
        Field::value("medical_provider"),
        Field::text("note"),
        Field::ordered(
            "steps",
            &[
                Field::value("act"),
                Field::value("of"),
                Field::value("ends"),
                Field::value("reason"),
                Field::value("by"),
                Field::value("at"),
            ],
        ),
        Field::value("moved_from"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::To(RecordSection::Programme);
    /// It waits for the outcome of the assessment, and fits to the plan and to the other sessions.
    const HAS_OWN_VERBS: bool = true;

    fn checked(self) -> Result<Self, Invalid> {
        if !(1..=limits::SESSION_NUMBER).contains(&self.number) {
            return Err(NUMBER.wrong(Problem::OutOfRange {
                least: 1,
                most: limits::SESSION_NUMBER.into(),
            }));
        }
        let note = text::paragraphs(&self.note, NOTE, limits::NOTE)?;
        text::planned_moment(self.at, AT, YEAR)?;
        self.arrival_minutes.checked(0, ARRIVAL_MINUTES)?;
        self.medicine_minutes.checked(1, MEDICINE_MINUTES)?;
        self.coming_back_minutes.checked(0, BACK_MINUTES)?;
        self.grounding_minutes.checked(0, GROUNDING_MINUTES)?;
        Ok(Self {
            place: text::line(&self.place, PLACE, limits::NAME)?,
            address: text::line(&self.address, ADDRESS, limits::PLACE)?,
            contact: text::line(&self.contact, CONTACT, limits::PLACE)?,
            therapist: text::line(&self.therapist, THERAPIST, limits::NAME)?,
            medical_provider: text::line(&self.medical_provider, PROVIDER, limits::NAME)?,
            steps: self
                .steps
                .checked(session_step::STEPS, SessionStep::checked)?,
            note,
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
        let steps = |n: u8| {
            let step = SessionStep {
                act: SessionAct::CalledOff,
                of: Moment::utc(1_795_465_113_000 + i64::from(n)),
                ends: Moment::utc(1_795_475_113_000 + i64::from(n)),
                reason: format!("Room {n} is flooded."),
                by: format!("Maya Lindqvist {n}"),
                at: Moment::utc(1_795_400_113_000 + i64::from(n)),
            };
            let mut steps = Trail::default();
            steps.add(ItemId::new([n; 16]), step);
            steps
        };
        let example = |n: u8| DosingSession {
            number: n.into(),
            at: Moment::utc(1_795_465_113_000 + i64::from(n)),
            arrival_minutes: Minutes(u16::from(n) + 15),
            medicine_minutes: Minutes(u16::from(n) + 45),
            coming_back_minutes: Minutes(u16::from(n) + 20),
            grounding_minutes: Minutes(u16::from(n) + 25),
            place: format!("Harbor Clinic, room {n}"),
            address: format!("Harbor Street {n}, Laramie"),
            contact: format!("Ring bell {n}, or +1 307 555 010{n}"),
            therapist: format!("Maya Lindqvist {n}"),
            medical_provider: format!("Dr. Vega {n}"),
            note: format!("Bring playlist {n}."),
            steps: steps(n),
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

    #[test]
    fn a_calendar_shows_a_session_from_the_arrival_to_the_end() {
        let at: Moment = "2026-11-23T09:00:00.000-07:00".parse().unwrap();
        let block = DosingSession::new(1, at).block();
        let times = [
            block.arrives,
            block.medicine,
            block.coming_back,
            block.grounding,
            block.ends,
        ]
        .map(|moment| moment.to_string());
        assert_eq!(
            times,
            [
                "2026-11-23T09:00:00.000-07:00",
                "2026-11-23T09:30:00.000-07:00",
                "2026-11-23T10:30:00.000-07:00",
                "2026-11-23T11:00:00.000-07:00",
                "2026-11-23T11:30:00.000-07:00",
            ]
        );
    }

    #[test]
    fn no_part_takes_longer_than_six_hours_and_the_medicine_takes_some_time() {
        let session = DosingSession {
            medicine_minutes: Minutes(0),
            ..DosingSession::examples().remove(0)
        };
        assert_eq!(
            session.checked().unwrap_err().to_string(),
            "the time of the medicine is not between 1 and 360"
        );
        let session = DosingSession {
            grounding_minutes: Minutes(361),
            ..DosingSession::examples().remove(0)
        };
        assert_eq!(session.checked().unwrap_err().name, GROUNDING_MINUTES);
    }

    #[test]
    fn sessions_overlap_where_any_of_their_parts_do() {
        let at = |minutes: i64| DosingSession::new(1, Moment::utc(minutes * 60_000));
        let ends = at(0).block().ends.unix_ms / 60_000;
        assert!(at(0).overlaps(&at(ends - 1)) && at(ends - 1).overlaps(&at(0)));
        assert!(!at(0).overlaps(&at(ends)) && !at(ends).overlaps(&at(0)));
    }

    #[test]
    fn a_session_that_was_written_before_it_had_parts_has_the_usual_ones() {
        let fields = serde_json::json!({"number": 1, "at": "2026-11-23T09:00:00.000-07:00"});
        let read = DosingSession::from_projection(fields.as_object().unwrap()).unwrap();
        assert_eq!(read.medicine_minutes, MEDICINE);
        assert_eq!(read, DosingSession::new(1, read.at));
    }
}
