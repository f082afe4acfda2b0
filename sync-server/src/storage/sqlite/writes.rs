//! The verbs that write. Each runs inside a savepoint of the writing thread: what it returns says
//! whether its writes stay.

use std::collections::BTreeMap;

use companion_protocol::api::{PushResult, PushStatus, SpaceHead};
use companion_protocol::id::{Counter, LogNumber, MemberId, SealedHash, SpaceId};
use rusqlite::{Connection, OptionalExtension, params};

use super::writer::Verdict;
use super::{error, reads, signed, unsigned};
use crate::storage::{
    Admission, Append, AppendRefusal, Appended, Clinic, Extended, Extension, Founded, Founding,
    GRACE, Life, Room, StorageError,
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
    /// Bytes of removals that were taken beyond the quota.
    grace_used: i64,
}

fn space(to: &Connection, id: SpaceId) -> Result<Option<Space>, StorageError> {
    to.prepare_cached(
        "SELECT id, chain_length, chain_head, number, spaces.row, clinic,
                min(clinics.max_bytes - clinics.used_bytes,
                    CASE spaces.max_bytes WHEN 0 THEN clinics.max_bytes
                    ELSE spaces.max_bytes - spaces.used_bytes END), grace_used
         FROM spaces JOIN clinics ON clinics.row = spaces.clinic WHERE id = ?1",
    )
    .and_then(|mut ask| {
        ask.query_row([id.as_bytes()], |row| {
            Ok(Space {
                head: reads::head_of(row)?,
                row: row.get(4)?,
                clinic: row.get(5)?,
                room: row.get(6)?,
                grace_used: row.get(7)?,
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

pub(super) fn begin_life(to: &Connection, life: Life) -> Done<()> {
    execute(
        to,
        "UPDATE life SET incarnation = ?1, restored_at_ms = ?2 WHERE only = 1",
        params![life.incarnation.as_bytes(), life.restored_at_ms],
    )?;
    Ok(Verdict::Keep(()))
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
    execute(
        to,
        "INSERT INTO spaces (id, clinic, max_bytes, chain_length, chain_head, created_at_ms)
         VALUES (?1, ?2, ?3, 1, ?4, ?5)",
        params![
            new.space.as_bytes(),
            clinic,
            signed(new.max_bytes),
            new.hash.as_bytes(),
            new.at_ms
        ],
    )?;
    let row = to.last_insert_rowid();
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
    let head = SpaceHead {
        space: new.space,
        chain_length: 1,
        chain_head: new.hash,
        number: LogNumber(0),
    };
    let made = Space {
        row,
        clinic,
        head,
        room: 0,
        grace_used: 0,
    };
    add_statement(to, &made, 0, &new.statement)?;
    add_member(to, &made, new.founder)?;
    Ok(Verdict::Keep(Founded::Created(head)))
}

fn add_statement(
    to: &Connection,
    space: &Space,
    sequence: u64,
    bytes: &[u8],
) -> Result<(), StorageError> {
    execute(
        to,
        "INSERT INTO statements (space, sequence, bytes) VALUES (?1, ?2, ?3)",
        params![space.row, signed(sequence), bytes],
    )?;
    charge(to, space, space.head.number, length(bytes))
}

fn add_member(to: &Connection, space: &Space, member: MemberId) -> Result<(), StorageError> {
    execute(
        to,
        "INSERT INTO members (member, space) VALUES (?1, ?2)",
        params![member.as_bytes(), space.row],
    )?;
    Ok(())
}

pub(super) fn extend_chain(to: &Connection, new: &Extension) -> Done<Extended> {
    let Some(space) = space(to, new.space)? else {
        return Ok(Verdict::Undo(Extended::NoSuchSpace));
    };
    if space.head.chain_head != new.previous {
        return Ok(Verdict::Undo(Extended::Moved(space.head)));
    }
    let beyond = length(&new.statement)
        .saturating_sub(space.room.max(0))
        .max(0);
    let grace = match new.room {
        Room::Needed => 0,
        Room::Grace => signed(GRACE).saturating_sub(space.grace_used),
    };
    if beyond > grace {
        return Ok(Verdict::Undo(Extended::QuotaExceeded));
    }
    add_statement(to, &space, space.head.chain_length, &new.statement)?;
    for member in &new.joined {
        add_member(to, &space, *member)?;
    }
    for member in &new.removed {
        execute(
            to,
            "DELETE FROM members WHERE member = ?1 AND space = ?2",
            params![member.as_bytes(), space.row],
        )?;
    }
    let head = SpaceHead {
        chain_length: space.head.chain_length.saturating_add(1),
        chain_head: new.hash,
        ..space.head
    };
    execute(
        to,
        "UPDATE spaces SET chain_length = ?2, chain_head = ?3, grace_used = grace_used + ?4
         WHERE row = ?1",
        params![
            space.row,
            signed(head.chain_length),
            head.chain_head.as_bytes(),
            beyond
        ],
    )?;
    Ok(Verdict::Keep(Extended::Done(head)))
}

/// Where an author's own history stands.
#[derive(Clone, Copy)]
struct Own {
    counter: Counter,
    hash: SealedHash,
}

fn own_history(to: &Connection, space: i64, author: MemberId) -> Result<Own, StorageError> {
    let found: Option<(i64, [u8; 32])> = to
        .prepare_cached("SELECT counter, hash FROM authors WHERE space = ?1 AND author = ?2")
        .and_then(|mut ask| {
            ask.query_row(params![space, author.as_bytes()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
        })
        .map_err(error)?;
    let (counter, hash) = found.unwrap_or((0, [0; 32]));
    Ok(Own {
        counter: Counter(unsigned(counter)),
        hash: SealedHash::new(hash),
    })
}

pub(super) fn append(to: &Connection, new: &Append) -> Done<Appended> {
    let Some(space) = space(to, new.space)? else {
        return Ok(Verdict::Undo(Appended::NoSuchSpace));
    };
    if space.head.chain_head != new.chain_head {
        return Ok(Verdict::Undo(Appended::ChainMoved));
    }
    let mut authors: BTreeMap<MemberId, Own> = BTreeMap::new();
    let mut results = Vec::with_capacity(new.changes.len());
    let (mut number, mut bytes) = (space.head.number, 0_i64);
    for (index, change) in new.changes.iter().enumerate() {
        let refused = |why| Ok(Verdict::Undo(Appended::Refused { index, why }));
        if let Some(before) = reads::stored(to, space.row, change.id)? {
            if before.author != change.author {
                return refused(AppendRefusal::IdTaken);
            }
            results.push(PushResult {
                id: change.id,
                number: before.number,
                hash: before.hash,
                status: PushStatus::Known,
            });
            continue;
        }
        if change.admission == Admission::OnlyIfKnown {
            return refused(AppendRefusal::NotKnown);
        }
        let own = match authors.get(&change.author) {
            Some(own) => *own,
            None => own_history(to, space.row, change.author)?,
        };
        if change.counter != own.counter.next() {
            return refused(AppendRefusal::Counter {
                expected: own.counter.next(),
            });
        }
        if change.previous_own != own.hash {
            return refused(AppendRefusal::OwnHistory { expected: own.hash });
        }
        bytes = bytes.saturating_add(length(&change.bytes));
        if bytes > space.room {
            return refused(AppendRefusal::QuotaExceeded);
        }
        number = number.next();
        execute(
            to,
            "INSERT INTO changes (space, number, id, bytes) VALUES (?1, ?2, ?3, ?4)",
            params![
                space.row,
                signed(number.0),
                change.id.as_bytes(),
                change.bytes
            ],
        )?;
        authors.insert(
            change.author,
            Own {
                counter: change.counter,
                hash: change.hash,
            },
        );
        let (id, hash) = (change.id, change.hash);
        results.push(PushResult {
            id,
            number,
            hash,
            status: PushStatus::Stored,
        });
    }
    for (author, own) in &authors {
        execute(
            to,
            "INSERT INTO authors (space, author, counter, hash) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (space, author) DO UPDATE SET counter = excluded.counter,
                 hash = excluded.hash",
            params![
                space.row,
                author.as_bytes(),
                signed(own.counter.0),
                own.hash.as_bytes()
            ],
        )?;
    }
    let head = SpaceHead {
        number,
        ..space.head
    };
    if number == space.head.number {
        return Ok(Verdict::Undo(Appended::Done { head, results }));
    }
    charge(to, &space, number, bytes)?;
    Ok(Verdict::Keep(Appended::Done { head, results }))
}
