//! Rows can be thrown away and made again from the log; rows can be compared with documents; and rows
//! are indexed and judged again when a new version of the app knows more kinds.

use std::collections::BTreeSet;

use companion_protocol::change::SealedChange;
use companion_protocol::id::{Counter, HistoryHash, SealedHash, SpaceId};

use super::deletion;
use super::intake::{ELSEWHERE, NO_KEY, check_payload};
use super::row::{Origin, Rows, follows};
use super::{fields_of, history, open_payload, provenance, shared_at_the_end};
use crate::document;
use crate::domain::{DocumentId, INDEX_VERSION, Purpose, Revision};
use crate::error::{CoreError, Result};
use crate::replica::{Replica, SpaceState};
use crate::report::WarningCode;
use crate::space::SpaceError;
use crate::space::payload::Payload;
use crate::store::{AFTER_REMOVAL, DELETED, DROPPED, LogRow, Reader, Writer};

/// What a comparison of rows with documents found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordCheck {
    /// Documents compared.
    pub documents: u64,
    /// Documents whose row is not what the document says: a row that its author wrote wrongly.
    pub differing: Vec<DocumentId>,
    /// Changes in quarantine, each with the reason.
    pub quarantined: Vec<String>,
    /// Changes that would take the place of something that stands in another space, or is of another kind: kept, and shown
    /// nowhere. What the patient's own devices made apart, such as an import, is settled with an exchange.
    pub names_taken: u64,
    /// Files of recordings and pictures that were damaged, or are gone. They are not here any more, and come anew with
    /// the next exchange where the server or another device has them. What was here alone is lost.
    pub damaged_files: u64,
}

/// Setting that holds the version by which rows were indexed.
pub(crate) const INDEXED: &str = "index_version";

impl Replica {
    /// Makes all rows, snapshots and the search index anew from log and outbox, once every page of the file is proved:
    /// over a damaged one it would sound whole, and what stands in a page that it does not read would still be lost.
    pub(crate) fn rebuild(&self) -> Result<()> {
        self.store.integrity_check()?;
        let rows = Rows::new(self);
        let spaces = self.all_spaces()?;
        self.store.write(|w| {
            w.clear_summaries()?;
            for state in &spaces {
                let space = state.row.space;
                w.clear_items(space)?;
                for row in w.log_in_order(space)? {
                    if row.refusal.is_none() {
                        replay(w, &rows, state, &row)?;
                    }
                }
                for waiting in w.outbox(space, usize::MAX)? {
                    let payload = Payload::decode(&waiting.payload)?;
                    let row = LogRow {
                        space,
                        number: None,
                        id: waiting.id,
                        author: state.my_id(),
                        counter: Counter(0),
                        hash: SealedHash::ZERO,
                        history: HistoryHash::ZERO,
                        document: Some(waiting.document),
                        change: Some(waiting.change),
                        sealed: Vec::new(),
                        received_ms: waiting.committed_ms,
                        refusal: None,
                    };
                    show(w, &rows, state, &row, &payload)?;
                }
            }
            // Once it is known where each document stands.
            for state in &spaces {
                readmit_placed(w, &rows, state)?;
            }
            for state in &spaces {
                shared_at_the_end::settle(w, &rows, state)?;
            }
            Ok::<_, CoreError>(())
        })
    }

    pub(super) fn all_spaces(&self) -> Result<Vec<SpaceState>> {
        let rows = self.rows().into_iter();
        rows.map(|row| self.space(row.space)).collect()
    }

    /// Tries again what was put aside for want of a key. Gives how many changes became readable.
    pub(crate) fn retry_without_key(&self, space: SpaceId) -> Result<usize> {
        let state = self.space(space)?;
        let rows = Rows::new(self);
        let opened = self.store.write(|w| {
            let mut opened = 0;
            for row in w.refused(space)? {
                if row.refusal.as_deref() == Some(NO_KEY) && replay(w, &rows, &state, &row)? {
                    opened += 1;
                }
            }
            Ok::<_, CoreError>(opened)
        })?;
        if opened > 0 {
            self.weigh_anew(space);
        }
        Ok(opened)
    }

    /// Tries again what was put aside for naming a document of another space, where that one moved or made way.
    pub(super) fn retry_elsewhere(&self, space: SpaceId) -> Result<()> {
        if self
            .store
            .read(|r| r.refused_for(space, ELSEWHERE))?
            .is_empty()
        {
            return Ok(());
        }
        let state = self.space(space)?;
        let rows = Rows::new(self);
        let readmitted = self.store.write(|w| readmit_placed(w, &rows, &state))?;
        if readmitted > 0 {
            self.weigh_anew(space);
        }
        Ok(())
    }

    /// Puts aside what removed members wrote after the last of their changes that counts. Most of it can be
    /// here only if the server took it while the removal was on its way; whoever reads the log later
    /// refuses it too, so all replicas show the same. What is put aside is said, with who did it: a removal
    /// can take back more than that, and nothing may vanish in silence.
    pub(crate) fn apply_removals(&self, w: &mut Writer<'_>, state: &SpaceState) -> Result<()> {
        let space = state.row.space;
        let mut any = false;
        for member in state.chain.members() {
            let Some(removed) = member.removed else {
                continue;
            };
            let refused = w.log_beyond(space, member.id, removed.last)?;
            any |= !refused.is_empty();
            self.put_aside(w, state, &refused, AFTER_REMOVAL)?;
        }
        if any {
            let detail = self.retractions(w, state)?;
            let code = WarningCode::Retracted.as_str();
            w.put_warning(code, Some(space), &detail, self.now().unix_ms)?;
        }
        Ok(())
    }

    /// How much each removal took back, and whose it was. All of them: one warning stands for a space.
    fn retractions(&self, r: &Reader<'_>, state: &SpaceState) -> Result<String> {
        let rows = r.log_retracted(state.row.space)?;
        let mut said = Vec::new();
        for member in state.chain.members() {
            let of_member = rows.iter().filter(|row| row.author == member.id);
            let (count, Some(removed)) = (of_member.count(), member.removed) else {
                continue;
            };
            let author = self.name_in(state, &member.id)?;
            let by = self.name_in(state, &removed.last_by().by)?;
            let how = match removed.lowered {
                None => format!("{by} removed it"),
                Some(_) if removed.by == member.id => {
                    format!("it left, and {by} took back what is not known to be its")
                }
                Some(_) => {
                    format!("it was removed, and {by} took back what is not known to be its")
                }
            };
            match count {
                0 => {}
                1 => said.push(format!(
                    "1 change of {author} does not count any more: {how}"
                )),
                _ => said.push(format!(
                    "{count} changes of {author} do not count any more: {how}"
                )),
            }
        }
        Ok(said.join("; "))
    }

    /// Lets changes take part in nothing any more, and shows their documents without them.
    fn put_aside(
        &self,
        w: &mut Writer<'_>,
        state: &SpaceState,
        refused: &[LogRow],
        why: &str,
    ) -> Result<()> {
        let rows = Rows::new(self);
        let mut touched = BTreeSet::new();
        for row in refused {
            w.refuse(row, why)?;
            touched.extend(row.document);
        }
        for document in touched {
            if let Some(row) = w.item(document)? {
                w.remove_snapshot(document)?;
                rows.rematerialize(w, state, (document, &row.kind), row.received_ms)?;
            }
        }
        Ok(())
    }

    /// After an upgrade: rows are indexed again as this version does it, and changes of kinds that
    /// were unknown are judged. So what was received by an older version is found, counted and
    /// attributed like what comes now.
    pub(crate) fn index_again_if_outdated(&self) -> Result<()> {
        let present = INDEX_VERSION.to_be_bytes();
        if self.store.read(|r| r.setting(INDEXED))?.as_deref() == Some(&present) {
            return Ok(());
        }
        let rows = Rows::new(self);
        let spaces = self.all_spaces()?;
        self.store.write(|w| {
            for state in &spaces {
                let mut misplaced = Vec::new();
                for row in w.items_of_space(state.row.space)? {
                    for (position, _) in w.changes_of(state.row.space, row.document)? {
                        let Some(change) = w.log_at(position)? else {
                            continue;
                        };
                        if let Err(why) = provenance::judge(state, &change.author, &row.kind) {
                            misplaced.push((change, why));
                        }
                    }
                    rows.index_again(w, state, row)?;
                }
                for (change, why) in misplaced {
                    self.put_aside(w, state, &[change], why.as_str())?;
                }
            }
            w.clear_summaries()?;
            Ok::<_, CoreError>(w.set_setting(INDEXED, &present)?)
        })
    }

    /// Proves every page of the file, and compares every row with its document. Slow (it puts each
    /// document together): for quiet times.
    pub(crate) fn check_record(&self) -> Result<RecordCheck> {
        self.store.integrity_check()?;
        let mut found = RecordCheck {
            damaged_files: self.doubt_blobs()?,
            ..RecordCheck::default()
        };
        for state in self.all_spaces()? {
            self.store.read(|r| {
                for item in r.items_of_space(state.row.space)? {
                    let whole = history::read(r, &state, item.document)?.materialize()?;
                    found.documents += 1;
                    if whole.projection != fields_of(&item) || whole.revision != item.revision {
                        found.differing.push(item.document);
                    }
                }
                let refused = r.refused(state.row.space)?.into_iter();
                for why in refused.filter_map(|row| row.refusal) {
                    match &*why {
                        // Nothing is wrong with what somebody deleted.
                        DROPPED | DELETED => {}
                        ELSEWHERE => found.names_taken += 1,
                        _ => found.quarantined.push(why),
                    }
                }
                Ok::<_, CoreError>(())
            })?;
        }
        Ok(found)
    }
}

/// Lets the changes of a space take part after all whose documents stand in no other one any more. Gives how many.
fn readmit_placed(w: &mut Writer<'_>, rows: &Rows<'_>, state: &SpaceState) -> Result<usize> {
    let space = state.row.space;
    let mut readmitted = 0;
    let mut touched = BTreeSet::new();
    for row in w.refused_for(space, ELSEWHERE)? {
        let Some(document) = row.document else {
            continue;
        };
        let is_elsewhere = w.item(document)?.is_some_and(|item| item.space != space);
        if !is_elsewhere && replay(w, rows, state, &row)? {
            readmitted += 1;
            touched.insert(document);
        }
    }
    // It may have been deleted while it was put aside.
    for document in touched {
        if state.is(Purpose::Private) {
            deletion::settle(w, state, document)?;
        }
    }
    Ok(readmitted)
}

/// Opens a logged change again and shows it. Says whether it could be opened and used.
fn replay(w: &mut Writer<'_>, rows: &Rows<'_>, state: &SpaceState, row: &LogRow) -> Result<bool> {
    let sealed = SealedChange::parse(&row.sealed)
        .map_err(|error| CoreError::BadAnswer(error.to_string()))?;
    let payload = match open_payload(state, &sealed) {
        Ok(payload) => payload,
        Err(CoreError::Space(error))
            if row.refusal.as_deref() == Some(NO_KEY) && error != SpaceError::NoKey =>
        {
            let why = error.to_string();
            return refuse(w, rows, row, WarningCode::Quarantined, &why);
        }
        Err(_) => return Ok(false),
    };
    if row.refusal.is_some() {
        let info = match check_payload(w, state, &row.author, &payload)? {
            Ok((info, _)) => info,
            // That was said before.
            Err(unusable) if row.refusal.as_ref() == Some(&unusable.why) => return Ok(false),
            Err(unusable) => return refuse(w, rows, row, unusable.code, &unusable.why),
        };
        w.readmit(row, payload.document, Some(info.hash))?;
    }
    show(w, rows, state, row, &payload)?;
    Ok(true)
}

/// Now that it can be opened it turns out to be of no use: kept, and named.
fn refuse(
    w: &mut Writer<'_>,
    rows: &Rows<'_>,
    row: &LogRow,
    code: WarningCode,
    why: &str,
) -> Result<bool> {
    w.refuse(row, why)?;
    let detail = format!("member {}: {why}", row.author.short());
    let at_ms = rows.replica.now().unix_ms;
    w.put_warning(code.as_str(), Some(row.space), &detail, at_ms)?;
    Ok(false)
}

fn show(
    w: &mut Writer<'_>,
    rows: &Rows<'_>,
    state: &SpaceState,
    row: &LogRow,
    payload: &Payload,
) -> Result<()> {
    let Ok(info) = document::inspect(&payload.change) else {
        return Ok(());
    };
    let Ok(projection) = serde_json::from_str(&payload.projection) else {
        return Ok(());
    };
    let named = (payload.document, &payload.kind);
    if follows(w.item(payload.document)?.as_ref(), &info) {
        let shown = (Revision::new([info.hash]), &projection);
        rows.put(w, state, named, Origin::of(row), shown).map(drop)
    } else {
        rows.note_names(w, state, named, &projection)?;
        rows.rematerialize(w, state, named, row.received_ms)
    }
}
