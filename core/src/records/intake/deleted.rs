//! What a page says of deleted documents: that they were, and what was written into them by somebody who had not heard
//! of it. Of that nothing is shown, and nobody did wrong: its author writes it anew once it hears.

use super::super::deletion::{self, Deletions};
use super::Intake;
use crate::domain::{Content, Deletion, Purpose};
use crate::error::Result;
use crate::records::Map;
use crate::replica::SpaceState;
use crate::space::payload::Payload;
use crate::store::{DELETED, LogRow, OutboxRow, Writer};

impl Intake<'_> {
    /// Whether a change is one of a document that was deleted and is not here any more; it is logged then. What was
    /// deleted with it is kept bare, what was not waits for its author.
    pub(super) fn is_of_deleted(&self, w: &mut Writer<'_>, row: &mut LogRow) -> Result<bool> {
        let Some(document) = row.document.filter(|_| lets_go(self.state)) else {
            return Ok(false);
        };
        let deletions = Deletions::of(w, document)?;
        if deletions.is_empty() || w.item(document)?.is_some() {
            return Ok(false);
        }
        row.refusal = Some(DELETED.to_owned());
        w.append_log(row)?;
        if deletions.cover(row.space, row.author, row.counter) {
            deletion::keep_header(w, self.state, row)?;
            w.owe_wiping()?;
        }
        Ok(true)
    }

    pub(super) fn note_deletion(&mut self, payload: &Payload, projection: &Map) {
        if payload.kind == Deletion::KIND
            && lets_go(self.state)
            && let Ok(deletion) = Deletion::from_projection(projection)
        {
            self.deleted.insert(deletion.about);
        }
    }

    pub(super) fn settle_deletions(&mut self, w: &mut Writer<'_>) -> Result<()> {
        for document in std::mem::take(&mut self.deleted) {
            deletion::settle(w, self.state, document)?;
        }
        Ok(())
    }
}

/// The patient's devices let go of what was private.
fn lets_go(state: &SpaceState) -> bool {
    state.is(Purpose::Private)
}

/// One's own change of a document that was deleted while it was on its way: its body goes the way of the others.
pub(super) fn let_go_if_deleted(
    w: &mut Writer<'_>,
    state: &SpaceState,
    waiting: &OutboxRow,
    row: &LogRow,
) -> Result<()> {
    if !lets_go(state) || w.item(waiting.document)?.is_some() {
        return Ok(());
    }
    if !Deletions::of(w, waiting.document)?.is_empty() {
        deletion::keep_header(w, state, row)?;
        w.owe_wiping()?;
    }
    Ok(())
}
