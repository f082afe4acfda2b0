//! A place in a timeline, fit for an address.

use std::collections::BTreeMap;
use std::fmt;

use companion_core::domain::DocumentId;
use companion_core::records::Cursor;

use crate::view::shelf::{Shelf, Stands};

/// One of the lists that a timeline is merged from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// What the patient shared of one kind.
    Shelf(Shelf),
    /// Replies from the care team.
    Replies,
    /// Dosing sessions.
    Sessions,
}

impl Source {
    /// All of them, in the order of their places in an address.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let shelves = Shelf::ALL.iter().copied();
        shelves
            .filter(|shelf| shelf.stands() == Stands::InTimeline)
            .map(Self::Shelf)
            .chain([Self::Replies, Self::Sessions])
    }
}

/// How far down each list a page of the timeline begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// Lists that are not at their newest.
    begun: BTreeMap<Source, ListPosition>,
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
    /// Where the page begins in a list.
    pub(crate) fn of(&self, source: Source) -> ListPosition {
        self.begun.get(&source).copied().unwrap_or_default()
    }

    /// Goes to a place in a list.
    pub(crate) fn go_to(&mut self, source: Source, place: ListPosition) {
        if place == ListPosition::Newest {
            self.begun.remove(&source);
        } else {
            self.begun.insert(source, place);
        }
    }

    /// Reads a place from an address; anything else is the newest page.
    pub(crate) fn from_address(text: &str) -> Self {
        Self::read(text).unwrap_or_default()
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(BETWEEN);
        let mut position = Self::default();
        for source in Source::all() {
            position.go_to(source, ListPosition::read(parts.next()?)?);
        }
        position.withdrawn = match parts.next()?.split_once('.') {
            Some((at, id)) => Some((at.parse().ok()?, id.parse().ok()?)),
            None => None,
        };
        parts.next().is_none().then_some(position)
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
        for source in Source::all() {
            write!(f, "{}{BETWEEN}", self.of(source))?;
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
        let mut position = Position {
            withdrawn: Some((-5, id.parse().unwrap())),
            ..Position::default()
        };
        position.go_to(Source::Shelf(Shelf::Entries), ListPosition::After(cursor));
        position.go_to(Source::Replies, ListPosition::End);
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
            "__________",
            "_________1.zz",
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
