//! Taking away what is kept of a space that was ended.

use companion_protocol::id::SpaceId;
use rusqlite::{Connection, OptionalExtension, params};

use super::super::writer::Verdict;
use super::super::{error, last_under, under};
use super::{Done, execute, space};
use crate::storage::StorageError;

/// Rows that go in one transaction.
const PIECE: i64 = 2048;

/// Takes the id, the members and the charge of a space away. Says whether there was such a space, with no blob
/// left.
pub(in super::super) fn forget_space(to: &Connection, id: SpaceId) -> Done<bool> {
    let Some(space) = space(to, id)? else {
        return Ok(Verdict::Undo(false));
    };
    let has_blobs: bool = to
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM blobs WHERE space = ?1)")
        .and_then(|mut ask| ask.query_row([space.row], |row| row.get(0)))
        .map_err(error)?;
    if has_blobs {
        return Ok(Verdict::Undo(false));
    }
    execute(
        to,
        "UPDATE clinics SET used_spaces = used_spaces - 1, used_bytes = used_bytes
             - (SELECT used_bytes FROM spaces WHERE row = ?2) WHERE row = ?1",
        params![space.clinic, space.row],
    )?;
    execute(
        to,
        "UPDATE grants SET space = NULL WHERE space = ?1",
        [space.row],
    )?;
    execute(to, "DELETE FROM members WHERE space = ?1", [space.row])?;
    execute(
        to,
        "INSERT INTO forgotten (id) VALUES (?1)",
        [id.as_bytes()],
    )?;
    let mut nobody = [0_u8; 32];
    for (to, from) in nobody.iter_mut().rev().zip(space.row.to_le_bytes()) {
        *to = from;
    }
    execute(
        to,
        "UPDATE spaces SET id = ?2, used_bytes = 0, ended_on = 0, forget_on = -1 WHERE row = ?1",
        params![space.row, nobody],
    )?;
    Ok(Verdict::Keep(true))
}

/// Takes the next piece away of what forgotten spaces left; says whether there was any.
pub(in super::super) fn sweep_forgotten(to: &Connection) -> Done<bool> {
    let left: Option<i64> = to
        .prepare_cached("SELECT row FROM spaces WHERE forget_on = -1 LIMIT 1")
        .and_then(|mut ask| ask.query_row([], |row| row.get(0)).optional())
        .map_err(error)?;
    let Some(row) = left else {
        return Ok(Verdict::Undo(false));
    };
    let gone = ranged(to, "changes", row)?
        .saturating_add(ranged(to, "statements", row)?)
        .saturating_add(named(to, row)?);
    if gone == 0 {
        for table in ["authors", "drops"] {
            execute(to, &format!("DELETE FROM {table} WHERE space = ?1"), [row])?;
        }
        execute(to, "DELETE FROM spaces WHERE row = ?1", [row])?;
    }
    Ok(Verdict::Keep(true))
}

fn ranged(to: &Connection, table: &str, space: i64) -> Result<usize, StorageError> {
    execute(
        to,
        &format!(
            "DELETE FROM {table} WHERE row IN
                 (SELECT row FROM {table} WHERE row BETWEEN ?1 AND ?2 ORDER BY row LIMIT ?3)"
        ),
        [under(space, 0), last_under(space), PIECE],
    )
}

fn named(to: &Connection, space: i64) -> Result<usize, StorageError> {
    execute(
        to,
        "DELETE FROM names WHERE (space, author, name) IN
             (SELECT space, author, name FROM names WHERE space = ?1 LIMIT ?2)",
        [space, PIECE],
    )
}
