//! The story that the demo tells, as tables: who does what on which day. All of it is invented.
//!
//! Days count from today's midnight, so that the story is always of the last weeks; nothing that is
//! already done stands on day 0 or later, or it would lie in the future in the morning.

#[allow(clippy::needless_update, reason = "every row is written the same way")]
mod june;
#[allow(clippy::needless_update, reason = "every row is written the same way")]
mod tomas;
#[allow(clippy::needless_update, reason = "every row is written the same way")]
mod wren;

use companion_core::domain::{EntryKind, Phase, Visibility};

pub(crate) use june::JUNE;
pub(crate) use tomas::TOMAS;
pub(crate) use wren::WREN;

/// The clinic of the demo.
pub(crate) const CLINIC: &str = "Harbor Street Clinic";
/// The therapist who signs in.
pub(crate) const THERAPIST: &str = "Maya Lindqvist";
/// The medical provider.
pub(crate) const PROVIDER: &str = "Daniel Osei, NP";
/// Whoever becomes the fourth patient.
pub(crate) const FOURTH: Newcomer = Newcomer {
    name: "Robin Vale",
    initials: "RV",
    pronouns: "they/them",
    folder: "robin",
};

/// The three patients.
pub(crate) const PEOPLE: [Person; 3] = [JUNE, TOMAS, WREN];

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
    /// When they were invited and paired.
    pub(crate) paired: At,
    pub(crate) rows: &'static [Row],
}

/// A time of the story: days from today (negative: past), hour, minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At(pub(crate) i32, pub(crate) u8, pub(crate) u8);

/// Something that somebody does.
pub(crate) struct Row {
    pub(crate) at: At,
    pub(crate) what: What,
}

/// What somebody does.
pub(crate) enum What {
    /// The patient writes. `key` is the entry's name in the rows that follow.
    Write(Entry),
    /// The patient checks in.
    CheckIn(CheckIn),
    /// The patient shares an entry that was private.
    Share { key: &'static str, how: Visibility },
    /// The patient takes an entry back.
    Withdraw { key: &'static str },
    /// Somebody of the care team opens an entry.
    Open { key: &'static str, by: &'static str },
    /// Somebody of the care team replies, and marks the entry as reviewed.
    Reply {
        key: &'static str,
        by: &'static str,
        body: &'static str,
    },
    /// Somebody of the care team marks an entry as reviewed.
    Review { key: &'static str, by: &'static str },
    /// The clinic plans a dosing session.
    Plan {
        number: u32,
        on: At,
        note: &'static str,
    },
    /// Somebody says that the assessment came to *ready*.
    Ready { by: &'static str },
    /// The clinic writes down structure and costs, and goes through them with the patient.
    Costs { by: &'static str },
    /// The patient acknowledges structure and costs.
    Acknowledge,
    /// The clinic says where the patient stands.
    Phase(Phase),
}

impl What {
    /// Whether the patient does it, on their phone.
    pub(crate) fn is_patients(&self) -> bool {
        matches!(
            self,
            What::Write(_)
                | What::CheckIn(_)
                | What::Share { .. }
                | What::Withdraw { .. }
                | What::Acknowledge
        )
    }
}

/// An entry of the story.
pub(crate) struct Entry {
    pub(crate) key: &'static str,
    pub(crate) title: &'static str,
    pub(crate) body: &'static str,
    pub(crate) kind: EntryKind,
    /// 1 to 7; 0 where it was not said.
    pub(crate) mood: u8,
    /// The dosing session's number; 0 for none.
    pub(crate) session: u32,
    pub(crate) tags: &'static [&'static str],
    pub(crate) visibility: Visibility,
}

impl Entry {
    /// Nothing; each row says what it has.
    pub(crate) const EMPTY: Entry = Entry {
        key: "",
        title: "",
        body: "",
        kind: EntryKind::Reflection,
        mood: 0,
        session: 0,
        tags: &[],
        visibility: Visibility::OnlyMe,
    };
}

/// A check-in of the story.
pub(crate) struct CheckIn {
    /// Valence, energy, anxiety, sleep: 1 to 7 each; 0 where it was not said.
    pub(crate) ratings: [u8; 4],
    pub(crate) feelings: &'static [&'static str],
    pub(crate) note: &'static str,
    pub(crate) visibility: Visibility,
}

const fn write(at: At, entry: Entry) -> Row {
    Row {
        at,
        what: What::Write(entry),
    }
}

const fn felt(
    at: At,
    ratings: [u8; 4],
    feelings: &'static [&'static str],
    note: &'static str,
) -> Row {
    check_in(at, ratings, feelings, note, Visibility::CareTeam)
}

const fn felt_privately(
    at: At,
    ratings: [u8; 4],
    feelings: &'static [&'static str],
    note: &'static str,
) -> Row {
    check_in(at, ratings, feelings, note, Visibility::OnlyMe)
}

const fn check_in(
    at: At,
    ratings: [u8; 4],
    feelings: &'static [&'static str],
    note: &'static str,
    visibility: Visibility,
) -> Row {
    Row {
        at,
        what: What::CheckIn(CheckIn {
            ratings,
            feelings,
            note,
            visibility,
        }),
    }
}

const fn share(at: At, key: &'static str, how: Visibility) -> Row {
    Row {
        at,
        what: What::Share { key, how },
    }
}

const fn withdraw(at: At, key: &'static str) -> Row {
    Row {
        at,
        what: What::Withdraw { key },
    }
}

const fn open(at: At, key: &'static str, by: &'static str) -> Row {
    Row {
        at,
        what: What::Open { key, by },
    }
}

const fn reply(at: At, key: &'static str, by: &'static str, body: &'static str) -> Row {
    Row {
        at,
        what: What::Reply { key, by, body },
    }
}

const fn review(at: At, key: &'static str, by: &'static str) -> Row {
    Row {
        at,
        what: What::Review { key, by },
    }
}

const fn plan(at: At, number: u32, on: At, note: &'static str) -> Row {
    Row {
        at,
        what: What::Plan { number, on, note },
    }
}

const fn ready(at: At, by: &'static str) -> Row {
    Row {
        at,
        what: What::Ready { by },
    }
}

const fn costs(at: At, by: &'static str) -> Row {
    Row {
        at,
        what: What::Costs { by },
    }
}

const fn acknowledge(at: At) -> Row {
    Row {
        at,
        what: What::Acknowledge,
    }
}

const fn phase(at: At, phase: Phase) -> Row {
    Row {
        at,
        what: What::Phase(phase),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]

    use std::collections::BTreeSet;

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
                assert!(
                    row.at.0 < 0 && row.at.1 < 24 && row.at.2 < 60,
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
                    What::Phase(_)
                    | What::Ready { .. }
                    | What::Costs { .. }
                    | What::Acknowledge => {}
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
