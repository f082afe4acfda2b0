//! A place in a timeline, fit for an address.

use std::fmt;

use companion_core::domain::DocumentId;
use companion_core::records::Cursor;

/// How far down each list a page of the timeline begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) entries: ListPosition,
    pub(crate) check_ins: ListPosition,
    pub(crate) replies: ListPosition,
    pub(crate) sessions: ListPosition,
    /// The last thing that was shown as withdrawn: when, and which.
    pub(crate) withdrawn: Option<(i64, DocumentId)>,
}

/// Where a page begins in one list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ListPosition {
    /// At the newest.
    #[default]
    Newest,
    /// After an earlier page.
    After(Cursor),
    /// Nothing is left.
    End,
}

const BETWEEN: char = '_';
const END: &str = "end";

impl Position {
    /// Reads a place from an address; anything else is the newest page.
    pub(crate) fn from_address(text: &str) -> Self {
        Self::read(text).unwrap_or_default()
    }

    fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(BETWEEN).collect();
        let [entries, check_ins, replies, sessions, withdrawn] = parts.as_slice() else {
            return None;
        };
        Some(Self {
            entries: ListPosition::read(entries)?,
            check_ins: ListPosition::read(check_ins)?,
            replies: ListPosition::read(replies)?,
            sessions: ListPosition::read(sessions)?,
            withdrawn: match withdrawn.split_once('.') {
                Some((at, id)) => Some((at.parse().ok()?, id.parse().ok()?)),
                None => None,
            },
        })
    }
}

impl ListPosition {
    fn read(text: &str) -> Option<Self> {
        match text {
            "" => Some(Self::Newest),
            END => Some(Self::End),
            cursor => cursor.parse().ok().map(Self::After),
        }
    }
}

impl fmt::Display for ListPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newest => Ok(()),
            Self::After(cursor) => cursor.fmt(f),
            Self::End => f.write_str(END),
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in [
            &self.entries,
            &self.check_ins,
            &self.replies,
            &self.sessions,
        ] {
            write!(f, "{place}{BETWEEN}")?;
        }
        match self.withdrawn {
            Some((at, id)) => write!(f, "{at}.{id}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_place_reads_back_from_an_address_and_nonsense_is_the_newest_page() {
        let id = "0b".repeat(16);
        let cursor: Cursor = format!("1795465113123.{id}.9f3c").parse().unwrap();
        let position = Position {
            entries: ListPosition::After(cursor),
            replies: ListPosition::End,
            withdrawn: Some((-5, id.parse().unwrap())),
            ..Position::default()
        };
        let text = position.to_string();
        assert_eq!(Position::from_address(&text), position, "{text}");
        assert_eq!(
            crate::web::address::encode(&text),
            text,
            "fit for an address"
        );
        for nonsense in [
            "",
            "soon",
            "_",
            "____",
            "x____",
            "____1.zz",
            "-1",
            &text.repeat(9),
        ] {
            assert_eq!(
                Position::from_address(nonsense),
                Position::default(),
                "{nonsense}"
            );
        }
    }
}
