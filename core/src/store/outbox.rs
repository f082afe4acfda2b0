//! The outbox: own changes that no server has acknowledged. They are kept unsealed (the file is
//! encrypted as a whole), so that an edit made offline is sealed under the key of the day it is sent.

use companion_protocol::id::{ChangeId, SpaceId};
use rusqlite::{Row, params};

use super::log::{Appended, LogRow};
use super::rows::{id, limit, unsigned};
use super::{Reader, StoreError, Writer};
use crate::domain::{ChangeHash, DocumentId, Kind};

/// One own change that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its place in commit order, over all spaces. Given by [`Writer::push_outbox`].
    pub position: i64,
    /// The space it belongs to.
    pub space: SpaceId,
    /// Its random name.
    pub id: ChangeId,
    /// The document that it changes.
    pub document: DocumentId,
    /// What sort of document that is.
    pub kind: Kind,
    /// The hash of the change inside.
    pub change: ChangeHash,
    /// What is to be sealed.
    pub payload: Vec<u8>,
    /// When the person saved it, in milliseconds since 1970.
    pub committed_ms: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT position, space, id, document, kind, change, committed_ms, payload
             FROM outbox ",
            $rest
        )
    };
}

impl Reader<'_> {
    /// The position of the newest change that was ever put there; 0 for none.
    pub fn newest_in_outbox(&self) -> Result<i64, StoreError> {
        let newest = self.row(
            "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'",
            (),
            |row| Ok(row.get(0)?),
        )?;
        Ok(newest.unwrap_or_default())
    }

    /// What waits in a space, in commit order.
    pub fn outbox(&self, space: SpaceId, most: usize) -> Result<Vec<OutboxRow>, StoreError> {
        self.rows(
            select!("WHERE space = ?1 ORDER BY position LIMIT ?2"),
            params![space.as_bytes(), limit(most)],
            outbox_row,
        )
    }

    /// What waits in a space of documents of a kind, in commit order.
    pub fn outbox_of_kind(&self, space: SpaceId, kind: &str) -> Result<Vec<OutboxRow>, StoreError> {
        self.rows(
            select!("WHERE space = ?1 AND kind = ?2 ORDER BY position"),
            params![space.as_bytes(), kind],
            outbox_row,
        )
    }

    /// One waiting change by its name.
    pub fn outbox_row(&self, id: ChangeId) -> Result<Option<OutboxRow>, StoreError> {
        self.row(select!("WHERE id = ?1"), [id.as_bytes()], outbox_row)
    }

    /// The spaces in which something waits, that which waits longest first.
    pub fn outbox_spaces(&self) -> Result<Vec<SpaceId>, StoreError> {
        self.rows(
            "SELECT space FROM outbox GROUP BY space ORDER BY min(position)",
            (),
            |row| id(row, 0, SpaceId::from_slice),
        )
    }

    /// What waits of a document, in commit order.
    pub fn outbox_of_document(&self, document: DocumentId) -> Result<Vec<OutboxRow>, StoreError> {
        self.rows(
            select!("WHERE document = ?1 ORDER BY position"),
            [document.as_bytes()],
            outbox_row,
        )
    }

    /// How many changes wait, and may still leave: not those of a space that was ended.
    pub fn count_outbox(&self) -> Result<usize, StoreError> {
        self.count(
            "SELECT count(*) FROM outbox WHERE space NOT IN (SELECT space FROM space WHERE standing IN (3, 4))",
            (),
        )
    }

    /// How many changes of each kind never left, whatever became of their space.
    pub fn outbox_kinds(&self) -> Result<Vec<(SpaceId, Kind, u64)>, StoreError> {
        self.rows(
            "SELECT space, kind, count(*) FROM outbox GROUP BY space, kind ORDER BY space, kind",
            (),
            |row| {
                Ok((
                    id(row, 0, SpaceId::from_slice)?,
                    Kind::from_stored(row.get::<_, String>(1)?),
                    unsigned(row, 2)?,
                ))
            },
        )
    }
}

impl Writer<'_> {
    /// Forgets what waits in a space that is about to be ended.
    pub fn drop_outbox_in(&mut self, space: SpaceId) -> Result<(), StoreError> {
        self.run("DELETE FROM outbox WHERE space = ?1", [space.as_bytes()])?;
        Ok(())
    }

    /// Forgets what waits of a document. Only for one of which nothing was ever sent.
    pub fn drop_outbox_of(&mut self, document: DocumentId) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM outbox WHERE document = ?1",
            [document.as_bytes()],
        )?;
        Ok(())
    }

    /// Adds a change at the end, and gives the position that it got; the one in `row` is ignored.
    pub fn push_outbox(&mut self, row: &OutboxRow) -> Result<i64, StoreError> {
        self.run(
            "INSERT INTO outbox (space, id, document, kind, change, committed_ms, payload)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                row.space.as_bytes(),
                row.id.as_bytes(),
                row.document.as_bytes(),
                row.kind.as_str(),
                row.change.as_bytes(),
                row.committed_ms,
                row.payload,
            ],
        )?;
        Ok(self.inserted())
    }

    /// Moves a waiting change into the log: the server has it, as `row` says.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when the change at `position` is not the one that `row` names; else
    /// as [`Writer::append_log`].
    pub fn acknowledge_outbox(
        &mut self,
        position: i64,
        row: &LogRow,
    ) -> Result<Appended, StoreError> {
        let waiting = self.count(
            "SELECT count(*) FROM outbox WHERE position = ?1 AND space = ?2 AND id = ?3",
            params![position, row.space.as_bytes(), row.id.as_bytes()],
        )?;
        if waiting == 0 {
            return Err(StoreError::Missing("waiting change"));
        }
        let appended = self.append_log(row)?;
        self.run("DELETE FROM outbox WHERE position = ?1", [position])?;
        Ok(appended)
    }
}

fn outbox_row(row: &Row<'_>) -> Result<OutboxRow, StoreError> {
    Ok(OutboxRow {
        position: row.get(0)?,
        space: id(row, 1, SpaceId::from_slice)?,
        id: id(row, 2, ChangeId::from_slice)?,
        document: id(row, 3, DocumentId::from_slice)?,
        kind: Kind::from_stored(row.get::<_, String>(4)?),
        change: id(row, 5, ChangeHash::from_slice)?,
        committed_ms: row.get(6)?,
        payload: row.get(7)?,
    })
}
