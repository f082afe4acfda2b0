//! Where a list of entries and check-ins goes on. Each kind has pages of its own; what a person copies
//! from the end of a list holds the places in both.

use std::fmt;
use std::str::FromStr;

use companion_core::CoreError;
use companion_core::domain::Content;
use companion_core::patient::Patient;
use companion_core::records::{Cursor, PageSize, Query, View};

use crate::error::PhoneError;

/// How far the list of one kind was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reached {
    Start,
    At(Cursor),
    End,
}

/// How far the list of both kinds was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) entries: Reached,
    pub(super) check_ins: Reached,
}

impl Position {
    pub(super) const START: Position = Position {
        entries: Reached::Start,
        check_ins: Reached::Start,
    };
    pub(super) const END: Position = Position {
        entries: Reached::End,
        check_ins: Reached::End,
    };
}

/// A page of one kind, and where it ended.
pub(super) struct Part<T> {
    pub(super) items: Vec<View<T>>,
    from: Reached,
    next: Reached,
}

impl<T: Content> Part<T> {
    pub(super) fn read(
        patient: &Patient,
        from: Reached,
        size: PageSize,
    ) -> Result<Self, CoreError> {
        let query = Query::<T>::all().size(size);
        let query = match from {
            Reached::Start => query,
            Reached::At(cursor) => query.after(cursor),
            Reached::End => {
                return Ok(Self {
                    items: Vec::new(),
                    from,
                    next: Reached::End,
                });
            }
        };
        let page = patient.page(&query)?;
        Ok(Self {
            items: page.items,
            from,
            next: page.next.map_or(Reached::End, Reached::At),
        })
    }

    /// Where to go on if only so many of it were shown.
    pub(super) fn after(&self, patient: &Patient, shown: usize) -> Result<Reached, CoreError> {
        if shown == self.items.len() {
            return Ok(self.next);
        }
        match i64::try_from(shown) {
            Ok(rows @ 1..) => Ok(Self::read(patient, self.from, PageSize::new(rows)?)?.next),
            _ => Ok(self.from),
        }
    }
}

const START: &str = "start";
const END: &str = "end";

impl fmt::Display for Reached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reached::Start => f.write_str(START),
            Reached::At(cursor) => cursor.fmt(f),
            Reached::End => f.write_str(END),
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.entries, self.check_ins)
    }
}

impl FromStr for Position {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, PhoneError> {
        let (entries, check_ins) = text.split_once(',').ok_or_else(not_a_place)?;
        let reached = |part: &str| match part {
            START => Ok(Reached::Start),
            END => Ok(Reached::End),
            part => cursor(part).map(Reached::At),
        };
        Ok(Position {
            entries: reached(entries)?,
            check_ins: reached(check_ins)?,
        })
    }
}

/// The place in a list of one kind.
pub(super) fn cursor(text: &str) -> Result<Cursor, PhoneError> {
    text.parse().map_err(|_| not_a_place())
}

fn not_a_place() -> PhoneError {
    PhoneError::Usage("--after takes what stands at the end of a list, whole".to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_place_reads_back_and_half_of_one_is_refused() {
        let cursor = "1795465113123.000102030405060708090a0b0c0d0e0f.9f3c";
        for text in [
            format!("{cursor},end"),
            format!("start,{cursor}"),
            "start,end".to_owned(),
        ] {
            assert_eq!(text.parse::<Position>().unwrap().to_string(), text);
        }
        for text in ["", "start", cursor, "start,", "1795465113123.00,end"] {
            let refused = text.parse::<Position>().unwrap_err();
            assert!(matches!(refused, PhoneError::Usage(_)), "{text}");
        }
    }
}
