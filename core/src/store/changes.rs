//! What has changed of the read model, whichever process changed it: each write of a row gets the next
//! number.

use companion_protocol::id::SpaceId;
use rusqlite::params;

use super::items::Standing;
use super::rows::{id, limit};
use super::{Reader, StoreError, Writer};
use crate::domain::{DocumentId, Kind};

/// A row that was written or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedRow {
    /// Which document.
    pub document: DocumentId,
    /// What it is or was.
    pub kind: Kind,
    /// The number of this change.
    pub changed: i64,
    /// Its standing; `None` when the row is gone.
    pub standing: Option<Standing>,
}

impl Reader<'_> {
    /// The newest number that any row's `changed` was given.
    pub fn latest_change(&self) -> Result<i64, StoreError> {
        let number = self.row("SELECT number FROM latest", (), |row| Ok(row.get(0)?))?;
        Ok(number.unwrap_or_default())
    }

    /// Rows written or removed after that number, in the order of their last change.
    pub fn changed_since(&self, number: i64, most: usize) -> Result<Vec<ChangedRow>, StoreError> {
        self.rows(
            "SELECT document, kind, changed, standing FROM item WHERE changed > ?1
             UNION ALL
             SELECT document, kind, changed, NULL FROM removed_item WHERE changed > ?1
             ORDER BY changed LIMIT ?2",
            params![number, limit(most)],
            |row| {
                let standing: Option<i64> = row.get(3)?;
                Ok(ChangedRow {
                    document: id(row, 0, DocumentId::from_slice)?,
                    kind: Kind::from_stored(row.get::<_, String>(1)?),
                    changed: row.get(2)?,
                    standing: standing.map(|number| {
                        Standing::from_number(number).unwrap_or(Standing::Unreadable)
                    }),
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Says that something outside of a space changed what a list shows of it.
    pub fn touch_space(&mut self, space: SpaceId) -> Result<(), StoreError> {
        self.next_change(space).map(drop)
    }
}
