//! Numbers about the file for a report that says nothing of what is in it.

use super::migrations;
use super::{BlobStanding, Reader, StoreError};

/// What waits in the outbox, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxNumbers {
    /// How many changes wait.
    pub waiting: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// When the oldest was committed, milliseconds since 1970 UTC.
    pub oldest_ms: Option<i64>,
    /// When the newest was.
    pub newest_ms: Option<i64>,
}

/// What the log holds, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogNumbers {
    /// How many changes.
    pub changes: u64,
    /// How many bytes they have, sealed.
    pub bytes: u64,
}

/// Recordings and pictures of documents that are shown, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlobNumbers {
    /// How many.
    pub blobs: u64,
    /// How many bytes they have, sealed; of what is lost, had.
    pub bytes: u64,
}

impl Reader<'_> {
    /// How many rows each kind has, by its stored word.
    pub fn rows_by_kind(&self) -> Result<Vec<(String, u64)>, StoreError> {
        self.rows(
            "SELECT kind, count(*) FROM item GROUP BY kind ORDER BY kind",
            (),
            |row| Ok((row.get(0)?, super::rows::unsigned(row, 1)?)),
        )
    }

    /// What waits in the outbox.
    pub fn outbox_numbers(&self) -> Result<OutboxNumbers, StoreError> {
        let numbers = self.row(
            "SELECT count(*), ifnull(sum(length(payload)), 0), min(committed_ms), max(committed_ms)
             FROM outbox",
            (),
            |row| {
                Ok(OutboxNumbers {
                    waiting: super::rows::unsigned(row, 0)?,
                    bytes: super::rows::unsigned(row, 1)?,
                    oldest_ms: row.get(2)?,
                    newest_ms: row.get(3)?,
                })
            },
        )?;
        Ok(numbers.unwrap_or_default())
    }

    /// What the log holds.
    pub fn log_numbers(&self) -> Result<LogNumbers, StoreError> {
        let numbers = self.row(
            "SELECT count(*), ifnull(sum(length(sealed)), 0) FROM log",
            (),
            |row| {
                Ok(LogNumbers {
                    changes: super::rows::unsigned(row, 0)?,
                    bytes: super::rows::unsigned(row, 1)?,
                })
            },
        )?;
        Ok(numbers.unwrap_or_default())
    }

    /// The blobs that got so far and that something shown names.
    pub fn blob_numbers(&self, standing: BlobStanding) -> Result<BlobNumbers, StoreError> {
        let numbers = self.row(
            "SELECT count(*), ifnull(sum(size), 0) FROM blob AS b WHERE b.standing = ?1 AND EXISTS (
                 SELECT 1 FROM attachment AS a WHERE a.blob = b.blob AND a.living = 1)",
            [standing.number()],
            |row| {
                Ok(BlobNumbers {
                    blobs: super::rows::unsigned(row, 0)?,
                    bytes: super::rows::unsigned(row, 1)?,
                })
            },
        )?;
        Ok(numbers.unwrap_or_default())
    }

    /// Those of them that are larger.
    pub fn blob_numbers_beyond(
        &self,
        standing: BlobStanding,
        size: u64,
    ) -> Result<BlobNumbers, StoreError> {
        let numbers = self.row(
            "SELECT count(*), ifnull(sum(size), 0) FROM blob AS b
             WHERE b.standing = ?1 AND b.size > ?2 AND EXISTS (
                 SELECT 1 FROM attachment AS a WHERE a.blob = b.blob AND a.living = 1)",
            rusqlite::params![
                standing.number(),
                super::rows::signed(size, "size of a blob")?
            ],
            |row| {
                Ok(BlobNumbers {
                    blobs: super::rows::unsigned(row, 0)?,
                    bytes: super::rows::unsigned(row, 1)?,
                })
            },
        )?;
        Ok(numbers.unwrap_or_default())
    }

    /// How many changes were put aside for each reason, by its stored words.
    pub fn refusals(&self) -> Result<Vec<(String, u64)>, StoreError> {
        self.rows(
            "SELECT refusal, count(*) FROM log WHERE refusal IS NOT NULL
             GROUP BY refusal ORDER BY refusal",
            (),
            |row| Ok((row.get(0)?, super::rows::unsigned(row, 1)?)),
        )
    }
}

impl super::Store {
    /// The file.
    pub fn path(&self) -> &std::path::Path {
        &self.location.path
    }

    /// Its key.
    pub(crate) fn key(&self) -> &super::StoreKey {
        &self.location.key
    }

    /// The schema that an open file has.
    pub const SCHEMA: u32 = migrations::NEWEST;

    /// How many bytes the file has, and those that stand beside it until they are folded in; `None` where
    /// there is no such file, or it can't be looked at.
    pub fn sizes(&self) -> (Option<u64>, Option<u64>) {
        Self::sizes_at(&self.location.path)
    }

    /// The same of a store that may not be open.
    pub fn sizes_at(path: &std::path::Path) -> (Option<u64>, Option<u64>) {
        let size = |path: &std::path::Path| Some(std::fs::metadata(path).ok()?.len());
        (
            size(path),
            size(&super::connection::with_suffix(path, "-wal")),
        )
    }
}
