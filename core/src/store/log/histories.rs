//! Each author's own history in the log: how far it goes, what is missing, and what does not count any more.

use std::collections::BTreeMap;

use companion_protocol::id::{Counter, HistoryHash, MemberId, SpaceId};
use companion_protocol::statement::LastChange;
use rusqlite::params;

use super::{AFTER_REMOVAL, DELETED, DROPPED, LogRow, log_row};
use crate::store::rows::{id, signed, unsigned};
use crate::store::{Reader, StoreError, Writer};

impl Reader<'_> {
    /// An author's history up to a count of theirs.
    pub fn log_history(
        &self,
        space: SpaceId,
        author: MemberId,
        counter: Counter,
    ) -> Result<Option<HistoryHash>, StoreError> {
        self.row(
            "SELECT history FROM log WHERE space = ?1 AND author = ?2 AND counter = ?3",
            params![
                space.as_bytes(),
                author.as_bytes(),
                signed(counter.0, "counter")?
            ],
            |row| id(row, 0, HistoryHash::from_slice),
        )
    }

    /// What stands under an author's count, and whether only its header is here; the change itself is not
    /// read.
    pub fn log_standing(
        &self,
        space: SpaceId,
        author: MemberId,
        counter: Counter,
    ) -> Result<Option<(HistoryHash, bool)>, StoreError> {
        self.row(
            "SELECT history, refusal FROM log WHERE space = ?1 AND author = ?2 AND counter = ?3",
            params![
                space.as_bytes(),
                author.as_bytes(),
                signed(counter.0, "counter")?
            ],
            |row| {
                let refusal: Option<String> = row.get(1)?;
                let is_bare = refusal.as_deref() == Some(DROPPED);
                Ok((id(row, 0, HistoryHash::from_slice)?, is_bare))
            },
        )
    }

    /// The newest change of an author that is here from before a count of theirs.
    pub fn log_before(
        &self,
        space: SpaceId,
        author: MemberId,
        counter: Counter,
    ) -> Result<Option<LastChange>, StoreError> {
        self.row(
            "SELECT counter, history FROM log WHERE space = ?1 AND author = ?2 AND counter < ?3
             ORDER BY counter DESC LIMIT 1",
            params![
                space.as_bytes(),
                author.as_bytes(),
                signed(counter.0, "counter")?
            ],
            |row| {
                Ok(LastChange {
                    counter: Counter(unsigned(row, 0)?),
                    hash: id(row, 1, HistoryHash::from_slice)?,
                })
            },
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
            select_log!("WHERE space = ?1 AND author = ?2 AND counter = ?3"),
            params![
                space.as_bytes(),
                author.as_bytes(),
                signed(counter.0, "counter")?
            ],
            log_row,
        )
    }

    /// What removed members wrote after the last of their changes that counts, in the order of storing.
    pub fn log_retracted(&self, space: SpaceId) -> Result<Vec<LogRow>, StoreError> {
        self.rows(
            select_log!("WHERE space = ?1 AND refusal = ?2 ORDER BY position"),
            params![space.as_bytes(), AFTER_REMOVAL],
            log_row,
        )
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
            select_log!(
                "WHERE space = ?1 AND author = ?2 AND counter >= ?3
                     AND NOT (counter = ?3 AND history = ?5) AND refusal IS NOT ?4
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

    /// The usable changes of documents of a kind that were stored after a place in the log, with their own
    /// places: each as its author wrote it, whatever others wrote into the document since.
    pub fn log_of_kind(
        &self,
        space: SpaceId,
        kind: &str,
        after: i64,
    ) -> Result<Vec<(i64, LogRow)>, StoreError> {
        let positions = self.rows(
            "SELECT log.position FROM item CROSS JOIN log INDEXED BY log_document
                 ON log.document = item.document AND log.space = item.space
                 AND log.refusal IS NULL
             WHERE item.space = ?1 AND item.kind = ?2 AND log.position > ?3
             ORDER BY log.position",
            params![space.as_bytes(), kind, after],
            |row| Ok(row.get::<_, i64>(0)?),
        )?;
        let mut found = Vec::new();
        for position in positions {
            found.extend(self.log_at(position)?.map(|row| (position, row)));
        }
        Ok(found)
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
                 WHERE space = ?1 AND author = ?2 AND refusal IS NOT NULL AND refusal NOT IN (?3, ?4)",
                // Nothing that is shown is made of these any more: they are missed by nobody.
                params![space.as_bytes(), author.as_bytes(), DROPPED, DELETED],
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

    /// The last stored change of each author: their count, and their history up to it.
    pub fn author_heads(
        &self,
        space: SpaceId,
    ) -> Result<Vec<(MemberId, Counter, HistoryHash)>, StoreError> {
        // From author to author by the index, since a group would read all of it: after each write a
        // reader has to decrypt again whatever it looks at.
        self.rows(
            "WITH RECURSIVE writer (author) AS (
                 SELECT min(author) FROM log WHERE space = ?1
                 UNION ALL
                 SELECT (SELECT min(author) FROM log WHERE space = ?1 AND author > writer.author)
                 FROM writer WHERE writer.author IS NOT NULL
             )
             SELECT log.author, log.counter, log.history
             FROM writer CROSS JOIN log ON log.space = ?1 AND log.author = writer.author
                 AND log.counter = (
                     SELECT max(counter) FROM log WHERE space = ?1 AND author = writer.author)
             ORDER BY log.author",
            [space.as_bytes()],
            |row| {
                Ok((
                    id(row, 0, MemberId::from_slice)?,
                    Counter(unsigned(row, 1)?),
                    id(row, 2, HistoryHash::from_slice)?,
                ))
            },
        )
    }
}

impl Writer<'_> {
    /// Forgets a change of the log, to take it in anew.
    pub fn forget_log(&mut self, of: &LogRow) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM log WHERE space = ?1 AND author = ?2 AND id = ?3",
            params![of.space.as_bytes(), of.author.as_bytes(), of.id.as_bytes()],
        )?;
        Ok(())
    }
}
