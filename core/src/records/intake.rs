//! Taking in a sealed change. Everything from outside is hostile until proven otherwise: form,
//! membership, counter, hash link, signature, seal and change are checked in that order, and what
//! fails is named and blocks nothing else.

mod deleted;
mod drops;
mod history;
mod imported;

use std::collections::{BTreeMap, BTreeSet};

use companion_protocol::chain::ChangeRefusal;
use companion_protocol::change::SealedChange;
use companion_protocol::id::{Counter, HistoryHash, LogNumber, MemberId, SealedHash};

use super::row::{Origin, Rows, acknowledge_row, follows};
use drops::Awaited;

use super::{Contradiction, Map, open_payload, provenance};
use crate::document;
use crate::domain::{DocumentId, Kind, Revision};
use crate::error::{CoreError, Result};
use crate::replica::SpaceState;
use crate::report::WarningCode;
use crate::space::SpaceError;
use crate::space::payload::Payload;
use crate::store::{AwaitedDrop, DELETED, DROPPED, LogRow, OutboxRow, Reader, Writer};

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum IntakeOutcome {
    /// Its document changed.
    New,
    /// It was here already.
    Known,
    /// It is one of ours, whose acknowledgment had been lost.
    Acknowledged,
    /// It names a statement that we have not read yet.
    NeedsChain,
    /// It is genuine but takes part in no document; kept in the log, and named.
    Quarantined(WarningCode, String),
    /// It is not genuine, or contradicts what we hold; not kept.
    Rejected(WarningCode, String),
}

/// What is constant while a page of changes of one space is taken in.
pub(crate) struct Intake<'a> {
    state: &'a SpaceState,
    me: MemberId,
    heads: BTreeMap<MemberId, (Counter, HistoryHash)>,
    /// The newest statement that a change of this page, so far, knew of.
    chain_seen: u64,
    /// Changes whose signature was checked before.
    genuine: &'a BTreeSet<SealedHash>,
    now_ms: i64,
    rows: &'a Rows<'a>,
    /// Documents with changes that did not follow each other, and when the newest came.
    apart: BTreeMap<DocumentId, (Kind, i64)>,
    /// Documents of which this page says that they were deleted.
    deleted: BTreeSet<DocumentId>,
    /// Signs of withheld or forked history, to be reported.
    pub(crate) gaps: Vec<(WarningCode, String)>,
    /// Bodies that may go, of changes that are not here.
    awaited: Awaited,
    /// Bodies that may go, of changes that are here.
    to_drop: Vec<AwaitedDrop>,
    /// Whether somebody let go of what another wrote.
    dropped_of_others: bool,
    /// Changes that others were given otherwise.
    pub(crate) contradicted: BTreeSet<Contradiction>,
}

impl<'a> Intake<'a> {
    pub(crate) fn new(
        reader: &Reader<'_>,
        rows: &'a Rows<'a>,
        state: &'a SpaceState,
        genuine: &'a BTreeSet<SealedHash>,
        now_ms: i64,
    ) -> Result<Self> {
        let heads = reader
            .author_heads(state.row.space)?
            .into_iter()
            .map(|(author, counter, history)| (author, (counter, history)))
            .collect();
        let awaited = Awaited::read(reader, state.row.space)?;
        Ok(Self {
            state,
            me: state.my_id(),
            heads,
            chain_seen: 0,
            genuine,
            now_ms,
            rows,
            apart: BTreeMap::new(),
            deleted: BTreeSet::new(),
            gaps: Vec::new(),
            awaited,
            to_drop: Vec::new(),
            dropped_of_others: false,
            contradicted: BTreeSet::new(),
        })
    }

    /// Takes in one change that the server numbers `number`.
    pub(crate) fn take(
        &mut self,
        w: &mut Writer<'_>,
        number: LogNumber,
        bytes: &[u8],
    ) -> Result<IntakeOutcome> {
        let change = match SealedChange::parse(bytes) {
            Ok(change) => change,
            Err(error) => {
                return Ok(IntakeOutcome::Rejected(
                    WarningCode::Forged,
                    format!("{number}: {error}"),
                ));
            }
        };
        let header = change.header();
        // No honest count comes near; the store keeps 63 bits.
        if i64::try_from(number.0).is_err() {
            return Ok(IntakeOutcome::Rejected(
                WarningCode::Forged,
                format!("member {} counts beyond all bounds", header.author.short()),
            ));
        }
        let known = w.log_row(self.state.row.space, header.author, header.id)?;
        let known = match known {
            Some(known) if known.hash == change.hash() => {
                let was_withheld = known.is_bare()
                    && !change.is_bare()
                    && !w.is_dropped(known.space, known.author, known.counter)?;
                if !was_withheld {
                    w.log_numbered(&known, number)?;
                    return Ok(IntakeOutcome::Known);
                }
                // Its body was kept back before, and comes now.
                w.forget_log(&known)?;
                None
            }
            known => known,
        };
        match self.state.chain.check_change(header) {
            Ok(()) => {}
            Err(ChangeRefusal::UnknownHead) => return Ok(IntakeOutcome::NeedsChain),
            Err(ChangeRefusal::AfterRemoval) if !self.is_backdated(header) => {
                // A lost phone that was online while its removal was on its way. It counts for
                // nothing, and nobody did wrong.
                return Ok(IntakeOutcome::Known);
            }
            Err(error) => {
                return Ok(IntakeOutcome::Rejected(
                    WarningCode::Forged,
                    format!("{number}: {error}"),
                ));
            }
        }
        if !self.genuine.contains(&change.hash())
            && let Err(error) = change.verify_signature()
        {
            return Ok(IntakeOutcome::Rejected(
                WarningCode::Forged,
                format!("{number}: {error}"),
            ));
        }
        if let Some(known) = known
            && let Some(done) = self.take_sealed_again(w, &known, number, &change)?
        {
            return Ok(done);
        }
        if let Some(contradiction) = self.check_history(w, &change)? {
            return Ok(contradiction);
        }
        self.check_frontier(w, header)?;
        self.take_drops(w, header)?;
        let change = self.without_what_was_dropped(w, change)?;
        let header = change.header();
        let sequence = self.state.chain.sequence_of(&header.chain_head);
        self.chain_seen = self.chain_seen.max(sequence.unwrap_or(0));
        let newest = self.heads.get(&header.author);
        if newest.is_none_or(|(counter, _)| *counter < header.counter) {
            self.heads
                .insert(header.author, (header.counter, change.history()));
        }
        let row = LogRow {
            space: self.state.row.space,
            number: Some(number),
            id: header.id,
            author: header.author,
            counter: header.counter,
            hash: change.hash(),
            history: change.history(),
            document: None,
            change: None,
            sealed: change.bytes().to_vec(),
            received_ms: self.now_ms,
            refusal: None,
        };
        if header.author == self.me {
            if let Some(taken) = self.acknowledge(w, &row)? {
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

    /// Another sealing of a change that is here: its author sent it again after an answer that was lost, or
    /// under another epoch. One history is one change, and what is here stays. `None` where what is here can't
    /// be used, and this one may be: it is taken in as if it were new. Another history under the same name is a
    /// fork.
    fn take_sealed_again(
        &self,
        w: &mut Writer<'_>,
        known: &LogRow,
        number: LogNumber,
        change: &SealedChange,
    ) -> Result<Option<IntakeOutcome>> {
        if known.history != change.history() {
            let why = format!("two different changes are named {}", known.id);
            return Ok(Some(IntakeOutcome::Rejected(WarningCode::Forked, why)));
        }
        let helps = known.refusal.is_some()
            && known.refusal.as_deref() != Some(DELETED)
            && !change.is_bare()
            && !w.is_dropped(known.space, known.author, known.counter)?;
        if helps {
            w.forget_log(known)?;
            return Ok(None);
        }
        w.log_numbered(known, number)?;
        Ok(Some(IntakeOutcome::Known))
    }

    /// One of our own that is still in the outbox: its acknowledgment was lost on the way.
    fn acknowledge(&mut self, w: &mut Writer<'_>, row: &LogRow) -> Result<Option<IntakeOutcome>> {
        let Some(waiting) = w
            .outbox_row(row.id)?
            .filter(|waiting| waiting.space == row.space)
        else {
            return Ok(None);
        };
        let mut row = row.clone();
        row.document = Some(waiting.document);
        row.change = Some(waiting.change);
        // It came to this device when it was written here.
        row.received_ms = waiting
            .committed_ms
            .min(self.rows.replica.server_now().unix_ms);
        acknowledge(w, self.state, &waiting, &row)?;
        Ok(Some(IntakeOutcome::Acknowledged))
    }

    fn apply(
        &mut self,
        w: &mut Writer<'_>,
        mut row: LogRow,
        change: &SealedChange,
    ) -> Result<IntakeOutcome> {
        if change.is_bare() {
            // Whether its author said so is looked at once all is read: what says so comes later.
            row.refusal = Some(DROPPED.to_owned());
            w.append_log(&row)?;
            return Ok(IntakeOutcome::Known);
        }
        let payload = match open_payload(self.state, change) {
            Ok(payload) => payload,
            Err(CoreError::Space(error)) => {
                let why = refusal_word(&error);
                return quarantine(w, row, WarningCode::Quarantined, why);
            }
            Err(other) => return Err(other),
        };
        row.document = Some(payload.document);
        self.make_way(w, &row, &payload)?;
        match check_payload(w, self.state, &row.author, &payload)? {
            Ok((info, projection)) => {
                if self.is_of_deleted(w, &mut row)? {
                    return Ok(IntakeOutcome::Known);
                }
                row.change = Some(info.hash);
                w.append_log(&row)?;
                self.show(w, &row, &payload, &info, &projection)?;
                Ok(IntakeOutcome::New)
            }
            Err(Unusable { why, .. })
                if why == ELSEWHERE && self.is_in_both_spaces(w, &row, &payload)? =>
            {
                row.refusal = Some(why);
                w.append_log(&row)?;
                Ok(IntakeOutcome::Known)
            }
            Err(Unusable { code, why }) => quarantine(w, row, code, why),
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
        let present = w.item(payload.document)?;
        let is_apart = self.apart.contains_key(&payload.document);
        // What is new is shown at once, so that the document has its space and kind from its first
        // change on.
        let may_serve = provenance::row_may_serve(
            self.state,
            &row.author,
            &payload.kind,
            (present.as_ref(), projection),
        );
        let follows = follows(present.as_ref(), info) && !is_apart && may_serve;
        if follows || present.is_none() {
            self.rows.put(
                w,
                self.state,
                (payload.document, &payload.kind),
                Origin::of(row),
                (Revision::new([info.hash]), projection),
            )?;
        }
        if !follows {
            let named = (payload.document, &payload.kind);
            self.rows.note_names(w, self.state, named, projection)?;
            let kind = payload.kind.clone();
            self.apart.insert(payload.document, (kind, row.received_ms));
        }
        self.note_deletion(payload, projection);
        Ok(())
    }

    /// Puts together what came apart in this page, and says what others let go of. Call before the page is committed.
    pub(crate) fn finish(&mut self, w: &mut Writer<'_>) -> Result<()> {
        for (document, (kind, received_ms)) in std::mem::take(&mut self.apart) {
            self.rows
                .rematerialize(w, self.state, (document, &kind), received_ms)?;
        }
        self.settle_deletions(w)?;
        self.drop_bodies(w)?;
        self.say_what_was_dropped(w)
    }
}

fn quarantine(
    w: &mut Writer<'_>,
    mut row: LogRow,
    code: WarningCode,
    why: String,
) -> Result<IntakeOutcome> {
    let detail = match why.as_str() {
        // Nobody did wrong.
        NO_KEY => why.clone(),
        _ => format!("member {}: {why}", row.author.short()),
    };
    row.refusal = Some(why);
    w.append_log(&row)?;
    Ok(IntakeOutcome::Quarantined(code, detail))
}

/// Why a genuine change takes part in no document.
pub(super) struct Unusable {
    pub(super) code: WarningCode,
    pub(super) why: String,
}

/// Checks what was sealed before anything is done with it.
pub(super) fn check_payload(
    w: &Writer<'_>,
    state: &SpaceState,
    author: &MemberId,
    payload: &Payload,
) -> Result<std::result::Result<(document::ChunkInfo, Map), Unusable>> {
    let unusable = |code, why: &str| {
        let why = why.to_owned();
        Ok(Err(Unusable { code, why }))
    };
    if let Err(misplaced) = provenance::judge(state, author, &payload.kind) {
        return unusable(WarningCode::WrongWriter, misplaced.as_str());
    }
    let info = match document::inspect(&payload.change) {
        Ok(info) => info,
        Err(refusal) => return unusable(WarningCode::Quarantined, &refusal.to_string()),
    };
    if let Err(misplaced) = provenance::judge_fields(state, author, (&payload.change, &info)) {
        return unusable(WarningCode::WrongWriter, misplaced.as_str());
    }
    let Ok(projection) = serde_json::from_str::<Map>(&payload.projection) else {
        return unusable(WarningCode::Quarantined, "its plain row can't be read");
    };
    if let Some(item) = w.item(payload.document)?
        && (item.space != state.row.space || item.kind != payload.kind)
    {
        // Or a clinic could write into what a patient keeps private, by naming it.
        return unusable(WarningCode::NameTaken, ELSEWHERE);
    }
    Ok(Ok((info, projection)))
}

/// A change that could not be opened for want of a key is tried again when a key is learned.
pub(crate) const NO_KEY: &str = "no key yet";

/// A change that names a document which stands in another space is tried again once that moved, or made way.
pub(crate) const ELSEWHERE: &str = "it names a document of another space or kind";

fn refusal_word(error: &SpaceError) -> String {
    match error {
        SpaceError::NoKey => NO_KEY.to_owned(),
        other => other.to_string(),
    }
}

/// Moves an own change from the outbox into the log, and tells its row the count.
pub(crate) fn acknowledge(
    w: &mut Writer<'_>,
    state: &SpaceState,
    waiting: &OutboxRow,
    row: &LogRow,
) -> Result<()> {
    w.acknowledge_outbox(waiting.position, row)?;
    w.bodies_dropped(row.space, row.id, row.author)?;
    deleted::let_go_if_deleted(w, state, waiting, row)?;
    let clock_was_ahead = waiting.committed_ms > row.received_ms;
    acknowledge_row(w, row, clock_was_ahead)
}
