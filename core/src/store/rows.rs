//! Columns into types and back.

use rusqlite::Row;

use super::StoreError;

/// A column of bytes that must make a `T`.
pub(super) fn id<T, E>(
    row: &Row<'_>,
    column: usize,
    from: impl FnOnce(&[u8]) -> Result<T, E>,
) -> Result<T, StoreError> {
    optional_id(row, column, from)?.ok_or_else(|| damaged(row, column))
}

/// As [`id`], for a column that may be empty.
pub(super) fn optional_id<T, E>(
    row: &Row<'_>,
    column: usize,
    from: impl FnOnce(&[u8]) -> Result<T, E>,
) -> Result<Option<T>, StoreError> {
    let value = row.get_ref(column)?.as_blob_or_null();
    let Some(bytes) = value.map_err(|_| damaged(row, column))? else {
        return Ok(None);
    };
    from(bytes).map(Some).map_err(|_| damaged(row, column))
}

/// A column of a number that is never negative.
pub(super) fn unsigned(row: &Row<'_>, column: usize) -> Result<u64, StoreError> {
    u64::try_from(row.get::<_, i64>(column)?).map_err(|_| damaged(row, column))
}

/// A number as SQLite keeps it. `what` names it in the error.
pub(super) fn signed(number: u64, what: &'static str) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::TooLarge(what))
}

/// A limit as SQL takes it: a negative one means none.
pub(super) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(-1)
}

fn damaged(row: &Row<'_>, column: usize) -> StoreError {
    let name = row.as_ref().column_name(column).unwrap_or("?");
    StoreError::Damaged(format!("column {name} holds what it never should"))
}
