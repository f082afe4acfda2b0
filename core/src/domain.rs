//! The typed things that a patient and a clinician talk about, and their rules.
//!
//! Pure: nothing here knows how a document is merged, stored, sealed or sent. Each thing can be
//! [`checked`](Content::checked) before it is saved, and turned into the plain fields of a document
//! and back; fields and kinds from a newer version survive that.

pub mod check_in;
mod content;
pub mod entry;
mod feeling;
mod id;
mod index;
mod kind;
pub mod moment;
pub mod patient;
mod receipt;
mod reply;
mod session;
mod set;
mod step;
pub mod text;

pub use check_in::CheckIn;
pub use content::{Content, ContentError, Projection};
pub use entry::{Entry, EntryKind, Visibility};
pub use feeling::{FEELINGS, FeelingGroup};
pub use id::{DocumentId, DocumentIdError};
pub use index::{Indexed, SearchText, index};
pub use kind::Kind;
pub use moment::{Moment, MomentError};
pub use patient::{ClinicProfile, PatientRecord, Phase};
pub use receipt::{Delivery, Opening};
pub use reply::{Reply, Review};
pub use session::DosingSession;
pub use step::{Scale, Step, StepError};
pub use text::Invalid;
