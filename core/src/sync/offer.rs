//! Giving the server what it lacks: own new changes, and after a restore whatever it lost.

use companion_protocol::api::{ErrorCode, PushAccepted};
use companion_protocol::change::{Header, SealedChange};
use companion_protocol::id::{Counter, SealedHash, SpaceId};

use super::exchange::Line;
use super::membership::read_chain;
use super::report::{SyncReport, WarningCode};
use super::round::pull;
use crate::domain::DocumentId;
use crate::error::{CoreError, Result};
use crate::record::settle;
use crate::replica::Replica;
use crate::space::{payload, seal};
use crate::store::{LogRow, OutboxRow};

/// Changes in one push, and about how many bytes of them.
const BATCH: usize = 128;
const BATCH_BYTES: usize = 2 * 1024 * 1024;
/// How often to read again and seal again before giving up for this time.
const TRIES: usize = 6;

/// Seals and sends what waits for a space. Sealing happens here and not when the person saves: an
/// edit made offline under an old epoch is sealed under the present one.
pub(crate) fn push(line: &Line<'_>, space: SpaceId, report: &mut SyncReport) -> Result<()> {
    let mut tries = 0;
    loop {
        let sealed = seal_waiting(&line.replica(), space)?;
        if sealed.is_empty() {
            return Ok(());
        }
        let batch = sealed
            .iter()
            .map(|(_, change)| change.bytes().to_vec())
            .collect();
        if let Some((last, _)) = sealed.last() {
            // From here on it may have left, even if we never hear of it.
            let position = last.position.to_be_bytes();
            let mark = sending_mark(space);
            line.replica()
                .store
                .write(|w| w.set_setting(&mark, &position))?;
        }
        match line.push(space, batch) {
            Ok(accepted) => {
                report.sent += settle_accepted(&mut line.replica(), space, &sealed, &accepted)?;
                if accepted
                    .results
                    .iter()
                    .zip(&sealed)
                    .any(|(r, (_, c))| r.hash != c.hash())
                {
                    // The server has an earlier sealing, from an answer that was lost: read it.
                    again(&mut tries)?;
                    pull(line, space, report)?;
                }
            }
            Err(error) => match error.code() {
                Some(ErrorCode::StaleEpoch | ErrorCode::InvalidChange) => {
                    let new = read_chain(line, space)?;
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
                    pull(line, space, report)?;
                }
                _ => return Err(error),
            },
        }
    }
}

/// Setting that says up to which position of the outbox something was ever sent.
fn sending_mark(space: SpaceId) -> String {
    format!("sending:{space}")
}

/// Whether something of a document may have left this device.
pub(crate) fn may_have_left(
    replica: &Replica,
    space: SpaceId,
    document: DocumentId,
) -> Result<bool> {
    replica.store.read(|r| {
        let mark = r.setting(&sending_mark(space))?;
        let mark = mark.and_then(|bytes| bytes.try_into().ok());
        let sent = mark.map_or(i64::MIN, i64::from_be_bytes);
        let waiting = r.outbox_of_document(document)?;
        Ok(!r.log_of_document(document)?.is_empty()
            || waiting.iter().any(|row| row.position <= sent))
    })
}

fn again(tries: &mut usize) -> Result<()> {
    *tries += 1;
    if *tries >= TRIES {
        return Err(CoreError::NotNow(
            "the server and this device do not come to terms; later",
        ));
    }
    Ok(())
}

fn seal_waiting(replica: &Replica, space: SpaceId) -> Result<Vec<(OutboxRow, SealedChange)>> {
    let state = replica.space(space)?;
    let me = replica.me.member();
    let (waiting, heads) = replica
        .store
        .read(|r| Ok::<_, CoreError>((r.outbox(space, BATCH)?, r.author_heads(space)?)))?;
    let key = state.key(state.chain.epoch())?;
    let mut last = heads
        .iter()
        .find(|(author, ..)| *author == me)
        .map_or((Counter(0), SealedHash::ZERO), |(_, counter, hash)| {
            (*counter, *hash)
        });
    let mut frontier: Vec<(u16, Counter)> = heads
        .iter()
        .filter(|(author, ..)| *author != me)
        .filter_map(|(author, counter, _)| {
            state
                .chain
                .member(author)
                .map(|member| (member.index, *counter))
        })
        .collect();
    frontier.sort_unstable();
    let mut sealed = Vec::new();
    let mut bytes = 0usize;
    for row in waiting {
        let header = Header {
            space,
            epoch: state.chain.epoch(),
            id: row.id,
            author: me,
            counter: last.0.next(),
            previous_own: last.1,
            chain_head: state.chain.head(),
            frontier: frontier.clone(),
        };
        let plain = payload::pack(&row.payload)?;
        let change = seal::seal(&replica.me, key, header, &plain, &*replica.ports.rng)?;
        bytes = bytes.saturating_add(change.bytes().len());
        if bytes > BATCH_BYTES && !sealed.is_empty() {
            break;
        }
        last = (change.header().counter, change.hash());
        sealed.push((row, change));
    }
    Ok(sealed)
}

fn settle_accepted(
    replica: &mut Replica,
    space: SpaceId,
    sealed: &[(OutboxRow, SealedChange)],
    accepted: &PushAccepted,
) -> Result<usize> {
    if accepted.results.len() != sealed.len() {
        return Err(CoreError::BadAnswer(
            "it counts other changes than were sent".to_owned(),
        ));
    }
    let now_ms = replica.now().unix_ms;
    let mut known = replica.space(space)?.row.clone();
    let cursor = known.cursor;
    let settled = replica.store.write(|w| {
        let mut settled = 0;
        for ((row, change), result) in sealed.iter().zip(&accepted.results) {
            if result.id != row.id {
                return Err(CoreError::BadAnswer("it names another change".to_owned()));
            }
            if result.hash != change.hash() {
                break;
            }
            settle(
                w,
                row.position,
                &own_row(row, change, result.number, now_ms),
            )?;
            settled += 1;
            if result.number == known.cursor.next() {
                known.cursor = result.number;
            }
        }
        // In the same transaction, for each waits for the disk.
        if known.cursor != cursor {
            w.put_space(&known)?;
        }
        Ok(settled)
    })?;
    if let Some(state) = replica.spaces.get_mut(&space) {
        state.row = known;
    }
    Ok(settled)
}

fn own_row(
    row: &OutboxRow,
    change: &SealedChange,
    number: companion_protocol::id::LogNumber,
    now_ms: i64,
) -> LogRow {
    LogRow {
        space: row.space,
        number: Some(number),
        id: row.id,
        author: change.header().author,
        counter: change.header().counter,
        hash: change.hash(),
        document: Some(row.document),
        change: Some(row.change),
        sealed: change.bytes().to_vec(),
        received_ms: now_ms,
        refusal: None,
    }
}

/// Gives a restored server the statements and changes that it lost, whoever wrote them.
pub(crate) fn refill(line: &Line<'_>, space: SpaceId, server_length: u64) -> Result<()> {
    let missing: Vec<Vec<u8>> = line
        .replica()
        .space(space)?
        .statements
        .iter()
        .filter(|statement| statement.sequence() >= server_length)
        .map(|statement| statement.bytes().to_vec())
        .collect();
    for statement in missing {
        match line.extend(space, &statement) {
            Ok(()) => {}
            // Another member was faster with the same.
            Err(error) if error.code() == Some(ErrorCode::ChainConflict) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The changes that a restored server lacks; call after reading its whole log.
pub(crate) fn refill_changes(line: &Line<'_>, space: SpaceId) -> Result<()> {
    loop {
        let batch = line
            .replica()
            .store
            .read(|r| r.log_unnumbered(space, BATCH))?;
        if batch.is_empty() {
            return Ok(());
        }
        let accepted = line.push(space, batch.iter().map(|row| row.sealed.clone()).collect())?;
        if accepted.results.len() != batch.len() {
            return Err(CoreError::BadAnswer(
                "it counts other changes than were sent".to_owned(),
            ));
        }
        let replica = line.replica();
        replica.store.write(|w| {
            for result in &accepted.results {
                w.log_numbered(space, result.id, result.number)?;
            }
            Ok::<_, CoreError>(())
        })?;
    }
}
