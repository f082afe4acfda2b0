//! What a document is made of: the changes that this replica has of it, or a snapshot and those that
//! came since.

use companion_protocol::change::SealedChange;
use companion_protocol::id::{ChangeId, MemberId, SpaceId};

use serde_json::Value;

use super::{Map, open_payload};
use crate::document::{
    self, ActorId, DocumentError, History, MadeBy, Materialized, NewChange, OpenDocument, Snapshot,
};
use crate::domain::{ChangeHash, DocumentId, Revision, Shape};
use crate::error::{CoreError, Result};
use crate::ports::random;
use crate::replica::{Replica, SpaceState};
use crate::space::payload::Payload;
use crate::store::{ItemRow, LogRow, OutboxRow, Reader};

/// The changes of one document.
pub(crate) struct DocumentHistory {
    snapshot: Option<Vec<u8>>,
    /// Those that the snapshot does not hold.
    changes: Vec<Vec<u8>>,
    made_by: MadeBy,
}

/// Reads every change of a document: from the log, then from the outbox.
pub(crate) fn read(
    r: &Reader<'_>,
    state: &SpaceState,
    document: DocumentId,
) -> Result<DocumentHistory> {
    let changes = changes_beyond(r, state, document, |_| false)?;
    Ok(DocumentHistory {
        snapshot: None,
        changes,
        made_by: MadeBy::Anybody,
    })
}

/// The same from the last snapshot on, where there is one that can be used; for an edit by `me`.
pub(crate) fn read_for_edit(
    r: &Reader<'_>,
    state: &SpaceState,
    row: &ItemRow,
    me: MemberId,
) -> Result<DocumentHistory> {
    let document = row.document;
    let ours = row.writers.iter().all(|writer| writer.member == me);
    let made_by = if ours { MadeBy::Us } else { MadeBy::Anybody };
    let without = |r| {
        let all = read(r, state, document)?;
        Ok(DocumentHistory { made_by, ..all })
    };
    let Some(bytes) = r.snapshot(document)? else {
        return without(r);
    };
    let Ok(included) = Snapshot::included(&bytes) else {
        return without(r);
    };
    let changes = changes_beyond(r, state, document, |hash| included.contains(hash))?;
    Ok(DocumentHistory {
        snapshot: Some(bytes),
        changes,
        made_by,
    })
}

/// The changes of a document that were logged and fit.
pub(crate) fn read_some(
    r: &Reader<'_>,
    state: &SpaceState,
    document: DocumentId,
    fits: impl Fn(&LogRow) -> bool,
) -> Result<DocumentHistory> {
    let mut changes = Vec::new();
    let mut places = r.changes_of(state.row.space, document)?;
    places.sort_unstable();
    for (position, _) in places {
        if let Some(row) = r.log_at(position)?.filter(&fits) {
            let sealed = SealedChange::parse(&row.sealed)
                .map_err(|error| CoreError::BadAnswer(error.to_string()))?;
            changes.push(open_payload(state, &sealed)?.change);
        }
    }
    Ok(DocumentHistory {
        snapshot: None,
        changes,
        made_by: MadeBy::Anybody,
    })
}

/// What the author of each logged change of a document showed of it, oldest first, with when it came here in
/// milliseconds since 1970. Changes whose body is gone, or can't be opened, are passed over.
pub(crate) fn versions_of(
    r: &Reader<'_>,
    state: &SpaceState,
    document: DocumentId,
) -> Result<Vec<(i64, Map)>> {
    let mut versions = Vec::new();
    let mut places = r.changes_of(state.row.space, document)?;
    places.sort_unstable();
    for (position, _) in places {
        let Some(row) = r.log_at(position)? else {
            continue;
        };
        let sealed = SealedChange::parse(&row.sealed)
            .map_err(|error| CoreError::BadAnswer(error.to_string()))?;
        if sealed.is_bare() {
            continue;
        }
        // What can't be opened here has a warning of its own.
        let Ok(payload) = open_payload(state, &sealed) else {
            continue;
        };
        if let Ok(Value::Object(fields)) = serde_json::from_str(&payload.projection) {
            versions.push((row.received_ms, fields));
        }
    }
    Ok(versions)
}

fn changes_beyond(
    r: &Reader<'_>,
    state: &SpaceState,
    document: DocumentId,
    is_included: impl Fn(&ChangeHash) -> bool,
) -> Result<Vec<Vec<u8>>> {
    let mut changes = Vec::new();
    let mut places = r.changes_of(state.row.space, document)?;
    places.sort_unstable();
    for (position, hash) in places {
        if hash.as_ref().is_some_and(&is_included) {
            continue;
        }
        if let Some(row) = r.log_at(position)? {
            let sealed = SealedChange::parse(&row.sealed)
                .map_err(|error| CoreError::BadAnswer(error.to_string()))?;
            changes.push(open_payload(state, &sealed)?.change);
        }
    }
    for row in r.outbox_of_document(document)? {
        if row.space == state.row.space && !is_included(&row.change) {
            changes.push(Payload::decode(&row.payload)?.change);
        }
    }
    Ok(changes)
}

impl DocumentHistory {
    /// Whether there is no change at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.snapshot.is_none() && self.changes.is_empty()
    }

    /// Whether it begins at a snapshot: should that turn out unusable, read all changes instead.
    pub(crate) fn has_snapshot(&self) -> bool {
        self.snapshot.is_some()
    }

    fn as_history(&self) -> History<'_> {
        History {
            snapshot: self.snapshot.as_deref(),
            made_by: self.made_by,
            ..History::of(&self.changes)
        }
    }

    /// The document as all its changes make it.
    pub(crate) fn materialize(&self) -> Result<Materialized, DocumentError> {
        match &self.snapshot {
            None => Ok(document::materialize(&self.changes)),
            Some(_) => Ok(document::materialize_history(self.as_history())?),
        }
    }

    /// The document, ready for an edit of its newest revision.
    pub(crate) fn open(&self) -> Result<OpenDocument, DocumentError> {
        OpenDocument::of(self.as_history())
    }

    /// The fields as they were at an earlier revision.
    pub(crate) fn fields_at(&self, revision: &Revision) -> Result<Map, DocumentError> {
        document::fields_at(self.as_history(), revision)
    }

    /// The change that turns the document as it was at `base` into `target`.
    pub(crate) fn edit(
        &self,
        shape: &Shape,
        base: &Revision,
        target: &Map,
        actor: ActorId,
    ) -> Result<Option<NewChange>, DocumentError> {
        document::edit(shape, self.as_history(), base, target, actor)
    }
}

impl Replica {
    /// All that this replica has of a space, logged and waiting, as it would wait in another space: under names
    /// and blinds of its own, or whoever sees both spaces sealed could tell that they are one person's.
    pub(crate) fn changes_to_move(&self, r: &Reader<'_>, space: SpaceId) -> Result<Vec<OutboxRow>> {
        let state = self.space(space)?;
        let mut moved = Vec::new();
        let logged = r.log_in_order(space)?;
        for row in logged.iter().filter(|row| row.refusal.is_none()) {
            let sealed = SealedChange::parse(&row.sealed)
                .map_err(|error| CoreError::BadAnswer(error.to_string()))?;
            let payload = open_payload(&state, &sealed)?;
            let Some(change) = row.change else { continue };
            moved.push(self.renamed(OutboxRow {
                position: 0,
                space,
                id: row.id,
                document: payload.document,
                kind: payload.kind.clone(),
                change,
                committed_ms: row.received_ms,
                payload: payload.encode(),
            })?);
        }
        for waiting in r.outbox(space, usize::MAX)? {
            moved.push(self.renamed(waiting)?);
        }
        Ok(moved)
    }

    fn renamed(&self, row: OutboxRow) -> Result<OutboxRow> {
        let payload = Payload {
            blind: random(&*self.ports.rng),
            ..Payload::decode(&row.payload)?
        };
        Ok(OutboxRow {
            id: ChangeId::new(random(&*self.ports.rng)),
            payload: payload.encode(),
            ..row
        })
    }
}
