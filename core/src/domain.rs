//! The typed things that a patient and a clinician talk about, and their rules.
//!
//! Pure: nothing here knows how a document is merged, stored, sealed or sent.

mod id;
mod kind;
pub mod moment;

pub use id::{DocumentId, DocumentIdError};
pub use kind::Kind;
pub use moment::{Moment, MomentError};
