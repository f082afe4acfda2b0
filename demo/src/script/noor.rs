//! Noor: everything is ready for the first session, in two days.

use companion_core::domain::assessment_section::Section;
use companion_core::domain::screening::Finding;
use companion_core::domain::session_preparation::ReadinessItem;
use companion_core::domain::{EntryKind, Phase, Visibility};

use super::rows::{
    At, Entry, Preparation, Row, What, acknowledge, costs, does, felt, phase, plan, ready, reply,
    write,
};
use super::{Newcomer, PROVIDER, Person, THERAPIST, Zero};

pub(crate) const NOOR: Person = Person {
    who: Newcomer {
        name: "Noor Rahimi",
        initials: "NR",
        pronouns: "she/her",
        folder: "noor",
    },
    is: "a session in two days",
    zero: Zero::Today,
    paired: At(-30, 14, 0),
    rows: ROWS,
};

const ROWS: &[Row] = &[
    does(
        At(-29, 20, 0),
        What::Tell {
            section: Section::Tried,
            text: "Four years of therapy, two medicines, a lot of swimming.",
            visibility: Visibility::CareTeam,
        },
    ),
    does(At(-28, 20, 0), What::Medicines(&[("Sertraline", "mood")])),
    does(
        At(-27, 13, 0),
        What::Screen {
            by: PROVIDER,
            findings: [Finding::Absent, Finding::Absent, Finding::Absent],
        },
    ),
    does(At(-27, 13, 10), What::ReviewMedicines { by: PROVIDER }),
    ready(At(-24, 10, 0), PROVIDER),
    phase(At(-24, 10, 2), Phase::Preparation),
    does(At(-24, 10, 4), What::Sessions(3)),
    felt(At(-20, 19, 0), [3, 3, 4, 3], &["tired"], ""),
    costs(At(-14, 16, 0), THERAPIST),
    acknowledge(At(-13, 19, 30)),
    phase(At(-12, 9, 0), Phase::Session),
    plan(
        At(-12, 9, 5),
        1,
        At(2, 10, 0),
        "Arrive at 9:45. Leila takes you home. Keep the rest of the day free.",
    ),
    felt(At(-6, 19, 0), [4, 4, 4, 4], &["hopeful"], ""),
    does(
        At(-3, 19, 0),
        What::Prepare(Preparation {
            session: 1,
            music: "The slow album that I sent you.",
            escort: ("Leila", "555-0187"),
            done: &[
                ReadinessItem::ClearTheDay,
                ReadinessItem::RouteAndDose,
                ReadinessItem::EatingAndDrinking,
                ReadinessItem::Intention,
            ],
        }),
    ),
    does(At(-2, 8, 0), What::NothingNew { session: 1 }),
    write(
        At(-2, 20, 30),
        Entry {
            key: "intention",
            title: "What I bring",
            body: "To let somebody else hold the plan for a morning.",
            kind: EntryKind::Preparation,
            mood: 5,
            session: 1,
            tags: &["intention"],
            visibility: Visibility::TalkInSession,
            ..Entry::EMPTY
        },
    ),
    reply(
        At(-1, 10, 0),
        "intention",
        THERAPIST,
        "We will hold it. See you at 9:45, and bring the blue scarf if you like.",
    ),
    felt(At(-1, 19, 0), [4, 4, 5, 4], &["anxious", "curious"], ""),
];
