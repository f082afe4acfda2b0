//! Full-text search over the person's own entries.

mod fold;
mod key;

use std::collections::BTreeSet;

use super::rows::{id, limit};
use super::{Reader, StoreError, Writer};
use crate::domain::DocumentId;

/// More documents than this are not weighed one by one: a word in so many of them says little about
/// any, and weighing is nearly all that a search costs.
const MOST_WEIGHED: usize = 200;

impl Reader<'_> {
    /// The documents that hold all of the words, in any case and with or without accents; the last
    /// word may be unfinished. Best match first: a word in the title counts most, then tags. Among
    /// more than a few hundred, the latest indexed come first within each of these. Any text is a
    /// fair query; one without a word or symbol finds nothing.
    pub fn search(&self, query: &str, most: usize) -> Result<Vec<DocumentId>, StoreError> {
        let Some(expression) = key::expression(query) else {
            return Ok(Vec::new());
        };
        let all = expression.all();
        let latest = self.latest(&all, most.max(MOST_WEIGHED + 1))?;
        if latest.len() <= MOST_WEIGHED {
            return self.weighed(&all, most);
        }
        let mut found = self.latest(&expression.also_in("title"), most)?;
        let mut known: BTreeSet<DocumentId> = found.iter().copied().collect();
        if found.len() < most {
            let tagged = self.latest(&expression.also_in("tags"), most)?;
            found.extend(
                tagged
                    .into_iter()
                    .filter(|document| known.insert(*document)),
            );
        }
        found.extend(
            latest
                .into_iter()
                .filter(|document| known.insert(*document)),
        );
        found.truncate(most);
        Ok(found)
    }

    fn weighed(&self, expression: &str, most: usize) -> Result<Vec<DocumentId>, StoreError> {
        self.rows(
            "SELECT searched.document FROM search
             JOIN searched ON searched.position = search.rowid
             WHERE search MATCH ?1
             ORDER BY bm25(search, 8.0, 1.0, 4.0), searched.document LIMIT ?2",
            rusqlite::params![expression, limit(most)],
            |row| id(row, 0, DocumentId::from_slice),
        )
    }

    /// In the order of the index, which is the only one that costs nothing: a search stops when it
    /// has as many as asked for.
    fn latest(&self, expression: &str, most: usize) -> Result<Vec<DocumentId>, StoreError> {
        self.rows(
            "SELECT searched.document FROM search
             JOIN searched ON searched.position = search.rowid
             WHERE search MATCH ?1
             ORDER BY search.rowid DESC LIMIT ?2",
            rusqlite::params![expression, limit(most)],
            |row| id(row, 0, DocumentId::from_slice),
        )
    }
}

impl Writer<'_> {
    /// Makes a document findable by these words, instead of any before.
    pub fn put_search(
        &mut self,
        document: DocumentId,
        title: &str,
        body: &str,
        tags: &str,
    ) -> Result<(), StoreError> {
        self.remove_search(document)?;
        self.run(
            "INSERT INTO searched (document) VALUES (?1)",
            [document.as_bytes()],
        )?;
        let position = self.inserted();
        self.run(
            "INSERT INTO search (rowid, title, body, tags) VALUES (?1, ?2, ?3, ?4)",
            rusqlite::params![
                position,
                key::indexed(title),
                key::indexed(body),
                key::indexed(tags)
            ],
        )?;
        Ok(())
    }

    /// Makes a document unfindable.
    pub fn remove_search(&mut self, document: DocumentId) -> Result<(), StoreError> {
        let position = self.row(
            "SELECT position FROM searched WHERE document = ?1",
            [document.as_bytes()],
            |row| Ok(row.get::<_, i64>(0)?),
        )?;
        let Some(position) = position else {
            return Ok(());
        };
        self.run("DELETE FROM search WHERE rowid = ?1", [position])?;
        self.run("DELETE FROM searched WHERE position = ?1", [position])?;
        Ok(())
    }
}
