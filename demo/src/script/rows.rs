//! What can happen in the story, and the rows that say it.

use companion_core::domain::assessment_section::Section;
use companion_core::domain::safety_plan::PlanStep;
use companion_core::domain::screening::Finding;
use companion_core::domain::session_preparation::ReadinessItem;
use companion_core::domain::visit::VisitPurpose;
use companion_core::domain::{EntryKind, Phase, RecordSection, Visibility};

/// A time of the story: days from today (negative: past), hour, minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At(pub(crate) i32, pub(crate) u8, pub(crate) u8);

impl At {
    /// The same time so many days later.
    pub(crate) const fn after(self, days: i32) -> At {
        At(self.0 + days, self.1, self.2)
    }
}

/// Something that somebody does.
pub(crate) struct Row {
    pub(crate) at: At,
    pub(crate) what: What,
}

/// What somebody does.
pub(crate) enum What {
    /// The patient writes. `key` is the entry's name in the rows that follow.
    Write(Entry),
    /// The patient hums something into an entry.
    Hum {
        key: &'static str,
        caption: &'static str,
    },
    /// What the patient would like to hold in mind in the session of that number, shared with the care team.
    Intend {
        session: u32,
        text: &'static str,
        values: &'static [&'static str],
    },
    /// The patient checks in.
    CheckIn(CheckIn),
    /// The patient shares an entry that was private.
    Share { key: &'static str, how: Visibility },
    /// The patient takes an entry back.
    Withdraw { key: &'static str },
    /// Somebody of the care team opens an entry.
    Open { key: &'static str, by: &'static str },
    /// Somebody of the care team replies, and marks the entry as reviewed.
    Reply {
        key: &'static str,
        by: &'static str,
        body: &'static str,
    },
    /// Somebody of the care team marks an entry as reviewed.
    Review { key: &'static str, by: &'static str },
    /// The clinic plans a dosing session.
    Plan {
        number: u32,
        on: At,
        note: &'static str,
    },
    /// The clinic plans a visit over video, without a dose.
    Visit { purpose: VisitPurpose, on: At },
    /// Somebody says that the assessment came to *ready*.
    Ready { by: &'static str },
    /// The clinic writes down structure and costs, and goes through them with the patient.
    Costs { by: &'static str },
    /// The patient acknowledges structure and costs.
    Acknowledge,
    /// The clinic says where the patient stands.
    Phase(Phase),
    /// The patient tells one part of what the assessment asks.
    Tell {
        section: Section,
        text: &'static str,
        visibility: Visibility,
    },
    /// Patient and clinic hold on to what the work is for.
    Goal {
        domain: &'static str,
        text: &'static str,
    },
    /// Somebody goes through the three groups of contraindications, in their order.
    Screen {
        by: &'static str,
        findings: [Finding; 3],
    },
    /// The patient lists what they take: its name, what for.
    Medicines(&'static [(&'static str, &'static str)]),
    /// Somebody goes through that list with the patient.
    ReviewMedicines { by: &'static str },
    /// Somebody says that the assessment came to *not yet*: why, what helps until then, and in how many
    /// days to look again.
    NotYet {
        by: &'static str,
        explanation: &'static str,
        orientation: &'static [(&'static str, &'static str)],
        again_in: i32,
    },
    /// The patient lets the clinic tell an outside psychiatrist some sections, for so many days.
    Release {
        provider: &'static str,
        sections: &'static [RecordSection],
        purpose: &'static str,
        days: i32,
    },
    /// Somebody hands over what the newest release opens.
    HandOver { by: &'static str },
    /// How many sessions are planned in all.
    Sessions(u32),
    /// The patient makes ready for the session of that number.
    Prepare(Preparation),
    /// Before the session of that number, the patient says that nothing is new.
    NothingNew { session: u32 },
    /// The clinic writes down route and readings of the session of that number, and shows the patient a
    /// copy of the route.
    Medicine { session: u32, by: &'static str },
    /// The clinic says who reads, and when.
    Watch { by: &'static str },
    /// The patient answers a measure, item by item, and shares it.
    Answer {
        measure: &'static str,
        points: &'static [u8],
    },
    /// The patient asks to be contacted.
    Contact { words: &'static str },
    /// Somebody says that they take care of all that is flagged.
    TakeOn { by: &'static str },
    /// The patient writes a safety plan, lines by step, and shares it with the care team.
    SafetyPlan(&'static [(PlanStep, &'static str)]),
    /// The patient means to do something small, and to look at it again so many days later.
    Commit { text: &'static str, again_in: i32 },
    /// The patient says what became of the newest of these.
    Kept { words: &'static str },
    /// A line on the list for the next session.
    NextTime { text: &'static str },
    /// The patient's phone is out of reach from now on.
    LoseNetwork,
    /// It is back, and sends what waited.
    FindNetwork,
    /// The programme ends, with words to take along.
    End { summary: &'static str },
}

impl What {
    /// Whether the patient does it, on their phone.
    pub(crate) fn is_patients(&self) -> bool {
        matches!(
            self,
            What::Write(_)
                | What::Hum { .. }
                | What::Intend { .. }
                | What::CheckIn(_)
                | What::Share { .. }
                | What::Withdraw { .. }
                | What::Acknowledge
                | What::Tell { .. }
                | What::Goal { .. }
                | What::Medicines(_)
                | What::Prepare(_)
                | What::NothingNew { .. }
                | What::Answer { .. }
                | What::Contact { .. }
                | What::SafetyPlan(_)
                | What::Commit { .. }
                | What::Kept { .. }
                | What::NextTime { .. }
                | What::Release { .. }
                | What::LoseNetwork
                | What::FindNetwork
        )
    }

    /// Whether it needs what the other side said before.
    pub(crate) fn builds_on_other(&self) -> bool {
        match self {
            What::Write(entry) => entry.session != 0,
            What::Acknowledge
            | What::Intend { .. }
            | What::Prepare(_)
            | What::NothingNew { .. }
            | What::Answer { .. }
            | What::Open { .. }
            | What::Reply { .. }
            | What::Review { .. }
            | What::ReviewMedicines { .. }
            | What::HandOver { .. }
            | What::Phase(_) => true,
            _ => false,
        }
    }

    /// Whether it may reach the clinic with whatever the patient says next.
    pub(crate) fn can_wait(&self) -> bool {
        let is_said = matches!(
            self,
            What::Write(_)
                | What::Share { .. }
                | What::Withdraw { .. }
                | What::Answer { .. }
                | What::Contact { .. }
                | What::FindNetwork
        );
        !is_said
    }
}

/// An entry of the story.
pub(crate) struct Entry {
    pub(crate) key: &'static str,
    pub(crate) title: &'static str,
    pub(crate) body: &'static str,
    pub(crate) kind: EntryKind,
    /// 1 to 7; 0 where it was not said.
    pub(crate) mood: u8,
    /// The dosing session's number; 0 for none.
    pub(crate) session: u32,
    pub(crate) tags: &'static [&'static str],
    pub(crate) visibility: Visibility,
}

impl Entry {
    /// Nothing; each row says what it has.
    pub(crate) const EMPTY: Entry = Entry {
        key: "",
        title: "",
        body: "",
        kind: EntryKind::Reflection,
        mood: 0,
        session: 0,
        tags: &[],
        visibility: Visibility::OnlyMe,
    };
}

/// How a patient makes ready for a session.
pub(crate) struct Preparation {
    pub(crate) session: u32,
    pub(crate) music: &'static str,
    /// Who takes them home, and their number.
    pub(crate) escort: (&'static str, &'static str),
    pub(crate) done: &'static [ReadinessItem],
}

/// A check-in of the story.
pub(crate) struct CheckIn {
    /// Valence, energy, anxiety, sleep: 1 to 7 each; 0 where it was not said.
    pub(crate) ratings: [u8; 4],
    pub(crate) feelings: &'static [&'static str],
    pub(crate) note: &'static str,
    pub(crate) visibility: Visibility,
}

pub(super) const fn write(at: At, entry: Entry) -> Row {
    Row {
        at,
        what: What::Write(entry),
    }
}

pub(super) const fn hum(at: At, key: &'static str, caption: &'static str) -> Row {
    Row {
        at,
        what: What::Hum { key, caption },
    }
}

pub(super) const fn intend(
    at: At,
    session: u32,
    text: &'static str,
    values: &'static [&'static str],
) -> Row {
    Row {
        at,
        what: What::Intend {
            session,
            text,
            values,
        },
    }
}

pub(super) const fn felt(
    at: At,
    ratings: [u8; 4],
    feelings: &'static [&'static str],
    note: &'static str,
) -> Row {
    check_in(at, ratings, feelings, note, Visibility::CareTeam)
}

pub(super) const fn felt_privately(
    at: At,
    ratings: [u8; 4],
    feelings: &'static [&'static str],
    note: &'static str,
) -> Row {
    check_in(at, ratings, feelings, note, Visibility::OnlyMe)
}

pub(super) const fn check_in(
    at: At,
    ratings: [u8; 4],
    feelings: &'static [&'static str],
    note: &'static str,
    visibility: Visibility,
) -> Row {
    Row {
        at,
        what: What::CheckIn(CheckIn {
            ratings,
            feelings,
            note,
            visibility,
        }),
    }
}

pub(super) const fn share(at: At, key: &'static str, how: Visibility) -> Row {
    Row {
        at,
        what: What::Share { key, how },
    }
}

pub(super) const fn withdraw(at: At, key: &'static str) -> Row {
    Row {
        at,
        what: What::Withdraw { key },
    }
}

pub(super) const fn open(at: At, key: &'static str, by: &'static str) -> Row {
    Row {
        at,
        what: What::Open { key, by },
    }
}

pub(super) const fn reply(at: At, key: &'static str, by: &'static str, body: &'static str) -> Row {
    Row {
        at,
        what: What::Reply { key, by, body },
    }
}

pub(super) const fn review(at: At, key: &'static str, by: &'static str) -> Row {
    Row {
        at,
        what: What::Review { key, by },
    }
}

pub(super) const fn plan(at: At, number: u32, on: At, note: &'static str) -> Row {
    Row {
        at,
        what: What::Plan { number, on, note },
    }
}

pub(super) const fn visit(at: At, purpose: VisitPurpose, on: At) -> Row {
    Row {
        at,
        what: What::Visit { purpose, on },
    }
}

pub(super) const fn ready(at: At, by: &'static str) -> Row {
    Row {
        at,
        what: What::Ready { by },
    }
}

pub(super) const fn costs(at: At, by: &'static str) -> Row {
    Row {
        at,
        what: What::Costs { by },
    }
}

pub(super) const fn acknowledge(at: At) -> Row {
    Row {
        at,
        what: What::Acknowledge,
    }
}

pub(super) const fn phase(at: At, phase: Phase) -> Row {
    Row {
        at,
        what: What::Phase(phase),
    }
}

pub(super) const fn does(at: At, what: What) -> Row {
    Row { at, what }
}
