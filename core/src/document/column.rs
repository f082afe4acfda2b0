//! Counts what the columns of a change claim to hold, without building any of it.
//!
//! A column is run-length encoded: a positive count and one value, a negative count and that many
//! values, or zero and a count of nulls. Booleans are counts of false, true, false, … in turn.

use super::Refusal;
use super::cursor::Cursor;
use super::nesting::{Made, made};

/// Most operations of one change: replacing the longest text by another takes 200,000.
const OPERATIONS_LIMIT: u64 = 1 << 18;
/// Most bytes that all strings of a change may take once their runs are written out.
const STRINGS_LIMIT: u64 = 2 * 1024 * 1024;

/// How a column is encoded.
#[derive(Clone, Copy)]
enum Encoding {
    Unsigned,
    Delta,
    Boolean,
    Text,
    Raw,
}

/// The columns that Automerge writes for operations, as (id << 4 | type); with the deflate bit set
/// (8) none of them matches.
fn encoding(specification: u64) -> Option<Encoding> {
    match specification {
        // Object: actor, counter. Key: actor. Action. Value lengths. Predecessors: count, actor.
        0x01 | 0x02 | 0x11 | 0x42 | 0x56 | 0x70 | 0x71 => Some(Encoding::Unsigned),
        // Key: counter. Predecessors: counter.
        0x13 | 0x73 => Some(Encoding::Delta),
        // Insert. Expand (of marks).
        0x34 | 0x94 => Some(Encoding::Boolean),
        // Key: string. Mark name.
        0x15 | 0xa5 => Some(Encoding::Text),
        // Values.
        0x57 => Some(Encoding::Raw),
        _ => None,
    }
}

const OBJECT_ACTOR_COLUMN: u64 = 0x01;
const OBJECT_COUNTER_COLUMN: u64 = 0x02;
const KEY_COLUMN: u64 = 0x15;
const ACTION_COLUMN: u64 = 0x42;

/// What the columns of a change hold.
pub(super) struct Operations {
    pub(super) count: u64,
    pub(super) made: Vec<Made>,
}

/// Which columns there are, and how many bytes each has.
fn specifications(body: &mut Cursor<'_>) -> Result<Vec<(u64, usize)>, Refusal> {
    let count = body.length()?;
    let mut columns: Vec<(u64, usize)> = Vec::new();
    for _ in 0..count {
        let specification = body.unsigned()?;
        let length = body.length()?;
        if columns
            .last()
            .is_some_and(|(before, _)| *before >= specification)
        {
            return Err(Refusal::Malformed);
        }
        columns.push((specification, length));
    }
    Ok(columns)
}

/// Reads the column specifications and the columns.
pub(super) fn operations(body: &mut Cursor<'_>) -> Result<Operations, Refusal> {
    let columns = specifications(body)?;
    let mut count = 0;
    let mut strings = 0;
    let mut actions = Cursor::new(&[]);
    let mut object_actors = Cursor::new(&[]);
    let mut object_counters = Cursor::new(&[]);
    for (specification, length) in columns {
        let mut column = Cursor::new(body.take(length)?);
        let whole = column.clone();
        let items = match encoding(specification).ok_or(Refusal::Malformed)? {
            Encoding::Unsigned => runs(&mut column, |c| c.unsigned().map(|_| 0))?.0,
            Encoding::Delta => runs(&mut column, |c| c.signed().map(|_| 0))?.0,
            Encoding::Boolean => booleans(&mut column)?,
            Encoding::Raw => 0,
            Encoding::Text => {
                let (items, bytes) = runs(&mut column, |column| {
                    let length = column.length()?;
                    let text = column.take(length)?;
                    if specification == KEY_COLUMN && std::str::from_utf8(text).is_err() {
                        return Err(Refusal::Malformed);
                    }
                    Ok(text.len() as u64)
                })?;
                strings += bytes;
                items
            }
        };
        if items > OPERATIONS_LIMIT || strings > STRINGS_LIMIT {
            return Err(Refusal::TooManyOperations);
        }
        match specification {
            ACTION_COLUMN => (count, actions) = (items, whole),
            OBJECT_ACTOR_COLUMN => object_actors = whole,
            OBJECT_COUNTER_COLUMN => object_counters = whole,
            _ => {}
        }
    }
    if count == 0 {
        return Err(Refusal::Malformed);
    }
    Ok(Operations {
        count,
        made: made(actions, object_actors, object_counters)?,
    })
}

/// Whether the operations write or take away one of these fields, of the root or deeper. Of columns that
/// [`operations`] has taken.
pub(super) fn touch(body: &mut Cursor<'_>, fields: &[&str]) -> Result<bool, Refusal> {
    for (specification, length) in specifications(body)? {
        let column = Cursor::new(body.take(length)?);
        if specification == KEY_COLUMN && has_text(column, fields)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a column holds one of these texts.
fn has_text(mut column: Cursor<'_>, texts: &[&str]) -> Result<bool, Refusal> {
    while !column.is_empty() {
        let count = column.signed()?;
        let values = match count {
            0 => {
                column.unsigned()?;
                0
            }
            1.. => 1,
            _ => count.unsigned_abs(),
        };
        for _ in 0..values {
            let length = column.length()?;
            let value = column.take(length)?;
            if texts.iter().any(|text| text.as_bytes() == value) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Number of items, and the sum of what `size` says of each.
fn runs<'a>(
    column: &mut Cursor<'a>,
    size: impl Fn(&mut Cursor<'a>) -> Result<u64, Refusal>,
) -> Result<(u64, u64), Refusal> {
    let (mut items, mut total) = (0_u64, 0_u64);
    while !column.is_empty() {
        let count = column.signed()?;
        let length = count.unsigned_abs();
        match count {
            0 => items = items.saturating_add(column.unsigned()?),
            1.. => {
                total = total.saturating_add(size(column)?.saturating_mul(length));
                items = items.saturating_add(length);
            }
            _ => {
                for _ in 0..length {
                    total = total.saturating_add(size(column)?);
                }
                items = items.saturating_add(length);
            }
        }
        if items > OPERATIONS_LIMIT {
            return Err(Refusal::TooManyOperations);
        }
    }
    Ok((items, total))
}

fn booleans(column: &mut Cursor<'_>) -> Result<u64, Refusal> {
    let mut items = 0_u64;
    while !column.is_empty() {
        items = items.saturating_add(column.unsigned()?);
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::super::cursor::write_unsigned;
    use super::*;

    #[test]
    fn a_run_is_believed_only_up_to_the_limit() {
        let column = |count: u64| {
            let mut bytes = vec![0];
            write_unsigned(count, &mut bytes);
            runs(&mut Cursor::new(&bytes), |c| c.unsigned().map(|_| 0))
        };
        assert_eq!(column(OPERATIONS_LIMIT), Ok((OPERATIONS_LIMIT, 0)));
        assert_eq!(
            column(OPERATIONS_LIMIT + 1),
            Err(Refusal::TooManyOperations)
        );
        assert_eq!(column(u64::MAX), Err(Refusal::TooManyOperations));
        // The most negative count has no positive counterpart.
        let lowest = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];
        assert!(runs(&mut Cursor::new(&lowest), |c| c.unsigned()).is_err());
    }
}
