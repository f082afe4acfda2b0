//! Questions: each sees one moment of the database.

mod blobs;
mod ending;

pub(super) use blobs::{blob, blob_totals, blobs, expired};
pub(super) use ending::{due, ended_spaces, ending, is_forgotten};

use companion_protocol::api::SpaceHead;
use companion_protocol::change::SealedChange;
use companion_protocol::id::{
    ChangeId, Counter, HistoryHash, Incarnation, LogNumber, MemberId, SpaceId, StatementHash,
};
use rusqlite::{Connection, OptionalExtension, Row, Rows, params};

use super::{error, last_under, number_in, under, unsigned};
use crate::storage::{Clinic, ClinicUsage, Life, Named, SpaceUsage, StorageError, Stored};

/// Reads a row that begins with `id, chain_length, chain_head, number, blobs_lost`.
pub(super) fn head_of(row: &Row<'_>) -> rusqlite::Result<SpaceHead> {
    Ok(SpaceHead {
        space: SpaceId::new(row.get(0)?),
        chain_length: unsigned(row.get(1)?),
        chain_head: StatementHash::new(row.get(2)?),
        number: LogNumber(unsigned(row.get(3)?)),
        blobs_lost: unsigned(row.get(4)?),
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
    from.prepare_cached(
        "SELECT id, chain_length, chain_head, number, blobs_lost FROM spaces WHERE id = ?1",
    )
    .and_then(|mut ask| ask.query_row([space.as_bytes()], head_of).optional())
    .map_err(error)
}

/// The row of a space.
fn row_of(from: &Connection, space: SpaceId) -> Result<Option<i64>, StorageError> {
    from.prepare_cached("SELECT row FROM spaces WHERE id = ?1")
        .and_then(|mut ask| {
            ask.query_row([space.as_bytes()], |row| row.get(0))
                .optional()
        })
        .map_err(error)
}

/// Takes rows that begin with a row's number and bytes while they fit: at least one, then as many as there
/// is room for.
fn each_that_fits(
    rows: &mut Rows<'_>,
    max_bytes: usize,
    mut take: impl FnMut(i64, &[u8]),
) -> Result<(), StorageError> {
    let (mut is_first, mut room) = (true, max_bytes);
    while let Some(row) = rows.next().map_err(error)? {
        let bytes = row
            .get_ref(1)
            .and_then(|value| Ok(value.as_blob()?))
            .map_err(error)?;
        match room.checked_sub(bytes.len()) {
            None if !is_first => break,
            left => room = left.unwrap_or(0),
        }
        take(row.get(0).map_err(error)?, bytes);
        is_first = false;
    }
    Ok(())
}

pub(super) fn chain(
    connection: &Connection,
    space: SpaceId,
    from: u64,
    max_bytes: usize,
) -> Result<Vec<Vec<u8>>, StorageError> {
    let moment = connection.unchecked_transaction().map_err(error)?;
    let Some(space) = row_of(&moment, space)? else {
        return Ok(Vec::new());
    };
    let mut ask = moment
        .prepare_cached(
            "SELECT row, bytes FROM statements WHERE row BETWEEN ?1 AND ?2 ORDER BY row",
        )
        .map_err(error)?;
    let mut rows = ask
        .query([under(space, from), last_under(space)])
        .map_err(error)?;
    let mut page = Vec::new();
    each_that_fits(&mut rows, max_bytes, |_, bytes| page.push(bytes.to_vec()))?;
    Ok(page)
}

/// The change of this number.
pub(super) fn change(
    from: &Connection,
    space: i64,
    number: u64,
) -> Result<SealedChange, StorageError> {
    let bytes: Vec<u8> = from
        .prepare_cached("SELECT bytes FROM changes WHERE row = ?1")
        .and_then(|mut ask| ask.query_row([under(space, number)], |row| row.get(0)))
        .map_err(error)?;
    SealedChange::parse(&bytes).map_err(|_| StorageError::Corrupt)
}

/// Where a change stands that is stored.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) number: u64,
    /// Asked for by its count: whether its body is gone.
    pub(super) bare: bool,
}

/// An author's change by one of its names: the bytes of its id, or of its count.
fn place(
    from: &Connection,
    space: i64,
    author: u16,
    name: &[u8],
) -> Result<Option<Place>, StorageError> {
    from.prepare_cached(
        "SELECT number, bare FROM names WHERE space = ?1 AND author = ?2 AND name = ?3",
    )
    .and_then(|mut ask| {
        ask.query_row(params![space, author, name], |row| {
            Ok(Place {
                number: unsigned(row.get(0)?),
                bare: row.get(1)?,
            })
        })
        .optional()
    })
    .map_err(error)
}

/// An author's change by its count.
pub(super) fn counted(
    from: &Connection,
    space: i64,
    author: u16,
    counter: Counter,
) -> Result<Option<Place>, StorageError> {
    place(from, space, author, &counter.0.to_be_bytes())
}

/// What is stored under an author's id, if anything.
pub(super) fn stored(
    from: &Connection,
    space: i64,
    author: u16,
    id: ChangeId,
) -> Result<Option<Stored>, StorageError> {
    let Some(Place { number, .. }) = place(from, space, author, id.as_bytes())? else {
        return Ok(None);
    };
    Ok(Some(Stored {
        number: LogNumber(number),
        hash: change(from, space, number)?.hash(),
    }))
}

pub(super) fn known(
    from: &Connection,
    space: SpaceId,
    names: &[(u16, ChangeId)],
) -> Result<Vec<Option<Stored>>, StorageError> {
    // One transaction: each begins by reading again what others wrote meanwhile.
    let from = &from.unchecked_transaction().map_err(error)?;
    let row = row_of(from, space)?;
    names
        .iter()
        .map(|(author, id)| match row {
            Some(row) => stored(from, row, *author, *id),
            None => Ok(None),
        })
        .collect()
}

pub(super) fn pull_each(
    from: &Connection,
    space: SpaceId,
    after: LogNumber,
    limit: usize,
    max_bytes: usize,
    take: &mut dyn FnMut(LogNumber, &[u8]),
) -> Result<Option<LogNumber>, StorageError> {
    // One transaction, or the head could be older than the changes.
    let moment = from.unchecked_transaction().map_err(error)?;
    let found: Option<(i64, i64)> = moment
        .prepare_cached("SELECT row, number FROM spaces WHERE id = ?1")
        .and_then(|mut ask| {
            ask.query_row([space.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()
        })
        .map_err(error)?;
    let Some((space, number)) = found else {
        return Ok(None);
    };
    let mut ask = moment
        .prepare_cached(
            "SELECT row, bytes FROM changes WHERE row > ?1 AND row <= ?2 ORDER BY row LIMIT ?3",
        )
        .map_err(error)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = ask
        .query([under(space, after.0), last_under(space), limit])
        .map_err(error)?;
    each_that_fits(&mut rows, max_bytes, |row, bytes| {
        take(LogNumber(number_in(row)), bytes);
    })?;
    Ok(Some(LogNumber(unsigned(number))))
}

pub(super) fn is_clinic(from: &Connection, key: MemberId) -> Result<bool, StorageError> {
    from.prepare_cached("SELECT EXISTS (SELECT 1 FROM clinics WHERE key = ?1)")
        .and_then(|mut ask| ask.query_row([key.as_bytes()], |row| row.get(0)))
        .map_err(error)
}

pub(super) fn is_vouched(from: &Connection, space: SpaceId) -> Result<bool, StorageError> {
    from.prepare_cached("SELECT vouched FROM spaces WHERE id = ?1")
        .and_then(|mut ask| {
            ask.query_row([space.as_bytes()], |row| row.get(0))
                .optional()
        })
        .map(|found| found.unwrap_or(true))
        .map_err(error)
}

pub(super) fn spaces_of(
    from: &Connection,
    member: MemberId,
) -> Result<Vec<SpaceHead>, StorageError> {
    let mut heads: Vec<SpaceHead> = from
        .prepare_cached(
            "SELECT id, chain_length, chain_head, number, blobs_lost
             FROM members JOIN spaces ON spaces.row = members.space WHERE member = ?1",
        )
        .and_then(|mut ask| ask.query_map([member.as_bytes()], head_of)?.collect())
        .map_err(error)?;
    // Rows come in no order; sorting them here costs less than there.
    heads.sort_unstable_by_key(|head| head.space);
    Ok(heads)
}

pub(super) fn spaces(from: &Connection) -> Result<Vec<SpaceId>, StorageError> {
    from.prepare_cached("SELECT id FROM spaces WHERE forget_on >= 0 ORDER BY id")
        .and_then(|mut ask| {
            ask.query_map([], |row| row.get(0).map(SpaceId::new))?
                .collect()
        })
        .map_err(error)
}

pub(super) fn authors(from: &Connection, space: SpaceId) -> Result<Vec<Named>, StorageError> {
    from.prepare_cached(
        "SELECT author, counter, history FROM authors JOIN spaces ON spaces.row = authors.space
         WHERE spaces.id = ?1 ORDER BY author",
    )
    .and_then(|mut ask| {
        ask.query_map([space.as_bytes()], |row| {
            Ok(Named {
                author: row.get(0)?,
                counter: Counter(unsigned(row.get(1)?)),
                hash: HistoryHash::new(row.get(2)?),
            })
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
