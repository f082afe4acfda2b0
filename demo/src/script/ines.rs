//! Ines: in the assessment. What she wrote on a Tuesday without a network arrived on Thursday. Her days
//! count from the last Thursday.

use companion_core::domain::assessment_section::Section;
use companion_core::domain::screening::Finding;
use companion_core::domain::{EntryKind, Visibility};

use super::rows::{At, Entry, Row, What, does, felt, reply, write};
use super::{Newcomer, PROVIDER, Person, THERAPIST, Zero};

pub(crate) const INES: Person = Person {
    who: Newcomer {
        name: "Ines Barros",
        initials: "IB",
        pronouns: "she/her",
        folder: "ines",
    },
    is: "in the assessment; what she wrote on Tuesday arrived on Thursday",
    zero: Zero::LastThursday,
    paired: At(-6, 13, 30),
    rows: ROWS,
};

const ROWS: &[Row] = &[
    felt(At(-6, 20, 10), [3, 3, 5, 3], &["tired", "curious"], ""),
    does(
        At(-5, 19, 0),
        What::Tell {
            section: Section::Hopes,
            text: "To be able to sit in a room with my brother. To stop rehearsing.",
            visibility: Visibility::CareTeam,
        },
    ),
    does(
        At(-5, 19, 25),
        What::Tell {
            section: Section::PsychiatricHistory,
            text: "I want to say this one out loud first.",
            visibility: Visibility::OnlyMe,
        },
    ),
    does(
        At(-4, 9, 10),
        What::Medicines(&[("Levothyroxine", "thyroid"), ("Magnesium", "sleep")]),
    ),
    does(
        At(-3, 11, 0),
        What::Screen {
            by: PROVIDER,
            findings: [Finding::NeedsReview, Finding::Absent, Finding::Absent],
        },
    ),
    does(At(-3, 11, 20), What::ReviewMedicines { by: PROVIDER }),
    does(At(-2, 15, 30), What::LoseNetwork),
    write(
        At(-2, 20, 40),
        Entry {
            key: "cabin",
            title: "From the cabin",
            body: "No bars out here until Thursday, so this will reach you late.\n\nI walked to the \
                   old pier. I noticed that I tell people I am easygoing, and that I had my \
                   shoulders up the whole way. That seems worth bringing to the visit.",
            kind: EntryKind::Reflection,
            mood: 4,
            tags: &["assessment", "pier"],
            visibility: Visibility::TalkInSession,
            ..Entry::EMPTY
        },
    ),
    felt(
        At(-1, 9, 0),
        [4, 4, 4, 5],
        &["calm"],
        "Slept to the sound of water.",
    ),
    does(At(0, 9, 15), What::FindNetwork),
    reply(
        At(0, 16, 40),
        "cabin",
        THERAPIST,
        "This came in on Thursday morning. The pier and the shoulders are a good place to start on \
         Monday.",
    ),
];
