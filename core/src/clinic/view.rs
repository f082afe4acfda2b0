//! What the console is given of patients, and what it hands in.

use std::fmt;
use std::str::FromStr;

use companion_protocol::chain::Compared;
use companion_protocol::id::{IdError, MemberId, StatementHash};
use serde::{Deserialize, Serialize};

use crate::domain::flag::FlagSource;
use crate::domain::near_session::NotNamed;
use crate::domain::programme::Standing;
use crate::domain::session_preparation::StillOpen;
use crate::domain::{
    CheckIn, DocumentId, DosingSession, Kind, Moment, PatientRecord, Phase, Programme, Readiness,
    Review, TalkedAbout,
};
use crate::error::NotNow;
pub use crate::members::DeviceKind;
use crate::records::{Cursor, View};
use crate::store::SpaceStanding;

/// A patient to invite.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewPatient {
    /// The name that the care team uses.
    pub name: String,
    /// Short form; may be empty.
    pub initials: String,
    /// Pronouns; may be empty.
    pub pronouns: String,
    /// Who leads their programme, which then begins with its assessment. Empty where nobody knows yet:
    /// [`Clinic::begin_programme`](super::Clinic::begin_programme) begins it later.
    pub therapist: String,
    /// What to do where somebody of that name is registered.
    pub same_name: SameName,
}

/// What to do where another patient has the same name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SameName {
    /// Do nothing and say so: it may be the same person a second time.
    #[default]
    Ask,
    /// It is another person of that name.
    IsAnother,
}

/// Who a patient is, put right.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Correction {
    /// The name that the care team uses.
    pub name: String,
    /// Short form; may be empty.
    pub initials: String,
    /// Pronouns; may be empty.
    pub pronouns: String,
    /// What to do where somebody else of that name is registered.
    pub same_name: SameName,
}

/// One row of the caseload.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRow {
    /// The patient.
    pub patient: DocumentId,
    /// The register's record.
    pub record: PatientRecord,
    /// Where they stand in their programme.
    pub phase: Phase,
    /// How far the pairing got.
    pub invite: InviteState,
    /// Shared entries that nobody here opened or marked in their present version.
    pub unread: u64,
    /// Of those, the ones that the patient wants to talk about in a session.
    pub unread_for_session: u64,
    /// Shared check-ins that nobody here opened or marked in their present version.
    pub new_check_ins: u64,
    /// All that the patient shared, of every kind, that nobody here opened or marked in its present
    /// version. Entries and check-ins are among it.
    pub new: u64,
    /// Shared entries that nobody marked as reviewed in their present version.
    pub unreviewed: u64,
    /// What was marked as reviewed, of every kind, and has changed since.
    pub changed_since_review: u64,
    /// What says different things on two phones of the patient's, of every kind, until they choose.
    pub in_two_wordings: u64,
    /// What the patient wants to talk about, of every kind, and nobody has, whoever opened it.
    pub to_talk_about: u64,
    /// The newest check-in.
    pub last_check_in: Option<LastCheckIn>,
    /// Valence of the last 30 check-ins, oldest first, 1 to 7.
    pub sparkline: Vec<u8>,
    /// What a person still has to do something about: first what nobody has acknowledged, and of that what
    /// has waited longest.
    pub flags: Vec<OpenFlag>,
    /// Why nothing more is booked for them or sent to them; `None` where it goes on.
    pub over: Option<SharingOver>,
    /// When something of the patient's last arrived here, milliseconds since 1970 UTC.
    pub last_received_ms: Option<i64>,
    /// The next dosing session.
    pub next_session: Option<DosingSession>,
    /// What of the next dosing session is open, once it is near; `None` where it is not near, or nothing is.
    pub soon: Option<Soon>,
    /// The last dosing session that was.
    pub last_session: Option<DosingSession>,
    /// Whether no programme was begun: then nothing of one is on.
    pub has_no_programme: bool,
    /// What of the record this version can't read, of all of which the newest counts: a newer one wrote it.
    pub unreadable: Vec<Kind>,
}

/// Why nothing is written any more in what a patient shares with the clinic. What was read of it stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SharingOver {
    /// The patient ended their account.
    AccountEnded {
        /// When, by their phone's clock.
        at: Moment,
        /// Whether they took back what they had shared; `None` where their last words did not arrive.
        taken_back: Option<bool>,
    },
    /// The server says that it was ended and that it forgot it; this node never read of the end.
    Forgotten,
    /// This node is no member of it any more.
    OutOfIt,
}

impl SharingOver {
    /// What it means that this node stands so to a space; `ended` is the end that its own chain tells of.
    pub(super) fn of(standing: SpaceStanding, ended: Option<Self>) -> Option<Self> {
        match standing {
            SpaceStanding::Member | SpaceStanding::Waiting => None,
            SpaceStanding::Ended => ended,
            SpaceStanding::Forgotten => Some(Self::Forgotten),
            SpaceStanding::Gone => Some(Self::OutOfIt),
        }
    }
}

impl From<SharingOver> for NotNow {
    fn from(over: SharingOver) -> Self {
        match over {
            SharingOver::AccountEnded { at, .. } => NotNow::AccountEnded { at },
            SharingOver::Forgotten => NotNow::RecordForgotten,
            SharingOver::OutOfIt => NotNow::OutOfRecord,
        }
    }
}

/// What is open of a session that is near.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soon {
    /// Whether the outcome or the costs are still missing before it.
    pub is_closed: bool,
    /// What of the ride home is open; `None` where it is agreed.
    pub ride: Option<StillOpen>,
    /// Whom the session doesn't name.
    pub not_named: Vec<NotNamed>,
}

impl CaseRow {
    /// Whether the entry is archived or merged and nothing of it waits for anybody: new words, a phone
    /// that joined and what was to be talked about bring it back.
    pub fn is_put_away(&self) -> bool {
        let is_away = self.record.archived_at.is_some() || self.record.merged_into.is_some();
        let joined = matches!(self.invite, InviteState::Joined { .. });
        let waits =
            self.new + self.changed_since_review + self.to_talk_about + self.in_two_wordings;
        is_away && !joined && waits == 0 && self.flags.is_empty()
    }
}

/// A flag that is not closed, for a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenFlag {
    /// Which.
    pub id: DocumentId,
    /// What raised it.
    pub source: FlagSource,
    /// What there is to see.
    pub words: String,
    /// When it came to this node, milliseconds since 1970 UTC by its clock.
    pub since_ms: i64,
    /// Who takes care of it; `None` as long as nobody has acknowledged it.
    pub acknowledged_by: Option<String>,
    /// Of a request to be contacted: [the beginning](crate::domain::ContactRequest::first_line) of what the
    /// patient wrote. Empty for any other, and where they wrote nothing.
    pub request_words: String,
    /// Whether the patient took the request back.
    pub is_taken_back: bool,
}

/// The newest check-in of a patient's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LastCheckIn {
    /// What it says.
    pub content: CheckIn,
    /// When it was: when it says that it was, or when it was received where the phone's clock was ahead.
    pub when: Moment,
    /// Whether the phone's clock was ahead.
    pub clock_ahead: bool,
    /// Whether two phones say different things of it: what is shown is one of them.
    pub in_two_wordings: bool,
}

/// Something that a patient shared, with what the clinic did about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared<T> {
    /// The thing itself.
    pub view: View<T>,
    /// Whether nobody here opened this version, nor marked it.
    pub is_new: bool,
    /// The mark that stands for this version.
    pub review: Option<Review>,
    /// The last mark, where it was made for an earlier version and the words have changed since.
    pub changed_since_review: Option<Review>,
    /// Whether the patient wants to talk about it, and nobody has yet.
    pub is_to_talk_about: bool,
    /// Who talked with the patient about this version.
    pub talked_about: Option<TalkedAbout>,
    /// How many replies it has.
    pub replies: u64,
}

/// One page of what a patient shared.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedPage<T> {
    /// The rows.
    pub items: Vec<Shared<T>>,
    /// Where the next page goes on; `None` at the end of the list.
    pub next: Option<Cursor>,
}

/// Who a patient is to the clinic.
#[derive(Debug, Clone, PartialEq)]
pub struct PatientView {
    /// The patient.
    pub id: DocumentId,
    /// The register's record.
    pub record: PatientRecord,
    /// Where they stand in their programme.
    pub phase: Phase,
    /// Their programme; `None` as long as none was begun.
    pub programme: Option<Programme>,
    /// What of it this version can't read: a newer one wrote it. It counts for nothing here until the program is
    /// brought up to date.
    pub unreadable: Vec<Kind>,
    /// What its assessment came to, by the newest word; `None` as long as nobody said.
    pub readiness: Option<Readiness>,
    /// How far the pairing got.
    pub invite: InviteState,
    /// When something of the patient's last arrived here, milliseconds since 1970 UTC.
    pub last_received_ms: Option<i64>,
    /// Why nothing more is booked for them or sent to them; `None` where it goes on.
    pub over: Option<SharingOver>,
    /// Every device that was ever let in.
    pub devices: Vec<ClinicDevice>,
}

impl PatientView {
    /// Whether their programme has ended: nothing of it is decided or booked any more.
    pub fn programme_has_ended(&self) -> bool {
        let programme = self.programme.as_ref();
        programme.is_some_and(|programme| programme.standing() == Standing::Ended)
    }
}

/// A member of a patient's care space.
#[derive(Debug, Clone, PartialEq)]
pub struct ClinicDevice {
    /// Its public name, for a program.
    pub member: MemberId,
    /// What the patient calls it.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// This node.
    pub is_this_node: bool,
    /// When it was let in, by the clock of whoever did.
    pub joined_at: Moment,
    /// When something of its own was last received here; `None` for nothing yet, as always of words.
    pub last_received_at: Option<Moment>,
    /// When it was removed or left, by the clock of whoever removed it.
    pub removed_at: Option<Moment>,
}

/// Names the words that were shown for one newcomer. No two newcomers have the same, nor one that came again:
/// it is the hash of the answer from which the words are made, and that follows on the join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison(StatementHash);

impl Comparison {
    /// The comparison that the answer with this hash began.
    pub const fn new(answer: StatementHash) -> Self {
        Self(answer)
    }

    /// Whether words made from this are those that were shown.
    pub(super) fn is(self, compared: &Compared) -> bool {
        compared.answer == self.0
    }
}

impl fmt::Display for Comparison {
    /// For a form, to be sent back with the answer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Comparison {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        text.parse().map(Self)
    }
}

/// How far a pairing got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InviteState {
    /// The patient is in the register, and no invitation was ever made.
    Registered,
    /// No invitation can be used: the last one is over, or was withdrawn.
    NotInvited,
    /// The words differed, and the phone that came was turned away. Nobody can come by the link that it
    /// used.
    Refused {
        /// When.
        at: Moment,
    },
    /// Nobody came yet.
    Waiting {
        /// Until when.
        expires_at: Moment,
    },
    /// A phone came and waits to be let in. Whoever holds it must see the same words.
    Joined {
        /// Names these words, for the answer: it is about this newcomer and nobody who comes meanwhile.
        comparison: Comparison,
        /// To compare.
        compare_words: Vec<String>,
        /// What the devices are called that the patient has already: letting this one in removes them.
        replaces: Vec<String>,
    },
    /// The words were compared, and the phone was let in.
    Paired {
        /// When.
        at: Moment,
    },
    /// The register names the patient, and what they share can't be read here: this node was put back
    /// from a copy that is older than the pairing, and the server has not given the record back yet.
    /// Each sync tries again; [`Clinic::reinvite`](super::Clinic::reinvite) pairs anew.
    Unreadable,
}

/// An invitation to print, show or read out.
#[derive(Clone, PartialEq, Eq)]
pub struct PatientInvitation {
    /// The patient in the register.
    pub patient: DocumentId,
    /// For a QR code, or to be typed. Whoever has it can join: it goes from hand to hand only.
    pub link: String,
    /// After this moment it is worth nothing.
    pub expires_at: Moment,
}

impl std::fmt::Debug for PatientInvitation {
    /// Without the link: whoever reads it can join.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PatientInvitation({})", self.patient)
    }
}
