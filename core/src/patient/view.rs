//! What a screen shows, and what it hands in.

use std::collections::BTreeSet;

use companion_protocol::id::MemberId;

use crate::document::Revision;
use crate::domain::{
    CheckIn, DocumentId, DosingSession, Entry, EntryKind, Moment, Reply, Step, Visibility,
};

/// An entry as it was typed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EntryDraft {
    /// One line; may be empty.
    pub title: String,
    /// The text.
    pub body: String,
    /// What it is about.
    pub kind: EntryKind,
    /// Valence at the time of writing.
    pub mood: Option<Step>,
    /// The dosing session that it belongs to.
    pub session: Option<DocumentId>,
    /// The person's own words to find it by.
    pub tags: BTreeSet<String>,
    /// Who is meant to see it.
    pub visibility: Visibility,
}

/// A check-in as it was tapped.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckInDraft {
    /// How pleasant it feels.
    pub valence: Step,
    /// How much energy there is.
    pub energy: Option<Step>,
    /// How much anxiety there is.
    pub anxiety: Option<Step>,
    /// How good the last night was.
    pub sleep: Option<Step>,
    /// Words for it.
    pub feelings: BTreeSet<String>,
    /// Anything to add.
    pub note: String,
    /// Who is meant to see it.
    pub visibility: Visibility,
    /// When it was; now, where it is left out.
    pub at: Option<Moment>,
}

/// How far the newest version of something got. Said wherever a person can write something urgent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryState {
    /// Private: on the patient's own devices only, by choice.
    OnlyYours,
    /// On this phone; it has not left it.
    OnThisPhone,
    /// The server holds it, sealed; the clinic has not fetched it.
    Sent,
    /// The clinic's own system has it. Nobody need have looked.
    Delivered {
        /// The clinic's name.
        clinic: String,
        /// When the clinic received it, by its clock.
        at: Moment,
    },
    /// Somebody opened it.
    Opened {
        /// Who.
        by: String,
        /// When, by the clinic's clock.
        at: Moment,
    },
}

/// A journal entry to show.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryView {
    /// Its name.
    pub id: DocumentId,
    /// What was seen; an edit hands it back.
    pub revision: Revision,
    /// The entry.
    pub entry: Entry,
    /// Whether the clinic may see it.
    pub shared: bool,
    /// How far it got.
    pub delivery: DeliveryState,
}

/// A check-in to show.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckInView {
    /// Its name.
    pub id: DocumentId,
    /// The check-in.
    pub check_in: CheckIn,
    /// How far it got.
    pub delivery: DeliveryState,
}

/// A reply to show.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplyView {
    /// Its name.
    pub id: DocumentId,
    /// The reply.
    pub reply: Reply,
}

/// A dosing session to show.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionView {
    /// Its name.
    pub id: DocumentId,
    /// The session.
    pub session: DosingSession,
}

/// The phone at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct PhoneStatus {
    /// This installation's public name.
    pub member: MemberId,
    /// Whether a clinic's care space is joined.
    pub paired: bool,
    /// The clinic's name.
    pub clinic: Option<String>,
    /// The server's address.
    pub server: Option<String>,
    /// Changes that have not left the phone.
    pub waiting: usize,
    /// When the last sync ended well, milliseconds since 1970 UTC.
    pub last_sync_ms: Option<i64>,
    /// What a person should know, in plain words.
    pub warnings: Vec<String>,
}
