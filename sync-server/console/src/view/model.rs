//! What the pages show, as plain data: no store, no keys, no HTML.
//!
//! Views take these and nothing else, so that a page can be drawn and tested from fixed values.
//! Ids stand here as text, ready for a link.

use companion_core::ports::Moment;

/// What stands on every page around its own content.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The clinic's name.
    pub clinic: String,
    /// Who is signed in; `None` on the sign-in page.
    pub viewer: Option<String>,
    /// The present moment, with the clinic's own offset from UTC.
    pub now: Moment,
    /// How the last exchange with the sync server went.
    pub exchange: Exchange,
    /// A short sentence about what was just done, shown once on top of the page.
    pub notice: Option<&'static str>,
}

/// How the last exchange with the sync server went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// None has been tried since the console started.
    NotYet,
    /// The last one worked.
    Current {
        /// When it ended.
        at: Moment,
    },
    /// The last one failed; the pages show what arrived before.
    Unreachable {
        /// When one last worked since the console started.
        last: Option<Moment>,
    },
}

/// Where a patient stands in the programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// History, hopes, fit.
    Assessment,
    /// Getting ready for a dosing session.
    Preparation,
    /// Around a dosing session.
    Session,
    /// Working with what came up.
    Integration,
    /// The programme has ended.
    Closed,
}

impl Phase {
    /// All phases in the order of the programme.
    pub const ALL: [Self; 5] = [
        Self::Assessment,
        Self::Preparation,
        Self::Session,
        Self::Integration,
        Self::Closed,
    ];

    /// The word on a page.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Assessment => "Assessment",
            Self::Preparation => "Preparation",
            Self::Session => "Session",
            Self::Integration => "Integration",
            Self::Closed => "Closed",
        }
    }

    /// The word in a form's value.
    pub const fn value(self) -> &'static str {
        match self {
            Self::Assessment => "assessment",
            Self::Preparation => "preparation",
            Self::Session => "session",
            Self::Integration => "integration",
            Self::Closed => "closed",
        }
    }

    /// Reads a form's value.
    pub fn from_value(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.value() == value)
    }
}

/// How far a patient's phone has come in being paired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairing {
    /// An invitation is open and nobody has used it.
    Waiting,
    /// A phone has joined; the words are to be compared.
    CompareWords,
    /// The words matched.
    Paired,
    /// No phone, and no invitation that could be used: never made, ran out, or refused.
    None,
}

/// One patient in the caseload.
#[derive(Clone, Debug)]
pub struct CaseRow {
    /// The patient's id.
    pub id: String,
    /// The name that the clinic gave.
    pub name: String,
    /// Phase of the programme.
    pub phase: Phase,
    /// State of pairing.
    pub pairing: Pairing,
    /// The next planned dosing session.
    pub next_session: Option<SessionLine>,
    /// The newest check-in.
    pub last_check_in: Option<FeelingLine>,
    /// How people felt over time, oldest first, at most thirty steps from 1 to 7.
    pub trend: Vec<u8>,
    /// Shared entries that nobody of the care team has opened.
    pub unread: usize,
    /// Of those, the ones that the patient wants to talk about in session.
    pub for_session: usize,
    /// Shared entries that nobody has marked reviewed.
    pub unreviewed: usize,
    /// When something last arrived from the patient's phone.
    pub last_received: Option<Moment>,
}

/// One dosing session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLine {
    /// Its number in the programme, from 1.
    pub number: u32,
    /// When it is or was.
    pub at: Moment,
    /// The clinic's note about it, shared with the patient.
    pub note: String,
}

impl SessionLine {
    /// Short name as the clinic says it: S1, S2 …
    pub fn label(&self) -> String {
        format!("S{}", self.number)
    }
}

/// How somebody felt, and when.
#[derive(Clone, Debug)]
pub struct FeelingLine {
    /// Step from 1 to 7.
    pub step: u8,
    /// When.
    pub at: Moment,
}

/// One check-in with all that was answered.
#[derive(Clone, Debug)]
pub struct CheckInLine {
    /// When the patient made it.
    pub at: Moment,
    /// From very unpleasant (1) to very pleasant (7).
    pub valence: u8,
    /// From very low (1) to very high (7).
    pub energy: Option<u8>,
    /// From very low (1) to very high (7).
    pub anxiety: Option<u8>,
    /// From very bad (1) to very good (7).
    pub sleep: Option<u8>,
    /// Words that the patient chose.
    pub feelings: Vec<String>,
    /// What the patient added.
    pub note: String,
}

/// Who the patient shares an entry with, as far as a clinic can see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The care team may read it.
    CareTeam,
    /// The patient would like to talk about it in the next session.
    TalkInSession,
}

impl Scope {
    /// The words on a page.
    pub const fn words(self) -> &'static str {
        match self {
            Self::CareTeam => "Shared with the care team",
            Self::TalkInSession => "Wants to talk about it in session",
        }
    }
}

/// One entry in a timeline.
#[derive(Clone, Debug)]
pub struct EntryLine {
    /// Its id.
    pub id: String,
    /// Title as the patient wrote it; may be empty.
    pub title: String,
    /// The beginning of the text.
    pub excerpt: String,
    /// Kind in words: reflection, preparation …
    pub kind: String,
    /// When the patient wrote it.
    pub at: Moment,
    /// Mood at the time, step 1 to 7.
    pub mood: Option<u8>,
    /// Sharing.
    pub scope: Scope,
    /// Whether nobody of the care team has opened it.
    pub unread: bool,
    /// Whether somebody marked it reviewed.
    pub reviewed: bool,
    /// How many replies there are.
    pub replies: usize,
}

/// One reply from the care team.
#[derive(Clone, Debug)]
pub struct ReplyLine {
    /// The entry it is about, if that entry is still shown.
    pub about: Option<String>,
    /// Title of that entry.
    pub about_title: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: Moment,
    /// The text.
    pub body: String,
    /// Whether the server has it; until then it waits here.
    pub sent: bool,
}

/// One thing in a patient's timeline.
#[derive(Clone, Debug)]
pub enum TimelineItem {
    /// An entry that is shared.
    Entry(EntryLine),
    /// A check-in.
    CheckIn(CheckInLine),
    /// A reply from the care team.
    Reply(ReplyLine),
    /// An entry that the patient shared once and has withdrawn: nothing of it is shown.
    Withdrawn {
        /// When it was withdrawn.
        at: Moment,
    },
    /// A dosing session.
    Session(SessionLine),
}

impl TimelineItem {
    /// When it happened.
    pub fn at(&self) -> Moment {
        match self {
            Self::Entry(entry) => entry.at,
            Self::CheckIn(check_in) => check_in.at,
            Self::Reply(reply) => reply.at,
            Self::Withdrawn { at } => *at,
            Self::Session(session) => session.at,
        }
    }
}

/// Who a patient is, for the banner.
#[derive(Clone, Debug)]
pub struct PatientBanner {
    /// The patient's id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Pronouns; may be empty.
    pub pronouns: String,
    /// Phase.
    pub phase: Phase,
    /// Pairing.
    pub pairing: Pairing,
    /// When something last arrived.
    pub last_received: Option<Moment>,
}

/// One phone of a patient.
#[derive(Clone, Debug)]
pub struct DeviceLine {
    /// The member's key in hex.
    pub id: String,
    /// What to call it on a page.
    pub name: String,
    /// When it joined, if known.
    pub since: Option<Moment>,
    /// When it was removed, in words; `None` while it is a member.
    pub removed: bool,
}

/// Everything on a patient's page.
#[derive(Clone, Debug)]
pub struct PatientPage {
    /// Who.
    pub banner: PatientBanner,
    /// Newest first.
    pub timeline: Vec<TimelineItem>,
    /// Oldest first.
    pub check_ins: Vec<CheckInLine>,
    /// By number.
    pub sessions: Vec<SessionLine>,
    /// The patient's phones.
    pub devices: Vec<DeviceLine>,
}

/// Somebody who opened an entry.
#[derive(Clone, Debug)]
pub struct OpeningLine {
    /// Who.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// An entry as it stands on its own page.
#[derive(Clone, Debug)]
pub struct EntryText {
    /// Title; may be empty.
    pub title: String,
    /// Full text.
    pub body: String,
    /// Kind in words.
    pub kind: String,
    /// Mood at the time.
    pub mood: Option<u8>,
    /// The session it belongs to.
    pub session: Option<SessionLine>,
    /// Tags.
    pub tags: Vec<String>,
    /// Sharing.
    pub scope: Scope,
    /// When it was written.
    pub at: Moment,
    /// When it was last changed.
    pub edited_at: Option<Moment>,
    /// When this console received it.
    pub received_at: Option<Moment>,
}

/// An entry's own page.
#[derive(Clone, Debug)]
pub struct EntryPage {
    /// Whose.
    pub patient: PatientBanner,
    /// The entry's id.
    pub id: String,
    /// The text, or when it was withdrawn.
    pub content: EntryContent,
    /// Replies, oldest first.
    pub replies: Vec<ReplyLine>,
    /// Who opened it.
    pub openings: Vec<OpeningLine>,
    /// Who marked it reviewed, and when.
    pub reviewed: Option<OpeningLine>,
    /// The entry before this one in time.
    pub older: Option<String>,
    /// The entry after this one in time.
    pub newer: Option<String>,
}

/// What may be shown of an entry.
#[derive(Clone, Debug)]
pub enum EntryContent {
    /// It is shared.
    Shown(EntryText),
    /// It was withdrawn.
    Withdrawn {
        /// When.
        at: Moment,
    },
}

/// Where an invitation stands.
#[derive(Clone, Debug)]
pub enum InvitationStep {
    /// Nobody has used it yet.
    Waiting {
        /// The link; `None` when it is not at hand.
        link: Option<String>,
        /// When it stops working.
        expires_at: Moment,
    },
    /// A phone joined.
    CompareWords {
        /// The words that both sides must see.
        words: Vec<String>,
    },
    /// Done.
    Paired {
        /// When.
        at: Option<Moment>,
    },
    /// There is none that could be used: never made, ran out, or the phone was refused.
    Ended,
}

/// The invitation page.
#[derive(Clone, Debug)]
pub struct InvitationPage {
    /// Who is invited.
    pub patient: PatientBanner,
    /// Where it stands.
    pub step: InvitationStep,
}
