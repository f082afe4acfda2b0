//! Rows can be thrown away and made again from the log; and rows can be compared with documents.

use std::collections::BTreeSet;

use companion_protocol::change::SealedChange;
use companion_protocol::id::{Counter, SpaceId};

use super::apply::apply_payload;
use super::intake::NO_KEY;
use super::{Map, changes_of, open_payload, put_row};
use crate::document;
use crate::domain::DocumentId;
use crate::error::{CoreError, Result};
use crate::replica::{Replica, SpaceState};
use crate::space::payload::Payload;
use crate::store::{AFTER_REMOVAL, ItemFilter, LogRow, Writer};

/// What a comparison of rows with documents found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordCheck {
    /// Documents compared.
    pub documents: usize,
    /// Documents whose row is not what the document says: a row that its author wrote wrongly.
    pub differing: Vec<DocumentId>,
    /// Changes in quarantine, each with the reason.
    pub quarantined: Vec<String>,
}

impl Replica {
    /// Makes all rows and the search index anew from log and outbox.
    pub(crate) fn rebuild(&mut self) -> Result<()> {
        let (spaces, searchable, me) = (&self.spaces, self.searchable, self.me.member());
        self.store.write(|w| {
            for (space, state) in spaces {
                w.clear_items(*space)?;
                for row in w.log_in_order(*space)? {
                    if row.refusal.is_none() {
                        replay(w, state, searchable, &row)?;
                    }
                }
                for waiting in w.outbox(*space, usize::MAX)? {
                    let payload = Payload::decode(&waiting.payload)?;
                    let row = LogRow {
                        space: *space,
                        number: None,
                        id: waiting.id,
                        author: me,
                        counter: Counter(0),
                        hash: companion_protocol::id::SealedHash::ZERO,
                        document: Some(waiting.document),
                        change: Some(waiting.change),
                        sealed: Vec::new(),
                        received_ms: waiting.committed_ms,
                        refusal: None,
                    };
                    show(w, state, searchable, &row, &payload)?;
                }
            }
            Ok::<_, CoreError>(())
        })
    }

    /// Tries again what was put aside for want of a key. Gives how many changes became readable.
    pub(crate) fn retry_without_key(&mut self, space: SpaceId) -> Result<usize> {
        let searchable = self.searchable;
        let state = self
            .spaces
            .get(&space)
            .ok_or(CoreError::NotFound("space"))?;
        self.store.write(|w| {
            let mut opened = 0;
            for row in w.refused(space)? {
                if row.refusal.as_deref() == Some(NO_KEY) && replay(w, state, searchable, &row)? {
                    opened += 1;
                }
            }
            Ok::<_, CoreError>(opened)
        })
    }

    /// Puts aside what removed members wrote after the last of their changes that counts. It can be
    /// here only if the server took it while the removal was on its way; whoever reads the log later
    /// refuses it too, so all replicas show the same.
    pub(crate) fn heed_removals(&mut self, space: SpaceId) -> Result<()> {
        let searchable = self.searchable;
        let state = self.space(space)?;
        self.store.write(|w| {
            let mut touched = BTreeSet::new();
            for member in state.chain.members() {
                let Some(removed) = member.removed else {
                    continue;
                };
                for row in w.log_beyond(space, member.id, removed.last_counter)? {
                    w.refuse(space, row.id, AFTER_REMOVAL)?;
                    touched.extend(row.document);
                }
            }
            for document in touched {
                let Some(mut row) = w.item(document)? else {
                    continue;
                };
                let changes = changes_of(w, state, document)?;
                if changes.is_empty() {
                    w.remove_item(document)?;
                    continue;
                }
                let whole = document::materialise(&changes);
                row.projection = serde_json::Value::Object(whole.projection.clone()).to_string();
                row.revision = whole.revision;
                put_row(w, state, searchable, row, &whole.projection)?;
            }
            Ok::<_, CoreError>(())
        })
    }

    /// Compares every row with its document. Slow (it puts each document together): for quiet times.
    pub(crate) fn check_record(&mut self) -> Result<RecordCheck> {
        let mut found = RecordCheck::default();
        for (space, state) in &self.spaces {
            self.store.read(|r| {
                let all = ItemFilter {
                    spaces: vec![*space],
                    ..ItemFilter::default()
                };
                for item in r.items(&all)? {
                    let whole = document::materialise(&changes_of(r, state, item.document)?);
                    let shown: Map = serde_json::from_str(&item.projection).unwrap_or_default();
                    found.documents += 1;
                    if whole.projection != shown || whole.revision != item.revision {
                        found.differing.push(item.document);
                    }
                }
                for row in r.refused(*space)? {
                    found.quarantined.extend(row.refusal);
                }
                Ok::<_, CoreError>(())
            })?;
        }
        Ok(found)
    }
}

fn replay(w: &mut Writer<'_>, state: &SpaceState, searchable: bool, row: &LogRow) -> Result<bool> {
    let sealed = SealedChange::parse(&row.sealed)
        .map_err(|error| CoreError::BadAnswer(error.to_string()))?;
    let Ok(payload) = open_payload(state, &sealed) else {
        return Ok(false);
    };
    if row.refusal.is_some() {
        let hash = document::inspect(&payload.change)
            .ok()
            .map(|info| info.hash);
        w.readmit(row.space, row.id, payload.document, hash)?;
    }
    show(w, state, searchable, row, &payload)?;
    Ok(true)
}

fn show(
    w: &mut Writer<'_>,
    state: &SpaceState,
    searchable: bool,
    row: &LogRow,
    payload: &Payload,
) -> Result<()> {
    let Ok(info) = document::inspect(&payload.change) else {
        return Ok(());
    };
    let Ok(projection) = serde_json::from_str::<Map>(&payload.projection) else {
        return Ok(());
    };
    apply_payload(w, state, searchable, row, payload, &info, &projection)
}
