//! The story that the demo tells, as tables: who does what on which day. All of it is invented.
//!
//! Days count from today's midnight, or from a weekday where the story needs one, so that the story is
//! always of the last weeks; nothing that is already done stands on today or later, or it would lie in the
//! future in the morning.

#[allow(clippy::needless_update, reason = "every row is written the same way")]
mod arlo;
#[allow(clippy::needless_update, reason = "every row is written the same way")]
mod bea;
#[allow(clippy::needless_update, reason = "every row is written the same way")]
mod gideon;
#[allow(clippy::needless_update, reason = "every row is written the same way")]
mod ines;
#[allow(clippy::needless_update, reason = "every row is written the same way")]
mod june;
#[allow(clippy::needless_update, reason = "every row is written the same way")]
mod noor;
#[allow(clippy::needless_update, reason = "every row is written the same way")]
mod petra;
mod rows;
#[allow(clippy::needless_update, reason = "every row is written the same way")]
mod salome;
#[allow(clippy::needless_update, reason = "every row is written the same way")]
mod tomas;
#[allow(clippy::needless_update, reason = "every row is written the same way")]
mod wren;

pub(crate) use arlo::ARLO;
pub(crate) use bea::BEA;
pub(crate) use gideon::GIDEON;
pub(crate) use ines::INES;
pub(crate) use june::JUNE;
pub(crate) use noor::NOOR;
pub(crate) use petra::PETRA;
pub(crate) use rows::{At, CheckIn, Entry, Preparation, Row, What};
pub(crate) use salome::SALOME;
pub(crate) use tomas::TOMAS;
pub(crate) use wren::WREN;

/// The clinic of the demo.
pub(crate) const CLINIC: &str = "Harbor Street Clinic";
/// The therapist who signs in.
pub(crate) const THERAPIST: &str = "Maya Lindqvist";
/// The medical provider.
pub(crate) const PROVIDER: &str = "Daniel Osei, NP";
/// The patient whom somebody becomes who tries the demo.
pub(crate) const NEWCOMER: Newcomer = Newcomer {
    name: "Robin Vale",
    initials: "RV",
    pronouns: "they/them",
    folder: "robin",
};

/// The ten patients.
pub(crate) const PEOPLE: [Person; 10] = [
    INES, JUNE, TOMAS, WREN, GIDEON, SALOME, PETRA, ARLO, NOOR, BEA,
];

/// A patient as the clinic registers them.
pub(crate) struct Newcomer {
    pub(crate) name: &'static str,
    pub(crate) initials: &'static str,
    pub(crate) pronouns: &'static str,
    /// The folder of their phone.
    pub(crate) folder: &'static str,
}

/// A patient with everything that happened.
pub(crate) struct Person {
    pub(crate) who: Newcomer,
    /// What they are in the story.
    pub(crate) is: &'static str,
    /// What their days count from.
    pub(crate) zero: Zero,
    /// When they were invited and paired.
    pub(crate) paired: At,
    pub(crate) rows: &'static [Row],
}

/// A day from which others are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zero {
    Today,
    /// The last Thursday before today.
    LastThursday,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]

    use std::collections::BTreeSet;

    use companion_core::domain::Visibility;

    use super::*;

    #[test]
    fn the_story_is_in_order_and_ends_before_today() {
        for person in PEOPLE {
            let mut last = person.paired;
            for row in person.rows {
                assert!(
                    row.at > last,
                    "{} at {:?} after {last:?}",
                    person.who.name,
                    row.at
                );
                // The last Thursday itself lies before today.
                let first_to_come = match person.zero {
                    Zero::Today => 0,
                    Zero::LastThursday => 1,
                };
                assert!(
                    row.at.0 < first_to_come && row.at.1 < 24 && row.at.2 < 60,
                    "{:?}",
                    row.at
                );
                last = row.at;
            }
        }
    }

    #[test]
    fn each_row_speaks_of_something_that_was_written_before() {
        for person in PEOPLE {
            let mut written = BTreeSet::new();
            let mut planned = BTreeSet::new();
            for row in person.rows {
                match &row.what {
                    What::Write(entry) => {
                        assert!(written.insert(entry.key), "{} is there twice", entry.key);
                        let known = entry.session == 0 || planned.contains(&entry.session);
                        assert!(known, "{} names session {}", entry.key, entry.session);
                        assert!(entry.mood <= 7, "{}", entry.key);
                    }
                    What::Share { key, .. }
                    | What::Withdraw { key }
                    | What::Open { key, .. }
                    | What::Reply { key, .. }
                    | What::Review { key, .. } => assert!(written.contains(key), "{key}"),
                    What::Plan { number, .. } => assert!(planned.insert(*number)),
                    What::CheckIn(check_in) => {
                        assert!((1..=7).contains(&check_in.ratings[0]), "{:?}", row.at);
                        assert!(
                            check_in.ratings.iter().all(|rating| *rating <= 7),
                            "{:?}",
                            row.at
                        );
                    }
                    What::Prepare(told) => assert!(planned.contains(&told.session)),
                    What::NothingNew { session } | What::Medicine { session, .. } => {
                        assert!(planned.contains(session));
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn there_is_something_of_everything() {
        let rows = || PEOPLE.iter().flat_map(|person| person.rows);
        for how in Visibility::ALL {
            let found = rows().any(|row| match &row.what {
                What::Write(entry) => entry.visibility == how,
                _ => false,
            });
            assert!(found, "no entry for {}", how.label());
        }
        assert!(rows().any(|row| matches!(row.what, What::Withdraw { .. })));
        assert!(rows().any(|row| matches!(row.what, What::Share { .. })));
        assert!(rows().any(|row| matches!(row.what, What::Reply { .. })));
        assert!(
            rows()
                .filter(|row| matches!(row.what, What::Plan { .. }))
                .count()
                >= 5
        );
    }
}
