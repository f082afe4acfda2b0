//! Tomás: three weeks of preparation, and the first session two days ago.

use companion_core::domain::{EntryKind, Phase, Visibility};

use super::rows::{
    At, Entry, Row, acknowledge, costs, felt, hum, intend, open, phase, plan, ready, reply, review,
    withdraw, write,
};
use super::{Newcomer, PROVIDER, Person, THERAPIST, Zero};

pub(crate) const TOMAS: Person = Person {
    who: Newcomer {
        name: "Tomás Reyes",
        initials: "TR",
        pronouns: "he/him",
        folder: "tomas",
    },
    is: "first session two days ago",
    zero: Zero::Today,
    paired: At(-24, 14, 20),
    rows: ROWS,
};

const ROWS: &[Row] = &[
    ready(At(-24, 14, 40), PROVIDER),
    phase(At(-24, 14, 45), Phase::Preparation),
    felt(At(-24, 20, 0), [2, 2, 4, 3], &["heavy", "numb"], ""),
    felt(At(-22, 20, 10), [2, 3, 4, 3], &["heavy"], ""),
    write(
        At(-21, 18, 40),
        Entry {
            key: "weight",
            title: "The weight",
            body: "It is not sadness, exactly. It is more like wearing a wet coat indoors. I can \
                   do the things. Everything just weighs more than it should.\n\nAna noticed that \
                   I hum when I cook again. I had not noticed.",
            kind: EntryKind::Reflection,
            mood: 3,
            tags: &["home"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    hum(At(-21, 18, 50), "weight", "What I hum when I cook."),
    felt(At(-20, 20, 5), [3, 3, 4, 4], &["tired"], ""),
    reply(
        At(-19, 9, 15),
        "weight",
        THERAPIST,
        "The wet coat is a picture we can work with. I'd like to hear more about the humming, too.",
    ),
    felt(At(-18, 20, 20), [3, 3, 3, 4], &["calm"], ""),
    plan(
        At(-17, 10, 0),
        1,
        At(-2, 10, 0),
        "Ana picks you up at 12:30. Eye mask and the playlist without words, as you asked.",
    ),
    felt(
        At(-16, 21, 0),
        [2, 2, 5, 2],
        &["anxious", "tense"],
        "Argument with my brother.",
    ),
    write(
        At(-15, 22, 30),
        Entry {
            key: "brother",
            title: "About my brother",
            body: "I said too much on the phone, and then I wrote too much here.",
            kind: EntryKind::Reflection,
            mood: 2,
            tags: &["family"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    withdraw(At(-14, 7, 50), "brother"),
    felt(At(-13, 20, 0), [3, 3, 4, 3], &["tired"], ""),
    felt(
        At(-11, 20, 15),
        [4, 4, 3, 4],
        &["calm", "connected"],
        "Long walk with Ana.",
    ),
    write(
        At(-10, 19, 0),
        Entry {
            key: "before",
            title: "Before the first session",
            body: "What I want to bring: the humming. The kitchen in my grandmother's house. The \
                   question of when I started to carry everything by myself.\n\nWhat I am unsure \
                   about: that I will say something embarrassing. Maya said that this is allowed.",
            kind: EntryKind::Preparation,
            mood: 4,
            session: 1,
            tags: &["intention"],
            visibility: Visibility::TalkInSession,
            ..Entry::EMPTY
        },
    ),
    review(At(-9, 13, 30), "before", THERAPIST),
    intend(
        At(-8, 20, 10),
        1,
        "To let somebody else carry something.",
        &["music", "Ana"],
    ),
    felt(At(-8, 20, 30), [3, 4, 4, 4], &["restless", "hopeful"], ""),
    write(
        At(-7, 23, 10),
        Entry {
            key: "own",
            title: "For nobody",
            body: "Some of this is only mine for now. I may share it later, or not.",
            kind: EntryKind::Reflection,
            mood: 3,
            tags: &["family"],
            ..Entry::EMPTY
        },
    ),
    felt(At(-6, 20, 0), [4, 4, 4, 5], &["calm"], ""),
    felt(At(-4, 20, 10), [4, 4, 5, 4], &["anxious", "curious"], ""),
    costs(At(-3, 14, 0), THERAPIST),
    acknowledge(At(-3, 15, 30)),
    phase(At(-3, 16, 0), Phase::Session),
    felt(
        At(-3, 21, 30),
        [4, 4, 5, 3],
        &["anxious", "hopeful"],
        "Ride home is arranged.",
    ),
    felt(
        At(-2, 18, 45),
        [5, 2, 2, 4],
        &["moved", "tired", "light"],
        "Home. Soup. Quiet.",
    ),
    write(
        At(-1, 12, 40),
        Entry {
            key: "after",
            title: "The kitchen",
            body: "I was in the kitchen, and I was small, and the window was open. Nobody needed \
                   anything from me. That is the whole of it, and I cried about it, and it was \
                   not a bad crying.\n\nIn the body: warm hands. Weight on the chest, then less \
                   of it.\n\nWhat surprised me: how ordinary it was.\n\nWhat I want to remember: \
                   the open window.",
            kind: EntryKind::AfterSession,
            mood: 6,
            session: 1,
            tags: &["kitchen", "window"],
            visibility: Visibility::TalkInSession,
            ..Entry::EMPTY
        },
    ),
    felt(
        At(-1, 12, 50),
        [5, 4, 2, 6],
        &["grateful", "moved", "open"],
        "",
    ),
    open(At(-1, 14, 5), "after", PROVIDER),
    write(
        At(-1, 19, 30),
        Entry {
            key: "small",
            title: "One small thing this week",
            body: "Cook once without doing anything else. Leave the window open.",
            kind: EntryKind::Integration,
            mood: 5,
            session: 1,
            tags: &["kitchen", "practice"],
            visibility: Visibility::CareTeam,
            ..Entry::EMPTY
        },
    ),
    felt(At(-1, 20, 30), [5, 4, 3, 5], &["calm", "tired"], ""),
];
