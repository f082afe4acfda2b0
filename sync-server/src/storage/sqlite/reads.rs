//! Questions: each sees one moment of the database.

use companion_protocol::api::SpaceHead;
use companion_protocol::change::SealedChange;
use companion_protocol::id::{
    ChangeId, Counter, Incarnation, LogNumber, MemberId, SealedHash, SpaceId, StatementHash,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{error, signed, unsigned};
use crate::storage::{Clinic, ClinicUsage, Life, LogPage, SpaceUsage, StorageError, Stored};

/// Reads a row that begins with `id, chain_length, chain_head, number`.
pub(super) fn head_of(row: &Row<'_>) -> rusqlite::Result<SpaceHead> {
    Ok(SpaceHead {
        space: SpaceId::new(row.get(0)?),
        chain_length: unsigned(row.get(1)?),
        chain_head: StatementHash::new(row.get(2)?),
        number: LogNumber(unsigned(row.get(3)?)),
    })
}

pub(super) fn life(from: &Connection) -> Result<Life, StorageError> {
    from.prepare_cached("SELECT incarnation, restored_at_ms FROM life WHERE only = 1")
        .and_then(|mut ask| {
            ask.query_row([], |row| {
                Ok(Life {
                    incarnation: Incarnation::new(row.get(0)?),
                    restored_at_ms: row.get(1)?,
                })
            })
        })
        .map_err(error)
}

pub(super) fn clinics(from: &Connection) -> Result<Vec<ClinicUsage>, StorageError> {
    from.prepare(
        "SELECT key, label, max_spaces, max_bytes, used_spaces, used_bytes FROM clinics ORDER BY key",
    )
    .and_then(|mut ask| {
        ask.query_map([], |row| {
            Ok(ClinicUsage {
                clinic: Clinic {
                    key: MemberId::new(row.get(0)?),
                    label: row.get(1)?,
                    max_spaces: unsigned(row.get(2)?),
                    max_bytes: unsigned(row.get(3)?),
                },
                spaces: unsigned(row.get(4)?),
                bytes: unsigned(row.get(5)?),
            })
        })?
        .collect()
    })
    .map_err(error)
}

pub(super) fn head(from: &Connection, space: SpaceId) -> Result<Option<SpaceHead>, StorageError> {
    from.prepare_cached("SELECT id, chain_length, chain_head, number FROM spaces WHERE id = ?1")
        .and_then(|mut ask| ask.query_row([space.as_bytes()], head_of).optional())
        .map_err(error)
}

pub(super) fn chain(
    connection: &Connection,
    space: SpaceId,
    from: u64,
    max_bytes: usize,
) -> Result<Vec<Vec<u8>>, StorageError> {
    let mut ask = connection
        .prepare_cached(
            "SELECT statements.bytes FROM statements JOIN spaces ON spaces.row = statements.space
             WHERE spaces.id = ?1 AND sequence >= ?2 ORDER BY sequence",
        )
        .map_err(error)?;
    let mut rows = ask
        .query(params![space.as_bytes(), signed(from)])
        .map_err(error)?;
    let (mut statements, mut room) = (Vec::new(), max_bytes);
    while let Some(row) = rows.next().map_err(error)? {
        let bytes: Vec<u8> = row.get(0).map_err(error)?;
        match room.checked_sub(bytes.len()) {
            None if !statements.is_empty() => break,
            left => room = left.unwrap_or(0),
        }
        statements.push(bytes);
    }
    Ok(statements)
}

/// What is stored under an id, if anything.
pub(super) fn stored(
    from: &Connection,
    space: i64,
    id: ChangeId,
) -> Result<Option<Stored>, StorageError> {
    let found: Option<(i64, Vec<u8>)> = from
        .prepare_cached("SELECT number, bytes FROM changes WHERE space = ?1 AND id = ?2")
        .and_then(|mut ask| {
            ask.query_row(params![space, id.as_bytes()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
        })
        .map_err(error)?;
    let Some((number, bytes)) = found else {
        return Ok(None);
    };
    let change = SealedChange::parse(&bytes).map_err(|_| StorageError::Corrupt)?;
    Ok(Some(Stored {
        number: LogNumber(unsigned(number)),
        author: change.header().author,
        hash: change.hash(),
    }))
}

pub(super) fn known(
    from: &Connection,
    space: SpaceId,
    ids: &[ChangeId],
) -> Result<Vec<Option<Stored>>, StorageError> {
    let row: Option<i64> = from
        .prepare_cached("SELECT row FROM spaces WHERE id = ?1")
        .and_then(|mut ask| {
            ask.query_row([space.as_bytes()], |row| row.get(0))
                .optional()
        })
        .map_err(error)?;
    ids.iter()
        .map(|id| match row {
            Some(row) => stored(from, row, *id),
            None => Ok(None),
        })
        .collect()
}

pub(super) fn pull(
    from: &Connection,
    space: SpaceId,
    after: LogNumber,
    limit: usize,
    max_bytes: usize,
) -> Result<Option<LogPage>, StorageError> {
    // One transaction, or the head could be older than the changes.
    let moment = from.unchecked_transaction().map_err(error)?;
    let found: Option<(i64, i64)> = moment
        .prepare_cached("SELECT row, number FROM spaces WHERE id = ?1")
        .and_then(|mut ask| {
            ask.query_row([space.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()
        })
        .map_err(error)?;
    let Some((row, number)) = found else {
        return Ok(None);
    };
    let mut ask = moment
        .prepare_cached(
            "SELECT number, bytes FROM changes WHERE space = ?1 AND number > ?2
             ORDER BY number LIMIT ?3",
        )
        .map_err(error)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = ask
        .query(params![row, signed(after.0), limit])
        .map_err(error)?;
    let (mut changes, mut room) = (Vec::new(), max_bytes);
    while let Some(row) = rows.next().map_err(error)? {
        let bytes: Vec<u8> = row.get(1).map_err(error)?;
        match room.checked_sub(bytes.len()) {
            None if !changes.is_empty() => break,
            left => room = left.unwrap_or(0),
        }
        changes.push((LogNumber(unsigned(row.get(0).map_err(error)?)), bytes));
    }
    Ok(Some(LogPage {
        head: LogNumber(unsigned(number)),
        changes,
    }))
}

pub(super) fn spaces_of(
    from: &Connection,
    member: MemberId,
) -> Result<Vec<SpaceHead>, StorageError> {
    let mut heads: Vec<SpaceHead> = from
        .prepare_cached(
            "SELECT id, chain_length, chain_head, number
             FROM members JOIN spaces ON spaces.row = members.space WHERE member = ?1",
        )
        .and_then(|mut ask| ask.query_map([member.as_bytes()], head_of)?.collect())
        .map_err(error)?;
    // Rows come in the order in which spaces were founded; sorting them here costs less than there.
    heads.sort_unstable_by_key(|head| head.space);
    Ok(heads)
}

pub(super) fn spaces(from: &Connection) -> Result<Vec<SpaceId>, StorageError> {
    from.prepare_cached("SELECT id FROM spaces ORDER BY id")
        .and_then(|mut ask| {
            ask.query_map([], |row| row.get(0).map(SpaceId::new))?
                .collect()
        })
        .map_err(error)
}

pub(super) fn authors(
    from: &Connection,
    space: SpaceId,
) -> Result<Vec<(MemberId, Counter, SealedHash)>, StorageError> {
    from.prepare_cached(
        "SELECT author, counter, hash FROM authors JOIN spaces ON spaces.row = authors.space
         WHERE spaces.id = ?1 ORDER BY author",
    )
    .and_then(|mut ask| {
        ask.query_map([space.as_bytes()], |row| {
            let counter = Counter(unsigned(row.get(1)?));
            Ok((
                MemberId::new(row.get(0)?),
                counter,
                SealedHash::new(row.get(2)?),
            ))
        })?
        .collect()
    })
    .map_err(error)
}

pub(super) fn usage(from: &Connection, space: SpaceId) -> Result<Option<SpaceUsage>, StorageError> {
    from.prepare_cached(
        "SELECT clinics.key, spaces.used_bytes, spaces.max_bytes
         FROM spaces JOIN clinics ON clinics.row = spaces.clinic WHERE spaces.id = ?1",
    )
    .and_then(|mut ask| {
        ask.query_row([space.as_bytes()], |row| {
            Ok(SpaceUsage {
                clinic: MemberId::new(row.get(0)?),
                bytes: unsigned(row.get(1)?),
                max_bytes: unsigned(row.get(2)?),
            })
        })
        .optional()
    })
    .map_err(error)
}
