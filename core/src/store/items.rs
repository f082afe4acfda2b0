//! The read model: one row for each document, as it is shown. A cache of log and outbox.

use companion_protocol::id::{Counter, MemberId, SpaceId};
use rusqlite::{Row, params};

use super::rows::{id, limit, optional_id, signed, unsigned};
use super::{Reader, StoreError, Writer};
use crate::document::Revision;
use crate::domain::{DocumentId, Kind};

/// One document, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// Its id.
    pub document: DocumentId,
    /// The space it belongs to, for good.
    pub space: SpaceId,
    /// What it is.
    pub kind: Kind,
    /// The document that it is about.
    pub about: Option<DocumentId>,
    /// When it is said to have happened, in milliseconds since 1970; lists are in this order.
    pub sort_ms: i64,
    /// The state that `projection` shows.
    pub revision: Revision,
    /// Its fields as JSON.
    pub projection: String,
    /// Who wrote it first: putting the row again does not change this.
    pub author: MemberId,
    /// The author's count of its newest change; 0 while that waits in the outbox.
    pub counter: Counter,
    /// When this device stored its newest change, in milliseconds since 1970.
    pub received_ms: i64,
}

/// Which items to list. All of the given spaces by default, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// Of these spaces; with none named, nothing is found.
    pub spaces: Vec<SpaceId>,
    /// Of this kind only.
    pub kind: Option<Kind>,
    /// About this document only.
    pub about: Option<DocumentId>,
    /// The newest first, instead of the oldest.
    pub newest_first: bool,
    /// No more than these.
    pub limit: Option<usize>,
    /// Only what happened before, in milliseconds since 1970.
    pub before_sort_ms: Option<i64>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT document, space, kind, about, sort_ms, author, counter, received_ms, revision,
                 projection FROM item ",
            $rest
        )
    };
}

/// The index alone says which rows to show, in which order; only those are read. (Sorting the rows
/// themselves took 80 ms for 50 of 2,000.)
macro_rules! filtered {
    ($order:literal) => {
        concat!(
            "SELECT item.document, item.space, item.kind, item.about, item.sort_ms, item.author,
                 item.counter, item.received_ms, item.revision, item.projection
             FROM (
                 SELECT rowid AS place, sort_ms AS at, document AS name FROM item
                 WHERE space IN (SELECT unhex(value) FROM json_each(?1))
                     AND (?2 IS NULL OR kind = ?2)
                     AND (?3 IS NULL OR about = ?3)
                     AND (?4 IS NULL OR sort_ms < ?4)
                 ORDER BY ",
            $order,
            "    LIMIT ?5
             ) AS shown JOIN item ON item.rowid = shown.place
             ORDER BY ",
            $order
        )
    };
}

impl Reader<'_> {
    /// One document.
    pub fn item(&self, document: DocumentId) -> Result<Option<ItemRow>, StoreError> {
        self.row(select!("WHERE document = ?1"), [document.as_bytes()], item)
    }

    /// Documents by space, kind, subject and time.
    pub fn items(&self, filter: &ItemFilter) -> Result<Vec<ItemRow>, StoreError> {
        let spaces: Vec<String> = filter.spaces.iter().map(SpaceId::to_string).collect();
        let params = params![
            serde_json::Value::from(spaces).to_string(),
            filter.kind.as_ref().map(Kind::as_str),
            filter.about.as_ref().map(DocumentId::as_bytes),
            filter.before_sort_ms,
            filter.limit.map_or(-1, limit),
        ];
        if filter.newest_first {
            self.rows(filtered!("at DESC, name DESC"), params, item)
        } else {
            self.rows(filtered!("at, name"), params, item)
        }
    }
}

impl Writer<'_> {
    /// Adds a document's row, or changes all of it but its first author.
    ///
    /// # Errors
    ///
    /// [`StoreError::OtherSpace`] when the document is known in another space.
    pub fn put_item(&mut self, row: &ItemRow) -> Result<(), StoreError> {
        let changed = self.run(
            "INSERT INTO item (document, space, kind, about, sort_ms, author, counter, received_ms,
                 revision, projection)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (document) DO UPDATE SET
                 kind = excluded.kind, about = excluded.about, sort_ms = excluded.sort_ms,
                 counter = excluded.counter, received_ms = excluded.received_ms,
                 revision = excluded.revision, projection = excluded.projection
             WHERE space = excluded.space",
            params![
                row.document.as_bytes(),
                row.space.as_bytes(),
                row.kind.as_str(),
                row.about.as_ref().map(DocumentId::as_bytes),
                row.sort_ms,
                row.author.as_bytes(),
                signed(row.counter.0, "counter")?,
                row.received_ms,
                row.revision.to_bytes(),
                row.projection,
            ],
        )?;
        if changed == 0 {
            return Err(StoreError::OtherSpace(row.document));
        }
        Ok(())
    }

    /// Forgets one row, and what search knows of it.
    pub fn remove_item(&mut self, document: DocumentId) -> Result<(), StoreError> {
        self.remove_search(document)?;
        self.run(
            "DELETE FROM item WHERE document = ?1",
            [document.as_bytes()],
        )?;
        Ok(())
    }

    /// Forgets the rows of a space, and what search knows of them.
    pub fn clear_items(&mut self, space: SpaceId) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM search WHERE rowid IN (
                 SELECT position FROM searched JOIN item USING (document) WHERE space = ?1)",
            [space.as_bytes()],
        )?;
        self.run(
            "DELETE FROM searched WHERE document IN (SELECT document FROM item WHERE space = ?1)",
            [space.as_bytes()],
        )?;
        self.run("DELETE FROM item WHERE space = ?1", [space.as_bytes()])?;
        Ok(())
    }

    pub(super) fn clear_all_items(&mut self) -> Result<(), StoreError> {
        self.run("INSERT INTO search (search) VALUES ('delete-all')", ())?;
        self.run("DELETE FROM searched", ())?;
        self.run("DELETE FROM item", ())?;
        Ok(())
    }
}

fn item(row: &Row<'_>) -> Result<ItemRow, StoreError> {
    Ok(ItemRow {
        document: id(row, 0, DocumentId::from_slice)?,
        space: id(row, 1, SpaceId::from_slice)?,
        kind: Kind::new(row.get::<_, String>(2)?),
        about: optional_id(row, 3, DocumentId::from_slice)?,
        sort_ms: row.get(4)?,
        author: id(row, 5, MemberId::from_slice)?,
        counter: Counter(unsigned(row, 6)?),
        received_ms: row.get(7)?,
        revision: id(row, 8, Revision::from_bytes)?,
        projection: row.get(9)?,
    })
}
