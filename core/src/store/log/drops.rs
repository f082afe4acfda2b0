//! Whose bodies may go, and at whose word.

use companion_protocol::id::{Counter, HistoryHash, MemberId, SpaceId};
use rusqlite::params;

use super::{DROPPED, LogRow};
use crate::domain::{Content as _, Deletion};
use crate::store::rows::{id, signed, unsigned};
use crate::store::{Reader, StoreError, Writer};

/// A body that may go, of a change that is not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AwaitedDrop {
    /// Whose change it is.
    pub author: MemberId,
    /// The author's count of it.
    pub counter: Counter,
    /// The author's history up to and with it: that change, and no other of that count.
    pub history: HistoryHash,
    /// Who said so.
    pub dropper: MemberId,
}

impl Reader<'_> {
    /// Whether somebody who may has dropped the body of a change.
    pub fn is_dropped(
        &self,
        space: SpaceId,
        author: MemberId,
        counter: Counter,
    ) -> Result<bool, StoreError> {
        let found: Option<i64> = self.row(
            "SELECT 1 FROM dropped WHERE space = ?1 AND author = ?2 AND counter = ?3",
            params![
                space.as_bytes(),
                author.as_bytes(),
                signed(counter.0, "counter")?
            ],
            |row| Ok(row.get(0)?),
        )?;
        Ok(found.is_some())
    }

    /// Bodies of others that somebody let go of: who did, whose they were, and how many.
    pub fn dropped_of_others(
        &self,
        space: SpaceId,
    ) -> Result<Vec<(MemberId, MemberId, u64)>, StoreError> {
        self.rows(
            // What was deleted by the patient, as another document says, was not taken from anybody.
            "SELECT dropper, author, count(*) FROM dropped
             WHERE space = ?1 AND dropper <> author AND NOT EXISTS (
                 SELECT 1 FROM log JOIN item ON item.about = log.document AND item.kind = ?2
                 WHERE log.space = dropped.space AND log.author = dropped.author
                     AND log.counter = dropped.counter)
             GROUP BY dropper, author ORDER BY dropper, author",
            params![space.as_bytes(), Deletion::KIND.as_str()],
            |row| {
                let dropper = id(row, 0, MemberId::from_slice)?;
                Ok((
                    dropper,
                    id(row, 1, MemberId::from_slice)?,
                    unsigned(row, 2)?,
                ))
            },
        )
    }

    /// Drops of changes that are not here.
    pub fn drops_awaited(&self, space: SpaceId) -> Result<Vec<AwaitedDrop>, StoreError> {
        self.rows(
            "SELECT author, counter, history, dropper FROM drop_awaited WHERE space = ?1
             ORDER BY author, counter, history",
            [space.as_bytes()],
            |row| {
                Ok(AwaitedDrop {
                    author: id(row, 0, MemberId::from_slice)?,
                    counter: Counter(unsigned(row, 1)?),
                    history: id(row, 2, HistoryHash::from_slice)?,
                    dropper: id(row, 3, MemberId::from_slice)?,
                })
            },
        )
    }

    /// How many changes are here without their bodies though nobody dropped those.
    pub fn bodies_withheld(&self, space: SpaceId) -> Result<u64, StoreError> {
        let count = self.row(
            "SELECT count(*) FROM log WHERE space = ?1 AND refusal = ?2 AND NOT EXISTS (
                 SELECT 1 FROM dropped WHERE dropped.space = log.space
                     AND dropped.author = log.author AND dropped.counter = log.counter)",
            params![space.as_bytes(), DROPPED],
            |row| unsigned(row, 0),
        )?;
        Ok(count.unwrap_or_default())
    }
}

impl Writer<'_> {
    /// Notes that the body of a change of the log may go, and who said so. Gives whether that is new.
    pub fn note_dropped(
        &mut self,
        space: SpaceId,
        (author, counter): (MemberId, Counter),
        dropper: MemberId,
    ) -> Result<bool, StoreError> {
        let noted = self.run(
            "INSERT INTO dropped (space, author, counter, dropper) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
            params![
                space.as_bytes(),
                author.as_bytes(),
                signed(counter.0, "counter")?,
                dropper.as_bytes()
            ],
        )?;
        Ok(noted > 0)
    }

    /// Notes that the body of a change may go that is not here.
    pub fn await_drop(&mut self, space: SpaceId, drop: &AwaitedDrop) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO drop_awaited (space, author, counter, history, dropper)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            params![
                space.as_bytes(),
                drop.author.as_bytes(),
                signed(drop.counter.0, "counter")?,
                drop.history.as_bytes(),
                drop.dropper.as_bytes()
            ],
        )?;
        Ok(())
    }

    /// Forgets what was noted of an author's count, since it is here now.
    pub fn forget_awaited(
        &mut self,
        space: SpaceId,
        author: MemberId,
        counter: Counter,
    ) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM drop_awaited WHERE space = ?1 AND author = ?2 AND counter = ?3",
            params![
                space.as_bytes(),
                author.as_bytes(),
                signed(counter.0, "counter")?
            ],
        )?;
        Ok(())
    }

    /// Keeps only the header of a change. It takes part in its document no more; the document's row stays
    /// as it is, for whoever drops a body says in the same change what becomes of the document.
    pub fn drop_body(&mut self, of: &LogRow, bare: &[u8]) -> Result<(), StoreError> {
        self.keep_bare(of, bare, DROPPED)
    }

    pub(in crate::store) fn keep_bare(
        &mut self,
        of: &LogRow,
        bare: &[u8],
        why: &str,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE log SET sealed = ?4, refusal = ?5, change = NULL
             WHERE space = ?1 AND author = ?2 AND id = ?3",
            params![
                of.space.as_bytes(),
                of.author.as_bytes(),
                of.id.as_bytes(),
                bare,
                why
            ],
        )?;
        Ok(())
    }
}
