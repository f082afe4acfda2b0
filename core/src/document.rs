//! How each thing of the domain lives in a document that merges, and the only place that knows how.

mod revision;

pub use revision::{ActorId, ChangeHash, Revision, RevisionError};
