//! Bringing a document's row up to date with a change.

use companion_protocol::id::{Counter, MemberId};

use super::{Map, bare_row, changes_of, put_row};
use crate::document::{self, ChunkInfo, Revision};
use crate::domain::{DocumentId, Kind};
use crate::error::Result;
use crate::replica::SpaceState;
use crate::space::payload::Payload;
use crate::store::{ItemRow, LogRow, Writer};

/// Whose change it was, and when it came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    author: MemberId,
    counter: Counter,
    received_ms: i64,
}

impl Mark {
    pub(crate) fn of(row: &LogRow) -> Self {
        Self {
            author: row.author,
            counter: row.counter,
            received_ms: row.received_ms,
        }
    }
}

/// Whether a change builds upon exactly what is here.
pub(crate) fn follows(present: Option<&ItemRow>, info: &ChunkInfo) -> bool {
    let deps = Revision::new(info.deps.iter().copied());
    present.map_or(deps.is_empty(), |item| item.revision == deps)
}

/// Writes a document's row.
pub(crate) fn place(
    w: &mut Writer<'_>,
    state: &SpaceState,
    searchable: bool,
    (document, kind, mark): (DocumentId, &Kind, Mark),
    (revision, shown): (Revision, &Map),
) -> Result<()> {
    let mut row = bare_row(state, document, kind, revision, shown);
    row.author = mark.author;
    row.counter = mark.counter;
    row.received_ms = mark.received_ms;
    put_row(w, state, searchable, row, shown)
}

/// Writes a document's row from all its changes.
pub(crate) fn put_together(
    w: &mut Writer<'_>,
    state: &SpaceState,
    searchable: bool,
    document: DocumentId,
    kind: &Kind,
    mark: Mark,
) -> Result<()> {
    let whole = document::materialise(&changes_of(w, state, document)?);
    place(
        w,
        state,
        searchable,
        (document, kind, mark),
        (whole.revision, &whole.projection),
    )
}

/// One change at a time, for making rows anew.
pub(crate) fn apply_payload(
    w: &mut Writer<'_>,
    state: &SpaceState,
    searchable: bool,
    log: &LogRow,
    payload: &Payload,
    info: &ChunkInfo,
    projection: &Map,
) -> Result<()> {
    let (document, kind, mark) = (payload.document, &payload.kind, Mark::of(log));
    if follows(w.item(document)?.as_ref(), info) {
        let shown = (Revision::new([info.hash]), projection);
        return place(w, state, searchable, (document, kind, mark), shown);
    }
    put_together(w, state, searchable, document, kind, mark)
}
