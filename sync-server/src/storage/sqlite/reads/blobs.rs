//! Questions about blobs.

use companion_protocol::api::BlobState;
use companion_protocol::id::{BlobId, MemberId, SpaceId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::{error, unsigned};
use crate::storage::{BlobTotals, Day, HeldBlob, StorageError};

/// Reads a row that begins with `blob, size, received, giver`.
fn held(row: &Row<'_>) -> rusqlite::Result<HeldBlob> {
    Ok(HeldBlob {
        state: BlobState {
            blob: BlobId::new(row.get(0)?),
            size: unsigned(row.get(1)?),
            received: unsigned(row.get(2)?),
        },
        giver: MemberId::new(row.get(3)?),
    })
}

pub(in super::super) fn blob(
    from: &Connection,
    space: SpaceId,
    blob: BlobId,
) -> Result<Option<HeldBlob>, StorageError> {
    from.prepare_cached(
        "SELECT blob, size, received, giver FROM blobs JOIN spaces ON spaces.row = blobs.space
         WHERE spaces.id = ?1 AND blob = ?2",
    )
    .and_then(|mut ask| {
        ask.query_row(params![space.as_bytes(), blob.as_bytes()], held)
            .optional()
    })
    .map_err(error)
}

pub(in super::super) fn blobs(
    from: &Connection,
    space: SpaceId,
) -> Result<Vec<HeldBlob>, StorageError> {
    from.prepare_cached(
        "SELECT blob, size, received, giver FROM blobs JOIN spaces ON spaces.row = blobs.space
         WHERE spaces.id = ?1 ORDER BY blob",
    )
    .and_then(|mut ask| ask.query_map([space.as_bytes()], held)?.collect())
    .map_err(error)
}

/// Blobs that are not whole and last grew on this day or before.
pub(in super::super) fn expired(
    from: &Connection,
    last: Day,
) -> Result<Vec<(SpaceId, BlobId)>, StorageError> {
    from.prepare_cached(
        "SELECT spaces.id, blob FROM blobs JOIN spaces ON spaces.row = blobs.space
         WHERE received < size AND grew_on <= ?1",
    )
    .and_then(|mut ask| {
        ask.query_map([last.0], |row| {
            Ok((SpaceId::new(row.get(0)?), BlobId::new(row.get(1)?)))
        })?
        .collect()
    })
    .map_err(error)
}

pub(in super::super) fn blob_totals(from: &Connection) -> Result<BlobTotals, StorageError> {
    from.prepare_cached(
        "SELECT count(*) FILTER (WHERE received = size), count(*) FILTER (WHERE received < size),
                coalesce(sum(received), 0) FROM blobs",
    )
    .and_then(|mut ask| {
        ask.query_row([], |row| {
            Ok(BlobTotals {
                whole: unsigned(row.get(0)?),
                arriving: unsigned(row.get(1)?),
                bytes: unsigned(row.get(2)?),
            })
        })
    })
    .map_err(error)
}
