//! What every kind of content declares about itself, and what it can do: turn into the plain fields
//! of a document, and back. The rest of the core asks these declarations and names no kind.

use std::fmt::Debug;

use companion_protocol::id::{BlobId, SpaceId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    Attachment, Belongs, DocumentId, Invalid, ItemId, Kind, MediaKey, Moment, Ordered, Shape,
    Visibility,
};

/// The plain fields of a document as anybody may read them without knowing its kind.
pub type Projection = Map<String, Value>;

/// Fields that are not what this version understands under that kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not in a form that this version understands ({}): {reason}", .kind.in_words())]
pub struct ContentError {
    /// The kind that it claims to be.
    pub kind: Kind,
    /// Which sort of trouble it is. Never holds what a person wrote.
    pub reason: &'static str,
}

impl ContentError {
    /// A row that is damaged on the disk.
    pub(crate) const fn damaged(kind: Kind) -> Self {
        unreadable(kind, "it is damaged on this device")
    }
}

/// Which space a kind lives in: who can read it follows from that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// The space that a patient and the clinic share.
    Care,
    /// The patient's own devices only.
    Private,
    /// The clinic's own nodes only.
    Clinic,
    /// The patient chooses for each: [`Content::visibility`] says which of care and private.
    ByVisibility,
    /// The care space or the private one, whichever it speaks of.
    CareOrPrivate,
}

/// Who may write a kind where both sides could: the one rule of provenance. A change by anybody else
/// takes part in no document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writers {
    /// The patient's devices: it is the patient's word.
    Patient,
    /// The clinic's node: it is the clinic's word.
    Clinic,
    /// Both edit the same document.
    Both,
}

/// One of the two sides of a care space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// A device of the patient's, or the recovery words.
    Patient,
    /// The clinic's node.
    Clinic,
}

impl Side {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Side::Patient => "patient",
            Side::Clinic => "clinic",
        }
    }
}

impl Writers {
    /// Whether that side may write it.
    pub const fn include(self, side: Side) -> bool {
        matches!(
            (self, side),
            (Writers::Both, _)
                | (Writers::Patient, Side::Patient)
                | (Writers::Clinic, Side::Clinic)
        )
    }
}

/// How something is found, ordered and counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// When it is said to have happened; lists are in this order.
    pub at: Option<Moment>,
    /// The document that it is about.
    pub about: Option<DocumentId>,
    /// A word of the kind's own to filter and count by; empty where the kind has no states.
    pub state: &'static str,
    /// Whether that time may lie ahead, since it is planned. What has happened is ordered by when it was
    /// received, where its writer's clock says that it is still to come.
    pub planned: bool,
    /// Whether that time is said anew with each change, since the document is kept up to date: it is believed
    /// as far as the newest change was received, and not the first.
    pub renewed: bool,
    /// Another space that a list shows differently because of it.
    pub concerns: Option<SpaceId>,
    /// The words that search may find it by; `None` for what nobody searches.
    pub search: Option<SearchText>,
    /// The blobs that it names.
    pub blobs: Vec<AttachedBlob>,
}

/// An attachment as far as whoever keeps its bytes needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedBlob {
    /// Which item of the list it is: the same in every copy of the document.
    pub item: ItemId,
    /// The name of its sealed bytes; `None` where nobody filled it in yet.
    pub blob: Option<BlobId>,
    /// What opens them.
    pub key: MediaKey,
    /// Whether it was removed from the list.
    pub removed: bool,
}

/// What full-text search reads of something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchText {
    /// Its title: a word here counts most.
    pub title: String,
    /// Its text.
    pub body: String,
    /// Words it was filed under, one on each line.
    pub tags: String,
}

/// A typed thing of the domain that lives in a document of its own.
///
/// Fields that this version does not know are no part of it. They stay in the document, because an
/// edit writes only fields of [`Content::SHAPE`].
pub trait Content:
    Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + Sized + 'static
{
    /// The kind of document that holds it.
    const KIND: Kind;
    /// Its fields, and how each merges.
    const SHAPE: Shape;
    /// Where it lives.
    const PLACEMENT: Placement;
    /// Who may write it.
    const WRITERS: Writers;
    /// Which section of a patient's record it belongs to: what a release or a role opens.
    const BELONGS: Belongs;
    /// Whether it is a patient's word that somebody at the clinic has to see: each version of it is new
    /// there until somebody did.
    const TO_BE_SEEN: bool = Self::WRITERS.include(Side::Patient);

    /// Whether nothing of it reaches the clinic in the quiet hours of a session
    /// ([`session_day`](super::session_day)): all that a patient keeps or shares as they choose, except what
    /// help has to find at any hour. Of what both sides always read, such as medicines, the rest reaches it, since
    /// care may depend on it that night.
    const HELD_IN_QUIET: bool = matches!(Self::PLACEMENT, Placement::ByVisibility);

    /// Whether a patient who takes their record elsewhere takes it along: all but what is of use to devices
    /// alone, such as keys, permissions and what machines confirm to each other.
    const IN_EXPORT: bool = true;

    /// Whether a clinic writes it by verbs of its own alone: what it may say depends on other documents, and the
    /// verbs for all kinds ask none.
    const HAS_OWN_VERBS: bool = false;

    /// The same, trimmed, if a person may save it so. Reading does not ask this: a newer version may
    /// allow more, and what is in a record is shown.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong: which field, and what its limit is.
    fn checked(self) -> Result<Self, Invalid>;

    /// How it is found, ordered and counted.
    fn index(&self) -> Index;

    /// Who is meant to see it; `None` where that is not the patient's to choose.
    fn visibility(&self) -> Option<Visibility> {
        None
    }

    /// Chooses who is meant to see it. Does nothing where that is not the patient's to choose.
    fn set_visibility(&mut self, _visibility: Visibility) {}

    /// What hangs on it; `None` where nothing can.
    fn attachments(&self) -> Option<&Ordered<Attachment>> {
        None
    }

    /// The same, to change it.
    fn attachments_mut(&mut self) -> Option<&mut Ordered<Attachment>> {
        None
    }

    /// Notes that a field says different things in two places, with all of them, for what must not take one of
    /// them for the answer. `field` is as [`View::apart`](crate::records::View::apart) names it.
    fn note_apart(&mut self, _field: &str, _wordings: &[String]) {}

    /// At least three that a person could save, of which no two agree in any declared field. The
    /// contract test of all kinds runs on them.
    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self>;

    /// The fields as a document holds them.
    ///
    /// # Errors
    ///
    /// Only for a moment that cannot be written down, which [`Content::checked`] refuses.
    fn to_projection(&self) -> Result<Projection, ContentError> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(_) => Err(unreadable(Self::KIND, "not a set of fields")),
            Err(_) => Err(unreadable(
                Self::KIND,
                "a value that cannot be written down",
            )),
        }
    }

    /// Reads the fields of a document.
    ///
    /// # Errors
    ///
    /// A needed field is missing, or one is of a type that this version does not know.
    fn from_projection(fields: &Projection) -> Result<Self, ContentError> {
        Self::deserialize(fields).map_err(|error| {
            // What serde says may quote a value. Name only what sort of trouble it is.
            let text = error.to_string();
            let reason = [
                "missing field",
                "unknown variant",
                "invalid type",
                "invalid value",
            ]
            .into_iter()
            .find(|known| text.starts_with(known))
            .unwrap_or("a field has a value that is not allowed");
            unreadable(Self::KIND, reason)
        })
    }
}

pub(super) const fn unreadable(kind: Kind, reason: &'static str) -> ContentError {
    ContentError { kind, reason }
}
