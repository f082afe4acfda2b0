//! What is kept only to be quick: documents saved whole, and what a list of many spaces shows of each.
//! Whatever stands here can be thrown away and made again.

use companion_protocol::id::SpaceId;
use rusqlite::params;

use super::rows::id;
use super::{Reader, StoreError, Writer};
use crate::domain::DocumentId;

/// What a list shows of one space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryRow {
    /// The space.
    pub space: SpaceId,
    /// The space's newest change of an item when it was made.
    pub made_at: i64,
    /// JSON.
    pub body: String,
}

impl Reader<'_> {
    /// A document saved whole.
    pub fn snapshot(&self, document: DocumentId) -> Result<Option<Vec<u8>>, StoreError> {
        self.row(
            "SELECT bytes FROM snapshot WHERE document = ?1",
            [document.as_bytes()],
            |row| Ok(row.get(0)?),
        )
    }

    /// All summaries.
    pub fn summaries(&self) -> Result<Vec<SummaryRow>, StoreError> {
        self.rows("SELECT space, made_at, body FROM summary", (), |row| {
            Ok(SummaryRow {
                space: id(row, 0, SpaceId::from_slice)?,
                made_at: row.get(1)?,
                body: row.get(2)?,
            })
        })
    }
}

impl Writer<'_> {
    /// Keeps a document saved whole, instead of any before.
    pub fn put_snapshot(&mut self, document: DocumentId, bytes: &[u8]) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO snapshot (document, bytes) VALUES (?1, ?2)
             ON CONFLICT (document) DO UPDATE SET bytes = excluded.bytes",
            params![document.as_bytes(), bytes],
        )?;
        Ok(())
    }

    /// Forgets a document saved whole.
    pub fn remove_snapshot(&mut self, document: DocumentId) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM snapshot WHERE document = ?1",
            [document.as_bytes()],
        )?;
        Ok(())
    }

    /// Keeps what a list shows of a space, instead of any before.
    pub fn put_summary(&mut self, row: &SummaryRow) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO summary (space, made_at, body) VALUES (?1, ?2, ?3)
             ON CONFLICT (space) DO UPDATE SET made_at = excluded.made_at, body = excluded.body",
            params![row.space.as_bytes(), row.made_at, row.body],
        )?;
        Ok(())
    }

    /// Forgets all summaries.
    pub fn clear_summaries(&mut self) -> Result<(), StoreError> {
        self.run("DELETE FROM summary", ())?;
        Ok(())
    }
}
