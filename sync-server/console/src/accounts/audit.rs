//! The audit record: who did what, about which patient, when. Append-only, each line carrying the
//! hash of everything before it, so that a line taken out or changed shows.

mod action;

use companion_core::ports::Moment;
use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

pub use action::Action;

use super::AccountsError;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// From 1, without gaps.
    pub number: i64,
    /// When.
    pub at: Moment,
    /// Who.
    pub actor: String,
    /// What.
    pub action: String,
    /// Whose record, by id; empty when nobody's.
    pub patient: String,
    /// Of a change of people and roles: whom or what it changed, from what to what. Of a form that was interrupted: its
    /// address. Of a record that was taken out: the file, and the sections in it. Else empty.
    pub detail: String,
}

/// All lines.
#[derive(Clone, Debug)]
pub struct Record {
    /// Newest first.
    pub lines: Vec<AuditLine>,
    /// Whether each line's hash fits everything before it.
    pub unbroken: bool,
}

pub(super) fn append(
    store: &Connection,
    now_ms: i64,
    actor: &str,
    action: Action,
    patient: Option<&str>,
) -> Result<(), AccountsError> {
    append_with(
        store,
        now_ms,
        actor,
        action,
        patient.unwrap_or_default(),
        "",
    )
}

/// The same, with whom else it is about.
pub(super) fn append_about(
    store: &Connection,
    now_ms: i64,
    actor: &str,
    action: Action,
    (patient, detail): (&str, &str),
) -> Result<(), AccountsError> {
    append_with(store, now_ms, actor, action, patient, detail)
}

/// The same of people and roles, with what was changed.
pub(super) fn append_change(
    store: &Connection,
    now_ms: i64,
    actor: &str,
    action: Action,
    detail: &str,
) -> Result<(), AccountsError> {
    append_with(store, now_ms, actor, action, "", detail)
}

/// That somebody sent a form which was begun and not finished, and to which address, when the program was stopped.
pub(super) fn append_interrupted(
    store: &Connection,
    now_ms: i64,
    actor: &str,
    address: &str,
) -> Result<(), AccountsError> {
    let mut parts = address.split('/').skip_while(|part| *part != "patients");
    let patient = parts.nth(1).unwrap_or_default();
    let action = Action::WasInterrupted;
    append_with(store, now_ms, actor, action, patient, address)
}

fn append_with(
    store: &Connection,
    now_ms: i64,
    actor: &str,
    action: Action,
    patient: &str,
    detail: &str,
) -> Result<(), AccountsError> {
    let last: Option<(i64, [u8; 32])> = store
        .query_row(
            "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let (number, previous) = last.map_or((1, [0; 32]), |(number, hash)| (number + 1, hash));
    let line = AuditLine {
        number,
        at: Moment::utc(now_ms),
        actor: actor.to_owned(),
        action: action.as_str().to_owned(),
        patient: patient.to_owned(),
        detail: detail.to_owned(),
    };
    store.execute(
        "INSERT INTO audit (number, at_ms, actor, action, patient, detail, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            line.number,
            now_ms,
            line.actor,
            line.action,
            line.patient,
            line.detail,
            chained(&previous, &line)
        ],
    )?;
    Ok(())
}

fn chained(previous: &[u8; 32], line: &AuditLine) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(line.number.to_be_bytes());
    hash.update(line.at.unix_ms.to_be_bytes());
    // Lines of a file from before there were details are hashed without one.
    let detail = Some(&line.detail).filter(|detail| !detail.is_empty());
    for text in [&line.actor, &line.action, &line.patient]
        .into_iter()
        .chain(detail)
    {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}

pub(super) fn read(store: &Connection) -> Result<Record, AccountsError> {
    let mut statement = store.prepare(
        "SELECT number, at_ms, actor, action, patient, detail, hash FROM audit ORDER BY number",
    )?;
    let mut rows = statement.query([])?;
    let mut lines = Vec::new();
    let mut unbroken = true;
    let mut previous = [0; 32];
    while let Some(row) = rows.next()? {
        let line = AuditLine {
            number: row.get(0)?,
            at: Moment::utc(row.get(1)?),
            actor: row.get(2)?,
            action: row.get(3)?,
            patient: row.get(4)?,
            detail: row.get(5)?,
        };
        let hash: [u8; 32] = row.get(6)?;
        let follows = lines.len() as i64 + 1 == line.number;
        unbroken &= follows && chained(&previous, &line) == hash;
        previous = hash;
        lines.push(line);
    }
    lines.reverse();
    Ok(Record { lines, unbroken })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn a_line_rewritten_with_a_hash_of_its_own_breaks_the_lines_after_it() {
        let mut store = Connection::open_in_memory().unwrap();
        super::super::schema::migrate(&mut store, 0).unwrap();
        for (at, actor) in [(1, "Mira"), (2, "Noor"), (3, "Mira")] {
            append(&store, at, actor, Action::OpenedEntry, Some("0b")).unwrap();
        }
        let record = read(&store).unwrap();
        assert!(record.unbroken);
        let mut forged = record.lines[1].clone();
        forged.actor = "nobody".to_owned();
        let before: [u8; 32] = store
            .query_row("SELECT hash FROM audit WHERE number = 1", [], |row| {
                row.get(0)
            })
            .unwrap();
        store
            .execute_batch("DROP TRIGGER audit_stays_as_written")
            .unwrap();
        store
            .execute(
                "UPDATE audit SET actor = ?1, hash = ?2 WHERE number = 2",
                params![forged.actor, chained(&before, &forged)],
            )
            .unwrap();
        assert!(!read(&store).unwrap().unbroken);
    }

    #[test]
    fn what_was_changed_is_part_of_the_chain_and_lines_from_before_still_fit() {
        let mut store = Connection::open_in_memory().unwrap();
        super::super::schema::migrate(&mut store, 0).unwrap();
        append(&store, 1, "Mira", Action::OpenedEntry, Some("0b")).unwrap();
        append_change(
            &store,
            2,
            "Mira",
            Action::SetRole,
            "Noor: therapist to lead",
        )
        .unwrap();
        // As the program wrote and hashed it before there were details.
        let mut hash = Sha256::new();
        hash.update([0; 32]);
        hash.update(1_i64.to_be_bytes());
        hash.update(1_i64.to_be_bytes());
        for text in ["Mira", "opened entry", "0b"] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        let before: [u8; 32] = hash.finalize().into();
        let stored: [u8; 32] = store
            .query_row("SELECT hash FROM audit WHERE number = 1", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(stored, before);
        assert!(read(&store).unwrap().unbroken);
        store
            .execute_batch("DROP TRIGGER audit_stays_as_written; UPDATE audit SET detail = ''")
            .unwrap();
        assert!(!read(&store).unwrap().unbroken);
    }
}
