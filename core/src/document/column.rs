//! Counts what the columns of a change claim to hold, without building any of it.
//!
//! A column is run-length encoded: a positive count and one value, a negative count and that many
//! values, or zero and a count of nulls. Booleans are counts of false, true, false, … in turn.

use super::chunk::OPERATIONS_LIMIT;
use super::{ActorId, Refusal};

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

const ACTION_COLUMN: u64 = 0x42;

/// Reads the column specifications and the columns, and returns the number of operations.
pub(super) fn count_operations(body: &mut Cursor<'_>) -> Result<u64, Refusal> {
    let count = body.length()?;
    let mut columns = Vec::new();
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
    let mut operations = 0;
    let mut strings = 0;
    for (specification, length) in columns {
        let mut column = Cursor::new(body.take(length)?);
        let items = match encoding(specification).ok_or(Refusal::Malformed)? {
            Encoding::Unsigned => runs(&mut column, |c| c.unsigned().map(|_| 0))?.0,
            Encoding::Delta => runs(&mut column, |c| c.signed().map(|_| 0))?.0,
            Encoding::Boolean => booleans(&mut column)?,
            Encoding::Raw => 0,
            Encoding::Text => {
                let (items, bytes) = runs(&mut column, |column| {
                    let length = column.length()?;
                    column.take(length).map(|text| text.len() as u64)
                })?;
                strings += bytes;
                items
            }
        };
        if items > OPERATIONS_LIMIT || strings > STRINGS_LIMIT {
            return Err(Refusal::TooManyOperations);
        }
        if specification == ACTION_COLUMN {
            operations = items;
        }
    }
    if operations == 0 {
        Err(Refusal::Malformed)
    } else {
        Ok(operations)
    }
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

/// Reads bytes from the front; never past the end.
pub(super) struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn remaining(&self) -> usize {
        self.0.len()
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Refusal> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Refusal::Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Refusal> {
        let (&byte, rest) = self.0.split_first().ok_or(Refusal::Malformed)?;
        self.0 = rest;
        Ok(byte)
    }

    /// Unsigned LEB128, shortest form only.
    pub(super) fn unsigned(&mut self) -> Result<u64, Refusal> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if (bits << shift) >> shift != bits {
                return Err(Refusal::Malformed);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                let overlong = byte == 0 && shift > 0;
                return if overlong {
                    Err(Refusal::Malformed)
                } else {
                    Ok(value)
                };
            }
        }
        Err(Refusal::Malformed)
    }

    /// Signed LEB128; Automerge itself checks that it is the shortest form.
    pub(super) fn signed(&mut self) -> Result<i64, Refusal> {
        let mut value = 0_i64;
        for shift in (0..64_u32).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                if byte & 0x40 != 0 && shift + 7 < 64 {
                    value |= -1 << (shift + 7);
                }
                return Ok(value);
            }
        }
        Err(Refusal::Malformed)
    }

    /// An unsigned number that counts bytes or items still to come, each of at least one byte.
    pub(super) fn length(&mut self) -> Result<usize, Refusal> {
        let length = usize::try_from(self.unsigned()?).map_err(|_| Refusal::Malformed)?;
        if length > self.0.len() {
            Err(Refusal::Malformed)
        } else {
            Ok(length)
        }
    }

    pub(super) fn array32_list(&mut self) -> Result<Vec<[u8; 32]>, Refusal> {
        let count = self.length()?;
        (0..count)
            .map(|_| self.take(32)?.try_into().map_err(|_| Refusal::Malformed))
            .collect()
    }

    pub(super) fn actor(&mut self) -> Result<ActorId, Refusal> {
        let length = self.length()?;
        ActorId::from_slice(self.take(length)?).map_err(|_| Refusal::Malformed)
    }

    pub(super) fn actor_list(&mut self) -> Result<Vec<ActorId>, Refusal> {
        let count = self.length()?;
        (0..count).map(|_| self.actor()).collect()
    }
}

/// Appends unsigned LEB128.
pub(super) fn write_unsigned(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn overlong_and_oversized_numbers_are_refused() {
        for bytes in [
            &[0x80, 0x00][..],
            &[0xff; 11],
            &[0x80; 3],
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
        ] {
            assert_eq!(
                Cursor::new(bytes).unsigned(),
                Err(Refusal::Malformed),
                "{bytes:?}"
            );
        }
        assert_eq!(Cursor::new(&[0x40]).signed(), Ok(-64));
        assert_eq!(Cursor::new(&[0x80, 0x40]).signed(), Ok(-8192));
    }

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

    proptest! {
        #[test]
        fn numbers_read_back(value: u64) {
            let mut bytes = Vec::new();
            write_unsigned(value, &mut bytes);
            let mut cursor = Cursor::new(&bytes);
            prop_assert_eq!(cursor.unsigned(), Ok(value));
            prop_assert!(cursor.is_empty());
        }
    }
}
