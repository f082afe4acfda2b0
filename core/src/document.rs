//! How each thing of the domain lives in a document that merges, and the only module that knows how.
//!
//! A document is a set of changes; what it says follows from the set alone, not from the order of
//! arrival. Each change is an Automerge change chunk in its raw form with an actor of its own
//! (`chunk.rs` says why). Whatever comes in is hostile until proven otherwise.
//!
//! Text positions inside count code points (Automerge's `UnicodeCodePoint`). The encoding is no part
//! of the stored form: a phone that one day points into a text may count UTF-16 units instead.

mod actor;
mod apart;
mod assemble;
mod chunk;
mod column;
mod cursor;
mod diff;
mod edit;
mod frame;
mod graph;
mod guard;
mod merge;
mod nesting;
mod open;
mod project;
mod refusal;
mod snapshot;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use crate::domain::{ChangeHash, Revision};
pub use actor::{ActorId, ActorIdError};
pub(crate) use apart::{APART, at_path, retain_wordings, wordings_in};
pub(crate) use chunk::touches;
pub use chunk::{CHANGE_LIMIT, ChunkInfo, inspect};
pub use edit::{NewChange, create, edit, fields_at};
pub use frame::create_framed;
pub(crate) use frame::is_frame;
pub use open::OpenDocument;
pub use refusal::{DocumentError, Refusal};
pub use snapshot::{Snapshot, SnapshotError};

use serde_json::{Map, Value};

/// All of a document: every change, or a snapshot with those that are not inside it.
#[derive(Debug)]
pub struct History<'a, C = Vec<u8>> {
    /// Bytes that an earlier [`Materialized`] or [`NewChange`] offered.
    pub snapshot: Option<&'a [u8]>,
    /// The changes that are not in [`Snapshot::included`], in any order.
    pub changes: &'a [C],
    /// Who made those changes.
    pub made_by: MadeBy,
}

/// Who made the changes of a history that stand outside its snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadeBy {
    /// Anybody: each is hostile until proven otherwise.
    Anybody,
    /// This very installation, all of them: each was checked when it was made, so that the document is
    /// not saved and loaded again to see that it survives it. That is most of the time of an edit.
    Us,
}

impl<'a, C> History<'a, C> {
    /// Every change, and no snapshot.
    pub const fn of(changes: &'a [C]) -> Self {
        Self {
            snapshot: None,
            changes,
            made_by: MadeBy::Anybody,
        }
    }

    fn start(&self) -> Result<assemble::Start, SnapshotError> {
        let start = self.snapshot.map(snapshot::read).transpose()?;
        Ok(start.unwrap_or_default())
    }
}

impl<C> Clone for History<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for History<'_, C> {}

/// A document put together from its changes, and what became of those that are not part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Materialized {
    /// The fields as anybody may read them; unknown ones included.
    pub projection: Map<String, Value>,
    /// The revision that they belong to.
    pub revision: Revision,
    /// Positions of changes that are kept out, and why.
    pub refused: Vec<(usize, Refusal)>,
    /// Positions of changes that build upon something that has not arrived.
    pub waiting: Vec<usize>,
    /// A snapshot worth keeping, in place of the one before: with all that is in `revision`.
    pub snapshot: Option<Vec<u8>>,
}

/// Puts a document together from all of its changes. Any bytes are survived, in any order, and the
/// same set of changes gives the same result on every replica.
pub fn materialize(changes: &[impl AsRef<[u8]>]) -> Materialized {
    materialize_from(assemble::Start::default(), changes, MadeBy::Anybody)
}

/// The same as [`materialize`] for a history that may begin with a snapshot.
///
/// # Errors
///
/// [`SnapshotError`] when the snapshot is of no use: then only all changes give the document.
pub fn materialize_history<C: AsRef<[u8]>>(
    history: History<'_, C>,
) -> Result<Materialized, SnapshotError> {
    Ok(materialize_from(
        history.start()?,
        history.changes,
        history.made_by,
    ))
}

fn materialize_from(
    start: assemble::Start,
    changes: &[impl AsRef<[u8]>],
    made_by: MadeBy,
) -> Materialized {
    let assembly = assemble::assemble(start, changes, made_by);
    Materialized {
        revision: assembly.revision(),
        snapshot: snapshot::offer(&assembly.checked, &assembly.graph, assembly.taken.len()),
        projection: assembly.checked.projection,
        refused: assembly.refused,
        waiting: assembly.waiting,
    }
}
