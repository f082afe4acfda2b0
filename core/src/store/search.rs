//! Full-text search over the person's own entries.

use super::rows::{id, limit};
use super::{Reader, StoreError, Writer};
use crate::domain::DocumentId;

/// More words than anybody searches for; the rest of a pasted page is ignored.
const MOST_WORDS: usize = 24;

impl Reader<'_> {
    /// The documents that hold all of the words, in any case and with or without accents; the last
    /// word may be unfinished. Best match first: a word in the title counts most, then tags. Any
    /// text is a fair query; one without a word finds nothing.
    pub fn search(&self, query: &str, most: usize) -> Result<Vec<DocumentId>, StoreError> {
        let Some(expression) = expression(query) else {
            return Ok(Vec::new());
        };
        self.rows(
            "SELECT searched.document FROM search
             JOIN searched ON searched.position = search.rowid
             WHERE search MATCH ?1
             ORDER BY bm25(search, 8.0, 1.0, 4.0), searched.document LIMIT ?2",
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
            rusqlite::params![position, title, body, tags],
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

/// What the person typed, in the index's language: each word in quotes, so that none of it is taken
/// for an operator, and the last one as the beginning of a word.
fn expression(query: &str) -> Option<String> {
    let words: Vec<String> = query
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MOST_WORDS)
        .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
        .collect();
    if words.is_empty() {
        return None;
    }
    Some(format!("{} *", words.join(" ")))
}
