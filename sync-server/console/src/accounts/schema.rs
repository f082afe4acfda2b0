//! The tables of the accounts file, step by step. A step that was released is never edited.

use companion_core::domain::nickname;
use rusqlite::{Connection, Transaction, params};

use super::AccountsError;

/// What a file of that many steps is.
pub(super) const VERSION: i64 = 7;

const FIRST: &str = "
CREATE TABLE clinician (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL UNIQUE,
    salt BLOB NOT NULL,
    hash BLOB NOT NULL,
    memory_kib INTEGER NOT NULL,
    passes INTEGER NOT NULL,
    lanes INTEGER NOT NULL,
    added_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE session (
    token_hash BLOB PRIMARY KEY,
    clinician INTEGER NOT NULL REFERENCES clinician (id),
    created_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE attempt (
    name_hash BLOB PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    patient TEXT NOT NULL DEFAULT '',
    hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_stays_as_written BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END;
";

/// A session that is over stays over, whatever the clock does, and is remembered for a while; what is
/// being typed; which forms were sent and what they led to.
const SECOND: &str = "
ALTER TABLE session ADD COLUMN is_over INTEGER NOT NULL DEFAULT 0;
CREATE TABLE draft (
    clinician INTEGER NOT NULL REFERENCES clinician (id),
    place TEXT NOT NULL,
    fields TEXT NOT NULL,
    kept_ms INTEGER NOT NULL,
    PRIMARY KEY (clinician, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE sent_form (
    digest BLOB PRIMARY KEY,
    led_to TEXT NOT NULL,
    sent_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

/// Who has which role, who may no longer sign in, what each role may do where that is not the usual, and which records
/// were opened in an emergency, and why. Whoever was there before could do everything, and still can.
const THIRD: &str = "
ALTER TABLE clinician ADD COLUMN role TEXT NOT NULL DEFAULT 'lead';
ALTER TABLE clinician ADD COLUMN ended_ms INTEGER;
CREATE TABLE role_right (
    role TEXT NOT NULL,
    area TEXT NOT NULL,
    allowed TEXT NOT NULL,
    PRIMARY KEY (role, area)
) STRICT, WITHOUT ROWID;
CREATE TABLE emergency (
    id INTEGER PRIMARY KEY,
    clinician INTEGER NOT NULL REFERENCES clinician (id),
    patient TEXT NOT NULL,
    reason TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX emergency_of ON emergency (clinician, patient);
CREATE TRIGGER emergency_stays_as_written BEFORE UPDATE ON emergency
BEGIN SELECT RAISE(ABORT, 'emergencies are append-only'); END;
CREATE TRIGGER emergency_is_kept BEFORE DELETE ON emergency
BEGIN SELECT RAISE(ABORT, 'emergencies are append-only'); END;
";

/// What a change of people and roles changed.
const FOURTH: &str = "
ALTER TABLE audit ADD COLUMN detail TEXT NOT NULL DEFAULT '';
";

/// Which forms were begun and not finished: what they did can't be told where the program was stopped in between.
const FIFTH: &str = "
CREATE TABLE begun_form (
    digest BLOB PRIMARY KEY,
    actor TEXT NOT NULL,
    address TEXT NOT NULL,
    begun_ms INTEGER NOT NULL,
    is_told INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
";

/// Which emergencies were ended before their hour was up, by whom and when.
const SIXTH: &str = "
CREATE TABLE emergency_end (
    emergency INTEGER PRIMARY KEY REFERENCES emergency (id),
    ended_by TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE TRIGGER emergency_end_stays_as_written BEFORE UPDATE ON emergency_end
BEGIN SELECT RAISE(ABORT, 'emergencies are append-only'); END;
CREATE TRIGGER emergency_end_is_kept BEFORE DELETE ON emergency_end
BEGIN SELECT RAISE(ABORT, 'emergencies are append-only'); END;
";

/// Addresses at which calendars fetch appointments, by the hash of their secret.
const SEVENTH: &str = "
CREATE TABLE calendar_feed (
    clinician INTEGER PRIMARY KEY REFERENCES clinician (id),
    secret_hash BLOB NOT NULL UNIQUE,
    of TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    fetched_ms INTEGER
) STRICT;
";

/// Brings a file of an earlier version to this one, or makes a new one.
pub(super) fn migrate(store: &mut Connection, from: i64) -> Result<(), AccountsError> {
    let change = store.transaction()?;
    if from < 1 {
        change.execute_batch(FIRST)?;
    }
    if from < 2 {
        change.execute_batch(SECOND)?;
        fold_names_anew(&change)?;
    }
    if from < 3 {
        change.execute_batch(THIRD)?;
    }
    if from < 4 {
        change.execute_batch(FOURTH)?;
    }
    if from < 5 {
        change.execute_batch(FIFTH)?;
    }
    if from < 6 {
        change.execute_batch(SIXTH)?;
    }
    if from < 7 {
        change.execute_batch(SEVENTH)?;
    }
    change.pragma_update(None, "user_version", VERSION)?;
    change.commit()?;
    Ok(())
}

/// Names were compared by their lower case alone. Of two that are one name now, the later keeps the key
/// that it had: what it did stays in the audit record.
fn fold_names_anew(change: &Transaction<'_>) -> Result<(), AccountsError> {
    let mut names = change.prepare("SELECT id, name FROM clinician ORDER BY id")?;
    let names = names.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (id, name) in names.collect::<Result<Vec<(i64, String)>, _>>()? {
        change.execute(
            "UPDATE OR IGNORE clinician SET folded_name = ?2 WHERE id = ?1",
            params![id, nickname::key(&name)],
        )?;
    }
    Ok(())
}
