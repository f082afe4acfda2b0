//! The verbs that write. Each runs inside a savepoint of the writing thread: what it returns says
//! whether its writes stay.

mod blobs;
mod drops;
mod forgetting;
mod log;
mod rewind;

pub(super) use blobs::{Note, Noted, forget_blob, lose_blob, may_begin, note_blob};
pub(super) use forgetting::{forget_space, sweep_forgotten};
pub(super) use log::append;
pub(super) use rewind::rewind;

use companion_protocol::api::SpaceHead;
use companion_protocol::id::{Counter, LogNumber, MemberId, SpaceId, StatementHash};
use rusqlite::{Connection, OptionalExtension, params};

use super::writer::Verdict;
use super::{LAST_NUMBER, error, reads, signed, under};
use crate::random;
use crate::storage::{
    Clinic, Extended, Extension, Founded, Founding, Life, Named, NewStatement, Room, StorageError,
};

type Done<T> = Result<Verdict<T>, StorageError>;

fn execute(
    to: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
) -> Result<usize, StorageError> {
    to.prepare_cached(sql)
        .and_then(|mut run| run.execute(values))
        .map_err(error)
}

/// A space as the writing verbs need it.
struct Space {
    row: i64,
    clinic: i64,
    head: SpaceHead,
    /// Bytes that still fit.
    room: i64,
}

fn space(to: &Connection, id: SpaceId) -> Result<Option<Space>, StorageError> {
    to.prepare_cached(
        "SELECT id, chain_length, chain_head, number, blobs_lost, spaces.row, clinic,
                min(clinics.max_bytes - clinics.used_bytes,
                    CASE spaces.max_bytes WHEN 0 THEN clinics.max_bytes
                    ELSE spaces.max_bytes - spaces.used_bytes END)
         FROM spaces JOIN clinics ON clinics.row = spaces.clinic WHERE id = ?1",
    )
    .and_then(|mut ask| {
        ask.query_row([id.as_bytes()], |row| {
            Ok(Space {
                head: reads::head_of(row)?,
                row: row.get(5)?,
                clinic: row.get(6)?,
                room: row.get(7)?,
            })
        })
        .optional()
    })
    .map_err(error)
}

/// Counts bytes against the space, whose log then ends at `number`, and against the clinic that it is
/// charged to.
fn charge(
    to: &Connection,
    space: &Space,
    number: LogNumber,
    bytes: i64,
) -> Result<(), StorageError> {
    execute(
        to,
        "UPDATE clinics SET used_bytes = used_bytes + ?2 WHERE row = ?1",
        params![space.clinic, bytes],
    )?;
    execute(
        to,
        "UPDATE spaces SET number = ?2, used_bytes = used_bytes + ?3 WHERE row = ?1",
        params![space.row, signed(number.0), bytes],
    )?;
    Ok(())
}

fn length(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).unwrap_or(i64::MAX)
}

pub(super) fn probe(to: &Connection) -> Done<()> {
    execute(
        to,
        "UPDATE life SET incarnation = incarnation WHERE only = 1",
        [],
    )?;
    Ok(Verdict::Undo(()))
}

/// A life that a restore began knows of no space whether its chain is the newest.
pub(super) fn begin_life(to: &Connection, life: Life) -> Done<()> {
    set_life(to, life)?;
    if life.restored_at_ms.is_some() {
        execute(to, "UPDATE spaces SET vouched = 0", [])?;
    }
    Ok(Verdict::Keep(()))
}

fn set_life(to: &Connection, life: Life) -> Result<(), StorageError> {
    execute(
        to,
        "UPDATE life SET incarnation = ?1, restored_at_ms = ?2 WHERE only = 1",
        params![life.incarnation.as_bytes(), life.restored_at_ms],
    )?;
    Ok(())
}

pub(super) fn register_clinic(to: &Connection, clinic: &Clinic) -> Done<()> {
    execute(
        to,
        "INSERT INTO clinics (key, label, max_spaces, max_bytes) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (key) DO UPDATE SET label = excluded.label,
             max_spaces = excluded.max_spaces, max_bytes = excluded.max_bytes",
        params![
            clinic.key.as_bytes(),
            clinic.label,
            signed(clinic.max_spaces),
            signed(clinic.max_bytes)
        ],
    )?;
    Ok(Verdict::Keep(()))
}

pub(super) fn create_space(to: &Connection, new: &Founding) -> Done<Founded> {
    if let Some(there) = space(to, new.space)? {
        return Ok(Verdict::Undo(Founded::AlreadyThere(there.head)));
    }
    if reads::is_forgotten(to, new.space)? {
        return Ok(Verdict::Undo(Founded::Forgotten));
    }
    let clinic: Option<(i64, bool)> = to
        .prepare_cached(
            "SELECT row, used_spaces < max_spaces AND used_bytes + ?2 <= max_bytes
             FROM clinics WHERE key = ?1",
        )
        .and_then(|mut ask| {
            ask.query_row(
                params![new.issuer.as_bytes(), length(&new.statement)],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
        })
        .map_err(error)?;
    let Some((clinic, fits)) = clinic else {
        return Ok(Verdict::Undo(Founded::UnknownIssuer));
    };
    let used: bool = to
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM grants WHERE clinic = ?1 AND serial = ?2)")
        .and_then(|mut ask| ask.query_row(params![clinic, new.serial.as_bytes()], |row| row.get(0)))
        .map_err(error)?;
    if used {
        return Ok(Verdict::Undo(Founded::GrantUsed));
    }
    if !fits {
        return Ok(Verdict::Undo(Founded::QuotaExceeded));
    }
    let row = free_row(to)?;
    execute(
        to,
        "INSERT INTO spaces (row, id, clinic, max_bytes, chain_head, vouched)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            row,
            new.space.as_bytes(),
            clinic,
            signed(new.max_bytes),
            new.hash.as_bytes(),
            new.vouched
        ],
    )?;
    execute(
        to,
        "INSERT INTO grants (clinic, serial, space) VALUES (?1, ?2, ?3)",
        params![clinic, new.serial.as_bytes(), row],
    )?;
    execute(
        to,
        "UPDATE clinics SET used_spaces = used_spaces + 1 WHERE row = ?1",
        [clinic],
    )?;
    let made = Space {
        row,
        clinic,
        head: SpaceHead {
            space: new.space,
            chain_length: 0,
            chain_head: new.hash,
            number: LogNumber(0),
            blobs_lost: 0,
        },
        room: 0,
    };
    let first = NewStatement {
        bytes: new.statement.clone(),
        hash: new.hash,
    };
    let head = add_statements(to, &made, &[first])?;
    list(to, &made, new.founder)?;
    Ok(Verdict::Keep(Founded::Created(head)))
}

/// A row for a space that says nothing of when it was founded.
fn free_row(to: &Connection) -> Result<i64, StorageError> {
    loop {
        let drawn = u32::from_be_bytes(random::bytes()?) >> 9;
        let taken: bool = to
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM spaces WHERE row = ?1)")
            .and_then(|mut ask| ask.query_row([drawn], |row| row.get(0)))
            .map_err(error)?;
        if drawn > 0 && !taken {
            return Ok(i64::from(drawn));
        }
    }
}

/// Adds statements at the end and charges them; gives the head that the space has then.
fn add_statements(
    to: &Connection,
    space: &Space,
    statements: &[NewStatement],
) -> Result<SpaceHead, StorageError> {
    let mut head = space.head;
    let mut bytes = 0_i64;
    for statement in statements {
        execute(
            to,
            "INSERT INTO statements (row, bytes) VALUES (?1, ?2)",
            params![under(space.row, head.chain_length), statement.bytes],
        )?;
        bytes = bytes.saturating_add(length(&statement.bytes));
        head.chain_length = head.chain_length.saturating_add(1);
        head.chain_head = statement.hash;
    }
    execute(
        to,
        "UPDATE spaces SET chain_length = ?2, chain_head = ?3 WHERE row = ?1",
        params![
            space.row,
            signed(head.chain_length),
            head.chain_head.as_bytes()
        ],
    )?;
    charge(to, space, head.number, bytes)?;
    Ok(head)
}

/// Lists a space under somebody who is present or pending there.
fn list(to: &Connection, space: &Space, member: MemberId) -> Result<(), StorageError> {
    execute(
        to,
        "INSERT INTO members (member, space) VALUES (?1, ?2)",
        params![member.as_bytes(), space.row],
    )?;
    Ok(())
}

/// Whether the change that somebody names is stored, and is that very one.
fn is_stored(to: &Connection, space: i64, named: &Named) -> Result<bool, StorageError> {
    match reads::counted(to, space, named.author, named.counter)? {
        Some(place) => Ok(reads::change(to, space, place.number)?.history() == named.hash),
        None => Ok(false),
    }
}

/// Whether a change is stored that may be its author's last; a count of 0 where nothing of it is.
fn may_be_last(to: &Connection, space: i64, named: &Named) -> Result<bool, StorageError> {
    if named.counter == Counter(0) {
        return Ok(log::own_history(to, space, named.author)?.counter == Counter(0));
    }
    is_stored(to, space, named)
}

pub(super) fn extend_chain(to: &Connection, new: &Extension) -> Done<Extended> {
    let Some(space) = space(to, new.space)? else {
        return Ok(Verdict::Undo(Extended::NoSuchSpace));
    };
    if space.head.chain_head != new.previous {
        return Ok(Verdict::Undo(Extended::Moved(space.head)));
    }
    for named in &new.last {
        if !may_be_last(to, space.row, named)? {
            return Ok(Verdict::Undo(Extended::UnknownChange(*named)));
        }
    }
    let needed = new
        .statements
        .iter()
        .map(|statement| length(&statement.bytes))
        .fold(0, i64::saturating_add);
    let fits = new.room == Room::NotNeeded || needed <= space.room;
    let length = space.head.chain_length;
    let longer = length.saturating_add(u64::try_from(new.statements.len()).unwrap_or(u64::MAX));
    if !fits || signed(longer) >= LAST_NUMBER {
        return Ok(Verdict::Undo(Extended::QuotaExceeded));
    }
    let head = add_statements(to, &space, &new.statements)?;
    for member in &new.comes {
        list(to, &space, *member)?;
    }
    for member in &new.goes {
        execute(
            to,
            "DELETE FROM members WHERE member = ?1 AND space = ?2",
            params![member.as_bytes(), space.row],
        )?;
    }
    if let Some(ending) = new.ends {
        execute(
            to,
            "UPDATE spaces SET ended_on = ?2, forget_on = ?3 WHERE row = ?1",
            // No day at all is the first one: 0 says that the space goes on.
            params![space.row, ending.on.0, ending.forget_on.0.max(1)],
        )?;
    }
    Ok(Verdict::Keep(Extended::Done(head)))
}

pub(super) fn vouch(to: &Connection, space: SpaceId, chain_head: StatementHash) -> Done<bool> {
    let stands = execute(
        to,
        "UPDATE spaces SET vouched = 1 WHERE id = ?1 AND chain_head = ?2",
        params![space.as_bytes(), chain_head.as_bytes()],
    )?;
    Ok(Verdict::Keep(stands == 1))
}
