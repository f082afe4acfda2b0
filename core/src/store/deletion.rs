//! What was deleted: its words leave every table, bare headers stay in the log, and the bodies that this device has
//! to drop wait here until a server was told. Overwriting what the file held of them is a second step, which is
//! owed from the first one on.

use companion_protocol::id::{ChangeId, Counter, HistoryHash, MemberId, SpaceId};
use rusqlite::{Connection, params};

use super::log::{DELETED, DROPPED, LogRow, log_row};
use super::rows::{id, optional_id, signed, unsigned};
use super::{Reader, Standing, Store, StoreError, Writer, exit, lock};
use crate::domain::{Content, Deletion, DocumentId};

/// Setting that says that the file still holds what was deleted in places that nothing names any more.
const WIPING_DUE: &str = "wiping_due";

/// A body that this device is to drop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyToDrop {
    /// Whose change it is.
    pub author: MemberId,
    /// The author's count of it.
    pub counter: Counter,
    /// The author's history up to and with it.
    pub history: HistoryHash,
    /// The change of this device that names it, once that may have left.
    pub carrier: Option<ChangeId>,
}

impl Reader<'_> {
    /// The documents of a space that were deleted and are still here.
    pub fn deleted_and_here(&self, space: SpaceId) -> Result<Vec<DocumentId>, StoreError> {
        self.rows(
            "SELECT DISTINCT i.document FROM item AS d CROSS JOIN item AS i ON i.document = d.about
             WHERE d.space = ?1 AND d.kind = ?2 AND d.standing = 0 AND i.space = ?1
             ORDER BY i.document",
            params![space.as_bytes(), Deletion::KIND.as_str()],
            |row| id(row, 0, DocumentId::from_slice),
        )
    }

    /// What is said of the deletions of a document: the rows of the documents that say so.
    pub fn deletions_of(&self, document: DocumentId) -> Result<Vec<super::ItemRow>, StoreError> {
        self.deletions_by(
            "SELECT rowid FROM item WHERE about = ?1 AND kind = ?2 AND standing = 0",
            document.as_bytes(),
        )
    }

    /// All documents of a space that say that another one was deleted.
    pub fn deletions(&self, space: SpaceId) -> Result<Vec<super::ItemRow>, StoreError> {
        self.deletions_by(
            "SELECT rowid FROM item WHERE space = ?1 AND kind = ?2 AND standing = 0",
            space.as_bytes(),
        )
    }

    fn deletions_by(
        &self,
        sql: &'static str,
        of: &[u8],
    ) -> Result<Vec<super::ItemRow>, StoreError> {
        let places = self.rows(sql, params![of, Deletion::KIND.as_str()], |row| {
            Ok(row.get::<_, i64>(0)?)
        })?;
        let mut rows = Vec::new();
        for place in places {
            rows.extend(self.item_at(place)?);
        }
        Ok(rows)
    }

    /// Whether a document waits to be shared of which nothing was logged: another one is kept that it was shared from.
    pub fn waits_to_be_shared(&self, space: SpaceId) -> Result<bool, StoreError> {
        let found = self.row(
            "SELECT 1 FROM outbox AS o JOIN item AS i ON i.about = o.document AND i.standing = ?2
             WHERE o.space = ?1 AND NOT EXISTS (
                 SELECT 1 FROM log AS l WHERE l.document = o.document AND l.refusal IS NULL) LIMIT 1",
            params![space.as_bytes(), Standing::MovedOn.number()],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// The changes of a document that came after it was deleted, and that whoever deleted it had not read.
    pub fn log_left_over(
        &self,
        space: SpaceId,
        document: DocumentId,
    ) -> Result<Vec<LogRow>, StoreError> {
        self.rows(
            select_log!(
                "INDEXED BY log_refused WHERE space = ?1 AND refusal = ?3 AND document = ?2
                 ORDER BY position"
            ),
            params![space.as_bytes(), document.as_bytes(), DELETED],
            log_row,
        )
    }

    /// How many changes of a document are here without their bodies.
    pub fn bare_of(&self, space: SpaceId, document: DocumentId) -> Result<usize, StoreError> {
        self.count(
            "SELECT count(*) FROM log INDEXED BY log_refused
             WHERE space = ?1 AND document = ?2 AND refusal IN (?3, ?4)",
            params![space.as_bytes(), document.as_bytes(), DELETED, DROPPED],
        )
    }

    /// The bodies of a space that this device is to drop.
    pub fn bodies_to_drop(&self, space: SpaceId) -> Result<Vec<BodyToDrop>, StoreError> {
        self.rows(
            "SELECT author, counter, history, carrier FROM letting_go WHERE space = ?1
             ORDER BY author, counter",
            [space.as_bytes()],
            |row| {
                Ok(BodyToDrop {
                    author: id(row, 0, MemberId::from_slice)?,
                    counter: Counter(unsigned(row, 1)?),
                    history: id(row, 2, HistoryHash::from_slice)?,
                    carrier: optional_id(row, 3, ChangeId::from_slice)?,
                })
            },
        )
    }

    /// Whether a body of that space waits to be named in a change, and no change that could name it waits to leave.
    pub fn needs_carrier(&self, space: SpaceId, sent_through: i64) -> Result<bool, StoreError> {
        let found = self.row(
            "SELECT 1 FROM letting_go WHERE space = ?1 AND carrier IS NULL AND NOT EXISTS (
                 SELECT 1 FROM outbox WHERE space = ?1 AND kind = ?2 AND position > ?3) LIMIT 1",
            params![space.as_bytes(), Deletion::KIND.as_str(), sent_through],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// The document of a body that waits to be named in a change.
    pub fn waits_to_be_dropped(&self, space: SpaceId) -> Result<Option<DocumentId>, StoreError> {
        let found = self.row(
            "SELECT log.document FROM letting_go AS l JOIN log ON log.space = l.space
                 AND log.author = l.author AND log.counter = l.counter
             WHERE l.space = ?1 AND l.carrier IS NULL AND log.document IS NOT NULL LIMIT 1",
            [space.as_bytes()],
            |row| id(row, 0, DocumentId::from_slice),
        )?;
        Ok(found)
    }

    /// Whether the file may still hold what was deleted.
    pub fn is_wiping_due(&self) -> Result<bool, StoreError> {
        Ok(self.setting(WIPING_DUE)?.is_some())
    }
}

impl Writer<'_> {
    /// Keeps only the header of a change of a deleted document.
    pub fn keep_header(&mut self, of: &LogRow, bare: &[u8]) -> Result<(), StoreError> {
        self.keep_bare(of, bare, DELETED)
    }

    /// Forgets what waits of a deleted document and never left.
    pub fn drop_unsent(
        &mut self,
        document: DocumentId,
        sent_through: i64,
    ) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM outbox WHERE document = ?1 AND position > ?2",
            params![document.as_bytes(), sent_through],
        )?;
        Ok(())
    }

    /// Notes a body that this device is to drop.
    pub fn let_go_of_body(&mut self, of: &LogRow) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO letting_go (space, author, counter, history) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
            params![
                of.space.as_bytes(),
                of.author.as_bytes(),
                signed(of.counter.0, "counter")?,
                of.history.as_bytes()
            ],
        )?;
        Ok(())
    }

    /// Notes which change names a body, before that may leave. Gives whether it still waits for one.
    pub fn name_body(
        &mut self,
        space: SpaceId,
        (author, counter): (MemberId, Counter),
        carrier: ChangeId,
    ) -> Result<bool, StoreError> {
        let named = self.run(
            "UPDATE letting_go SET carrier = ?4 WHERE space = ?1 AND author = ?2 AND counter = ?3
                 AND (carrier IS NULL OR carrier = ?4)",
            params![
                space.as_bytes(),
                author.as_bytes(),
                signed(counter.0, "counter")?,
                carrier.as_bytes()
            ],
        )?;
        Ok(named > 0)
    }

    /// The server has the change that names these bodies: they are dropped. Gives which.
    pub fn bodies_dropped(
        &mut self,
        space: SpaceId,
        carrier: ChangeId,
        dropper: MemberId,
    ) -> Result<(), StoreError> {
        let named = self.bodies_to_drop(space)?;
        let named = named.iter().filter(|body| body.carrier == Some(carrier));
        for body in named {
            self.note_dropped(space, (body.author, body.counter), dropper)?;
            self.run(
                "UPDATE log SET refusal = ?4 WHERE space = ?1 AND author = ?2 AND counter = ?3",
                params![
                    space.as_bytes(),
                    body.author.as_bytes(),
                    signed(body.counter.0, "counter")?,
                    DROPPED
                ],
            )?;
        }
        self.run(
            "DELETE FROM letting_go WHERE space = ?1 AND carrier = ?2",
            params![space.as_bytes(), carrier.as_bytes()],
        )?;
        Ok(())
    }

    /// From now on the file has to be wiped: what was just deleted still stands in places that nothing names.
    pub fn owe_wiping(&mut self) -> Result<(), StoreError> {
        self.set_setting(WIPING_DUE, &[1])
    }
}

impl Store {
    /// Overwrites what the file still holds of what was deleted, if that is owed. Gives whether nothing is owed any
    /// more: it stays owed while somebody else reads, or the process ends, and is done with the next call.
    ///
    /// - FTS5 keeps the words of a removed document until its segments are merged. Its `secure-delete` is not for
    ///   an index that holds no copy of the text, which needs the words again to take them out.
    /// - SQLite overwrites what it deletes (`secure_delete`), but promises nothing of copies in the unused room of a
    ///   page whose rows it moved to another one. So the whole file is written anew.
    /// - Earlier pages stand in the write-ahead log until it is cut off.
    pub fn wipe_if_due(&self) -> Result<bool, StoreError> {
        if !self.read(|r| r.is_wiping_due())? {
            return Ok(true);
        }
        let _open = exit::using();
        // An idle reader holds no page, but keeps the log from being cut off where it is older.
        lock(&self.readers).clear();
        let mut slot = lock(&self.writer);
        let connection = match slot.take() {
            Some(connection) => connection,
            None => self
                .open_writer()
                .map_err(|error| self.location.why(error))?,
        };
        let wiped = wipe(&connection)?;
        *slot = Some(connection);
        drop(slot);
        if wiped {
            self.write(|w| w.remove_setting(WIPING_DUE))?;
        }
        Ok(wiped)
    }
}

fn wipe(connection: &Connection) -> Result<bool, StoreError> {
    connection.execute_batch("INSERT INTO search (search) VALUES ('optimize'); VACUUM")?;
    let busy: i64 =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| row.get(0))?;
    Ok(busy == 0)
}
