//! Who wrote what both sides write together.

use companion_core::domain::DocumentId;
use companion_core::records::Written;

use super::{PhoneRecord, WrittenBy};
use crate::cross::{Cross, view};
use crate::error::Result;
use crate::values::LocalMoment;

view! {
    /// One change of something that both sides write.
    WrittenView of Written {
        /// Whose change it is.
        side: WrittenBy,
        /// Who of the clinic's people, as the clinic calls them; empty where nobody is named.
        by: String,
        /// Whether it began the document.
        is_first: bool,
        /// When it was written, but not later than it came.
        at: LocalMoment,
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// Who wrote something, the newest change first: the person on any of their phones, or the clinic.
    ///
    /// # Errors
    ///
    /// `NotFound`.
    pub async fn written(&self, id: DocumentId) -> Result<Vec<WrittenView>> {
        self.inner
            .ask(move |patient| Ok(Cross::out(patient.written(id)?)))
            .await
    }
}
