//! Cutting a space back to an earlier end of its chain.

use std::collections::BTreeMap;

use companion_protocol::id::{Counter, SealedHash};
use rusqlite::{Connection, params};

use super::super::writer::Verdict;
use super::super::{error, last_under, signed, under, unsigned};
use super::log::set_author;
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
    keep(to, row, rewind)?;
    for table in ["members", "authors", "drops"] {
        execute(to, &format!("DELETE FROM {table} WHERE space = ?1"), [row])?;
    }
    for member in &rewind.listed {
        list(to, &space, *member)?;
    }
    for (author, (counter, hash)) in newest(to, row)? {
        set_author(to, row, author, counter, hash)?;
    }
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
             vouched = 0 WHERE row = ?1",
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

fn newest(
    to: &Connection,
    space: i64,
) -> Result<BTreeMap<u16, (Counter, SealedHash)>, StorageError> {
    to.prepare_cached(
        "SELECT author, counter, hash FROM changes WHERE space = ?1 ORDER BY author, counter",
    )
    .and_then(|mut ask| {
        ask.query_map([space], |row| {
            let counter = Counter(unsigned(row.get(1)?));
            Ok((row.get(0)?, (counter, SealedHash::new(row.get(2)?))))
        })?
        .collect()
    })
    .map_err(error)
}

fn held(to: &Connection, space: i64) -> Result<i64, StorageError> {
    to.prepare_cached(
        "SELECT (SELECT coalesce(sum(length(bytes)), 0) FROM statements WHERE row BETWEEN ?1 AND ?2)
              + (SELECT coalesce(sum(length(bytes)), 0) FROM changes WHERE row BETWEEN ?1 AND ?2)",
    )
    .and_then(|mut ask| ask.query_row([under(space, 0), last_under(space)], |row| row.get(0)))
    .map_err(error)
}
