//! What goes to and fro between visits: requests to be contacted, and what the care team answers.

use companion_core::domain::{ContactRequest, DocumentId, Reply, Revision};

use super::macros::{kind, writes};
use crate::cross::{Back as _, Cross};
use crate::error::Result;
use crate::values::LocalMoment;

kind! {
    /// Requests that the clinic contact the patient. How far one got is in its head: nothing here promises that
    /// somebody has read it, or when somebody will.
    ContactRequests of ContactRequest as ContactRequestView in ContactRequestPage {
        /// What to know before calling; may be empty.
        words: String,
        /// When they asked.
        at: LocalMoment,
        /// When they took it back, if they did.
        taken_back_at: Option<LocalMoment>,
    }
}

writes! {
    /// A request to be contacted.
    ContactRequests of ContactRequest as ContactRequestView from ContactRequestRequest, new |request| {
        Ok(ContactRequest::new(request.at.back()?))
    } => {
        /// What to know before calling, at most 4,000 bytes of UTF-8; may be empty.
        #[uniffi(default = "")]
        words: String,
        /// When they asked.
        at: LocalMoment,
    }
}

#[uniffi::export]
impl ContactRequests {
    /// Takes one back. Somebody may call all the same, to hear how the patient is.
    ///
    /// # Errors
    ///
    /// As of `edit`.
    pub async fn take_back(&self, id: DocumentId, seen: Revision) -> Result<ContactRequestView> {
        let taken = self.inner.ask(move |patient| {
            let now = patient.now();
            let view = patient.edit::<ContactRequest>(id, &seen, |request| request.take_back(now));
            Ok(Cross::out(view?))
        });
        taken.await
    }
}

kind! {
    /// What the care team answered to something shared. `about` of a page's request gives those to one thing.
    Replies of Reply as ReplyView in ReplyPage {
        /// The entry or check-in that it answers.
        about: DocumentId,
        /// The answer.
        body: String,
        /// The clinician's name.
        by: String,
        /// When it was written.
        at: LocalMoment,
    }
}
