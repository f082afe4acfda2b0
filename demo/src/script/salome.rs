//! Salome: in preparation, with a flag that somebody has taken on and nobody has closed.

use companion_core::domain::safety_plan::PlanStep;
use companion_core::domain::{EntryKind, Phase, Visibility};

use super::rows::{At, Entry, Row, What, does, felt, phase, ready, reply, write};
use super::{Newcomer, PROVIDER, Person, THERAPIST, Zero};

pub(crate) const SALOME: Person = Person {
    who: Newcomer {
        name: "Salome Keita",
        initials: "SK",
        pronouns: "she/her",
        folder: "salome",
    },
    is: "an open flag",
    zero: Zero::Today,
    paired: At(-26, 9, 45),
    rows: ROWS,
};

const ROWS: &[Row] = &[
    does(At(-26, 10, 0), What::Watch { by: PROVIDER }),
    felt(At(-26, 19, 0), [3, 3, 4, 3], &["sad"], ""),
    does(
        At(-25, 18, 30),
        What::Answer {
            measure: "phq-9",
            points: &[2, 2, 1, 2, 1, 2, 1, 0, 0],
        },
    ),
    ready(At(-21, 14, 0), PROVIDER),
    phase(At(-21, 14, 5), Phase::Preparation),
    does(
        At(-20, 20, 15),
        What::SafetyPlan(&[
            (PlanStep::WarningSigns, "Two nights without sleep."),
            (PlanStep::WarningSigns, "I stop answering my sister."),
            (PlanStep::Coping, "The long way home, along the water."),
            (PlanStep::PeopleToAsk, "Awa, my sister"),
            (PlanStep::ReasonsToLive, "The garden in May."),
        ]),
    ),
    felt(At(-14, 19, 10), [3, 2, 4, 3], &["tired"], ""),
    felt(At(-7, 22, 40), [2, 2, 5, 2], &["heavy", "numb"], ""),
    write(
        At(-4, 23, 5),
        Entry {
            key: "long",
            title: "A long week",
            body: "The anniversary was on Sunday. I did not think that it would still be this loud.",
            kind: EntryKind::Reflection,
            mood: 2,
            tags: &["grief"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    does(
        At(-2, 19, 20),
        What::Answer {
            measure: "phq-9",
            points: &[2, 3, 2, 2, 1, 2, 1, 1, 1],
        },
    ),
    does(
        At(-2, 19, 26),
        What::Contact {
            words: "Tomorrow before noon is good. I am at my sister's tonight.",
        },
    ),
    does(At(-2, 19, 42), What::TakeOn { by: PROVIDER }),
    reply(
        At(-1, 9, 5),
        "long",
        THERAPIST,
        "Thank you for telling us, and for asking. Daniel has seen it and calls you this morning. If \
         it gets harder before then, call or text 988 at any hour.",
    ),
];
