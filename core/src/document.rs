//! How each thing of the domain lives in a document that merges, and the only place that knows how.
//!
//! A document is a set of changes; what it says follows from the set alone, not from the order of
//! arrival. Each change is an Automerge change chunk in its raw form with an actor of its own
//! (`chunk.rs` says why). Whatever comes in is hostile until proven otherwise.
//!
//! Text positions inside count code points (Automerge's `UnicodeCodePoint`). The encoding is no part
//! of the stored form: a phone that one day points into a text may count UTF-16 units instead.

mod assemble;
mod chunk;
mod column;
mod diff;
mod edit;
mod guard;
mod project;
mod refusal;
mod actor;
#[cfg(test)]
mod tests;

pub use chunk::{CHANGE_LIMIT, ChunkInfo, inspect};
pub use edit::{NewChange, create, edit};
pub use refusal::{DocumentError, Refusal};
pub use actor::{ActorId, ActorIdError};
pub(crate) use crate::domain::{ChangeHash, Revision};

use serde_json::{Map, Value};

/// A document put together from its changes, and what became of those that are not part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Materialised {
    /// The fields as anybody may read them; unknown ones included.
    pub projection: Map<String, Value>,
    /// The revision that they belong to.
    pub revision: Revision,
    /// Positions of changes that are kept out, and why.
    pub refused: Vec<(usize, Refusal)>,
    /// Positions of changes that build upon something that has not arrived.
    pub waiting: Vec<usize>,
}

/// Puts a document together. Any bytes are survived, in any order, and the same set of changes gives
/// the same result on every replica.
pub fn materialise(changes: &[impl AsRef<[u8]>]) -> Materialised {
    let assembly = assemble::assemble(changes);
    Materialised {
        revision: assembly.revision(),
        projection: assembly.projection,
        refused: assembly.refused,
        waiting: assembly.waiting,
    }
}
