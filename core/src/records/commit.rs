//! Committing edits: the change into the outbox and the new row, in one transaction. When it
//! returns, the edit survives a power cut.

use companion_protocol::id::{ChangeId, Counter, SpaceId};

use super::{Map, bare_row, changes_of, put_row};
use crate::document::{self, ActorId, DocumentError, NewChange, Revision};
use crate::domain::{DocumentId, Kind};
use crate::error::{CoreError, Result};
use crate::ports::random;
use crate::replica::Replica;
use crate::space::payload::{MAX_PAYLOAD, Payload};
use crate::store::{OutboxRow, Writer};

/// One document to write.
pub(crate) struct Edit {
    pub(crate) space: SpaceId,
    pub(crate) kind: Kind,
    pub(crate) document: DocumentId,
    /// What the person saw when they began; `None` makes a new document.
    pub(crate) seen: Option<Revision>,
    pub(crate) content: Map,
}

impl Replica {
    /// Commits edits together: all or none.
    pub(crate) fn commit(&mut self, edits: Vec<Edit>) -> Result<()> {
        self.commit_and(edits, |_| Ok(()))
    }

    /// Commits edits together with what else must happen at the same instant.
    pub(crate) fn commit_and(
        &mut self,
        edits: Vec<Edit>,
        also: impl FnOnce(&mut Writer<'_>) -> Result<()>,
    ) -> Result<()> {
        let now = self.now();
        let mut prepared = Vec::new();
        for edit in edits {
            let state = self.space(edit.space)?;
            let actor = ActorId::random(&*self.ports.rng);
            let change = match &edit.seen {
                None => Some(document::create(&edit.kind, &edit.content, actor)?),
                Some(seen) => {
                    let changes = self.store.read(|r| changes_of(r, state, edit.document))?;
                    match document::edit(&edit.kind, &changes, seen, &edit.content, actor) {
                        // The row was not what the document is (its author wrote it wrongly): edit
                        // the document as it stands, rather than let nobody edit it ever again.
                        Err(DocumentError::UnknownRevision) => {
                            let stands = document::materialise(&changes).revision;
                            document::edit(&edit.kind, &changes, &stands, &edit.content, actor)?
                        }
                        other => other?,
                    }
                }
            };
            // An edit that changes nothing is not written, not sent, and no error.
            let Some(change) = change else { continue };
            let id = ChangeId::new(random(&*self.ports.rng));
            let row = outbox_row(&edit, id, &change, now.unix_ms);
            // Or it would wait for ever, and all that is written after it.
            if row.payload.len() > MAX_PAYLOAD {
                return Err(CoreError::NotNow(
                    "this has grown too large to be kept; write a new one",
                ));
            }
            prepared.push((edit, row, change));
        }
        let (spaces, me, searchable) = (&self.spaces, self.me.member(), self.searchable);
        self.store.write(|w| {
            for (edit, outbox, change) in &prepared {
                let state = spaces
                    .get(&edit.space)
                    .ok_or(CoreError::NotFound("space"))?;
                w.push_outbox(outbox)?;
                let mut row = bare_row(
                    state,
                    edit.document,
                    &edit.kind,
                    change.revision.clone(),
                    &change.projection,
                );
                row.author = me;
                row.counter = Counter(0);
                row.received_ms = now.unix_ms;
                put_row(w, state, searchable, row, &change.projection)?;
            }
            also(w)
        })
    }
}

fn outbox_row(edit: &Edit, id: ChangeId, change: &NewChange, at_ms: i64) -> OutboxRow {
    let payload = Payload {
        document: edit.document,
        kind: edit.kind.clone(),
        projection: serde_json::Value::Object(change.projection.clone()).to_string(),
        change: change.raw.clone(),
    };
    OutboxRow {
        position: 0,
        space: edit.space,
        id,
        document: edit.document,
        kind: edit.kind.clone(),
        change: change.hash,
        payload: payload.encode(),
        sealed: None,
        committed_ms: at_ms,
    }
}
