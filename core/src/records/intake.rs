//! Taking in a sealed change. Everything from outside is hostile until proven otherwise: form,
//! membership, counter, hash link, signature, seal and change are checked in that order, and what
//! fails is named and blocks nothing else.

use std::collections::{BTreeMap, BTreeSet};

use companion_protocol::chain::ChangeRefusal;
use companion_protocol::change::{Header, SealedChange};
use companion_protocol::id::{Counter, LogNumber, MemberId, SealedHash};

use super::apply::{Mark, follows, place, put_together};
use super::{Map, open_payload};
use crate::document::{self, Revision};
use crate::domain::{DocumentId, Kind};
use crate::error::{CoreError, Result};
use crate::replica::SpaceState;
use crate::space::SpaceError;
use crate::space::payload::Payload;
use crate::store::{LogRow, Reader, Writer};
use crate::sync::WarningCode;

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Its document changed.
    New { document: DocumentId, kind: Kind },
    /// It was here already.
    Known,
    /// It is one of ours, whose acknowledgement had been lost.
    Settled,
    /// It names a statement that we have not read yet.
    NeedsChain,
    /// It is genuine but its content can't be used; kept in the log, and named.
    Quarantined(String),
    /// It is not genuine, or contradicts what we hold; not kept.
    Rejected(WarningCode, String),
}

/// What is constant while a page of changes of one space is taken in.
pub(crate) struct Intake<'a> {
    state: &'a SpaceState,
    me: MemberId,
    heads: BTreeMap<MemberId, (Counter, SealedHash)>,
    /// The newest statement that a change of this page, so far, knew of.
    chain_seen: u64,
    /// Changes whose signature was checked before.
    genuine: &'a BTreeSet<SealedHash>,
    now_ms: i64,
    searchable: bool,
    /// Documents with changes that did not follow each other.
    apart: BTreeMap<DocumentId, (Kind, Mark)>,
    /// Signs of withheld or forked history, to be reported.
    pub(crate) gaps: Vec<(WarningCode, String)>,
}

impl<'a> Intake<'a> {
    pub(crate) fn new(
        reader: &Reader<'_>,
        state: &'a SpaceState,
        genuine: &'a BTreeSet<SealedHash>,
        me: MemberId,
        now_ms: i64,
        searchable: bool,
    ) -> Result<Self> {
        let heads = reader
            .author_heads(state.row.space)?
            .into_iter()
            .map(|(author, counter, hash)| (author, (counter, hash)))
            .collect();
        Ok(Self {
            state,
            me,
            heads,
            chain_seen: 0,
            genuine,
            now_ms,
            searchable,
            apart: BTreeMap::new(),
            gaps: Vec::new(),
        })
    }

    /// Takes in one change that the server numbers `number`.
    pub(crate) fn take(
        &mut self,
        w: &mut Writer<'_>,
        number: LogNumber,
        bytes: &[u8],
    ) -> Result<Taken> {
        let change = match SealedChange::parse(bytes) {
            Ok(change) => change,
            Err(error) => {
                return Ok(Taken::Rejected(
                    WarningCode::Forged,
                    format!("{number}: {error}"),
                ));
            }
        };
        let header = change.header();
        // No honest count comes near; the store keeps 63 bits.
        if i64::try_from(header.counter.0.max(number.0)).is_err() {
            return Ok(Taken::Rejected(
                WarningCode::Forged,
                format!("member {} counts beyond all bounds", header.author.short()),
            ));
        }
        if let Some(known) = w.log_row(self.state.row.space, header.id)? {
            if known.hash == change.hash() {
                w.log_numbered(self.state.row.space, header.id, number)?;
                return Ok(Taken::Known);
            }
            return Ok(Taken::Rejected(
                WarningCode::Forked,
                format!("two different changes are named {}", header.id),
            ));
        }
        match self.state.chain.check_change(header) {
            Ok(()) => {}
            Err(ChangeRefusal::UnknownHead) => return Ok(Taken::NeedsChain),
            Err(ChangeRefusal::AfterRemoval) if !self.is_backdated(header) => {
                // A lost phone that was online while its removal was on its way. It counts for
                // nothing, and nobody did wrong.
                return Ok(Taken::Known);
            }
            Err(error) => {
                return Ok(Taken::Rejected(
                    WarningCode::Forged,
                    format!("{number}: {error}"),
                ));
            }
        }
        if !self.genuine.contains(&change.hash())
            && let Err(error) = change.verify_signature()
        {
            return Ok(Taken::Rejected(
                WarningCode::Forged,
                format!("{number}: {error}"),
            ));
        }
        if let Some(contradiction) = self.check_history(w, &change)? {
            return Ok(contradiction);
        }
        self.check_frontier(header);
        let sequence = self.state.chain.sequence_of(&header.chain_head);
        self.chain_seen = self.chain_seen.max(sequence.unwrap_or(0));
        let newest = self.heads.get(&header.author);
        if newest.is_none_or(|(counter, _)| *counter < header.counter) {
            self.heads
                .insert(header.author, (header.counter, change.hash()));
        }
        let row = LogRow {
            space: self.state.row.space,
            number: Some(number),
            id: header.id,
            author: header.author,
            counter: header.counter,
            hash: change.hash(),
            document: None,
            change: None,
            sealed: bytes.to_vec(),
            received_ms: self.now_ms,
            refusal: None,
        };
        if header.author == self.me {
            if let Some(taken) = self.settle(w, &row)? {
                return Ok(taken);
            }
            self.gaps.push((
                WarningCode::CloneSuspected,
                format!(
                    "this device does not remember having written change {}",
                    header.counter
                ),
            ));
        }
        self.apply(w, row, &change)
    }

    /// Whether a removed member's change comes after others that knew of the removal: no server took
    /// it in time.
    fn is_backdated(&self, header: &Header) -> bool {
        let removed = self.state.chain.member(&header.author);
        let Some(removed) = removed.and_then(|member| member.removed) else {
            return true;
        };
        let knew = self.state.chain.sequence_of(&header.chain_head);
        self.chain_seen >= removed.sequence
            || knew.is_none_or(|sequence| sequence >= removed.sequence)
    }

    /// The author's own count and hash link. A hole means that somebody withholds something: said,
    /// not guessed at. The same count twice means a fork.
    fn check_history(
        &mut self,
        reader: &Reader<'_>,
        change: &SealedChange,
    ) -> Result<Option<Taken>> {
        let header = change.header();
        let (last, hash) = self
            .heads
            .get(&header.author)
            .copied()
            .unwrap_or((Counter(0), SealedHash::ZERO));
        if header.counter <= last {
            let stands = reader.log_counted(header.space, header.author, header.counter)?;
            // Nothing stands there: it was withheld before, and comes late.
            return Ok(stands.then(|| {
                Taken::Rejected(
                    WarningCode::Forked,
                    format!(
                        "member {} counted {} twice",
                        header.author.short(),
                        header.counter
                    ),
                )
            }));
        }
        if header.counter > last.next() {
            self.gaps.push((
                WarningCode::Withheld,
                format!(
                    "changes {} to {} of member {} are missing",
                    last.next(),
                    header.counter.0.saturating_sub(1),
                    header.author.short()
                ),
            ));
        } else if header.previous_own != hash {
            self.gaps.push((
                WarningCode::Forked,
                format!(
                    "change {} of member {} follows another history than ours",
                    header.counter,
                    header.author.short()
                ),
            ));
        }
        Ok(None)
    }

    /// What its author had read of others by then must be here too, since the log is in order.
    fn check_frontier(&mut self, header: &Header) {
        for (index, seen) in &header.frontier {
            let Some(member) = self.state.chain.member_by_index(*index) else {
                continue;
            };
            // What a removed member slipped in is not given to everybody, and need not be.
            let seen = match member.removed {
                Some(removed) => (*seen).min(removed.last_counter),
                None => *seen,
            };
            let here = self
                .heads
                .get(&member.id)
                .map_or(Counter(0), |(counter, _)| *counter);
            if here < seen && member.id != self.me {
                self.gaps.push((
                    WarningCode::Withheld,
                    format!(
                        "member {} had read change {seen} of member {}; we were given {here}",
                        header.author.short(),
                        member.id.short(),
                    ),
                ));
            }
        }
    }

    /// One of our own that is still in the outbox: its acknowledgement was lost on the way.
    fn settle(&mut self, w: &mut Writer<'_>, row: &LogRow) -> Result<Option<Taken>> {
        let Some(waiting) = w
            .outbox_row(row.id)?
            .filter(|waiting| waiting.space == row.space)
        else {
            return Ok(None);
        };
        let mut row = row.clone();
        row.document = Some(waiting.document);
        row.change = Some(waiting.change);
        settle(w, waiting.position, &row)?;
        Ok(Some(Taken::Settled))
    }

    fn apply(
        &mut self,
        w: &mut Writer<'_>,
        mut row: LogRow,
        change: &SealedChange,
    ) -> Result<Taken> {
        match open_payload(self.state, change) {
            Ok(payload) => {
                row.document = Some(payload.document);
                match self.check_payload(w, &payload)? {
                    Ok((info, projection)) => {
                        row.change = Some(info.hash);
                        w.append_log(&row)?;
                        self.show(w, &row, &payload, &info, &projection)?;
                        Ok(Taken::New {
                            document: payload.document,
                            kind: payload.kind,
                        })
                    }
                    Err(why) => self.quarantine(w, row, why),
                }
            }
            Err(CoreError::Space(error)) => self.quarantine(w, row, refusal_word(&error)),
            Err(other) => Err(other),
        }
    }

    /// The author's row serves where the change follows what is here. Where two edits met without
    /// knowing of each other the document itself must be put together: once, at the end of the page,
    /// or a thousand crafted edits of one document would cost a thousand times as much.
    fn show(
        &mut self,
        w: &mut Writer<'_>,
        row: &LogRow,
        payload: &Payload,
        info: &document::ChunkInfo,
        projection: &Map,
    ) -> Result<()> {
        let mark = Mark::of(row);
        let present = w.item(payload.document)?;
        if follows(present.as_ref(), info) && !self.apart.contains_key(&payload.document) {
            return place(
                w,
                self.state,
                self.searchable,
                (payload.document, &payload.kind, mark),
                (Revision::new([info.hash]), projection),
            );
        }
        if present.is_none() {
            // So that the document has its space and kind from its first change on.
            place(
                w,
                self.state,
                self.searchable,
                (payload.document, &payload.kind, mark),
                (Revision::new([info.hash]), projection),
            )?;
        }
        self.apart
            .insert(payload.document, (payload.kind.clone(), mark));
        Ok(())
    }

    /// Puts together what came apart in this page. Call before the page is committed.
    pub(crate) fn finish(&mut self, w: &mut Writer<'_>) -> Result<()> {
        for (document, (kind, mark)) in std::mem::take(&mut self.apart) {
            put_together(w, self.state, self.searchable, document, &kind, mark)?;
        }
        Ok(())
    }

    fn quarantine(&mut self, w: &mut Writer<'_>, mut row: LogRow, why: String) -> Result<Taken> {
        row.refusal = Some(why.clone());
        w.append_log(&row)?;
        Ok(Taken::Quarantined(why))
    }

    /// Checks what was sealed before anything is done with it.
    fn check_payload(
        &self,
        w: &Writer<'_>,
        payload: &Payload,
    ) -> Result<std::result::Result<(document::ChunkInfo, Map), String>> {
        let info = match document::inspect(&payload.change) {
            Ok(info) => info,
            Err(refusal) => return Ok(Err(refusal.to_string())),
        };
        let Ok(projection) = serde_json::from_str::<Map>(&payload.projection) else {
            return Ok(Err("its plain row can't be read".to_owned()));
        };
        if let Some(item) = w.item(payload.document)?
            && (item.space != self.state.row.space || item.kind != payload.kind)
        {
            // Or a clinic could write into what a patient keeps private, by naming it.
            return Ok(Err(
                "it names a document of another space or kind".to_owned()
            ));
        }
        Ok(Ok((info, projection)))
    }
}

/// A change that could not be opened for want of a key is tried again when a key is learned.
pub(crate) const NO_KEY: &str = "no key yet";

fn refusal_word(error: &SpaceError) -> String {
    match error {
        SpaceError::NoKey => NO_KEY.to_owned(),
        other => other.to_string(),
    }
}

/// Moves an own change from the outbox into the log, and tells its row the counter.
pub(crate) fn settle(w: &mut Writer<'_>, position: i64, row: &LogRow) -> Result<()> {
    w.settle_outbox(position, row)?;
    if let Some(document) = row.document
        && let Some(mut item) = w.item(document)?
        && item.author == row.author
        && item.counter < row.counter
    {
        item.counter = row.counter;
        w.put_item(&item)?;
    }
    Ok(())
}
