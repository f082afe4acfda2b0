//! The log: sealed changes as they were signed, ours once acknowledged and everybody else's.

use companion_protocol::id::{
    ChangeId, Counter, HistoryHash, LogNumber, MemberId, SealedHash, SpaceId,
};
use rusqlite::{Row, params};

use super::rows::{id, limit, optional_id, signed, unsigned};
use super::{Reader, StoreError, Writer};
use crate::domain::{ChangeHash, DocumentId};

macro_rules! select_log {
    ($rest:literal) => {
        concat!(
            "SELECT space, number, id, author, counter, hash, history, document, change,
                 received_ms, refusal, sealed FROM log ",
            $rest
        )
    };
}

mod drops;
mod histories;
mod kinds;

pub use kinds::LogPlace;

pub use drops::AwaitedDrop;

/// One sealed change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// The space it belongs to.
    pub space: SpaceId,
    /// The server's number; none after a server was restored, until it has the change again.
    pub number: Option<LogNumber>,
    /// Its random name, among those of its author.
    pub id: ChangeId,
    /// Who signed it.
    pub author: MemberId,
    /// The author's own count of it.
    pub counter: Counter,
    /// The hash of its bytes: of this sealing of it.
    pub hash: SealedHash,
    /// What its author said up to and with it, however it was sealed.
    pub history: HistoryHash,
    /// The document that it changes, once opened.
    pub document: Option<DocumentId>,
    /// The hash of the change inside, once opened.
    pub change: Option<ChangeHash>,
    /// Its bytes.
    pub sealed: Vec<u8>,
    /// When this device stored it, in milliseconds since 1970.
    pub received_ms: i64,
    /// Why its content can't be used; such a change takes part in no document.
    pub refusal: Option<String>,
}

/// What became of a change that was to be appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is stored now.
    New,
    /// It was there already, byte for byte.
    Known {
        /// Its hash.
        hash: SealedHash,
    },
}

/// Why a change that a removed member slipped in counts for nothing. No server takes it again.
pub const AFTER_REMOVAL: &str = "it was written after its author was removed";

/// Why a change whose body was dropped takes part in nothing: its header is kept.
pub const DROPPED: &str = "its content was deleted";

/// Why a change of a document that was deleted takes part in nothing. Its header is all that is here, unless whoever
/// deleted the document had not read it: then its author writes its words anew.
pub const DELETED: &str = "its document was deleted";

impl LogRow {
    /// Whether only its header is here.
    pub fn is_bare(&self) -> bool {
        self.refusal.as_deref() == Some(DROPPED)
    }
}

impl Reader<'_> {
    /// One change of an author by its name.
    pub fn log_row(
        &self,
        space: SpaceId,
        author: MemberId,
        id: ChangeId,
    ) -> Result<Option<LogRow>, StoreError> {
        self.row(
            select_log!("WHERE space = ?1 AND author = ?2 AND id = ?3"),
            params![space.as_bytes(), author.as_bytes(), id.as_bytes()],
            log_row,
        )
    }

    /// All changes of a space in the order in which this device stored them: a change never stands
    /// before one that its author had seen.
    pub fn log_in_order(&self, space: SpaceId) -> Result<Vec<LogRow>, StoreError> {
        self.rows(
            select_log!("WHERE space = ?1 ORDER BY position"),
            [space.as_bytes()],
            log_row,
        )
    }

    /// Who wrote something that the server has not numbered and may have.
    pub fn unnumbered_authors(&self, space: SpaceId) -> Result<Vec<MemberId>, StoreError> {
        self.rows(
            "SELECT DISTINCT author FROM log
             WHERE space = ?1 AND number IS NULL AND refusal IS NOT ?2 ORDER BY author",
            params![space.as_bytes(), AFTER_REMOVAL],
            |row| id(row, 0, MemberId::from_slice),
        )
    }

    /// The first of an author's changes that the server has not numbered and may have, in the order of their
    /// count: one that came late stands after those that follow it.
    pub fn log_unnumbered(
        &self,
        space: SpaceId,
        author: MemberId,
        most: usize,
    ) -> Result<Vec<LogRow>, StoreError> {
        self.rows(
            select_log!(
                "WHERE space = ?1 AND author = ?4 AND number IS NULL AND refusal IS NOT ?3
                 ORDER BY counter LIMIT ?2"
            ),
            params![
                space.as_bytes(),
                limit(most),
                AFTER_REMOVAL,
                author.as_bytes()
            ],
            log_row,
        )
    }

    /// The usable changes of a document of that space: their place in the log, and their hashes. A
    /// hostile member may name another space's document; those are not among them.
    pub fn changes_of(
        &self,
        space: SpaceId,
        document: DocumentId,
    ) -> Result<Vec<(i64, Option<ChangeHash>)>, StoreError> {
        self.rows(
            "SELECT rowid, change FROM log INDEXED BY log_document
             WHERE document = ?1 AND space = ?2 AND refusal IS NULL",
            [document.as_bytes().as_slice(), space.as_bytes().as_slice()],
            |row| Ok((row.get(0)?, optional_id(row, 1, ChangeHash::from_slice)?)),
        )
    }

    /// The change at that place in the log.
    pub fn log_at(&self, position: i64) -> Result<Option<LogRow>, StoreError> {
        self.row(select_log!("WHERE position = ?1"), [position], log_row)
    }

    /// The newest usable change of each author of a document, in that space.
    pub fn authors_of(
        &self,
        space: SpaceId,
        document: DocumentId,
    ) -> Result<Vec<(MemberId, Counter)>, StoreError> {
        self.rows(
            "SELECT author, max(counter) FROM log INDEXED BY log_document
             WHERE document = ?2 AND refusal IS NULL AND space = ?1 GROUP BY author",
            [space.as_bytes().as_slice(), document.as_bytes().as_slice()],
            |row| {
                let author = id(row, 0, MemberId::from_slice)?;
                Ok((author, Counter(unsigned(row, 1)?)))
            },
        )
    }

    /// When this device stored the first change of a document, or wrote it, in milliseconds since 1970.
    pub fn first_received(
        &self,
        space: SpaceId,
        document: DocumentId,
    ) -> Result<Option<i64>, StoreError> {
        let logged = self.row(
            "SELECT received_ms FROM log WHERE position =
                 (SELECT min(position) FROM log INDEXED BY log_document
                  WHERE document = ?2 AND refusal IS NULL AND space = ?1)",
            [space.as_bytes().as_slice(), document.as_bytes().as_slice()],
            |row| Ok(row.get(0)?),
        )?;
        if logged.is_some() {
            return Ok(logged);
        }
        self.row(
            "SELECT committed_ms FROM outbox WHERE document = ?1 ORDER BY position LIMIT 1",
            [document.as_bytes()],
            |row| Ok(row.get(0)?),
        )
    }

    /// When this device stored the last change of a document, or wrote it, in milliseconds since 1970.
    pub fn last_received(
        &self,
        space: SpaceId,
        document: DocumentId,
    ) -> Result<Option<i64>, StoreError> {
        let last = self.row(
            "SELECT max(received_ms) FROM
                 (SELECT received_ms FROM log INDEXED BY log_document
                  WHERE document = ?2 AND refusal IS NULL AND space = ?1
                  UNION ALL SELECT committed_ms FROM outbox WHERE document = ?2)",
            [space.as_bytes().as_slice(), document.as_bytes().as_slice()],
            |row| Ok(row.get::<_, Option<i64>>(0)?),
        )?;
        Ok(last.flatten())
    }

    /// The changes whose content can't be used for that one reason.
    pub fn refused_for(&self, space: SpaceId, why: &str) -> Result<Vec<LogRow>, StoreError> {
        self.rows(
            select_log!(
                "INDEXED BY log_refused WHERE space = ?1 AND refusal IS NOT NULL AND refusal = ?2
                 ORDER BY position"
            ),
            params![space.as_bytes(), why],
            log_row,
        )
    }

    /// The changes whose content can't be used.
    pub fn refused(&self, space: SpaceId) -> Result<Vec<LogRow>, StoreError> {
        self.rows(
            select_log!("WHERE space = ?1 AND refusal IS NOT NULL ORDER BY position"),
            [space.as_bytes()],
            log_row,
        )
    }
}

impl Writer<'_> {
    /// Stores a change. One that is stored already stays as it is, but takes the number given if
    /// it has none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Fork`] when another change of its author has its name or its count;
    /// [`StoreError::NumberTaken`] when another change has its number.
    pub fn append_log(&mut self, row: &LogRow) -> Result<Appended, StoreError> {
        if let Some((stored, numbered)) = self.same_place(row)? {
            if stored != row.hash {
                return Err(StoreError::Fork {
                    author: row.author,
                    counter: row.counter,
                    stored,
                });
            }
            if let (false, Some(number)) = (numbered, row.number) {
                self.log_numbered(row, number)?;
            }
            return Ok(Appended::Known { hash: stored });
        }
        if let Some(number) = row.number {
            self.check_number(row, number)?;
        }
        self.run(
            "INSERT INTO log (space, number, id, author, counter, hash, history, document,
                 change, received_ms, refusal, sealed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                row.space.as_bytes(),
                row.number
                    .map(|number| signed(number.0, "number"))
                    .transpose()?,
                row.id.as_bytes(),
                row.author.as_bytes(),
                signed(row.counter.0, "counter")?,
                row.hash.as_bytes(),
                row.history.as_bytes(),
                row.document.as_ref().map(DocumentId::as_bytes),
                row.change.as_ref().map(ChangeHash::as_bytes),
                row.received_ms,
                row.refusal,
                row.sealed,
            ],
        )?;
        Ok(Appended::New)
    }

    /// Notes the number that the server gave a stored change.
    ///
    /// # Errors
    ///
    /// [`StoreError::NumberTaken`] when another change has it; [`StoreError::Missing`] when there is
    /// no such change.
    pub fn log_numbered(&mut self, of: &LogRow, number: LogNumber) -> Result<(), StoreError> {
        self.check_number(of, number)?;
        let changed = self.run(
            "UPDATE log SET number = ?4 WHERE space = ?1 AND author = ?2 AND id = ?3",
            params![
                of.space.as_bytes(),
                of.author.as_bytes(),
                of.id.as_bytes(),
                signed(number.0, "number")?
            ],
        )?;
        if changed == 0 {
            return Err(StoreError::Missing("change"));
        }
        Ok(())
    }

    /// Forgets the numbers of a server's former life.
    pub fn clear_numbers(&mut self, space: SpaceId) -> Result<(), StoreError> {
        self.run(
            "UPDATE log SET number = NULL WHERE space = ?1 AND number IS NOT NULL",
            [space.as_bytes()],
        )?;
        Ok(())
    }

    /// Puts a change that was usable into quarantine: it is kept, and counts for nothing.
    pub fn refuse(&mut self, of: &LogRow, why: &str) -> Result<(), StoreError> {
        self.run(
            "UPDATE log SET refusal = ?4 WHERE space = ?1 AND author = ?2 AND id = ?3",
            params![
                of.space.as_bytes(),
                of.author.as_bytes(),
                of.id.as_bytes(),
                why
            ],
        )?;
        Ok(())
    }

    /// Lets a refused change take part after all, now that it can be opened.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such change.
    pub fn readmit(
        &mut self,
        of: &LogRow,
        document: DocumentId,
        change: Option<ChangeHash>,
    ) -> Result<(), StoreError> {
        let changed = self.run(
            "UPDATE log SET refusal = NULL, document = ?4, change = ?5
             WHERE space = ?1 AND author = ?2 AND id = ?3",
            params![
                of.space.as_bytes(),
                of.author.as_bytes(),
                of.id.as_bytes(),
                document.as_bytes(),
                change.as_ref().map(ChangeHash::as_bytes)
            ],
        )?;
        if changed == 0 {
            return Err(StoreError::Missing("change"));
        }
        Ok(())
    }

    /// The stored change of the same author with the same name or the same count, and whether it has a
    /// number.
    fn same_place(&self, row: &LogRow) -> Result<Option<(SealedHash, bool)>, StoreError> {
        self.row(
            "SELECT hash, number IS NOT NULL FROM log
             WHERE space = ?1 AND author = ?3 AND (id = ?2 OR counter = ?4)
             ORDER BY hash = ?5 LIMIT 1",
            params![
                row.space.as_bytes(),
                row.id.as_bytes(),
                row.author.as_bytes(),
                signed(row.counter.0, "counter")?,
                row.hash.as_bytes(),
            ],
            |row| Ok((id(row, 0, SealedHash::from_slice)?, row.get(1)?)),
        )
    }

    fn check_number(&self, of: &LogRow, number: LogNumber) -> Result<(), StoreError> {
        let taken = self.count(
            "SELECT count(*) FROM log WHERE space = ?1 AND number = ?2
                 AND NOT (id = ?3 AND author = ?4)",
            params![
                of.space.as_bytes(),
                signed(number.0, "number")?,
                of.id.as_bytes(),
                of.author.as_bytes()
            ],
        )?;
        if taken > 0 {
            let space = of.space;
            return Err(StoreError::NumberTaken { space, number });
        }
        Ok(())
    }
}

pub(super) fn log_row(row: &Row<'_>) -> Result<LogRow, StoreError> {
    let number: Option<i64> = row.get(1)?;
    Ok(LogRow {
        space: id(row, 0, SpaceId::from_slice)?,
        number: number.map(|_| unsigned(row, 1)).transpose()?.map(LogNumber),
        id: id(row, 2, ChangeId::from_slice)?,
        author: id(row, 3, MemberId::from_slice)?,
        counter: Counter(unsigned(row, 4)?),
        hash: id(row, 5, SealedHash::from_slice)?,
        history: id(row, 6, HistoryHash::from_slice)?,
        document: optional_id(row, 7, DocumentId::from_slice)?,
        change: optional_id(row, 8, ChangeHash::from_slice)?,
        received_ms: row.get(9)?,
        refusal: row.get(10)?,
        sealed: row.get(11)?,
    })
}
