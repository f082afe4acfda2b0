//! Warnings that this installation shows until somebody dismisses them.

use companion_protocol::id::SpaceId;
use rusqlite::params;

use super::rows::optional_id;
use super::{Reader, StoreError, Writer};

/// Something that the person should know about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarningRow {
    /// Names it, for dismissing.
    pub id: i64,
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
    /// All warnings that nobody dismissed, oldest first.
    pub fn warnings(&self) -> Result<Vec<WarningRow>, StoreError> {
        self.rows(
            "SELECT id, code, space, detail, at_ms FROM warning WHERE dismissed = 0
             ORDER BY at_ms, id",
            (),
            |row| {
                Ok(WarningRow {
                    id: row.get(0)?,
                    code: row.get(1)?,
                    space: optional_id(row, 2, SpaceId::from_slice)?,
                    detail: row.get(3)?,
                    at_ms: row.get(4)?,
                })
            },
        )
    }

    /// What a warning said last and when, dismissed or not.
    pub fn warning(&self, code: &str, space: SpaceId) -> Result<Option<(String, i64)>, StoreError> {
        self.row(
            "SELECT detail, at_ms FROM warning WHERE code = ?1 AND space = ?2",
            params![code, space.as_bytes()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }
}

impl Writer<'_> {
    /// Forgets a warning, since what it said is so no more.
    pub fn clear_warning(&mut self, code: &str, space: SpaceId) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM warning WHERE code = ?1 AND space = ?2",
            params![code, space.as_bytes()],
        )?;
        Ok(())
    }

    /// Stores a warning, instead of one with the same code and space. One that was dismissed stays
    /// dismissed as long as it says the same.
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
                 dismissed = dismissed AND detail = excluded.detail,
                 detail = excluded.detail, at_ms = excluded.at_ms",
            params![code, space.as_ref().map(SpaceId::as_bytes), detail, at_ms],
        )?;
        Ok(())
    }

    /// Shows a warning no longer. Says whether there was one.
    pub fn dismiss_warning(&mut self, id: i64) -> Result<bool, StoreError> {
        let changed = self.run("UPDATE warning SET dismissed = 1 WHERE id = ?1", [id])?;
        Ok(changed > 0)
    }
}
