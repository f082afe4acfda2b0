//! Gideon: clinically fine, and not yet. The journal is his all the same.

use companion_core::domain::assessment_section::Section;
use companion_core::domain::screening::Finding;
use companion_core::domain::{EntryKind, RecordSection, Visibility};

use super::rows::{At, Entry, Row, What, does, felt, reply, write};
use super::{Newcomer, PROVIDER, Person, THERAPIST, Zero};

pub(crate) const GIDEON: Person = Person {
    who: Newcomer {
        name: "Gideon Park",
        initials: "GP",
        pronouns: "he/him",
        folder: "gideon",
    },
    is: "not yet",
    zero: Zero::Today,
    paired: At(-20, 10, 15),
    rows: ROWS,
};

const ROWS: &[Row] = &[
    does(
        At(-19, 20, 0),
        What::Tell {
            section: Section::LifeNow,
            text: "We move house in three weeks, my father is in the hospital, and I start a new job \
                   after that.",
            visibility: Visibility::CareTeam,
        },
    ),
    felt(At(-19, 21, 0), [3, 2, 5, 2], &["overwhelmed"], ""),
    does(
        At(-18, 9, 0),
        What::Release {
            provider: "Dr. Iris Okafor",
            sections: &[RecordSection::Assessment],
            purpose: "So that she hears how the assessment begins.",
            days: 8,
        },
    ),
    does(
        At(-16, 15, 0),
        What::Screen {
            by: PROVIDER,
            findings: [Finding::Absent, Finding::Absent, Finding::Absent],
        },
    ),
    does(
        At(-15, 10, 40),
        What::NotYet {
            by: PROVIDER,
            explanation: "Nothing medical speaks against it. We would wait until the move is over and \
                          your father is home: this work asks for quiet weeks, and you have none just \
                          now. Your journal and your check-ins stay yours, and we read what you share.",
            orientation: &[
                (
                    "Family support group, Thursdays",
                    "Harbor Street Library, room 2",
                ),
                ("Your own therapist goes on as before", ""),
            ],
            again_in: 60,
        },
    ),
    write(
        At(-14, 22, 5),
        Entry {
            key: "relief",
            title: "Not yet",
            body: "I was angry for an hour and relieved for the rest of the day. It is the first time \
                   this year that somebody told me to do less.",
            kind: EntryKind::Reflection,
            mood: 4,
            tags: &["assessment"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    reply(
        At(-13, 9, 30),
        "relief",
        THERAPIST,
        "Both of these make sense. The door stays open, and so does this page.",
    ),
    does(
        At(-12, 18, 0),
        What::Release {
            provider: "Dr. Iris Okafor",
            sections: &[RecordSection::Assessment, RecordSection::Medicines],
            purpose: "So that she and the clinic decide together when to look again.",
            days: 90,
        },
    ),
    does(At(-11, 10, 0), What::HandOver { by: PROVIDER }),
    felt(
        At(-9, 21, 10),
        [3, 3, 4, 3],
        &["tired"],
        "Boxes everywhere.",
    ),
    felt(At(-4, 21, 0), [4, 3, 4, 4], &["relieved"], "Dad is home."),
    felt(At(-1, 20, 50), [4, 3, 3, 4], &["tired", "hopeful"], ""),
];
