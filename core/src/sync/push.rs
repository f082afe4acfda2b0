//! Sending what waits in the outbox.

use companion_protocol::api::{ErrorCode, PushAccepted};
use companion_protocol::change::{DroppedBody, Header, MAX_DROPS, SealedChange, Seen};
use companion_protocol::id::{ChangeId, Counter, HistoryHash, LogNumber, SpaceId};

use super::connection::ServerConnection;
use super::membership::read_chain;
use super::pull::pull;
use crate::domain::{Content as _, Deletion};
use crate::error::{CoreError, NotNow, Result};
use crate::records::acknowledge;
use crate::replica::{Replica, SpaceState};
use crate::report::{SyncReport, WarningCode};
use crate::space::{payload, seal};
use crate::store::{BodyToDrop, LogRow, OutboxRow};

/// Changes in one push, and about how many bytes of them.
pub(super) const BATCH: usize = 128;
const BATCH_BYTES: usize = 2 * 1024 * 1024;
/// How a server names a frontier that names what it does not hold.
const UNKNOWN_FRONTIER: &str = "unknown_frontier";
/// How often to read again and seal again before giving up for this time.
const TRIES: usize = 6;

/// Seals and sends what waits for a space. Sealing happens here and not when the person saves: an
/// edit made offline under an old epoch is sealed under the present one.
pub(crate) fn push(
    server: &ServerConnection<'_>,
    space: SpaceId,
    report: &mut SyncReport,
) -> Result<()> {
    let replica = server.replica;
    let mut tries = 0;
    let mut says_what_was_read = true;
    loop {
        let Batch { sealed, is_all } = seal_waiting(replica, space, says_what_was_read)?;
        if sealed.is_empty() {
            return Ok(());
        }
        let batch = sealed
            .iter()
            .map(|(_, change)| change.bytes().to_vec())
            .collect();
        if !mark_as_leaving(replica, space, &sealed)? {
            // Something was taken back meanwhile: seal what is left.
            again(&mut tries)?;
            continue;
        }
        match server.push(space, batch) {
            Ok(accepted) => {
                let sent = acknowledge_accepted(replica, space, &sealed, &accepted)?;
                report.sent += sent;
                server.did(|it| it.sent += sent);
                if accepted
                    .results
                    .iter()
                    .zip(&sealed)
                    .any(|(r, (_, c))| r.hash != c.hash())
                {
                    // The server has an earlier sealing, from an answer that was lost: read it.
                    again(&mut tries)?;
                    pull(server, space, report)?;
                } else if is_all {
                    // Looking again would only find what is being written meanwhile: the next sync's.
                    return Ok(());
                }
            }
            Err(error) => match error.code() {
                // Somebody ended the space meanwhile: what waits stays here.
                Some(ErrorCode::SpaceEnded) => {
                    return read_chain(server, space).map(drop);
                }
                // It does not hold what it gave this device of others. What waits is not kept back for that.
                Some(ErrorCode::InvalidChange)
                    if says_what_was_read && error.reason() == Some(UNKNOWN_FRONTIER) =>
                {
                    let detail = "the server does not hold what it gave this device of others";
                    report.warn(WarningCode::Contradicted, space, detail);
                    says_what_was_read = false;
                    again(&mut tries)?;
                }
                Some(ErrorCode::StaleEpoch | ErrorCode::InvalidChange) => {
                    let new = read_chain(server, space)?;
                    if new == 0 && error.code() == Some(ErrorCode::InvalidChange) {
                        return Err(error);
                    }
                    again(&mut tries)?;
                }
                Some(ErrorCode::CounterMismatch | ErrorCode::OwnHistoryMismatch) => {
                    if tries + 1 == TRIES {
                        report.warn(
                            WarningCode::CloneSuspected,
                            space,
                            "the server holds another history of this device",
                        );
                    }
                    again(&mut tries)?;
                    pull(server, space, report)?;
                }
                _ => return Err(error),
            },
        }
    }
}

/// Notes that these may have left from here on, even if we never hear of it. Not if one of them was
/// taken back since it was sealed: whoever takes one back looks at this note in the same way.
fn mark_as_leaving(
    replica: &Replica,
    space: SpaceId,
    sealed: &[(OutboxRow, SealedChange)],
) -> Result<bool> {
    let newest = sealed.iter().map(|(row, _)| row.position).max();
    let state = replica.space(space)?;
    replica.write_with_row(space, |w, row| {
        for (waiting, change) in sealed {
            if w.outbox_row(waiting.id)?.is_none() {
                return Ok(false);
            }
            for drop in &change.header().drops {
                let author = state.chain.member_by_index(drop.index);
                let Some(author) = author.map(|member| member.id) else {
                    return Ok(false);
                };
                if !w.name_body(space, (author, drop.counter), waiting.id)? {
                    return Ok(false);
                }
            }
        }
        row.sent_through = row.sent_through.max(newest.unwrap_or_default());
        // What is said about what had arrived waits in the outbox by now.
        row.unacknowledged = false;
        Ok(true)
    })
}

fn again(tries: &mut usize) -> Result<()> {
    *tries += 1;
    if *tries >= TRIES {
        return Err(NotNow::NoTerms.into());
    }
    Ok(())
}

/// Changes sealed for one push.
struct Batch {
    sealed: Vec<(OutboxRow, SealedChange)>,
    /// Whether nothing else waited.
    is_all: bool,
}

fn seal_waiting(replica: &Replica, space: SpaceId, says_what_was_read: bool) -> Result<Batch> {
    let state = replica.space(space)?;
    let me = state.my_id();
    let (waiting, heads, bodies) = replica.store.read(|r| {
        Ok::<_, CoreError>((
            r.outbox(space, BATCH)?,
            r.author_heads(space)?,
            r.bodies_to_drop(space)?,
        ))
    })?;
    let mut drops = Drops::of(&state, bodies);
    let key = state.key(state.chain.epoch())?;
    let mut last = heads
        .iter()
        .find(|(author, ..)| *author == me)
        .map_or((Counter(0), HistoryHash::ZERO), |(_, counter, hash)| {
            (*counter, *hash)
        });
    // The first of what is sent together says how far others were read; nothing is read in between.
    let mut frontier: Vec<Seen> = heads
        .iter()
        .filter(|(author, ..)| says_what_was_read && *author != me)
        .filter_map(|(author, counter, hash)| {
            state.chain.member(author).map(|member| Seen {
                index: member.index,
                counter: *counter,
                hash: *hash,
            })
        })
        .collect();
    frontier.sort_unstable();
    let mut is_all = waiting.len() < BATCH;
    let mut sealed = Vec::new();
    let mut bytes = 0usize;
    for row in waiting {
        let Some(drops) = drops.for_change(&row) else {
            is_all = false;
            break;
        };
        let header = Header {
            space,
            epoch: state.chain.epoch(),
            id: row.id,
            author: me,
            counter: last.0.next(),
            previous_own: last.1,
            chain_head: state.chain.head(),
            content: payload::content(&row.payload),
            frontier: std::mem::take(&mut frontier),
            drops,
        };
        let plain = payload::pack(&row.payload)?;
        let change = seal::seal(&state.me, key, header, &plain, &*replica.ports.rng)?;
        bytes = bytes.saturating_add(change.bytes().len());
        if bytes > BATCH_BYTES && !sealed.is_empty() {
            is_all = false;
            break;
        }
        last = (change.header().counter, change.history());
        sealed.push((row, change));
    }
    Ok(Batch { sealed, is_all })
}

/// The bodies of deleted documents that the changes of one push drop.
struct Drops {
    sent_through: i64,
    bodies: Vec<(DroppedBody, Option<ChangeId>)>,
    room: usize,
}

impl Drops {
    fn of(state: &SpaceState, bodies: Vec<BodyToDrop>) -> Self {
        let bodies = bodies.into_iter().filter_map(|body| {
            let dropped = DroppedBody {
                index: state.chain.member(&body.author)?.index,
                counter: body.counter,
                hash: body.history,
            };
            Some((dropped, body.carrier))
        });
        Self {
            sent_through: state.row.sent_through,
            bodies: bodies.collect(),
            room: MAX_DROPS,
        }
    }

    /// What a change drops. One that may have left drops what it did then: its history says so. A new one that says
    /// that something was deleted takes as many as there is room for. `None` where the push can't take it any more.
    fn for_change(&mut self, row: &OutboxRow) -> Option<Vec<DroppedBody>> {
        let is_new = row.position > self.sent_through && row.kind == Deletion::KIND;
        let mut drops = Vec::new();
        for (body, carrier) in &mut self.bodies {
            let is_its_own = *carrier == Some(row.id);
            let has_room = drops.len() < self.room;
            if is_its_own || (is_new && has_room && carrier.is_none()) {
                *carrier = Some(row.id);
                drops.push(*body);
            }
        }
        self.room = self.room.checked_sub(drops.len())?;
        drops.sort_unstable_by_key(|drop| (drop.index, drop.counter));
        Some(drops)
    }
}

fn acknowledge_accepted(
    replica: &Replica,
    space: SpaceId,
    sealed: &[(OutboxRow, SealedChange)],
    accepted: &PushAccepted,
) -> Result<u64> {
    if accepted.results.len() != sealed.len() {
        return Err(CoreError::BadAnswer(
            "it counts other changes than were sent".to_owned(),
        ));
    }
    let now_ms = replica.server_now().unix_ms;
    // In one transaction with the cursor, for each waits for the disk.
    let state = replica.space(space)?;
    replica.write_with_row(space, |w, known| {
        let mut acknowledged = 0;
        for ((row, change), result) in sealed.iter().zip(&accepted.results) {
            if result.id != row.id {
                return Err(CoreError::BadAnswer("it names another change".to_owned()));
            }
            if result.hash != change.hash() {
                break;
            }
            let logged = own_row(row, change, result.number, now_ms);
            acknowledge(w, &state, row, &logged)?;
            acknowledged += 1;
            if result.number == known.cursor.next() {
                known.cursor = result.number;
            }
        }
        Ok(acknowledged)
    })
}

fn own_row(row: &OutboxRow, change: &SealedChange, number: LogNumber, now_ms: i64) -> LogRow {
    LogRow {
        space: row.space,
        number: Some(number),
        id: row.id,
        author: change.header().author,
        counter: change.header().counter,
        hash: change.hash(),
        history: change.history(),
        document: Some(row.document),
        change: Some(row.change),
        sealed: change.bytes().to_vec(),
        // It came to this device when it was written here, unless its clock was ahead then.
        received_ms: row.committed_ms.min(now_ms),
        refusal: None,
    }
}
