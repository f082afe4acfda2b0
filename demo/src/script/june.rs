//! June: from the assessment to the preparation of a first session. Two weeks.

use companion_core::domain::visit::VisitPurpose;
use companion_core::domain::{EntryKind, Phase, Visibility};

use super::rows::{
    At, Entry, Row, felt, felt_privately, open, phase, plan, ready, reply, review, share, visit,
    write,
};
use super::{Newcomer, PROVIDER, Person, THERAPIST, Zero};

pub(crate) const JUNE: Person = Person {
    who: Newcomer {
        name: "June Adeyemi",
        initials: "JA",
        pronouns: "she/her",
        folder: "june",
    },
    is: "in preparation",
    zero: Zero::Today,
    paired: At(-14, 16, 5),
    rows: ROWS,
};

const ROWS: &[Row] = &[
    felt(
        At(-14, 21, 10),
        [3, 3, 5, 3],
        &["anxious", "curious"],
        "First try. Fifteen seconds, fine.",
    ),
    felt(At(-13, 8, 20), [3, 2, 5, 2], &["tired", "tense"], ""),
    write(
        At(-13, 20, 45),
        Entry {
            key: "hopes",
            title: "What I hope to work on",
            body: "I wrote this before the assessment visit and kept it for myself at first.\n\n\
                   I want to be less on guard at home. My sister says I answer questions that \
                   nobody asked. I also want to sleep through the night more often than not, and \
                   to drive over the bridge without counting.",
            kind: EntryKind::Preparation,
            mood: 4,
            tags: &["assessment", "home"],
            ..Entry::EMPTY
        },
    ),
    felt(At(-12, 8, 5), [4, 3, 4, 4], &["calm"], ""),
    share(At(-12, 9, 30), "hopes", Visibility::TalkInSession),
    write(
        At(-11, 19, 15),
        Entry {
            key: "tried",
            title: "What I have tried already",
            body: "Two years of weekly therapy, which helped with my father's death and less with \
                   the worry. Running, until my knee. A meditation app that I still open on the \
                   train.\n\nI would like to say out loud that I am a little afraid of losing \
                   control for an hour. I don't know yet what I would need to feel safe with that.",
            kind: EntryKind::Preparation,
            mood: 4,
            tags: &["assessment", "worry"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    felt(
        At(-10, 22, 0),
        [3, 3, 5, 3],
        &["restless"],
        "Long day at work.",
    ),
    open(At(-9, 10, 10), "hopes", THERAPIST),
    reply(
        At(-9, 10, 25),
        "tried",
        THERAPIST,
        "Thank you for writing this down, June. Being afraid of losing control is something that \
         many people bring to this point, and it belongs in our conversation. Let's take time \
         at the visit for what helps you feel safe: in the room, and with the people in it.",
    ),
    felt(At(-8, 8, 15), [4, 4, 4, 4], &["hopeful"], ""),
    felt_privately(
        At(-7, 23, 40),
        [2, 2, 6, 2],
        &["afraid", "tired"],
        "Could not sleep.",
    ),
    felt(
        At(-6, 8, 30),
        [4, 3, 4, 3],
        &["tired", "relieved"],
        "The visit was long and kind.",
    ),
    write(
        At(-6, 20, 30),
        Entry {
            key: "visit",
            title: "After the assessment visit",
            body: "They asked about everything, also the boring things. Nobody was in a hurry. \
                   Daniel went through my medication list with me line by line and will call my \
                   psychiatrist, which I said yes to.\n\nI noticed that 'not yet' would have been \
                   a real answer, and that made me trust the yes more.",
            kind: EntryKind::Reflection,
            mood: 5,
            tags: &["assessment"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    review(At(-5, 11, 0), "visit", PROVIDER),
    ready(At(-5, 11, 3), PROVIDER),
    phase(At(-5, 11, 5), Phase::Preparation),
    plan(
        At(-5, 11, 10),
        1,
        At(9, 10, 0),
        "Arrive at 9:45. Your sister drives you home. Keep the rest of the day free.",
    ),
    visit(At(-5, 11, 15), VisitPurpose::Preparation, At(4, 15, 0)),
    felt(At(-4, 8, 10), [5, 4, 4, 5], &["hopeful", "open"], ""),
    felt(At(-3, 8, 25), [4, 4, 4, 4], &["calm"], ""),
    write(
        At(-2, 21, 5),
        Entry {
            key: "intention",
            title: "A first try at an intention",
            body: "Not a goal. More like a direction: to notice when I brace, and to see whether I \
                   can put it down for a moment.\n\nQuestions for next time: may I bring my own \
                   blanket? What happens if I want to stop?",
            kind: EntryKind::Preparation,
            mood: 5,
            session: 1,
            tags: &["intention", "questions"],
            visibility: Visibility::TalkInSession,
            ..Entry::EMPTY
        },
    ),
    felt(At(-1, 8, 15), [5, 4, 3, 5], &["curious", "calm"], ""),
];
