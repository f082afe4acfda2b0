//! What is half written: a setting for each page, and for each document that is being changed on it.

use super::{StoreError, Writer};
use crate::domain::DocumentId;

/// Under which name a draft is kept. A page's name has no `/` (the facade sees to that), so no two share one.
pub fn draft_name(page: &str, about: Option<DocumentId>) -> String {
    match about {
        Some(document) => format!("{}{page}", prefix(document)),
        None => format!("draft/{page}"),
    }
}

fn prefix(document: DocumentId) -> String {
    format!("draft/{document}/")
}

impl Writer<'_> {
    /// Forgets what is half written about a document.
    pub(super) fn remove_drafts(&mut self, document: DocumentId) -> Result<(), StoreError> {
        // GLOB tells small letters from large ones, and the name of a document holds none of its signs.
        self.run(
            "DELETE FROM setting WHERE name GLOB ?1 || '*'",
            [prefix(document)],
        )?;
        Ok(())
    }
}
