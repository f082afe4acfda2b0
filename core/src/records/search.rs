//! What search finds of a row, written with it.

use crate::domain::SearchText;
use crate::error::Result;
use crate::store::{ItemRow, Standing, Writer};

/// Makes a row findable by its words. Only what is shown is found: once shared, the copy in the care
/// space is the living one; once withdrawn, the private one is.
pub(super) fn put(w: &mut Writer<'_>, row: &ItemRow, words: Option<&SearchText>) -> Result<()> {
    match words.filter(|_| row.standing == Standing::Living) {
        Some(words) => w.put_search(row.document, &words.title, &words.body, &words.tags)?,
        None => w.remove_search(row.document)?,
    }
    Ok(())
}
