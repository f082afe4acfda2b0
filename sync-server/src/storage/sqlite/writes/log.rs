//! Storing changes.

use std::collections::BTreeMap;

use companion_protocol::api::{PushResult, PushStatus, SpaceHead};
use companion_protocol::id::{Counter, HistoryHash, LogNumber};
use rusqlite::{Connection, OptionalExtension, params};

use super::super::writer::Verdict;
use super::super::{LAST_NUMBER, error, reads, signed, under, unsigned};
use super::drops::Drops;
use super::{Done, charge, execute, is_stored, length, space};
use crate::storage::{Append, AppendRefusal, Appended, Named, NewChange, StorageError};

/// Where an author's own history stands.
#[derive(Clone, Copy)]
pub(super) struct Own {
    pub(super) counter: Counter,
    history: HistoryHash,
}

pub(super) fn own_history(to: &Connection, space: i64, author: u16) -> Result<Own, StorageError> {
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
    let mut drops = Drops::of(to, space.row, new.filling);
    let mut results = Vec::with_capacity(new.changes.len());
    let (mut number, mut bytes) = (space.head.number, 0_i64);
    for (index, change) in new.changes.iter().enumerate() {
        let refused = |why| Ok(Verdict::Undo(Appended::Refused { index, why }));
        if let Some(before) = reads::stored(to, space.row, change.author, change.id)? {
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
        let (kept, bare) = drops.kept(change)?;
        bytes = bytes.saturating_add(length(&kept));
        insert(to, (space.row, number), change, &kept, bare)?;
        for dropped in &change.drops {
            match drops.take(dropped)? {
                Some(freed) => bytes = bytes.saturating_sub(freed),
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
    (space, number): (i64, LogNumber),
    change: &NewChange,
    bytes: &[u8],
    bare: bool,
) -> Result<(), StorageError> {
    execute(
        to,
        "INSERT INTO changes (row, bytes) VALUES (?1, ?2)",
        params![under(space, number.0), bytes],
    )?;
    let name = |name: &[u8], bare| name_change(to, (space, number), change.author, name, bare);
    name(change.id.as_bytes(), false)?;
    name(&change.counter.0.to_be_bytes(), bare)
}

/// Lists the change of a space with this number under one of its author's names for it.
pub(super) fn name_change(
    to: &Connection,
    (space, number): (i64, LogNumber),
    author: u16,
    name: &[u8],
    bare: bool,
) -> Result<(), StorageError> {
    execute(
        to,
        "INSERT INTO names (space, author, name, number, bare) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![space, author, name, signed(number.0), bare],
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
