//! Questions about spaces that were ended.

use companion_protocol::id::SpaceId;
use rusqlite::{Connection, OptionalExtension, Row};

use super::super::error;
use crate::storage::{Day, EndedSpace, Ending, StorageError};

fn ending_of(row: &Row<'_>, first: usize) -> rusqlite::Result<Ending> {
    Ok(Ending {
        on: Day(row.get(first)?),
        forget_on: Day(row.get(first.saturating_add(1))?),
    })
}

pub(in super::super) fn ending(
    from: &Connection,
    space: SpaceId,
) -> Result<Option<Ending>, StorageError> {
    from.prepare_cached("SELECT ended_on, forget_on FROM spaces WHERE id = ?1 AND forget_on > 0")
        .and_then(|mut ask| {
            ask.query_row([space.as_bytes()], |row| ending_of(row, 0))
                .optional()
        })
        .map_err(error)
}

pub(in super::super) fn ended_spaces(from: &Connection) -> Result<Vec<EndedSpace>, StorageError> {
    from.prepare_cached(
        "SELECT id, ended_on, forget_on FROM spaces WHERE forget_on > 0 ORDER BY id",
    )
    .and_then(|mut ask| {
        ask.query_map([], |row| {
            Ok(EndedSpace {
                space: SpaceId::new(row.get(0)?),
                ending: ending_of(row, 1)?,
            })
        })?
        .collect()
    })
    .map_err(error)
}

/// The spaces whose day has come.
pub(in super::super) fn due(from: &Connection, today: Day) -> Result<Vec<SpaceId>, StorageError> {
    from.prepare_cached("SELECT id FROM spaces WHERE forget_on > 0 AND forget_on <= ?1 ORDER BY id")
        .and_then(|mut ask| {
            ask.query_map([today.0], |row| row.get(0).map(SpaceId::new))?
                .collect()
        })
        .map_err(error)
}

pub(in super::super) fn is_forgotten(
    from: &Connection,
    space: SpaceId,
) -> Result<bool, StorageError> {
    from.prepare_cached("SELECT EXISTS (SELECT 1 FROM forgotten WHERE id = ?1)")
        .and_then(|mut ask| ask.query_row([space.as_bytes()], |row| row.get(0)))
        .map_err(error)
}
