//! Settings, and the spaces that this device keeps.

use companion_protocol::id::{Incarnation, LogNumber, SpaceId};
use rusqlite::{Row, params};

use super::rows::{id, optional_id, signed, unsigned};
use super::{Reader, StoreError, Writer};
use crate::domain::DocumentId;

/// One space, as this device keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpaceRow {
    /// Its id.
    pub space: SpaceId,
    /// What it is for: `care`, `private` or `clinic`.
    pub purpose: String,
    /// On a clinic's side: the register document of the patient whose care space it is.
    pub label: Option<DocumentId>,
    /// Whether the server has it.
    pub on_server: bool,
    /// The life of the server that `cursor` belongs to.
    pub incarnation: Option<Incarnation>,
    /// The number of the last change read from the server.
    pub cursor: LogNumber,
    /// Whether this device is known to be a member.
    pub joined: bool,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT space, purpose, label, on_server, incarnation, cursor, joined FROM space ",
            $rest
        )
    };
}

impl Reader<'_> {
    /// The value stored under a name.
    pub fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.row("SELECT value FROM setting WHERE name = ?1", [name], |row| {
            Ok(row.get(0)?)
        })
    }

    /// All spaces, in the order in which they were first put.
    pub fn spaces(&self) -> Result<Vec<SpaceRow>, StoreError> {
        self.rows(select!("ORDER BY rowid"), (), space)
    }

    /// One space.
    pub fn space(&self, id: SpaceId) -> Result<Option<SpaceRow>, StoreError> {
        self.row(select!("WHERE space = ?1"), [id.as_bytes()], space)
    }
}

impl Writer<'_> {
    /// Stores a value under a name, instead of any before.
    pub fn set_setting(&mut self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO setting (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![name, value],
        )?;
        Ok(())
    }

    /// Forgets the value under a name.
    pub fn remove_setting(&mut self, name: &str) -> Result<(), StoreError> {
        self.run("DELETE FROM setting WHERE name = ?1", [name])?;
        Ok(())
    }

    /// Adds a space, or changes everything but its id.
    pub fn put_space(&mut self, row: &SpaceRow) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO space (space, purpose, label, on_server, incarnation, cursor, joined)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (space) DO UPDATE SET
                 purpose = excluded.purpose, label = excluded.label,
                 on_server = excluded.on_server, incarnation = excluded.incarnation,
                 cursor = excluded.cursor, joined = excluded.joined",
            params![
                row.space.as_bytes(),
                row.purpose,
                row.label.as_ref().map(DocumentId::as_bytes),
                row.on_server,
                row.incarnation.as_ref().map(Incarnation::as_bytes),
                signed(row.cursor.0, "cursor")?,
                row.joined,
            ],
        )?;
        Ok(())
    }

    /// Forgets a space and everything in it: for one that only this device ever knew, after its
    /// content went elsewhere in the same transaction or before.
    pub fn forget_space(&mut self, id: SpaceId) -> Result<(), StoreError> {
        self.clear_items(id)?;
        for sql in [
            "DELETE FROM outbox WHERE space = ?1",
            "DELETE FROM log WHERE space = ?1",
            "DELETE FROM invite WHERE space = ?1",
            "DELETE FROM epoch_key WHERE space = ?1",
            "DELETE FROM statement WHERE space = ?1",
            "DELETE FROM warning WHERE space = ?1",
            "DELETE FROM space WHERE space = ?1",
        ] {
            self.run(sql, [id.as_bytes()])?;
        }
        Ok(())
    }
}

fn space(row: &Row<'_>) -> Result<SpaceRow, StoreError> {
    Ok(SpaceRow {
        space: id(row, 0, SpaceId::from_slice)?,
        purpose: row.get(1)?,
        label: optional_id(row, 2, DocumentId::from_slice)?,
        on_server: row.get(3)?,
        incarnation: optional_id(row, 4, Incarnation::from_slice)?,
        cursor: LogNumber(unsigned(row, 5)?),
        joined: row.get(6)?,
    })
}
