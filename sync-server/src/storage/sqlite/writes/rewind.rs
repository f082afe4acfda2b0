//! Cutting a space back to an earlier end of its chain.

use std::collections::BTreeMap;

use companion_protocol::id::{Counter, HistoryHash, LogNumber, MemberId};
use rusqlite::{Connection, params};

use super::super::writer::Verdict;
use super::super::{error, last_under, reads, signed, under, unsigned};
use super::log::{name_change, set_author};
use super::{Done, execute, list, set_life, space};
use crate::storage::{Rewind, StorageError};

pub(in super::super) fn rewind(to: &Connection, rewind: &Rewind) -> Done<bool> {
    let Some(space) = space(to, rewind.space)? else {
        return Ok(Verdict::Undo(false));
    };
    let row = space.row;
    execute(
        to,
        "DELETE FROM statements WHERE row BETWEEN ?1 AND ?2",
        [under(row, rewind.chain_length), last_under(row)],
    )?;
    let indexed = Indexed::read(to, row)?;
    keep(to, row, rewind)?;
    for table in ["members", "authors", "drops", "names"] {
        execute(to, &format!("DELETE FROM {table} WHERE space = ?1"), [row])?;
    }
    for member in &rewind.listed {
        list(to, &space, *member)?;
    }
    indexed.write(to, row, rewind)?;
    keep_blobs(to, row, rewind)?;
    let used: i64 = held(to, row)?;
    execute(
        to,
        "UPDATE clinics SET used_bytes = used_bytes + ?2
             - (SELECT used_bytes FROM spaces WHERE row = ?3) WHERE row = ?1",
        params![space.clinic, used, row],
    )?;
    execute(
        to,
        "UPDATE spaces SET chain_length = ?2, chain_head = ?3, number = ?4, used_bytes = ?5,
             vouched = 0, ended_on = 0, forget_on = 0 WHERE row = ?1",
        params![
            row,
            signed(rewind.chain_length),
            rewind.chain_head.as_bytes(),
            i64::try_from(rewind.kept.len()).unwrap_or(i64::MAX),
            used
        ],
    )?;
    // Others stay vouched for: nothing of theirs was taken away.
    set_life(to, rewind.life)?;
    Ok(Verdict::Keep(true))
}

/// Keeps these changes and numbers them anew; the rest goes.
fn keep(to: &Connection, space: i64, rewind: &Rewind) -> Result<(), StorageError> {
    let mut gone_from = under(space, 0);
    for (number, kept) in (1_u64..).zip(&rewind.kept) {
        let stands = under(space, kept.0);
        execute(
            to,
            "DELETE FROM changes WHERE row > ?1 AND row < ?2",
            [gone_from, stands],
        )?;
        // Never above where it stood, so that no row is taken twice.
        execute(
            to,
            "UPDATE changes SET row = ?2 WHERE row = ?1",
            [stands, under(space, number)],
        )?;
        gone_from = stands;
    }
    execute(
        to,
        "DELETE FROM changes WHERE row > ?1 AND row <= ?2",
        [gone_from, last_under(space)],
    )?;
    Ok(())
}

/// Keeps the blobs of whoever is known to the chain: nobody could say whose side others were on. Their files go
/// at the next start.
fn keep_blobs(to: &Connection, space: i64, rewind: &Rewind) -> Result<(), StorageError> {
    let mut ask = to
        .prepare_cached("SELECT DISTINCT giver FROM blobs WHERE space = ?1")
        .map_err(error)?;
    let givers = ask
        .query_map([space], |row| row.get(0).map(MemberId::new))
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(error)?;
    for giver in givers {
        if !rewind.members.contains(&giver) {
            execute(
                to,
                "DELETE FROM blobs WHERE space = ?1 AND giver = ?2",
                params![space, giver.as_bytes()],
            )?;
        }
    }
    Ok(())
}

/// One of the names of a change.
struct Name {
    author: u16,
    name: Vec<u8>,
    bare: bool,
}

/// What lists a space's changes, by the numbers that they had.
struct Indexed(BTreeMap<u64, Vec<Name>>);

impl Indexed {
    fn read(to: &Connection, space: i64) -> Result<Self, StorageError> {
        let mut names: BTreeMap<u64, Vec<Name>> = BTreeMap::new();
        let mut ask = to
            .prepare_cached("SELECT number, author, name, bare FROM names WHERE space = ?1")
            .map_err(error)?;
        let mut rows = ask.query([space]).map_err(error)?;
        while let Some(row) = rows.next().map_err(error)? {
            let number = row.get(0).map(unsigned).map_err(error)?;
            names.entry(number).or_default().push(Name {
                author: row.get(1).map_err(error)?,
                name: row.get(2).map_err(error)?,
                bare: row.get(3).map_err(error)?,
            });
        }
        Ok(Self(names))
    }

    /// Lists what stays under its new numbers, and where each author stands then.
    fn write(&self, to: &Connection, space: i64, rewind: &Rewind) -> Result<(), StorageError> {
        let mut newest: BTreeMap<u16, (Counter, HistoryHash)> = BTreeMap::new();
        for (number, kept) in (1_u64..).zip(&rewind.kept) {
            let names = self.0.get(&kept.0).ok_or(StorageError::Corrupt)?;
            for one in names {
                let new = (space, LogNumber(number));
                name_change(to, new, one.author, &one.name, one.bare)?;
            }
            let change = reads::change(to, space, number)?;
            let author = names.first().ok_or(StorageError::Corrupt)?.author;
            newest.insert(author, (change.header().counter, change.history()));
        }
        for (author, (counter, history)) in newest {
            set_author(to, space, author, counter, history)?;
        }
        Ok(())
    }
}

fn held(to: &Connection, space: i64) -> Result<i64, StorageError> {
    to.prepare_cached(
        "SELECT (SELECT coalesce(sum(length(bytes)), 0) FROM statements WHERE row BETWEEN ?1 AND ?2)
              + (SELECT coalesce(sum(length(bytes)), 0) FROM changes WHERE row BETWEEN ?1 AND ?2)
              + (SELECT coalesce(sum(size), 0) FROM blobs WHERE space = ?3)",
    )
    .and_then(|mut ask| {
        ask.query_row([under(space, 0), last_under(space), space], |row| row.get(0))
    })
    .map_err(error)
}
