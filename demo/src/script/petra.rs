//! Petra: much better after the second session, and less so with each week since.

use companion_core::domain::{EntryKind, Phase, Visibility};

use super::rows::{
    At, Entry, Preparation, Row, What, acknowledge, costs, does, felt, phase, plan, ready, reply,
    review, write,
};
use super::{Newcomer, PROVIDER, Person, THERAPIST, Zero};

pub(crate) const PETRA: Person = Person {
    who: Newcomer {
        name: "Petra Novak",
        initials: "PN",
        pronouns: "she/her",
        folder: "petra",
    },
    is: "fading since the second session",
    zero: Zero::Today,
    paired: At(-62, 11, 0),
    rows: ROWS,
};

const ROWS: &[Row] = &[
    does(At(-62, 11, 10), What::Watch { by: PROVIDER }),
    does(
        At(-61, 18, 0),
        What::Goal {
            domain: "sleep",
            text: "To wake up before the alarm and not mind.",
        },
    ),
    does(
        At(-61, 18, 20),
        What::Answer {
            measure: "phq-9",
            points: &[2, 3, 2, 2, 2, 2, 2, 1, 0],
        },
    ),
    ready(At(-56, 10, 0), PROVIDER),
    phase(At(-56, 10, 2), Phase::Preparation),
    does(At(-56, 10, 4), What::Sessions(3)),
    costs(At(-56, 10, 30), THERAPIST),
    acknowledge(At(-55, 8, 0)),
    phase(At(-55, 9, 0), Phase::Session),
    plan(
        At(-55, 9, 5),
        1,
        At(-48, 9, 30),
        "Your neighbor takes you home.",
    ),
    plan(At(-55, 9, 10), 2, At(-34, 9, 30), "As the first."),
    does(
        At(-50, 20, 0),
        What::Prepare(Preparation {
            session: 1,
            music: "Strings, nothing with words.",
            escort: ("Milan, next door", "555-0142"),
            done: &[],
        }),
    ),
    felt(At(-47, 19, 0), [3, 3, 4, 4], &["tired"], ""),
    felt(At(-40, 19, 5), [4, 3, 4, 4], &["calm"], ""),
    write(
        At(-33, 14, 20),
        Entry {
            key: "second",
            title: "The staircase",
            body: "I went down a staircase that I knew from somewhere and it kept being light. I have \
                   not felt this rested in years.",
            kind: EntryKind::AfterSession,
            mood: 6,
            session: 2,
            tags: &["staircase"],
            visibility: Visibility::TalkInSession,
            ..Entry::EMPTY
        },
    ),
    review(At(-32, 10, 0), "second", THERAPIST),
    phase(At(-32, 10, 5), Phase::Integration),
    felt(At(-31, 19, 0), [6, 5, 2, 6], &["light", "grateful"], ""),
    does(
        At(-27, 18, 10),
        What::Answer {
            measure: "phq-9",
            points: &[1, 1, 1, 1, 0, 1, 0, 0, 0],
        },
    ),
    does(
        At(-27, 18, 30),
        What::Commit {
            text: "Ten minutes outside before the first screen.",
            again_in: 14,
        },
    ),
    felt(At(-25, 19, 10), [6, 5, 2, 6], &["calm"], ""),
    felt(At(-19, 19, 0), [5, 4, 3, 5], &["calm"], ""),
    felt(At(-13, 19, 20), [4, 3, 4, 4], &["tired"], ""),
    does(
        At(-12, 18, 0),
        What::Answer {
            measure: "phq-9",
            points: &[1, 2, 2, 2, 1, 1, 1, 0, 0],
        },
    ),
    felt(At(-8, 19, 0), [3, 3, 4, 3], &["restless"], ""),
    write(
        At(-5, 21, 30),
        Entry {
            key: "thinner",
            title: "Thinner",
            body: "The staircase is still there, but it is a picture now and not a feeling. I skipped \
                   the mornings outside this week and the one before.",
            kind: EntryKind::Integration,
            mood: 3,
            session: 2,
            tags: &["staircase", "practice"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    reply(
        At(-4, 9, 45),
        "thinner",
        THERAPIST,
        "That it fades is part of many people's weeks, and it is good that you say so early. Bring the \
         mornings on Thursday, both kinds.",
    ),
    does(
        At(-2, 18, 15),
        What::Answer {
            measure: "phq-9",
            points: &[2, 2, 2, 2, 2, 1, 2, 0, 0],
        },
    ),
    felt(At(-2, 18, 30), [3, 2, 5, 3], &["tired", "sad"], ""),
    does(
        At(-1, 8, 30),
        What::NextTime {
            text: "What I do when a morning is missed.",
        },
    ),
];
