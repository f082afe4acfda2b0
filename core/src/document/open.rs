//! A document kept in memory between edits.
//!
//! Measured reason: of one more edit of an entry that was edited 300 times, nine tenths is reading the
//! document again, and Automerge hashes every change inside anew when it loads one.

use serde_json::{Map, Value};

use super::assemble::{Assembly, Checked, apply, assemble};
use super::edit::{Shown, commit};
use super::graph::Graph;
use super::write::{check_fields, with_standing_fields};
use super::{ActorId, DocumentError, History, NewChange, Revision, inspect, snapshot};
use crate::domain::Shape;

/// A document put together, ready for one more edit of its newest revision.
pub struct OpenDocument {
    pub(super) checked: Checked,
    pub(super) graph: Graph,
    /// Changes that stand outside the last snapshot.
    outside: usize,
}

impl OpenDocument {
    /// Puts a document together.
    ///
    /// # Errors
    ///
    /// [`DocumentError::Snapshot`] when the snapshot of the history is of no use.
    pub fn of<C: AsRef<[u8]>>(history: History<'_, C>) -> Result<Self, DocumentError> {
        let Assembly {
            checked,
            graph,
            taken,
            ..
        } = assemble(history.start()?, history.changes, history.made_by);
        Ok(Self {
            checked,
            graph,
            outside: taken.len(),
        })
    }

    /// The revision that it stands at.
    pub fn revision(&self) -> Revision {
        self.graph.revision()
    }

    /// How many changes it is made of.
    pub fn changes(&self) -> usize {
        self.graph.nodes().len()
    }

    /// Makes the change that turns it into `target`; `None` when it says that already.
    ///
    /// # Errors
    ///
    /// [`DocumentError`] when the fields cannot be kept.
    pub fn edit(
        &self,
        shape: &Shape,
        target: &Map<String, Value>,
        actor: ActorId,
    ) -> Result<Option<NewChange>, DocumentError> {
        check_fields(target, 0)?;
        let target = with_standing_fields(target, shape.fields);
        let revision = self.revision();
        let shown = Shown {
            fields: &self.checked.projection,
            is_held: revision.heads().len() < 2,
        };
        let document = self.checked.document.clone();
        let Some(made) = commit(document, shown, &target, shape, actor)? else {
            return Ok(None);
        };
        let offered = self.offered();
        if made.projection == target {
            return made.alone(&self.graph, offered).map(Some);
        }
        // What was written does not read as it was meant: let the full check say what it is.
        made.merged(&self.checked, &self.graph, offered).map(Some)
    }

    /// The document with a change that [`OpenDocument::edit`] made of it; `None` if anything is odd.
    pub fn after(&self, change: &NewChange) -> Option<Self> {
        let info = inspect(&change.raw).ok()?;
        let mut graph = self.graph.clone();
        graph.add(&info).ok()?;
        let checked = apply(&self.checked, &change.raw, &graph)?;
        (checked.projection == change.projection).then_some(Self {
            checked,
            graph,
            outside: match change.snapshot {
                Some(_) => 1,
                None => self.outside.saturating_add(1),
            },
        })
    }

    /// A snapshot of it, if enough has come together since the last.
    pub(super) fn offered(&self) -> Option<Vec<u8>> {
        snapshot::offer(&self.checked, &self.graph, self.outside)
    }
}

impl std::fmt::Debug for OpenDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OpenDocument(at {})", self.revision())
    }
}
