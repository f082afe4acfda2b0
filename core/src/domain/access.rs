//! Who of the clinic looked at a patient's record, and when: the patient reads it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

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
const WHICH: Named = named("emergency", "the name of an emergency");
const BEGUN: Named = named("emergency_begun", "the time when an emergency was opened");
const UNTIL: Named = named("emergency_until", "the time when an emergency's time is up");

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
    /// Each emergency in which they had the record open that day, by the name that the clinic's node gave it; they are
    /// in the order in which they began. One that goes on past midnight stands on both days.
    #[serde(default)]
    pub emergencies: BTreeMap<String, EmergencyAccess>,
}

/// An emergency in which somebody opened what their role does not show. Why is not said here: the reason is written for
/// the clinic, and may tell of somebody who called in confidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmergencyAccess {
    /// When it was opened.
    pub begun: Moment,
    /// When its time is up.
    pub until: Moment,
    /// When it was ended before that, if it was.
    #[serde(default)]
    pub ended: Option<Moment>,
    /// When they first looked in it, that day, at each section that their role does not show.
    #[serde(default)]
    pub looks: BTreeMap<RecordSection, Moment>,
}

impl EmergencyAccess {
    /// One that was opened, in which nothing was looked at yet.
    pub const fn opened(begun: Moment, until: Moment) -> Self {
        Self {
            begun,
            until,
            ended: None,
            looks: BTreeMap::new(),
        }
    }

    /// Ends it. Returns whether that is something to write: one that is over stays as it was.
    fn end(&mut self, at: Moment) -> bool {
        let runs = self.ended.is_none() && at.unix_ms < self.until.unix_ms;
        if runs {
            self.ended = Some(at);
        }
        runs
    }

    /// Adds what another copy of the same one says.
    fn join(&mut self, other: &Self) {
        earliest(&mut self.looks, &other.looks);
        let ends = self.ended.into_iter().chain(other.ended);
        self.ended = ends.min_by_key(|at| at.unix_ms);
    }

    fn check(&self) -> Result<(), Invalid> {
        text::moment(self.begun, BEGUN)?;
        text::moment(self.until, UNTIL)?;
        if let Some(at) = self.ended {
            text::moment(at, ENDED)?;
        }
        for at in self.looks.values() {
            text::moment(*at, IN_EMERGENCY)?;
        }
        Ok(())
    }
}

impl Access {
    /// Somebody's day, at which they looked at nothing yet.
    pub fn on(day: Day, by: &str, role: &str) -> Self {
        Self {
            by: by.to_owned(),
            role: role.to_owned(),
            day,
            first: BTreeMap::new(),
            last: BTreeMap::new(),
            emergencies: BTreeMap::new(),
        }
    }

    /// Notes an emergency by its name, and the sections that were looked at in it and that it alone opened. Returns
    /// whether there is something to write: the emergency was not noted yet, or a section not looked at in it.
    pub fn note_emergency(
        &mut self,
        name: &str,
        emergency: &EmergencyAccess,
        sections: &[RecordSection],
        at: Moment,
    ) -> bool {
        let mut is_changed = !self.emergencies.contains_key(name);
        let noted = self
            .emergencies
            .entry(name.to_owned())
            .or_insert_with(|| emergency.clone());
        for section in sections {
            if !noted.looks.contains_key(section) {
                noted.looks.insert(*section, at);
                is_changed = true;
            }
        }
        is_changed
    }

    /// Ends the emergencies that run. Returns whether there was one.
    pub fn end_emergencies(&mut self, at: Moment) -> bool {
        let ended = self.emergencies.values_mut().map(|one| one.end(at));
        ended.fold(false, |any, one| any | one)
    }

    /// Adds what another node of the clinic wrote of the same day.
    pub(crate) fn join(&mut self, other: Self) {
        earliest(&mut self.first, &other.first);
        for (section, at) in other.last {
            let there = self.last.entry(section).or_insert(at);
            if at.unix_ms > there.unix_ms {
                *there = at;
            }
        }
        for (name, emergency) in other.emergencies {
            match self.emergencies.entry(name) {
                Entry::Vacant(place) => drop(place.insert(emergency)),
                Entry::Occupied(mut there) => there.get_mut().join(&emergency),
            }
        }
    }

    /// Notes a look at some sections. Returns whether there is something to write: a section that was not looked at
    /// that day, or one whose last look was half an hour ago.
    pub fn note(&mut self, sections: &[RecordSection], at: Moment) -> bool {
        let mut is_changed = false;
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

fn earliest(into: &mut BTreeMap<RecordSection, Moment>, from: &BTreeMap<RecordSection, Moment>) {
    for (section, at) in from {
        let there = into.entry(*section).or_insert(*at);
        if at.unix_ms < there.unix_ms {
            *there = *at;
        }
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
        Field::map("emergencies"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;
    const HAS_OWN_VERBS: bool = true;

    fn checked(self) -> Result<Self, Invalid> {
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        let role = text::needed_line(&self.role, ROLE, limits::WORD)?;
        for (looks, name) in [(&self.first, FIRST), (&self.last, LAST)] {
            for at in looks.values() {
                text::moment(*at, name)?;
            }
        }
        let emergencies = self.emergencies.into_iter();
        let emergencies = emergencies.map(|(name, one)| {
            let name = text::needed_line(&name, WHICH, limits::WORD)?;
            one.check()?;
            Ok((name, one))
        });
        Ok(Self {
            by,
            role,
            emergencies: emergencies.collect::<Result<_, Invalid>>()?,
            ..self
        })
    }

    fn index(&self) -> Index {
        let begun = self.emergencies.values().map(|one| one.begun);
        Index {
            at: self.last_look().into_iter().chain(begun).max(),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| {
            let at = |hour: i64| Moment::utc(1_795_465_113_123 + i64::from(n) + hour * 3_600_000);
            let section = RecordSection::example(n);
            let emergency = EmergencyAccess {
                ended: (n != 2).then(|| at(2)),
                looks: [(section, at(1))].into(),
                ..EmergencyAccess::opened(at(1), at(3))
            };
            Access {
                by: format!("Dr. Vega {n}"),
                role: format!("therapist {n}"),
                day: Day::new(2026, 11, u32::from(n)).unwrap_or_else(|| unreachable!()),
                first: [(section, at(0))].into(),
                last: [(section, at(1))].into(),
                emergencies: [(format!("{}-{n}", emergency.begun.unix_ms), emergency)].into(),
            }
        };
        (1..=3).map(example).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use super::*;

    fn minute(n: i64) -> Moment {
        Moment::utc(1_795_465_113_123 + n * 60_000)
    }

    fn a_day() -> Access {
        let example = Access::examples().remove(0);
        Access::on(example.day, &example.by, &example.role)
    }

    #[test]
    fn the_first_look_is_written_down_at_once_and_the_next_after_half_an_hour() {
        let mut access = a_day();
        let (journal, costs) = (RecordSection::Journal, RecordSection::Costs);
        assert!(access.note(&[journal], minute(0)));
        assert!(!access.note(&[journal], minute(1)));
        assert!(!access.note(&[journal], minute(29)));
        assert!(
            access.note(&[journal, costs], minute(29)),
            "another section"
        );
        assert!(!access.note(&[journal], minute(29)));
        assert!(access.note(&[journal], minute(30)));
        assert_eq!(access.first[&journal], minute(0));
        assert_eq!(access.last[&journal], minute(30));
        assert_eq!(access.last_look(), Some(minute(30)));
        // A clock that was put back writes nothing earlier over it.
        assert!(!access.note(&[journal], minute(5)));
    }

    #[test]
    fn each_emergency_of_a_day_stands_by_itself_with_what_was_looked_at_in_it() {
        let mut access = a_day();
        let (journal, costs) = (RecordSection::Journal, RecordSection::Costs);
        let one = EmergencyAccess::opened(minute(0), minute(60));
        let other = EmergencyAccess::opened(minute(70), minute(130));
        assert!(access.note_emergency("1", &one, &[], minute(0)), "opened");
        assert!(!access.note_emergency("1", &one, &[], minute(1)));
        assert!(access.note_emergency("1", &one, &[journal], minute(2)));
        assert!(!access.note_emergency("1", &one, &[journal], minute(3)));
        assert!(access.end_emergencies(minute(10)));
        assert!(!access.end_emergencies(minute(11)), "it is over");
        assert!(access.note_emergency("2", &other, &[journal, costs], minute(71)));
        assert!(!access.end_emergencies(minute(130)), "its time is up");
        assert_eq!(access.emergencies.len(), 2);
        let (first, second) = (&access.emergencies["1"], &access.emergencies["2"]);
        assert_eq!(first.ended, Some(minute(10)));
        assert_eq!(first.looks, [(journal, minute(2))].into());
        assert_eq!((second.begun, second.until), (minute(70), minute(130)));
        assert_eq!(second.ended, None);
        assert_eq!(
            second.looks,
            [(journal, minute(71)), (costs, minute(71))].into()
        );
    }

    #[test]
    fn what_two_nodes_wrote_of_one_day_is_one_and_no_emergency_is_lost() {
        let journal = RecordSection::Journal;
        let [mut here, mut there] = [a_day(), a_day()];
        let one = EmergencyAccess::opened(minute(0), minute(60));
        let other = EmergencyAccess::opened(minute(70), minute(130));
        here.note_emergency("1", &one, &[journal], minute(5));
        there.note_emergency("1", &one, &[journal], minute(2));
        there.end_emergencies(minute(9));
        there.note_emergency("2", &other, &[], minute(70));
        here.join(there);
        assert_eq!(here.emergencies.len(), 2);
        let joined = &here.emergencies["1"];
        assert_eq!(joined.looks[&journal], minute(2));
        assert_eq!(joined.ended, Some(minute(9)));
        assert_eq!(here.emergencies["2"], other);
    }

    #[test]
    fn a_busy_day_of_one_person_writes_few_changes() {
        let mut access = a_day();
        let looks = (0..8 * 60).map(minute);
        let written = looks.filter(|at| access.note(&[RecordSection::Journal], *at));
        assert_eq!(written.count(), 16);
    }
}
