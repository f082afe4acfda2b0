//! What was written in the quiet hours of a session, to be kept or shared once they are over.

use companion_core::domain::DocumentId;
use companion_core::patient::{ReviewStanding, ToReview};

use super::PhoneRecord;
use crate::cross::{Back as _, Cross, view};
use crate::error::Result;
use crate::values::{LocalMoment, WhoReads};

/// What there is to do about something that was held back.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Enum)]
pub enum HeldStanding {
    /// Nothing yet: it is quiet.
    Quiet {
        /// Until when.
        until: LocalMoment,
    },
    /// It waits to be kept or shared.
    Waits,
    /// Nothing: it was kept. It can be shared like anything else.
    Kept,
}

impl Cross<ReviewStanding> for HeldStanding {
    fn out(core: ReviewStanding) -> Self {
        match core {
            ReviewStanding::Quiet { until } => HeldStanding::Quiet {
                until: Cross::out(until),
            },
            ReviewStanding::Waits => HeldStanding::Waits,
            ReviewStanding::Kept => HeldStanding::Kept,
        }
    }
}

view! {
    /// Something that a session's quiet hours held back and that is not shared.
    HeldBackView of ToReview {
        /// Its name.
        id: DocumentId,
        /// What it is, as `kind()` of its list names it.
        kind: String,
        /// When it was written.
        at: LocalMoment,
        /// Its title, or else how it begins; empty where it has no words.
        words: String,
        /// Who was to read it when it was held back; nothing where nobody asked for that.
        wished: Option<WhoReads>,
        /// What there is to do about it.
        standing: HeldStanding,
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// What was written in the quiet hours of a session and waits to be kept or shared, the oldest first.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn to_review(&self) -> Result<Vec<HeldBackView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.to_review()?)))
            .await
    }

    /// The same with what can't be looked at yet and what was kept already.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn held_back_here(&self) -> Result<Vec<HeldBackView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.held_back_here()?)))
            .await
    }

    /// Lets the care team see something of the quiet hours.
    ///
    /// # Errors
    ///
    /// `NotNow` for what can't be shared yet, or was kept already; `NotFound` for what was never held back.
    pub async fn share_reviewed(&self, id: DocumentId, readers: WhoReads) -> Result<()> {
        self.inner
            .ask(move |patient| {
                let readers = readers.back()?;
                Ok(patient.share_reviewed(id, readers)?)
            })
            .await
    }

    /// Keeps something of the quiet hours private, so that it is asked about no more. It can be shared later like any
    /// other.
    ///
    /// # Errors
    ///
    /// `NotNow` for what nothing is asked about yet; `NotFound` for what was never held back.
    pub async fn keep_private(&self, id: DocumentId) -> Result<()> {
        self.inner
            .ask(move |patient| Ok(patient.keep_private(id)?))
            .await
    }
}
