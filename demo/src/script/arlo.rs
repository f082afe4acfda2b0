//! Arlo: one session behind him, and nothing from his phone for nine days.

use companion_core::domain::{EntryKind, Phase, Visibility};

use super::rows::{
    At, Entry, Row, What, acknowledge, costs, does, felt, phase, plan, ready, review, write,
};
use super::{Newcomer, PROVIDER, Person, THERAPIST, Zero};

pub(crate) const ARLO: Person = Person {
    who: Newcomer {
        name: "Arlo Finch",
        initials: "AF",
        pronouns: "he/him",
        folder: "arlo",
    },
    is: "silent for nine days",
    zero: Zero::Today,
    paired: At(-33, 15, 0),
    rows: ROWS,
};

const ROWS: &[Row] = &[
    ready(At(-30, 10, 0), PROVIDER),
    phase(At(-30, 10, 2), Phase::Preparation),
    does(At(-30, 10, 4), What::Sessions(2)),
    costs(At(-29, 16, 0), THERAPIST),
    acknowledge(At(-29, 18, 0)),
    phase(At(-28, 9, 0), Phase::Session),
    plan(
        At(-28, 9, 5),
        1,
        At(-15, 10, 0),
        "Your brother waits in the lobby.",
    ),
    felt(At(-24, 21, 0), [3, 3, 4, 4], &["curious"], ""),
    felt(At(-17, 21, 0), [4, 4, 4, 4], &["hopeful"], ""),
    write(
        At(-14, 15, 0),
        Entry {
            key: "field",
            title: "A field",
            body: "Mostly a field and wind. I do not know what to do with it yet.",
            kind: EntryKind::AfterSession,
            mood: 4,
            session: 1,
            tags: &["field"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    review(At(-13, 9, 0), "field", THERAPIST),
    phase(At(-13, 9, 3), Phase::Integration),
    felt(At(-12, 21, 0), [4, 3, 4, 4], &["calm"], ""),
    felt(At(-10, 21, 0), [3, 3, 4, 3], &["restless"], ""),
    does(
        At(-10, 21, 10),
        What::Commit {
            text: "Call Jo back.",
            again_in: 5,
        },
    ),
    does(At(-9, 8, 0), What::LoseNetwork),
];
