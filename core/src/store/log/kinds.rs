//! The changes of a kind's documents, each as its author wrote it, whatever others wrote into the document
//! since.

use companion_protocol::id::{Counter, MemberId, SealedHash, SpaceId};
use rusqlite::params;

use super::{AFTER_REMOVAL, LogRow, log_row};
use crate::store::rows::{id, limit, unsigned};
use crate::store::{Reader, StoreError};

/// Where a change stands in the log, and whose it is: all but its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogPlace {
    /// For [`Reader::log_at`].
    pub position: i64,
    /// Who signed it.
    pub author: MemberId,
    /// The author's own count of it.
    pub counter: Counter,
    /// The hash of its bytes.
    pub hash: SealedHash,
}

impl Reader<'_> {
    /// The places of all usable changes of a kind's documents, each author's in their own order.
    pub fn places_of_kind(&self, space: SpaceId, kind: &str) -> Result<Vec<LogPlace>, StoreError> {
        self.rows(
            "SELECT log.position, log.author, log.counter, log.hash
             FROM item CROSS JOIN log INDEXED BY log_document
                 ON log.document = item.document AND log.space = item.space
                 AND log.refusal IS NULL
             WHERE item.space = ?1 AND item.kind = ?2
             ORDER BY log.author, log.counter",
            params![space.as_bytes(), kind],
            |row| {
                Ok(LogPlace {
                    position: row.get(0)?,
                    author: id(row, 1, MemberId::from_slice)?,
                    counter: Counter(unsigned(row, 2)?),
                    hash: id(row, 3, SealedHash::from_slice)?,
                })
            },
        )
    }

    /// The first of what a removed member wrote after the last of its changes that counts, in its order.
    pub fn log_retracted_of(
        &self,
        space: SpaceId,
        author: MemberId,
        most: usize,
    ) -> Result<Vec<LogRow>, StoreError> {
        self.rows(
            select_log!(
                "INDEXED BY log_refused WHERE space = ?1 AND author = ?2 AND refusal = ?3
                 ORDER BY counter LIMIT ?4"
            ),
            params![
                space.as_bytes(),
                author.as_bytes(),
                AFTER_REMOVAL,
                limit(most)
            ],
            log_row,
        )
    }
}
