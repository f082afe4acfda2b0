//! Wren: three sessions behind them, now working them into daily life. Six weeks.

use companion_core::domain::{EntryKind, Phase, Visibility};

use super::rows::{At, Entry, Row, felt, open, phase, plan, ready, reply, review, write};
use super::{Newcomer, PROVIDER, Person, THERAPIST, Zero};

pub(crate) const WREN: Person = Person {
    who: Newcomer {
        name: "Wren Halloran",
        initials: "WH",
        pronouns: "they/them",
        folder: "wren",
    },
    is: "in integration",
    zero: Zero::Today,
    paired: At(-42, 11, 30),
    rows: ROWS,
};

const ROWS: &[Row] = &[
    ready(At(-42, 11, 40), PROVIDER),
    phase(At(-42, 11, 42), Phase::Preparation),
    plan(
        At(-42, 11, 45),
        1,
        At(-37, 9, 0),
        "Music without words. Lou waits outside.",
    ),
    felt(At(-42, 19, 0), [2, 2, 5, 2], &["sad", "anxious"], ""),
    felt(At(-40, 19, 5), [2, 3, 5, 3], &["overwhelmed"], ""),
    write(
        At(-39, 20, 0),
        Entry {
            key: "why",
            title: "Why now",
            body: "Because I have become very good at being fine. I want to find out what is under \
                   it, with somebody in the room who knows how to stay.",
            kind: EntryKind::Preparation,
            mood: 3,
            session: 1,
            tags: &["intention"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    review(At(-38, 9, 0), "why", THERAPIST),
    felt(At(-38, 19, 30), [3, 3, 5, 3], &["anxious", "hopeful"], ""),
    felt(At(-37, 20, 15), [4, 2, 3, 4], &["tired", "light"], ""),
    write(
        At(-36, 11, 45),
        Entry {
            key: "first",
            title: "First session",
            body: "Mostly color and distance, and then suddenly the sound of rain on the caravan \
                   roof. I was eight. I had forgotten that I liked it there.\n\nI felt a bit sick \
                   in the afternoon and slept early.",
            kind: EntryKind::AfterSession,
            mood: 4,
            session: 1,
            tags: &["rain", "caravan"],
            visibility: Visibility::TalkInSession,
            ..Entry::EMPTY
        },
    ),
    reply(
        At(-36, 15, 20),
        "first",
        THERAPIST,
        "Thank you for putting the rain into words so soon. No need to make sense of it before \
         we meet. If more of it comes back, a line or a drawing is plenty.",
    ),
    felt(At(-34, 19, 0), [4, 4, 4, 5], &["calm"], ""),
    felt(At(-32, 19, 10), [3, 3, 4, 4], &["tired"], ""),
    plan(
        At(-31, 12, 0),
        2,
        At(-25, 9, 0),
        "Same room. We start with the breathing you liked.",
    ),
    felt(At(-30, 19, 0), [4, 4, 4, 4], &["curious"], ""),
    felt(At(-27, 19, 20), [3, 3, 5, 3], &["restless"], ""),
    felt(
        At(-25, 21, 0),
        [3, 2, 4, 4],
        &["grieving", "tired"],
        "Harder than the first.",
    ),
    write(
        At(-24, 11, 40),
        Entry {
            key: "second",
            title: "Second session",
            body: "This one was heavy. I was angry for most of it, and I don't think I have been \
                   angry out loud since school. Maya did not flinch.\n\nI don't want to write more \
                   about it yet.",
            kind: EntryKind::AfterSession,
            mood: 3,
            session: 2,
            tags: &["anger"],
            visibility: Visibility::TalkInSession,
            ..Entry::EMPTY
        },
    ),
    reply(
        At(-24, 14, 5),
        "second",
        THERAPIST,
        "You don't have to write more. I can call tomorrow between 12 and 1 if you would like a \
         voice rather than a page. If a night gets hard before then, 988 is there at any hour.",
    ),
    felt(At(-23, 19, 0), [3, 3, 4, 3], &["tired", "angry"], ""),
    write(
        At(-22, 7, 30),
        Entry {
            key: "dream",
            title: "The caravan again",
            body: "Dreamt that I was fixing its door with my uncle's tools. It closed properly at \
                   the end. I woke up pleased with myself.",
            kind: EntryKind::Dream,
            mood: 5,
            tags: &["caravan"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    open(At(-21, 9, 45), "dream", PROVIDER),
    felt(At(-20, 19, 15), [4, 4, 4, 5], &["calm", "proud"], ""),
    felt(At(-18, 19, 0), [4, 4, 3, 5], &["connected"], ""),
    plan(
        At(-17, 10, 30),
        3,
        At(-11, 9, 0),
        "The third of three that we agreed on.",
    ),
    write(
        At(-16, 20, 40),
        Entry {
            key: "lou",
            title: "Said no to Lou, and the roof stayed on",
            body: "Small thing: Lou asked me to host the birthday and I said that I did not want \
                   to. Nothing happened. Lou said 'okay, my place then'. I was shaking, and then I \
                   laughed.",
            kind: EntryKind::Integration,
            mood: 5,
            session: 2,
            tags: &["practice", "anger"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    review(At(-15, 16, 10), "lou", THERAPIST),
    felt(At(-14, 19, 0), [5, 4, 3, 5], &["proud", "calm"], ""),
    felt(At(-11, 20, 30), [5, 3, 2, 5], &["moved", "grounded"], ""),
    write(
        At(-10, 11, 45),
        Entry {
            key: "third",
            title: "Third session",
            body: "Quiet. I watched the anger come up and go by like weather. At the end there was \
                   a table with everybody at it, and a chair for me.\n\nWhat I want to remember: \
                   nobody had to be fine.",
            kind: EntryKind::AfterSession,
            mood: 6,
            session: 3,
            tags: &["table", "anger"],
            visibility: Visibility::TalkInSession,
            ..Entry::EMPTY
        },
    ),
    phase(At(-10, 12, 0), Phase::Integration),
    reply(
        At(-10, 12, 10),
        "third",
        THERAPIST,
        "A chair for you. Let's stay with that when we meet, and with what you would like the next \
         weeks to look like now that the three sessions are done.",
    ),
    felt(At(-9, 19, 0), [5, 5, 2, 6], &["grateful"], ""),
    felt(At(-7, 19, 5), [5, 4, 3, 5], &["calm"], ""),
    write(
        At(-6, 21, 0),
        Entry {
            key: "week",
            title: "What stayed after a week",
            body: "The chair stayed. The rain stayed. The lightness comes and goes, and I mind \
                   less when it goes.\n\nI called my mother without rehearsing it first.",
            kind: EntryKind::Integration,
            mood: 5,
            session: 3,
            tags: &["table", "family"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    review(At(-5, 10, 0), "week", THERAPIST),
    felt(At(-5, 19, 0), [4, 4, 3, 5], &["tired"], "Ordinary tired."),
    felt(At(-3, 19, 10), [5, 4, 3, 5], &["connected", "calm"], ""),
    write(
        At(-2, 20, 20),
        Entry {
            key: "ordinary",
            title: "Ordinary days",
            body: "Work was work. I noticed twice that I was about to say 'I'm fine' and said \
                   something truer instead. Once it was 'I'm hungry'.",
            kind: EntryKind::Integration,
            mood: 5,
            tags: &["practice"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    felt(At(-1, 19, 0), [6, 5, 2, 6], &["content", "playful"], ""),
];
