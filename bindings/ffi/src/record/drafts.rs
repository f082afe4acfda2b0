//! What is half written on a page.

use companion_core::domain::DocumentId;

use super::PhoneRecord;
use crate::error::Result;

#[uniffi::export]
impl PhoneRecord {
    /// What was half written on a page of the app's, under a name that the app chooses (small letters and `_`); nothing
    /// where nothing was. `about` is the document that is being changed there, nothing for a new one.
    ///
    /// # Errors
    ///
    /// `Invalid` for what is no name of a page; `Damaged` when the record can't be read.
    pub async fn draft(&self, page: String, about: Option<DocumentId>) -> Result<Option<String>> {
        let kept = self
            .inner
            .ask(move |patient| Ok(patient.draft(&page, about)?));
        kept.await
    }

    /// Keeps what is half written, as it is; empty words forget it. It lies sealed in the record's file on this phone
    /// alone: it is never sent, is part of no export, and goes with the document that it is about.
    ///
    /// # Errors
    ///
    /// `Invalid` for more than 1,000 kilobytes, or what is no name of a page; `NotFound` when that document is not here
    /// any more; `StorageFull` when the disk is full: the draft is then as it was.
    pub async fn keep_draft(
        &self,
        page: String,
        about: Option<DocumentId>,
        words: String,
    ) -> Result<()> {
        let done = self
            .inner
            .ask(move |patient| Ok(patient.keep_draft(&page, about, &words)?));
        done.await
    }
}
