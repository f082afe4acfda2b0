//! The log: sealed changes as they were signed, ours once acknowledged and everybody else's.

use std::collections::BTreeMap;

use companion_protocol::id::{ChangeId, Counter, LogNumber, MemberId, SealedHash, SpaceId};
use companion_protocol::statement::LastChange;
use rusqlite::{Row, params};

use super::rows::{id, limit, optional_id, signed, unsigned};
use super::{Reader, StoreError, Writer};
use crate::domain::{ChangeHash, DocumentId};

/// One sealed change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// The space it belongs to.
    pub space: SpaceId,
    /// The server's number; none after a server was restored, until it has the change again.
    pub number: Option<LogNumber>,
    /// Its random name.
    pub id: ChangeId,
    /// Who signed it.
    pub author: MemberId,
    /// The author's own count of it.
    pub counter: Counter,
    /// The hash of its bytes.
    pub hash: SealedHash,
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

/// Why a change whose body its author dropped takes part in nothing: its header is kept.
pub const DROPPED: &str = "its author deleted the content";

impl LogRow {
    /// Whether only its header is here.
    pub fn is_bare(&self) -> bool {
        self.refusal.as_deref() == Some(DROPPED)
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT space, number, id, author, counter, hash, document, change, received_ms,
                 refusal, sealed FROM log ",
            $rest
        )
    };
}

impl Reader<'_> {
    /// One change by its name.
    pub fn log_row(&self, space: SpaceId, id: ChangeId) -> Result<Option<LogRow>, StoreError> {
        self.row(
            select!("WHERE space = ?1 AND id = ?2"),
            params![space.as_bytes(), id.as_bytes()],
            log_row,
        )
    }

    /// The hash of an author's change by its count.
    pub fn log_hash(
        &self,
        space: SpaceId,
        author: MemberId,
        counter: Counter,
    ) -> Result<Option<SealedHash>, StoreError> {
        self.row(
            "SELECT hash FROM log WHERE space = ?1 AND author = ?2 AND counter = ?3",
            params![
                space.as_bytes(),
                author.as_bytes(),
                signed(counter.0, "counter")?
            ],
            |row| id(row, 0, SealedHash::from_slice),
        )
    }

    /// An author's change by its count.
    pub fn log_of(
        &self,
        space: SpaceId,
        author: MemberId,
        counter: Counter,
    ) -> Result<Option<LogRow>, StoreError> {
        self.row(
            select!("WHERE space = ?1 AND author = ?2 AND counter = ?3"),
            params![
                space.as_bytes(),
                author.as_bytes(),
                signed(counter.0, "counter")?
            ],
            log_row,
        )
    }

    /// Whether somebody who may has dropped the body of a change.
    pub fn is_dropped(
        &self,
        space: SpaceId,
        author: MemberId,
        counter: Counter,
    ) -> Result<bool, StoreError> {
        let found: Option<i64> = self.row(
            "SELECT 1 FROM dropped WHERE space = ?1 AND author = ?2 AND counter = ?3",
            params![
                space.as_bytes(),
                author.as_bytes(),
                signed(counter.0, "counter")?
            ],
            |row| Ok(row.get(0)?),
        )?;
        Ok(found.is_some())
    }

    /// How many changes are here without their bodies though nobody dropped those.
    pub fn bodies_withheld(&self, space: SpaceId) -> Result<u64, StoreError> {
        let count = self.row(
            "SELECT count(*) FROM log WHERE space = ?1 AND refusal = ?2 AND NOT EXISTS (
                 SELECT 1 FROM dropped WHERE dropped.space = log.space
                     AND dropped.author = log.author AND dropped.counter = log.counter)",
            params![space.as_bytes(), DROPPED],
            |row| unsigned(row, 0),
        )?;
        Ok(count.unwrap_or_default())
    }

    /// What removed members wrote after the last of their changes that counts, in the order of storing.
    pub fn log_retracted(&self, space: SpaceId) -> Result<Vec<LogRow>, StoreError> {
        self.rows(
            select!("WHERE space = ?1 AND refusal = ?2 ORDER BY position"),
            params![space.as_bytes(), AFTER_REMOVAL],
            log_row,
        )
    }

    /// All changes of a space in the order in which this device stored them: a change never stands
    /// before one that its author had seen.
    pub fn log_in_order(&self, space: SpaceId) -> Result<Vec<LogRow>, StoreError> {
        self.rows(
            select!("WHERE space = ?1 ORDER BY position"),
            [space.as_bytes()],
            log_row,
        )
    }

    /// The changes that the server has not numbered and may have, each author's in their own order.
    pub fn log_unnumbered(&self, space: SpaceId, most: usize) -> Result<Vec<LogRow>, StoreError> {
        self.rows(
            select!(
                "WHERE space = ?1 AND number IS NULL AND refusal IS NOT ?3
                 ORDER BY position LIMIT ?2"
            ),
            params![space.as_bytes(), limit(most), AFTER_REMOVAL],
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
        self.row(select!("WHERE position = ?1"), [position], log_row)
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

    /// The changes of that author after the last that counts, and another one of its count, but for those
    /// known to be [`AFTER_REMOVAL`].
    pub fn log_beyond(
        &self,
        space: SpaceId,
        author: MemberId,
        last: LastChange,
    ) -> Result<Vec<LogRow>, StoreError> {
        self.rows(
            select!(
                "WHERE space = ?1 AND author = ?2 AND counter >= ?3
                     AND NOT (counter = ?3 AND hash = ?5) AND refusal IS NOT ?4
                 ORDER BY counter"
            ),
            params![
                space.as_bytes(),
                author.as_bytes(),
                signed(last.counter.0, "counter")?,
                AFTER_REMOVAL,
                last.hash.as_bytes()
            ],
            log_row,
        )
    }

    /// Whether a change of that author with that count is stored.
    pub fn log_counted(
        &self,
        space: SpaceId,
        author: MemberId,
        counter: Counter,
    ) -> Result<bool, StoreError> {
        let found = self.row(
            "SELECT 1 FROM log WHERE space = ?1 AND author = ?2 AND counter = ?3",
            params![
                space.as_bytes(),
                author.as_bytes(),
                signed(counter.0, "counter")?
            ],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// Whether a change is missing before another one of the same author.
    pub fn log_has_gaps(&self, space: SpaceId) -> Result<bool, StoreError> {
        let found = self.row(
            "SELECT 1 FROM log WHERE space = ?1
             GROUP BY author HAVING count(*) <> max(counter) LIMIT 1",
            [space.as_bytes()],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// How far each author's changes are here and usable **without a hole**: what may be called
    /// received. `known` is how far it was known to be before, so that only what came since is read.
    pub fn log_through(
        &self,
        space: SpaceId,
        known: &BTreeMap<MemberId, Counter>,
    ) -> Result<BTreeMap<MemberId, Counter>, StoreError> {
        let mut all = BTreeMap::new();
        for (author, newest, _) in self.author_heads(space)? {
            let mut through = known.get(&author).copied().unwrap_or(Counter(0));
            through = through.min(newest);
            let since = self.rows(
                "SELECT counter FROM log WHERE space = ?1 AND author = ?2 AND counter > ?3
                 ORDER BY counter",
                params![
                    space.as_bytes(),
                    author.as_bytes(),
                    signed(through.0, "counter")?
                ],
                |row| unsigned(row, 0),
            )?;
            for counter in since {
                if counter != through.next().0 {
                    break;
                }
                through = Counter(counter);
            }
            let refused = self.row(
                "SELECT min(counter) FROM log INDEXED BY log_refused
                 WHERE space = ?1 AND author = ?2 AND refusal IS NOT NULL",
                [space.as_bytes().as_slice(), author.as_bytes().as_slice()],
                |row| Ok(row.get::<_, Option<i64>>(0)?),
            )?;
            let before = refused.flatten().map(|counter| counter.saturating_sub(1));
            if let Some(before) = before.and_then(|before| u64::try_from(before).ok()) {
                through = through.min(Counter(before));
            }
            if through > Counter(0) {
                all.insert(author, through);
            }
        }
        Ok(all)
    }

    /// The last stored change of each author: their count and its hash.
    pub fn author_heads(
        &self,
        space: SpaceId,
    ) -> Result<Vec<(MemberId, Counter, SealedHash)>, StoreError> {
        // From author to author by the index, since a group would read all of it: after each write a
        // reader has to decrypt again whatever it looks at.
        self.rows(
            "WITH RECURSIVE writer (author) AS (
                 SELECT min(author) FROM log WHERE space = ?1
                 UNION ALL
                 SELECT (SELECT min(author) FROM log WHERE space = ?1 AND author > writer.author)
                 FROM writer WHERE writer.author IS NOT NULL
             )
             SELECT log.author, log.counter, log.hash
             FROM writer CROSS JOIN log ON log.space = ?1 AND log.author = writer.author
                 AND log.counter = (
                     SELECT max(counter) FROM log WHERE space = ?1 AND author = writer.author)
             ORDER BY log.author",
            [space.as_bytes()],
            |row| {
                Ok((
                    id(row, 0, MemberId::from_slice)?,
                    Counter(unsigned(row, 1)?),
                    id(row, 2, SealedHash::from_slice)?,
                ))
            },
        )
    }

    /// The changes whose content can't be used.
    pub fn refused(&self, space: SpaceId) -> Result<Vec<LogRow>, StoreError> {
        self.rows(
            select!("WHERE space = ?1 AND refusal IS NOT NULL ORDER BY position"),
            [space.as_bytes()],
            log_row,
        )
    }
}

impl Writer<'_> {
    /// Notes that a body may go.
    pub fn note_dropped(
        &mut self,
        space: SpaceId,
        author: MemberId,
        counter: Counter,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO dropped (space, author, counter) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![
                space.as_bytes(),
                author.as_bytes(),
                signed(counter.0, "counter")?
            ],
        )?;
        Ok(())
    }

    /// Keeps only the header of a change. It takes part in its document no more; the document's row stays
    /// as it is, for whoever drops a body says in the same change what becomes of the document.
    pub fn drop_body(
        &mut self,
        space: SpaceId,
        id: ChangeId,
        bare: &[u8],
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE log SET sealed = ?3, refusal = ?4, change = NULL WHERE space = ?1 AND id = ?2",
            params![space.as_bytes(), id.as_bytes(), bare, DROPPED],
        )?;
        Ok(())
    }

    /// Forgets a change of the log, to take it in anew.
    pub fn forget_log(&mut self, space: SpaceId, id: ChangeId) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM log WHERE space = ?1 AND id = ?2",
            [space.as_bytes().as_slice(), id.as_bytes()],
        )?;
        Ok(())
    }

    /// Stores a change. One that is stored already stays as it is, but takes the number given if
    /// it has none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Fork`] when another change has its name, or its author's count;
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
                self.log_numbered(row.space, row.id, number)?;
            }
            return Ok(Appended::Known { hash: stored });
        }
        if let Some(number) = row.number {
            self.check_number(row.space, row.id, number)?;
        }
        self.run(
            "INSERT INTO log (space, number, id, author, counter, hash, document, change,
                 received_ms, refusal, sealed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                row.space.as_bytes(),
                row.number
                    .map(|number| signed(number.0, "number"))
                    .transpose()?,
                row.id.as_bytes(),
                row.author.as_bytes(),
                signed(row.counter.0, "counter")?,
                row.hash.as_bytes(),
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
    pub fn log_numbered(
        &mut self,
        space: SpaceId,
        id: ChangeId,
        number: LogNumber,
    ) -> Result<(), StoreError> {
        self.check_number(space, id, number)?;
        let changed = self.run(
            "UPDATE log SET number = ?3 WHERE space = ?1 AND id = ?2",
            params![space.as_bytes(), id.as_bytes(), signed(number.0, "number")?],
        )?;
        if changed == 0 {
            return Err(StoreError::Missing("change"));
        }
        Ok(())
    }

    /// Keeps another sealing of a change in place of the one that is here, with the server's number for it.
    ///
    /// # Errors
    ///
    /// [`StoreError::NumberTaken`] when another change has it.
    pub fn log_sealed_again(
        &mut self,
        row: &LogRow,
        number: LogNumber,
        hash: SealedHash,
        sealed: &[u8],
    ) -> Result<(), StoreError> {
        self.check_number(row.space, row.id, number)?;
        self.run(
            "UPDATE log SET number = ?3, hash = ?4, sealed = ?5 WHERE space = ?1 AND id = ?2",
            params![
                row.space.as_bytes(),
                row.id.as_bytes(),
                signed(number.0, "number")?,
                hash.as_bytes(),
                sealed
            ],
        )?;
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
    pub fn refuse(&mut self, space: SpaceId, id: ChangeId, why: &str) -> Result<(), StoreError> {
        self.run(
            "UPDATE log SET refusal = ?3 WHERE space = ?1 AND id = ?2",
            params![space.as_bytes(), id.as_bytes(), why],
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
        space: SpaceId,
        id: ChangeId,
        document: DocumentId,
        change: Option<ChangeHash>,
    ) -> Result<(), StoreError> {
        let changed = self.run(
            "UPDATE log SET refusal = NULL, document = ?3, change = ?4
             WHERE space = ?1 AND id = ?2",
            params![
                space.as_bytes(),
                id.as_bytes(),
                document.as_bytes(),
                change.as_ref().map(ChangeHash::as_bytes)
            ],
        )?;
        if changed == 0 {
            return Err(StoreError::Missing("change"));
        }
        Ok(())
    }

    /// The stored change with the same name or the same count of the same author, and whether it
    /// has a number.
    fn same_place(&self, row: &LogRow) -> Result<Option<(SealedHash, bool)>, StoreError> {
        self.row(
            "SELECT hash, number IS NOT NULL FROM log
             WHERE space = ?1 AND (id = ?2 OR (author = ?3 AND counter = ?4))
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

    fn check_number(
        &self,
        space: SpaceId,
        change: ChangeId,
        number: LogNumber,
    ) -> Result<(), StoreError> {
        let taken = self.count(
            "SELECT count(*) FROM log WHERE space = ?1 AND number = ?2 AND id <> ?3",
            params![
                space.as_bytes(),
                signed(number.0, "number")?,
                change.as_bytes()
            ],
        )?;
        if taken > 0 {
            return Err(StoreError::NumberTaken { space, number });
        }
        Ok(())
    }
}

fn log_row(row: &Row<'_>) -> Result<LogRow, StoreError> {
    let number: Option<i64> = row.get(1)?;
    Ok(LogRow {
        space: id(row, 0, SpaceId::from_slice)?,
        number: number.map(|_| unsigned(row, 1)).transpose()?.map(LogNumber),
        id: id(row, 2, ChangeId::from_slice)?,
        author: id(row, 3, MemberId::from_slice)?,
        counter: Counter(unsigned(row, 4)?),
        hash: id(row, 5, SealedHash::from_slice)?,
        document: optional_id(row, 6, DocumentId::from_slice)?,
        change: optional_id(row, 7, ChangeHash::from_slice)?,
        received_ms: row.get(8)?,
        refusal: row.get(9)?,
        sealed: row.get(10)?,
    })
}
