//! Marks of this installation alone: warnings to show, and what somebody has looked at.

use companion_protocol::id::SpaceId;
use rusqlite::params;

use super::rows::optional_id;
use super::{Reader, StoreError, Writer};
use crate::domain::DocumentId;

/// Something that the person should know about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarningRow {
    /// What it is about, for a program.
    pub code: String,
    /// The space it concerns.
    pub space: Option<SpaceId>,
    /// More words.
    pub detail: String,
    /// When it was last noticed, in milliseconds since 1970.
    pub at_ms: i64,
}

impl Reader<'_> {
    /// All warnings, oldest first.
    pub fn warnings(&self) -> Result<Vec<WarningRow>, StoreError> {
        self.rows(
            "SELECT code, space, detail, at_ms FROM warning ORDER BY at_ms, rowid",
            (),
            |row| {
                Ok(WarningRow {
                    code: row.get(0)?,
                    space: optional_id(row, 1, SpaceId::from_slice)?,
                    detail: row.get(2)?,
                    at_ms: row.get(3)?,
                })
            },
        )
    }

    /// When somebody last looked at a document.
    pub fn seen(&self, document: DocumentId, by: &str) -> Result<Option<i64>, StoreError> {
        self.row(
            "SELECT at_ms FROM seen WHERE document = ?1 AND by = ?2",
            params![document.as_bytes(), by],
            |row| Ok(row.get(0)?),
        )
    }
}

impl Writer<'_> {
    /// Stores a warning, instead of one with the same code and space.
    pub fn put_warning(
        &mut self,
        code: &str,
        space: Option<SpaceId>,
        detail: &str,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO warning (code, space, detail, at_ms) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (code, ifnull(space, x'')) DO UPDATE SET
                 detail = excluded.detail, at_ms = excluded.at_ms",
            params![code, space.as_ref().map(SpaceId::as_bytes), detail, at_ms],
        )?;
        Ok(())
    }

    /// Forgets a warning.
    pub fn clear_warning(&mut self, code: &str, space: Option<SpaceId>) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM warning WHERE code = ?1 AND space IS ?2",
            params![code, space.as_ref().map(SpaceId::as_bytes)],
        )?;
        Ok(())
    }

    /// Notes that somebody looked at a document. An earlier time than one noted before is ignored.
    pub fn mark_seen(
        &mut self,
        document: DocumentId,
        by: &str,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO seen (document, by, at_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (document, by) DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)",
            params![document.as_bytes(), by, at_ms],
        )?;
        Ok(())
    }
}
