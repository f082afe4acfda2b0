//! What is noted of blobs. Their bytes are on the disk by then.

use companion_protocol::api::{BlobState, MAX_BLOBS};
use companion_protocol::id::{BlobId, MemberId, SpaceId};
use rusqlite::{Connection, OptionalExtension, params};

use super::super::writer::Verdict;
use super::super::{error, signed};
use super::{Done, Space, charge, execute, space};
use crate::storage::{Day, StorageError};

/// A blob as it stands on the disk.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Note {
    pub(in super::super) space: SpaceId,
    pub(in super::super) state: BlobState,
    pub(in super::super) giver: MemberId,
    /// When it grew; `None` where it did not.
    pub(in super::super) day: Option<Day>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Noted {
    Done,
    QuotaExceeded,
    NoSuchSpace,
}

/// Notes how much of a blob is there. One that is new is charged, if there is room for the whole.
pub(in super::super) fn note_blob(to: &Connection, note: &Note) -> Done<Noted> {
    let Some(space) = space(to, note.space)? else {
        return Ok(Verdict::Undo(Noted::NoSuchSpace));
    };
    let state = note.state;
    let grew_on = match state.is_whole() {
        true => Some(0),
        false => note.day.map(|day| day.0),
    };
    let size = signed(state.size);
    let known = execute(
        to,
        "UPDATE blobs SET received = ?3, grew_on = coalesce(?4, grew_on)
         WHERE space = ?1 AND blob = ?2 AND size = ?5",
        params![
            space.row,
            state.blob.as_bytes(),
            signed(state.received),
            grew_on,
            size
        ],
    )?;
    if known == 1 {
        return Ok(Verdict::Keep(Noted::Done));
    }
    if !has_room(to, &space, state.size)? {
        return Ok(Verdict::Undo(Noted::QuotaExceeded));
    }
    execute(
        to,
        "INSERT INTO blobs (space, blob, size, received, giver, grew_on)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            space.row,
            state.blob.as_bytes(),
            size,
            signed(state.received),
            note.giver.as_bytes(),
            grew_on.unwrap_or(0)
        ],
    )?;
    charge(to, &space, space.head.number, size)?;
    Ok(Verdict::Keep(Noted::Done))
}

/// Whether one more blob of this size fits into a space.
fn has_room(to: &Connection, space: &Space, size: u64) -> Result<bool, StorageError> {
    let held: i64 = to
        .prepare_cached("SELECT count(*) FROM blobs WHERE space = ?1")
        .and_then(|mut ask| ask.query_row([space.row], |row| row.get(0)))
        .map_err(error)?;
    let fewer = usize::try_from(held).is_ok_and(|held| held < MAX_BLOBS);
    Ok(fewer && signed(size) <= space.room)
}

/// Whether a first part is worth writing: there is such a space, and it has room.
pub(in super::super) fn may_begin(
    from: &Connection,
    id: SpaceId,
    size: u64,
) -> Result<Noted, StorageError> {
    match space(from, id)? {
        None => Ok(Noted::NoSuchSpace),
        Some(space) if has_room(from, &space, size)? => Ok(Noted::Done),
        Some(_) => Ok(Noted::QuotaExceeded),
    }
}

/// Forgets a blob and gives its room back; says whether it did. Where a day is given, only one that is not
/// whole and did not grow after that day.
pub(in super::super) fn forget_blob(
    to: &Connection,
    id: SpaceId,
    blob: BlobId,
    unless_grown_since: Option<Day>,
) -> Done<bool> {
    let Some(space) = space(to, id)? else {
        return Ok(Verdict::Undo(false));
    };
    let size: Option<i64> = to
        .prepare_cached(
            "DELETE FROM blobs WHERE space = ?1 AND blob = ?2
                 AND (?3 IS NULL OR (received < size AND grew_on <= ?3)) RETURNING size",
        )
        .and_then(|mut run| {
            let day = unless_grown_since.map(|day| day.0);
            run.query_row(params![space.row, blob.as_bytes(), day], |row| row.get(0))
                .optional()
        })
        .map_err(error)?;
    let Some(size) = size else {
        return Ok(Verdict::Undo(false));
    };
    charge(to, &space, space.head.number, size.saturating_neg())?;
    Ok(Verdict::Keep(true))
}

/// Forgets a blob whose bytes are damaged or gone, and counts it; says whether it did.
pub(in super::super) fn lose_blob(to: &Connection, id: SpaceId, blob: BlobId) -> Done<bool> {
    let forgotten = forget_blob(to, id, blob, None)?;
    if matches!(forgotten, Verdict::Keep(true)) {
        execute(
            to,
            "UPDATE spaces SET blobs_lost = blobs_lost + 1 WHERE id = ?1",
            [id.as_bytes()],
        )?;
    }
    Ok(forgotten)
}
