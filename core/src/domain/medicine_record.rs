//! What the clinicians write down of the medicine in one session: route, dose and readings.

use companion_protocol::id::SpaceId;
use serde::{Deserialize, Serialize};

use super::open_word::open_word;
use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, DocumentId, DosingSession, Field, Index, Invalid, Kind, Moment, Ordered,
    Placement, RecordSection, Shape, Writers, limits, text,
};

pub(super) const ROUTE: Named = named("route", "the route");
pub(super) const DOSE: Named = named("dose", "the dose");
pub(super) const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time of the record");
const VITALS: Named = named("vitals", "readings");
const VITAL_AT: Named = named("vitals", "the time of a reading");
const ITS_DAY: Problem = Problem::NotOfForm {
    form: "a time that is past, from the day before the session to the day after it",
};
const VITAL_NOTE: Named = named("vitals", "the note of a reading");
const VITAL_BY: Named = named("vitals", "the name of whoever took a reading");
const READING: Named = named("vitals", "a reading without any number and note");

const DAY_MS: i64 = 24 * 3_600_000;
/// A clock on the wall may be ahead of that of the clinic's node by so much.
const CLOCKS_DIFFER_MS: i64 = 10 * 60_000;

/// Least and most of each number: beyond lies a typing mistake, and within it nothing is judged.
const SYSTOLIC: (Named, u16, u16) = (named("vitals", "the systolic pressure"), 40, 300);
const DIASTOLIC: (Named, u16, u16) = (named("vitals", "the diastolic pressure"), 20, 200);
const PULSE: (Named, u16, u16) = (named("vitals", "the pulse"), 20, 300);
const SPO2: (Named, u16, u16) = (named("vitals", "the oxygen saturation"), 40, 100);
const DISSOCIATION: (Named, u16, u16) = (named("vitals", "the rating of dissociation"), 0, 10);

open_word! {
    /// How the medicine is given.
    Route {
        /// Into a vein.
        Intravenous = "iv", "into a vein (IV)";
        /// Into a muscle.
        Intramuscular = "im", "into a muscle (IM)";
        /// Through the nose.
        Intranasal = "in", "through the nose (IN)";
        /// Under the tongue.
        Sublingual = "sl", "under the tongue (SL)";
        /// Swallowed.
        Oral = "po", "swallowed (PO)";
    }
}

/// One reading. Each number may be missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vitals {
    /// When it was taken.
    pub at: Moment,
    /// Systolic blood pressure in mmHg, 40 to 300 (LOINC 8480-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub systolic: Option<u16>,
    /// Diastolic blood pressure in mmHg, 20 to 200 (LOINC 8462-4); below the systolic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diastolic: Option<u16>,
    /// Heart rate in beats a minute, 20 to 300 (LOINC 8867-4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pulse: Option<u16>,
    /// Oxygen saturation by pulse oximetry in percent, 40 to 100 (LOINC 59408-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spo2: Option<u16>,
    /// How far away the person seemed, as the clinician saw it: 0 not at all, 10 completely. The wording is our own
    /// and no published scale's: there is no code for it, no total, and nothing is decided by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dissociation: Option<u16>,
    /// What else was seen, at most 4,000 bytes of UTF-8. Edits merge inside the text.
    #[serde(default)]
    pub note: String,
    /// Who wrote it down; empty in a reading of a version that did not say so.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
}

/// The medicine of one session. It lives in the clinic space: the patient sees nothing of it, and of
/// route and dose only what [`MedicineShown`](super::MedicineShown) copies for them. This is the fact,
/// that is the copy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MedicineRecord {
    /// The session.
    pub about: DocumentId,
    /// The care space that the session is in.
    pub care_space: SpaceId,
    /// How it is given; `None` as long as nobody has decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Route>,
    /// The dose in the clinician's own words, at most 200 characters. Nothing here counts with it.
    #[serde(default)]
    pub dose: String,
    /// Readings in the order in which they are listed, at most 500.
    #[serde(default)]
    pub vitals: Ordered<Vitals>,
    /// Who keeps the record.
    pub by: String,
    /// When it was begun.
    pub at: Moment,
}

impl MedicineRecord {
    /// A record of a session without anything in it.
    pub fn new(about: DocumentId, care_space: SpaceId, by: impl Into<String>, at: Moment) -> Self {
        Self {
            about,
            care_space,
            route: None,
            dose: String::new(),
            vitals: Ordered::default(),
            by: by.into(),
            at,
        }
    }

    /// The readings as they were taken, oldest first.
    pub fn by_time(&self) -> Vec<&Vitals> {
        let mut readings: Vec<_> = self.vitals.iter().map(|(_, reading)| reading).collect();
        readings.sort_by_key(|reading| reading.at);
        readings
    }
}

impl Vitals {
    /// A reading of that moment with no number yet.
    pub const fn new(at: Moment) -> Self {
        Self {
            at,
            systolic: None,
            diastolic: None,
            pulse: None,
            spo2: None,
            dissociation: None,
            note: String::new(),
            by: String::new(),
        }
    }

    /// That it was taken around a session, and not ahead of the clinic's clock: what lies elsewhere was mistyped.
    ///
    /// # Errors
    ///
    /// [`Problem::NotOfForm`] of the time.
    pub fn must_be_around(&self, session: &DosingSession, now: Moment) -> Result<(), Invalid> {
        let block = session.block();
        let first = block.arrives.unix_ms.saturating_sub(DAY_MS);
        let last = block.ends.unix_ms.saturating_add(DAY_MS);
        let last = last.min(now.unix_ms.saturating_add(CLOCKS_DIFFER_MS));
        if (first..=last).contains(&self.at.unix_ms) {
            return Ok(());
        }
        Err(VITAL_AT.wrong(ITS_DAY))
    }

    fn checked(&self) -> Result<Self, Invalid> {
        text::moment(self.at, VITAL_AT)?;
        within(self.systolic, SYSTOLIC)?;
        let (name, least, most) = DIASTOLIC;
        // The other way round the two were swapped.
        let below = self
            .systolic
            .map_or(most, |systolic| most.min(systolic.saturating_sub(1)));
        within(self.diastolic, (name, least, below))?;
        within(self.pulse, PULSE)?;
        within(self.spo2, SPO2)?;
        within(self.dissociation, DISSOCIATION)?;
        let note = text::paragraphs(&self.note, VITAL_NOTE, limits::NOTE)?;
        let by = text::line(&self.by, VITAL_BY, limits::NAME)?;
        let numbers = [
            self.systolic,
            self.diastolic,
            self.pulse,
            self.spo2,
            self.dissociation,
        ];
        if note.is_empty() && numbers.iter().all(Option::is_none) {
            return Err(READING.wrong(Problem::Empty));
        }
        Ok(Self {
            note,
            by,
            ..self.clone()
        })
    }
}

fn within(number: Option<u16>, (name, least, most): (Named, u16, u16)) -> Result<(), Invalid> {
    match number {
        Some(number) if !(least..=most).contains(&number) => Err(name.wrong(Problem::OutOfRange {
            least: least.into(),
            most: most.into(),
        })),
        _ => Ok(()),
    }
}

impl Content for MedicineRecord {
    const KIND: Kind = Kind::named("medicine_record");
    const SHAPE: Shape = Shape::new(&[
        Field::value("about"),
        Field::value("care_space"),
        Field::value("route"),
        Field::value("dose"),
        Field::ordered(
            "vitals",
            &[
                Field::value("at"),
                Field::value("systolic"),
                Field::value("diastolic"),
                Field::value("pulse"),
                Field::value("spo2"),
                Field::value("dissociation"),
                Field::text("note"),
                Field::value("by"),
            ],
        ),
        Field::value("by"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Clinic;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::To(RecordSection::MedicineGiven);

    fn checked(self) -> Result<Self, Invalid> {
        let route = self.route.as_ref().map(|route| route.checked(ROUTE));
        let dose = text::line(&self.dose, DOSE, limits::DOSE)?;
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        text::moment(self.at, AT)?;
        if self.vitals.len() > limits::VITALS {
            return Err(VITALS.wrong(Problem::TooMany {
                limit: limits::VITALS,
            }));
        }
        let mut vitals = self.vitals.clone();
        for (id, reading) in self.vitals.iter() {
            let checked = reading.checked()?;
            if checked != *reading {
                vitals.update(id, |reading| *reading = checked);
            }
        }
        Ok(Self {
            route: route.transpose()?,
            dose,
            vitals,
            by,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            about: Some(self.about),
            concerns: Some(self.care_space),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, route| {
            let at = Moment::utc(1_795_465_113_123 + i64::from(n));
            let mut record = MedicineRecord {
                route: Some(route),
                dose: format!("as agreed, plan {n}"),
                ..MedicineRecord::new(
                    DocumentId::new([n; 16]),
                    SpaceId::new([n; 32]),
                    format!("Dr. Vega {n}"),
                    at,
                )
            };
            record.vitals.push(
                super::ItemId::new([n; 16]),
                Vitals {
                    systolic: Some(118 + u16::from(n)),
                    diastolic: Some(76 + u16::from(n)),
                    pulse: Some(68),
                    spo2: Some(97),
                    dissociation: Some(n.into()),
                    note: format!("Calm {n}."),
                    by: format!("Dr. Moss {n}"),
                    ..Vitals::new(at)
                },
            );
            record
        };
        vec![
            example(1, Route::Intramuscular),
            example(2, Route::Intravenous),
            example(3, Route::Sublingual),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::ItemId;
    use super::*;

    fn with(reading: Vitals) -> MedicineRecord {
        let mut record = MedicineRecord::examples().remove(0);
        record.vitals = Ordered::default();
        record.vitals.push(ItemId::new([9; 16]), reading);
        record
    }

    #[test]
    fn numbers_that_were_mistyped_are_refused_and_others_are_not_judged() {
        let at = Moment::utc(0);
        let reading = |systolic, diastolic, pulse, spo2| Vitals {
            systolic,
            diastolic,
            pulse,
            spo2,
            ..Vitals::new(at)
        };
        for right in [
            reading(Some(300), Some(200), Some(300), Some(100)),
            reading(Some(40), Some(20), Some(20), Some(40)),
            reading(None, Some(110), None, None),
        ] {
            assert!(with(right.clone()).checked().is_ok(), "{right:?}");
        }
        for (wrong, says) in [
            (
                reading(Some(1200), None, None, None),
                "the systolic pressure is not between 40 and 300",
            ),
            (
                reading(Some(80), Some(120), None, None),
                "the diastolic pressure is not between 20 and 79",
            ),
            (
                reading(None, None, Some(7), None),
                "the pulse is not between 20 and 300",
            ),
            (
                reading(None, None, None, Some(980)),
                "the oxygen saturation is not between 40 and 100",
            ),
            (
                reading(None, None, None, None),
                "a reading without any number and note is empty",
            ),
        ] {
            assert_eq!(with(wrong).checked().unwrap_err().to_string(), says);
        }
    }

    #[test]
    fn how_far_away_somebody_seemed_is_a_number_from_0_to_10_and_may_be_all_that_a_reading_says() {
        let rated = |dissociation| {
            with(Vitals {
                dissociation: Some(dissociation),
                ..Vitals::new(Moment::utc(0))
            })
        };
        for right in [0, 10] {
            assert!(rated(right).checked().is_ok(), "{right}");
        }
        assert_eq!(
            rated(11).checked().unwrap_err().to_string(),
            "the rating of dissociation is not between 0 and 10"
        );
    }

    #[test]
    fn a_reading_of_another_day_was_mistyped() {
        let session = DosingSession::new(1, "2026-11-23T09:00:00-07:00".parse().unwrap());
        let now = "2026-11-23T10:00:00-07:00".parse().unwrap();
        for (at, is_right) in [
            ("1999-11-23T09:30:00-07:00", false),
            ("2026-11-22T08:59:59-07:00", false),
            ("2026-11-22T09:00:00-07:00", true),
            ("2026-11-23T10:10:00-07:00", true),
            ("2026-11-23T10:11:00-07:00", false),
            ("2031-11-23T09:30:00-07:00", false),
        ] {
            let around = Vitals::new(at.parse().unwrap()).must_be_around(&session, now);
            assert_eq!(around.is_ok(), is_right, "{at}");
        }
        let long_after = "2026-12-23T10:00:00-07:00".parse().unwrap();
        let late = Vitals::new("2026-11-24T11:31:00-07:00".parse().unwrap());
        assert_eq!(
            late.must_be_around(&session, long_after)
                .unwrap_err()
                .to_string(),
            "the time of a reading is not a time that is past, from the day before the session to the day after it"
        );
    }

    #[test]
    fn readings_are_told_by_when_they_were_taken() {
        let mut record = with(Vitals {
            pulse: Some(70),
            ..Vitals::new(Moment::utc(2))
        });
        record.vitals.push(
            ItemId::new([8; 16]),
            Vitals {
                pulse: Some(80),
                ..Vitals::new(Moment::utc(1))
            },
        );
        let pulses: Vec<_> = record.by_time().iter().map(|one| one.pulse).collect();
        assert_eq!(pulses, [Some(80), Some(70)]);
    }
}
