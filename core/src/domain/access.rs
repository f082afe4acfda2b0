//! Who of the clinic looked at a patient's record, and when: the patient reads it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, RecordSection, Shape,
    Writers, limits, text,
};

const BY: Named = named("by", "the name");
const ROLE: Named = named("role", "the role");
const FIRST: Named = named("first", "the time of the first look");
const LAST: Named = named("last", "the time of the last look");
const IN_EMERGENCY: Named = named("in_emergency", "the time of a look in an emergency");
const ENDED: Named = named("emergency_ended", "the time when an emergency was ended");

/// How long after a look the next one of the same person at the same section is written down again, in milliseconds.
/// The first look of a day is written down at once.
pub const AGAIN_AFTER_MS: i64 = 30 * 60_000;

/// The looks of one person at one record on one day of the clinic, section by section. When somebody first looked at
/// a section that day is exact; when they last did is at most half an hour behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Access {
    /// Who looked, by the name that the patient sees.
    pub by: String,
    /// What they are at the clinic, as they were when they looked first that day.
    pub role: String,
    /// The day, by the clinic's clock.
    pub day: Day,
    /// When they first looked at each section that day.
    #[serde(default)]
    pub first: BTreeMap<RecordSection, Moment>,
    /// When they last did.
    #[serde(default)]
    pub last: BTreeMap<RecordSection, Moment>,
    /// When they first looked that day at a section that their role does not show, and that an emergency had opened
    /// to them. Why it was one is not here: those words were written for the clinic, and may tell of somebody else.
    #[serde(default)]
    pub in_emergency: BTreeMap<RecordSection, Moment>,
    /// When that emergency was ended before its time was up, if nothing was looked at in another one since.
    #[serde(default)]
    pub emergency_ended: Option<Moment>,
}

impl Access {
    /// Notes a look at some sections, of which an emergency had opened some. Returns whether there is something to
    /// write: a section that was not looked at that day, or not in an emergency, or one whose last look was half an
    /// hour ago.
    pub fn note(
        &mut self,
        sections: &[RecordSection],
        in_emergency: &[RecordSection],
        at: Moment,
    ) -> bool {
        let mut is_changed = false;
        for section in in_emergency.iter().filter(|one| sections.contains(one)) {
            if !self.in_emergency.contains_key(section) {
                self.in_emergency.insert(*section, at);
                is_changed = true;
            }
            // Another one was opened.
            is_changed |= self.emergency_ended.take().is_some();
        }
        for section in sections {
            if !self.first.contains_key(section) {
                self.first.insert(*section, at);
                self.last.insert(*section, at);
                is_changed = true;
            }
            let last = self.last.get(section).map_or(i64::MIN, |last| last.unix_ms);
            if at.unix_ms.saturating_sub(last) >= AGAIN_AFTER_MS {
                self.last.insert(*section, at);
                is_changed = true;
            }
        }
        is_changed
    }

    /// The last look at any section.
    pub fn last_look(&self) -> Option<Moment> {
        let looks = self.last.values().chain(self.first.values()).copied();
        looks.max_by_key(|at| at.unix_ms)
    }
}

impl Content for Access {
    const KIND: Kind = Kind::named("access");
    const SHAPE: Shape = Shape::new(&[
        Field::value("by"),
        Field::value("role"),
        Field::value("day"),
        Field::map("first"),
        Field::map("last"),
        Field::map("in_emergency"),
        Field::value("emergency_ended"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;
    const HAS_OWN_VERBS: bool = true;

    fn checked(self) -> Result<Self, Invalid> {
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        let role = text::needed_line(&self.role, ROLE, limits::WORD)?;
        for (looks, name) in [
            (&self.first, FIRST),
            (&self.last, LAST),
            (&self.in_emergency, IN_EMERGENCY),
        ] {
            for at in looks.values() {
                text::moment(*at, name)?;
            }
        }
        if let Some(at) = self.emergency_ended {
            text::moment(at, ENDED)?;
        }
        Ok(Self { by, role, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: self.last_look(),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| {
            let at = |hour: i64| Moment::utc(1_795_465_113_123 + i64::from(n) + hour * 3_600_000);
            let section = RecordSection::example(n);
            Access {
                by: format!("Dr. Vega {n}"),
                role: format!("therapist {n}"),
                day: Day::new(2026, 11, u32::from(n)).unwrap_or_else(|| unreachable!()),
                first: [(section, at(0))].into(),
                last: [(section, at(1))].into(),
                in_emergency: [(section, at(1))].into(),
                emergency_ended: (n != 2).then(|| at(2)),
            }
        };
        (1..=3).map(example).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn the_first_look_is_written_down_at_once_and_the_next_after_half_an_hour() {
        let minute = |n: i64| Moment::utc(1_795_465_113_123 + n * 60_000);
        let mut access = Access {
            first: BTreeMap::new(),
            last: BTreeMap::new(),
            in_emergency: BTreeMap::new(),
            emergency_ended: None,
            ..Access::examples().remove(0)
        };
        let (journal, costs) = (RecordSection::Journal, RecordSection::Costs);
        assert!(access.note(&[journal], &[], minute(0)));
        assert!(!access.note(&[journal], &[], minute(1)));
        assert!(!access.note(&[journal], &[], minute(29)));
        assert!(
            access.note(&[journal, costs], &[], minute(29)),
            "another section"
        );
        assert!(!access.note(&[journal], &[], minute(29)));
        assert!(access.note(&[journal], &[], minute(30)));
        assert_eq!(access.first[&journal], minute(0));
        assert_eq!(access.last[&journal], minute(30));
        assert_eq!(access.last_look(), Some(minute(30)));
        // A clock that was put back writes nothing earlier over it.
        assert!(!access.note(&[journal], &[], minute(5)));
    }

    #[test]
    fn a_look_that_an_emergency_opened_is_noted_as_one_and_the_day_stays_one() {
        let minute = |n: i64| Moment::utc(1_795_465_113_123 + n * 60_000);
        let mut access = Access {
            first: BTreeMap::new(),
            last: BTreeMap::new(),
            in_emergency: BTreeMap::new(),
            emergency_ended: None,
            ..Access::examples().remove(0)
        };
        let (journal, costs) = (RecordSection::Journal, RecordSection::Costs);
        let both = [costs, journal];
        assert!(access.note(&[costs], &[journal], minute(0)));
        assert!(access.in_emergency.is_empty(), "it was not looked at");
        assert!(access.note(&both, &[journal], minute(1)));
        assert!(!access.note(&both, &[journal], minute(2)));
        assert_eq!(access.in_emergency, [(journal, minute(1))].into());
        // Read by the role first, and opened by an emergency the same day.
        assert!(access.note(&both, &both, minute(3)));
        assert_eq!(access.first[&costs], minute(0));
        assert_eq!(access.in_emergency[&costs], minute(3));
        // Ended, and another one opened the same day: that one goes on.
        access.emergency_ended = Some(minute(4));
        assert!(!access.note(&[costs], &[], minute(5)));
        assert_eq!(access.emergency_ended, Some(minute(4)));
        assert!(access.note(&[journal], &both, minute(6)));
        assert_eq!(access.emergency_ended, None);
    }

    #[test]
    fn a_busy_day_of_one_person_writes_few_changes() {
        let mut access = Access {
            first: BTreeMap::new(),
            last: BTreeMap::new(),
            in_emergency: BTreeMap::new(),
            emergency_ended: None,
            ..Access::examples().remove(0)
        };
        let looks = (0..8 * 60).map(|minute| Moment::utc(1_795_465_113_123 + minute * 60_000));
        let written = looks.filter(|at| access.note(&[RecordSection::Journal], &[], *at));
        assert_eq!(written.count(), 16);
    }
}
