//! Letting go of bodies: of the very change that is named, and, while a restored server is filled again, also
//! of one that is still to come.

use std::borrow::Cow;

use companion_protocol::change::SealedChange;
use rusqlite::{Connection, params};

use super::super::{error, reads, signed, under};
use super::{execute, length};
use crate::storage::{DROPS_REMEMBERED, Named, NewChange, StorageError};

/// What the changes of an append drop.
pub(super) struct Drops<'a> {
    to: &'a Connection,
    space: i64,
    /// Whether what is not here may still be given back.
    filling: bool,
    /// How many more are remembered; counted once it matters.
    room: Option<usize>,
}

impl<'a> Drops<'a> {
    pub(super) fn of(to: &'a Connection, space: i64, filling: bool) -> Self {
        Self {
            to,
            space,
            filling,
            room: None,
        }
    }

    /// A change as it is kept, and whether that is bare. What was dropped before it was given back comes in
    /// so.
    pub(super) fn kept<'b>(
        &self,
        change: &'b NewChange,
    ) -> Result<(Cow<'b, [u8]>, bool), StorageError> {
        if !self.filling || !self.forget(change)? || change.bare {
            return Ok((Cow::Borrowed(&change.bytes), change.bare));
        }
        let whole = SealedChange::parse(&change.bytes).map_err(|_| StorageError::Corrupt)?;
        Ok((Cow::Owned(whole.bare().bytes().to_vec()), true))
    }

    /// Keeps only the bare form of a change, or notes that it came without; says how many bytes that freed,
    /// or that there is no such change.
    pub(super) fn take(&mut self, dropped: &Named) -> Result<Option<i64>, StorageError> {
        let (author, counter) = (dropped.author, dropped.counter);
        let Some(place) = reads::counted(self.to, self.space, author, counter)? else {
            if self.filling {
                self.remember(dropped)?;
                return Ok(Some(0));
            }
            return Ok(None);
        };
        // Nothing is left to do, whichever history was meant; and reading it again is what a hostile member
        // would have this thread do all day.
        if place.bare {
            return Ok(Some(0));
        }
        let whole = reads::change(self.to, self.space, place.number)?;
        if whole.history() != dropped.hash {
            return Ok(self.filling.then_some(0));
        }
        let bare = whole.bare();
        execute(
            self.to,
            "UPDATE changes SET bytes = ?2 WHERE row = ?1",
            params![under(self.space, place.number), bare.bytes()],
        )?;
        execute(
            self.to,
            "UPDATE names SET bare = 1 WHERE space = ?1 AND author = ?2 AND name = ?3",
            params![self.space, author, counter.0.to_be_bytes()],
        )?;
        Ok(Some(
            length(whole.bytes()).saturating_sub(length(bare.bytes())),
        ))
    }

    fn remember(&mut self, dropped: &Named) -> Result<(), StorageError> {
        let room = match self.room {
            Some(room) => room,
            None => DROPS_REMEMBERED.saturating_sub(self.remembered()?),
        };
        let added = if room == 0 {
            0
        } else {
            execute(
                self.to,
                "INSERT INTO drops (space, author, counter, history) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO NOTHING",
                params![
                    self.space,
                    dropped.author,
                    signed(dropped.counter.0),
                    dropped.hash.as_bytes()
                ],
            )?
        };
        self.room = Some(room.saturating_sub(added));
        Ok(())
    }

    fn remembered(&self) -> Result<usize, StorageError> {
        self.to
            .prepare_cached("SELECT count(*) FROM drops WHERE space = ?1")
            .and_then(|mut ask| ask.query_row([self.space], |row| row.get(0)))
            .map(|count: u32| usize::try_from(count).unwrap_or(usize::MAX))
            .map_err(error)
    }

    /// Forgets what was to be dropped under the count of a change that is here now; says whether that very
    /// change was.
    fn forget(&self, change: &NewChange) -> Result<bool, StorageError> {
        let remembered: Vec<[u8; 32]> = self
            .to
            .prepare_cached(
                "DELETE FROM drops WHERE space = ?1 AND author = ?2 AND counter = ?3
                 RETURNING history",
            )
            .and_then(|mut run| {
                let of = params![self.space, change.author, signed(change.counter.0)];
                run.query_map(of, |row| row.get(0))?.collect()
            })
            .map_err(error)?;
        Ok(remembered.contains(change.history.as_bytes()))
    }
}
