//! What the console shows, and what it hands in.

use companion_protocol::id::{MemberId, SpaceId};

use super::pairing::InviteState;
use crate::document::Revision;
use crate::domain::{
    CheckIn, DocumentId, DosingSession, Entry, Moment, Opening, PatientRecord, Phase, Reply, Review,
};

/// A patient to invite.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewPatient {
    /// The name that the care team uses.
    pub name: String,
    /// Short form; may be empty.
    pub initials: String,
    /// Pronouns; may be empty.
    pub pronouns: String,
    /// Where they stand.
    pub phase: Phase,
}

/// One row of the caseload.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRow {
    /// The patient.
    pub patient: DocumentId,
    /// The register's record.
    pub record: PatientRecord,
    /// How far the pairing got.
    pub invite: InviteState,
    /// Shared entries that nobody here opened in their present version.
    pub unread: usize,
    /// Of those, the ones that the patient wants to talk about in a session.
    pub unread_for_session: usize,
    /// Shared entries that nobody marked as reviewed.
    pub unreviewed: usize,
    /// The newest check-in.
    pub last_check_in: Option<CheckIn>,
    /// Valence of the last 30 check-ins, oldest first, 1 to 7.
    pub sparkline: Vec<u8>,
    /// When something of the patient's last arrived here, milliseconds since 1970 UTC.
    pub last_received_ms: Option<i64>,
    /// The next dosing session.
    pub next_session: Option<DosingSession>,
    /// The last dosing session that was.
    pub last_session: Option<DosingSession>,
}

/// An entry in a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryItem {
    /// Its name.
    pub id: DocumentId,
    /// Its version.
    pub revision: Revision,
    /// The entry. A withdrawn one has its words blanked before it gets here.
    pub entry: Entry,
    /// When it arrived here, milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// Whether somebody here opened this version.
    pub opened: bool,
    /// The mark, if it stands.
    pub review: Option<Review>,
    /// How many replies it has.
    pub replies: usize,
}

/// A check-in in a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckInItem {
    /// Its name.
    pub id: DocumentId,
    /// The check-in.
    pub check_in: CheckIn,
    /// When it arrived here, milliseconds since 1970 UTC.
    pub received_ms: i64,
}

/// A reply in a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplyItem {
    /// Its name.
    pub id: DocumentId,
    /// The reply.
    pub reply: Reply,
    /// Whether the server has it; until then it waits on this node.
    pub sent: bool,
}

/// A dosing session in a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionItem {
    /// Its name.
    pub id: DocumentId,
    /// The session.
    pub session: DosingSession,
}

/// One thing in a patient's timeline.
#[derive(Debug, Clone, PartialEq)]
pub enum TimelineItem {
    /// A journal entry.
    Entry(Box<EntryItem>),
    /// A mood check-in.
    CheckIn(CheckInItem),
    /// A clinician's reply.
    Reply(ReplyItem),
    /// A dosing session.
    Session(SessionItem),
}

impl TimelineItem {
    /// When it was, by its author's clock.
    pub fn at(&self) -> Moment {
        match self {
            TimelineItem::Entry(item) => item.entry.at,
            TimelineItem::CheckIn(item) => item.check_in.at,
            TimelineItem::Reply(item) => item.reply.at,
            TimelineItem::Session(item) => item.session.at,
        }
    }
}

/// Everything about one patient.
#[derive(Debug, Clone, PartialEq)]
pub struct PatientPage {
    /// The patient.
    pub patient: DocumentId,
    /// The register's record.
    pub record: PatientRecord,
    /// How far the pairing got.
    pub invite: InviteState,
    /// When something of the patient's last arrived here, milliseconds since 1970 UTC.
    pub last_received_ms: Option<i64>,
    /// Newest first.
    pub timeline: Vec<TimelineItem>,
    /// Oldest first.
    pub check_ins: Vec<CheckIn>,
    /// Oldest first.
    pub sessions: Vec<DosingSession>,
    /// Every device that ever joined.
    pub devices: Vec<ClinicDevice>,
}

/// A member of a patient's care space.
#[derive(Debug, Clone, PartialEq)]
pub struct ClinicDevice {
    /// Its name.
    pub member: MemberId,
    /// This node.
    pub is_this_node: bool,
    /// When it joined, by its own clock.
    pub joined_at: Moment,
    /// Whether it was removed.
    pub removed: bool,
}

/// Everything about one entry.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryPage {
    /// The patient.
    pub patient: DocumentId,
    /// The register's record.
    pub record: PatientRecord,
    /// The care space.
    pub care_space: SpaceId,
    /// The entry.
    pub item: EntryItem,
    /// Oldest first.
    pub replies: Vec<ReplyItem>,
    /// Who opened it, oldest first.
    pub openings: Vec<Opening>,
    /// The linked dosing session.
    pub session: Option<DosingSession>,
    /// The next newer shared entry.
    pub newer: Option<DocumentId>,
    /// The next older shared entry.
    pub older: Option<DocumentId>,
}
