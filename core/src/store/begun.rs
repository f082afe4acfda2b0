//! Who began a document, and after what.

use companion_protocol::id::{Counter, MemberId, SpaceId};

use super::rows::{id, unsigned};
use super::{Reader, StoreError};
use crate::domain::DocumentId;

/// The first change of a document, by what orders it whatever clocks say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Who wrote it.
    pub author: MemberId,
    /// Its author's own count of it; what waits to be sent comes after all that was.
    pub count: (bool, u64),
    /// When it came, among all that did: the server's number, then the place on this device. What the server
    /// has not numbered comes last.
    pub arrival: (u64, i64),
}

impl Begun {
    /// Whether it was written before another: by its author's count where both are of one author, else by when
    /// they came.
    pub fn is_before(&self, other: &Begun) -> bool {
        if self.author == other.author {
            self.count < other.count
        } else {
            self.arrival < other.arrival
        }
    }
}

impl Reader<'_> {
    /// Who began a document. `me` is who wrote what waits.
    pub fn begun(
        &self,
        space: SpaceId,
        document: DocumentId,
        me: MemberId,
    ) -> Result<Begun, StoreError> {
        let logged = self.row(
            "SELECT author, counter, coalesce(number, ?3), position FROM log WHERE position =
                 (SELECT min(position) FROM log INDEXED BY log_document
                  WHERE document = ?2 AND refusal IS NULL AND space = ?1)",
            rusqlite::params![space.as_bytes(), document.as_bytes(), i64::MAX],
            |row| {
                let counter = Counter(unsigned(row, 1)?);
                Ok(Begun {
                    author: id(row, 0, MemberId::from_slice)?,
                    count: (false, counter.0),
                    arrival: (unsigned(row, 2)?, row.get(3)?),
                })
            },
        )?;
        if let Some(logged) = logged {
            return Ok(logged);
        }
        let waits = self.row(
            "SELECT position FROM outbox WHERE document = ?1 ORDER BY position LIMIT 1",
            [document.as_bytes()],
            |row| Ok(row.get::<_, i64>(0)?),
        )?;
        let position = waits.unwrap_or(i64::MAX);
        let count = u64::try_from(position).unwrap_or_default();
        Ok(Begun {
            author: me,
            count: (true, count),
            arrival: (u64::MAX, position),
        })
    }
}
