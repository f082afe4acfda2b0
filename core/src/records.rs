//! The record: documents, spaces and the store put together. Edits go in here and come out as
//! changes to send; changes of others come in here and end up as rows to show.
//!
//! Knows nothing of HTTP. The log is the truth; rows and the search index are caches of it.

mod apply;
mod commit;
mod genuine;
mod intake;
mod rebuild;

pub(crate) use commit::Edit;
pub(crate) use genuine::genuine;
pub(crate) use intake::{Intake, Taken, settle};
pub use rebuild::RecordCheck;

use crate::document::Revision;
use crate::domain::{self, Content, DocumentId, Entry, Kind};
use crate::error::{CoreError, Result};
use crate::replica::SpaceState;
use crate::space::payload::{Payload, unpack};
use crate::space::seal;
use crate::store::{ItemRow, Reader, Writer};
use companion_protocol::change::SealedChange;

/// The plain row of a document: JSON of its root map.
pub(crate) type Map = serde_json::Map<String, serde_json::Value>;

/// Opens a sealed change with the space's keys.
pub(crate) fn open_payload(state: &SpaceState, change: &SealedChange) -> Result<Payload> {
    let key = state.key(change.header().epoch)?;
    let packed = seal::open(key, change)?;
    Ok(Payload::decode(&unpack(&packed)?)?)
}

/// Every raw change of a document that this replica has: from the log, then from the outbox.
pub(crate) fn changes_of(
    reader: &Reader<'_>,
    state: &SpaceState,
    document: DocumentId,
) -> Result<Vec<Vec<u8>>> {
    let mut changes = Vec::new();
    for row in reader.log_of_document(document)? {
        if row.space == state.row.space {
            let sealed = SealedChange::parse(&row.sealed)
                .map_err(|error| CoreError::BadAnswer(error.to_string()))?;
            changes.push(open_payload(state, &sealed)?.change);
        }
    }
    for row in reader.outbox_of_document(document)? {
        if row.space == state.row.space {
            changes.push(Payload::decode(&row.payload)?.change);
        }
    }
    Ok(changes)
}

/// Writes a document's row and, where this replica searches, its words.
pub(crate) fn put_row(
    writer: &mut Writer<'_>,
    state: &SpaceState,
    searchable: bool,
    mut row: ItemRow,
    projection: &Map,
) -> Result<()> {
    let indexed = domain::index(&row.kind, projection);
    row.sort_ms = indexed.sort_ms;
    row.about = indexed.about;
    row.space = state.row.space;
    if searchable {
        // Once shared, the copy in the care space is the living one; once withdrawn, the private
        // one is. The other must not be found twice.
        let closed = || Entry::from_projection(projection).is_ok_and(|entry| entry.is_closed());
        match indexed.search {
            Some(words) if !closed() => {
                writer.put_search(row.document, &words.title, &words.body, &words.tags)?;
            }
            _ => writer.remove_search(row.document)?,
        }
    }
    writer.put_item(&row)?;
    Ok(())
}

/// A row without its derived fields, for [`put_row`] to complete.
pub(crate) fn bare_row(
    state: &SpaceState,
    document: DocumentId,
    kind: &Kind,
    revision: Revision,
    projection: &Map,
) -> ItemRow {
    ItemRow {
        document,
        space: state.row.space,
        kind: kind.clone(),
        sort_ms: 0,
        about: None,
        revision,
        // A map of JSON values can always be written.
        projection: serde_json::to_string(projection).unwrap_or_default(),
        author: companion_protocol::id::MemberId::ZERO,
        counter: companion_protocol::id::Counter(0),
        received_ms: 0,
    }
}
