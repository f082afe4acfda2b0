//! What is half written on a page, on this phone alone. It lies in the record's own file, sealed as all else, outlives the
//! app's end, is sent to nobody and is part of no export.

use super::Patient;
use crate::domain::DocumentId;
use crate::domain::text::{Invalid, Named, Problem, named};
use crate::error::{CoreError, Missing, Result};
use crate::store::draft_name;

/// Bytes of one draft: as much as the longest thing that can be written on any page, and some room for what belongs to it.
const MAX_DRAFT: usize = 1_000_000;

/// Letters of the name of a page.
const MAX_PAGE: usize = 40;

const DRAFT: Named = named("draft", "the draft");
const PAGE: Named = named("page", "the page");

impl Patient {
    /// What was half written on a page; `None` where nothing was. `about` is the document that is being changed there;
    /// `None` for a new one.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] for what is no name of a page; [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// phone.keep_draft("journal", None, "I was walking by the")?;
    /// assert_eq!(phone.draft("journal", None)?.as_deref(), Some("I was walking by the"));
    /// phone.keep_draft("journal", None, "")?;
    /// assert_eq!(phone.draft("journal", None)?, None);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn draft(&self, page: &str, about: Option<DocumentId>) -> Result<Option<String>> {
        check_page(page)?;
        self.replica.text_setting(&draft_name(page, about))
    }

    /// Keeps what is half written on a page, as it is: a shell puts into it whatever it needs to show the page again.
    /// Nothing forgets it. What is kept about a document goes with that, wherever it is deleted.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] for more than 1,000 kilobytes, or what is no name of a page (small letters and `_`);
    /// [`CoreError::NotFound`] when it is about a document that is not here (any more); [`CoreError::Store`] when the
    /// record can't be written: the draft is then as it was.
    pub fn keep_draft(&self, page: &str, about: Option<DocumentId>, words: &str) -> Result<()> {
        check_page(page)?;
        if words.len() > MAX_DRAFT {
            return Err(DRAFT
                .wrong(Problem::TooManyBytes { limit: MAX_DRAFT })
                .into());
        }
        let name = draft_name(page, about);
        self.replica.store.write(|w| {
            if words.is_empty() {
                return Ok(w.remove_setting(&name)?);
            }
            // In one transaction with the look: a sync may just be taking that document away, and its draft with it.
            if let Some(document) = about
                && w.item(document)?.is_none()
            {
                return Err(CoreError::NotFound(Missing::Document));
            }
            Ok(w.set_setting(&name, words.as_bytes())?)
        })
    }
}

/// A name of a page becomes part of a name in the file, and is compared there letter by letter.
fn check_page(page: &str) -> Result<(), Invalid> {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    if page.is_empty() || page.len() > MAX_PAGE || !page.chars().all(is_plain) {
        return Err(PAGE.wrong(Problem::NotOfForm {
            form: "a name of small letters",
        }));
    }
    Ok(())
}
