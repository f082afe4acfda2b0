//! The numbered steps from an empty file to the present schema. Rules: `migrations/NOTES.md`.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// Step N, counted from 1, brings a file from version N-1 to N. Released steps never change.
const STEPS: [&str; 1] = [include_str!("migrations/0001_first.sql")];

/// "KAPc": says in the file's header, under the encryption, that it is ours.
pub(super) const APPLICATION_ID: i64 = 0x4b41_5063;

/// The schema that this version writes.
pub(super) const NEWEST: u32 = STEPS.len() as u32;

/// Brings a file of version `from` to the newest, each step in a transaction of its own.
pub(super) fn run(connection: &mut Connection, from: u32) -> Result<(), StoreError> {
    for (version, step) in (1_u32..).zip(STEPS) {
        if version > from {
            apply(connection, version, step)?;
        }
    }
    Ok(())
}

fn apply(connection: &mut Connection, version: u32, step: &str) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done it while this one waited for its turn.
    let present: u32 = transaction.query_row("PRAGMA user_version", (), |row| row.get(0))?;
    if present >= version {
        return Ok(());
    }
    transaction.execute_batch(step)?;
    transaction.execute_batch(&format!(
        "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version}"
    ))?;
    transaction.commit()?;
    Ok(())
}
