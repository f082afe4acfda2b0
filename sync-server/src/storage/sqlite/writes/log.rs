//! Storing changes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use companion_protocol::api::{PushResult, PushStatus, SpaceHead};
use companion_protocol::change::SealedChange;
use companion_protocol::id::{ChangeId, Counter, HistoryHash, LogNumber};
use rusqlite::{Connection, OptionalExtension, params};

use super::super::writer::Verdict;
use super::super::{LAST_NUMBER, error, reads, signed, under, unsigned};
use super::{Done, charge, execute, is_stored, length, space};
use crate::storage::{Append, AppendRefusal, Appended, Named, NewChange, StorageError};

/// Where an author's own history stands.
#[derive(Clone, Copy)]
struct Own {
    counter: Counter,
    history: HistoryHash,
}

fn own_history(to: &Connection, space: i64, author: u16) -> Result<Own, StorageError> {
    let found: Option<(i64, [u8; 32])> = to
        .prepare_cached("SELECT counter, history FROM authors WHERE space = ?1 AND author = ?2")
        .and_then(|mut ask| {
            ask.query_row(params![space, author], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()
        })
        .map_err(error)?;
    let (counter, history) = found.unwrap_or((0, [0; 32]));
    Ok(Own {
        counter: Counter(unsigned(counter)),
        history: HistoryHash::new(history),
    })
}

/// The authors' histories as they stand in the middle of an append.
struct Histories<'a> {
    to: &'a Connection,
    space: i64,
    met: BTreeMap<u16, Own>,
    moved: BTreeMap<u16, Own>,
}

impl Histories<'_> {
    fn of(&mut self, author: u16) -> Result<Own, StorageError> {
        if let Some(own) = self.moved.get(&author).or_else(|| self.met.get(&author)) {
            return Ok(*own);
        }
        let own = own_history(self.to, self.space, author)?;
        self.met.insert(author, own);
        Ok(own)
    }

    /// Whether a change that somebody has read is stored. Mostly it is its author's newest.
    fn has(&mut self, seen: &Named) -> Result<bool, StorageError> {
        let newest = self.of(seen.author)?;
        if newest.counter == seen.counter {
            return Ok(newest.history == seen.hash);
        }
        Ok(newest.counter > seen.counter && is_stored(self.to, self.space, seen)?)
    }
}

pub(in super::super) fn append(to: &Connection, new: &Append) -> Done<Appended> {
    let Some(space) = space(to, new.space)? else {
        return Ok(Verdict::Undo(Appended::NoSuchSpace));
    };
    if space.head.chain_head != new.chain_head {
        return Ok(Verdict::Undo(Appended::ChainMoved));
    }
    let mut histories = Histories {
        to,
        space: space.row,
        met: BTreeMap::new(),
        moved: BTreeMap::new(),
    };
    let mut results = Vec::with_capacity(new.changes.len());
    let (mut number, mut bytes) = (space.head.number, 0_i64);
    for (index, change) in new.changes.iter().enumerate() {
        let refused = |why| Ok(Verdict::Undo(Appended::Refused { index, why }));
        if let Some(before) = reads::stored(to, space.row, change.id)? {
            if before.author != change.author {
                return refused(AppendRefusal::IdTaken);
            }
            results.push(PushResult {
                id: change.id,
                number: before.number,
                hash: before.hash,
                status: PushStatus::Known,
            });
            continue;
        }
        if let Some(why) = unfit(&mut histories, new.filling, change)? {
            return refused(why);
        }
        number = number.next();
        // What was dropped before it was given back comes in bare.
        let is_dropped = new.filling && forget_drop(to, space.row, change)?;
        let kept = if is_dropped {
            Cow::Owned(bare(&change.bytes)?)
        } else {
            Cow::Borrowed(&*change.bytes)
        };
        bytes = bytes.saturating_add(length(&kept));
        insert(to, space.row, number, change, &kept)?;
        for (author, counter) in &change.drops {
            match drop_body(to, space.row, *author, *counter)? {
                Some(freed) => bytes = bytes.saturating_sub(freed),
                None if new.filling => remember_drop(to, space.row, *author, *counter)?,
                None => return refused(AppendRefusal::UnknownDrop),
            }
        }
        if bytes > space.room.max(0) || signed(number.0) >= LAST_NUMBER {
            return refused(AppendRefusal::QuotaExceeded);
        }
        histories.moved.insert(
            change.author,
            Own {
                counter: change.counter,
                history: change.history,
            },
        );
        results.push(PushResult {
            id: change.id,
            number,
            hash: change.hash,
            status: PushStatus::Stored,
        });
    }
    let head = SpaceHead {
        number,
        ..space.head
    };
    if number == space.head.number {
        return Ok(Verdict::Undo(Appended::Done { head, results }));
    }
    for (author, own) in &histories.moved {
        set_author(to, space.row, *author, own.counter, own.history)?;
    }
    charge(to, &space, number, bytes)?;
    Ok(Verdict::Keep(Appended::Done { head, results }))
}

/// Why a change does not fit what is stored.
fn unfit(
    histories: &mut Histories<'_>,
    filling: bool,
    change: &NewChange,
) -> Result<Option<AppendRefusal>, StorageError> {
    let own = histories.of(change.author)?;
    if change.counter != own.counter.next() {
        let expected = own.counter.next();
        return Ok(Some(AppendRefusal::Counter { expected }));
    }
    if change.previous_own != own.history {
        let expected = own.history;
        return Ok(Some(AppendRefusal::OwnHistory { expected }));
    }
    for seen in &change.seen {
        if !filling && !histories.has(seen)? {
            return Ok(Some(AppendRefusal::UnknownFrontier));
        }
    }
    Ok(None)
}

fn insert(
    to: &Connection,
    space: i64,
    number: LogNumber,
    change: &NewChange,
    bytes: &[u8],
) -> Result<(), StorageError> {
    execute(
        to,
        "INSERT INTO changes (row, bytes) VALUES (?1, ?2)",
        params![under(space, number.0), bytes],
    )?;
    name(to, space, number, change.id, change.author)?;
    count(to, space, number, change.author, change.counter)
}

/// Lists a change under its own name.
pub(super) fn name(
    to: &Connection,
    space: i64,
    number: LogNumber,
    id: ChangeId,
    author: u16,
) -> Result<(), StorageError> {
    execute(
        to,
        "INSERT INTO names (space, id, author, number) VALUES (?1, ?2, ?3, ?4)",
        params![space, id.as_bytes(), author, signed(number.0)],
    )?;
    Ok(())
}

/// Lists a change under its author's count.
pub(super) fn count(
    to: &Connection,
    space: i64,
    number: LogNumber,
    author: u16,
    counter: Counter,
) -> Result<(), StorageError> {
    execute(
        to,
        "INSERT INTO counts (space, author, counter, number) VALUES (?1, ?2, ?3, ?4)",
        params![space, author, signed(counter.0), signed(number.0)],
    )?;
    Ok(())
}

pub(super) fn set_author(
    to: &Connection,
    space: i64,
    author: u16,
    counter: Counter,
    history: HistoryHash,
) -> Result<(), StorageError> {
    execute(
        to,
        "INSERT INTO authors (space, author, counter, history) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (space, author) DO UPDATE SET counter = excluded.counter,
             history = excluded.history",
        params![space, author, signed(counter.0), history.as_bytes()],
    )?;
    Ok(())
}

fn bare(bytes: &[u8]) -> Result<Vec<u8>, StorageError> {
    SealedChange::parse(bytes)
        .map(|change| change.bare().bytes().to_vec())
        .map_err(|_| StorageError::Corrupt)
}

/// Keeps only the bare form of a change; says how many bytes that freed, or that there is no such
/// change.
fn drop_body(
    to: &Connection,
    space: i64,
    author: u16,
    counter: Counter,
) -> Result<Option<i64>, StorageError> {
    let Some(number) = reads::number_of(to, space, author, counter)? else {
        return Ok(None);
    };
    let whole = reads::change(to, space, number)?;
    let bare = whole.bare();
    execute(
        to,
        "UPDATE changes SET bytes = ?2 WHERE row = ?1",
        params![under(space, number), bare.bytes()],
    )?;
    Ok(Some(
        length(whole.bytes()).saturating_sub(length(bare.bytes())),
    ))
}

fn remember_drop(
    to: &Connection,
    space: i64,
    author: u16,
    counter: Counter,
) -> Result<(), StorageError> {
    execute(
        to,
        "INSERT INTO drops (space, author, counter) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![space, author, signed(counter.0)],
    )?;
    Ok(())
}

fn forget_drop(to: &Connection, space: i64, change: &NewChange) -> Result<bool, StorageError> {
    let forgotten = execute(
        to,
        "DELETE FROM drops WHERE space = ?1 AND author = ?2 AND counter = ?3",
        params![space, change.author, signed(change.counter.0)],
    )?;
    Ok(forgotten > 0)
}
