//! Bea: finished. Two sessions, a closing summary, and the looking back that goes on.

use companion_core::domain::{EntryKind, Phase, Visibility};

use super::rows::{
    At, Entry, Row, What, acknowledge, costs, does, felt, phase, plan, ready, review, write,
};
use super::{Newcomer, PROVIDER, Person, THERAPIST, Zero};

pub(crate) const BEA: Person = Person {
    who: Newcomer {
        name: "Bea Whitlock",
        initials: "BW",
        pronouns: "she/her",
        folder: "bea",
    },
    is: "finished",
    zero: Zero::Today,
    paired: At(-118, 10, 0),
    rows: ROWS,
};

const ROWS: &[Row] = &[
    does(At(-118, 10, 10), What::Watch { by: PROVIDER }),
    does(
        At(-117, 18, 0),
        What::Answer {
            measure: "gad-7",
            points: &[2, 3, 3, 2, 2, 2, 2],
        },
    ),
    does(
        At(-117, 18, 4),
        What::Answer {
            measure: "ons-4",
            points: &[4, 5, 3, 8],
        },
    ),
    does(
        At(-116, 19, 0),
        What::Goal {
            domain: "relationships",
            text: "To say what I want before I am asked twice.",
        },
    ),
    ready(At(-112, 10, 0), PROVIDER),
    phase(At(-112, 10, 2), Phase::Preparation),
    does(At(-112, 10, 4), What::Sessions(2)),
    costs(At(-110, 16, 0), THERAPIST),
    acknowledge(At(-110, 18, 0)),
    phase(At(-109, 9, 0), Phase::Session),
    plan(
        At(-109, 9, 5),
        1,
        At(-98, 10, 0),
        "Your daughter takes you home.",
    ),
    plan(At(-109, 9, 10), 2, At(-77, 10, 0), "The second of two."),
    does(
        At(-98, 12, 30),
        What::Medicine {
            session: 1,
            by: PROVIDER,
        },
    ),
    write(
        At(-97, 14, 0),
        Entry {
            key: "orchard",
            title: "The orchard",
            body: "My grandmother counted the crates and I was allowed to sit on one.",
            kind: EntryKind::AfterSession,
            mood: 5,
            session: 1,
            tags: &["orchard"],
            visibility: Visibility::TalkInSession,
            ..Entry::EMPTY
        },
    ),
    review(At(-96, 9, 0), "orchard", THERAPIST),
    does(
        At(-94, 18, 0),
        What::Commit {
            text: "Say at dinner what I would like, once this week.",
            again_in: 7,
        },
    ),
    does(
        At(-87, 18, 0),
        What::Kept {
            words: "Twice. Nobody minded.",
        },
    ),
    felt(At(-76, 19, 0), [6, 5, 2, 6], &["grateful"], ""),
    phase(At(-75, 10, 0), Phase::Integration),
    does(
        At(-60, 18, 0),
        What::Answer {
            measure: "gad-7",
            points: &[1, 0, 1, 1, 0, 1, 0],
        },
    ),
    does(
        At(-60, 18, 4),
        What::Answer {
            measure: "ons-4",
            points: &[7, 7, 6, 3],
        },
    ),
    felt(At(-45, 19, 0), [6, 5, 2, 6], &["content"], ""),
    does(
        At(-40, 15, 0),
        What::End {
            summary: "Two sessions of two. What stays: the orchard, and asking at dinner. What helps when \
                      it gets tight: the list on the fridge, the walk, the call to Ruth. Write whenever \
                      you like; we look back together in the spring.",
        },
    ),
    write(
        At(-12, 17, 0),
        Entry {
            key: "ordinary",
            title: "A month later",
            body: "An ordinary month. I asked for the window seat.",
            kind: EntryKind::Integration,
            mood: 6,
            tags: &["practice"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    review(At(-11, 10, 0), "ordinary", THERAPIST),
];
