//! What a screen is given of a document: its content and how far it got, and nothing of the
//! bookkeeping.

use companion_protocol::id::MemberId;

use super::Reached;
use crate::domain::{DocumentId, Kind, Moment, Revision};

/// How far the newest version of something got. Said wherever a person can write something urgent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryState {
    /// Private: on the patient's own devices only, by choice.
    OnlyYours,
    /// Private again: it was shared before.
    TakenBack {
        /// How far it had got, as far as is known now: what was opened before the clinic heard of it is heard of later.
        reached: Reached,
    },
    /// On this device; it has not left it.
    OnThisDevice,
    /// On this device, and it never leaves it: the patient's shared record was ended, or takes nothing from here any
    /// more. Said of a clinic's words alone; a phone can come in again by another link.
    NeverSent,
    /// The server holds it, sealed; the other side has not fetched it, as far as is known.
    Sent,
    /// The clinic's own system has it. Nobody need have looked.
    Delivered {
        /// The clinic's name.
        clinic: String,
        /// When the clinic received this version, by its clock.
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

/// Words of one field that two people, or one on two phones, wrote in place of the same words without
/// knowing of each other. The content shows one of the wordings, or what both added, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// The field: `body`.
    pub field: String,
    /// What it says in each place, whole, as people wrote it: two or more.
    pub wordings: Vec<String>,
}

/// One document, to show.
#[derive(Debug, Clone, PartialEq)]
pub struct View<T> {
    /// Its name.
    pub id: DocumentId,
    /// The version that this is; an edit hands it back.
    pub revision: Revision,
    /// What it says.
    pub content: T,
    /// When it happened, as far as that can be known: when it says that it did, or when it was received
    /// where its writer's clock was ahead of that. Lists are in this order.
    pub when: Option<Moment>,
    /// Whether its writer's clock was ahead: what it says of its time is then not to be believed.
    pub clock_ahead: bool,
    /// What was rewritten in two places apart, until somebody chooses.
    pub apart: Vec<Apart>,
    /// Whether both sides can read it.
    pub shared: bool,
    /// When it was last changed, if it was.
    pub edited_at: Option<Moment>,
    /// When its newest version came to this device, milliseconds since 1970 UTC by its own clock.
    pub received_ms: i64,
    /// How far it got.
    pub delivery: DeliveryState,
    /// Every member that wrote into it.
    pub writers: Vec<MemberId>,
}

/// Something that was shared once and withdrawn: that it was, and nothing of what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// Its name.
    pub id: DocumentId,
    /// What it was.
    pub kind: Kind,
    /// When it was withdrawn.
    pub at: Moment,
}
