//! What was written in two places apart: choosing one of the wordings.

use companion_core::domain::{DocumentId, Kind, Revision};
use companion_core::records::InTwoWordings;

use super::PhoneRecord;
use crate::cross::{Cross, view};
use crate::error::Result;
use crate::values::{Delivery, TwoWordingsView};

view! {
    /// Something that says different things in two places, whatever kind it is, until somebody chooses.
    ApartView of InTwoWordings {
        /// Its name.
        id: DocumentId,
        /// What it is, as `kind()` of its list names it.
        kind: String,
        /// The version that this is; whoever chooses hands it back.
        revision: Revision,
        /// The fields, each with its wordings.
        apart: Vec<TwoWordingsView>,
        /// Whether the person may choose. What only the clinic writes only the clinic can choose.
        is_ours_to_choose: bool,
        /// Whether both sides can read it.
        shared: bool,
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// All that stands in two wordings, whatever kind it is, until somebody chooses.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn in_two_wordings(&self) -> Result<Vec<ApartView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.in_two_wordings()?)))
            .await
    }

    /// Chooses one of the wordings of a field: it is what the field says from now on, and the others are gone. An edit
    /// of the field alone chooses nothing: what it says then is one more wording. Says how far it got.
    ///
    /// # Errors
    ///
    /// `ChangedMeanwhile`; `NotNow` when the field has no such wording in that version, or the clinic reads it and it is
    /// quiet; `Other` for what only the clinic writes.
    pub async fn choose_wording(
        &self,
        id: DocumentId,
        kind: String,
        seen: Revision,
        field: String,
        wording: String,
    ) -> Result<Delivery> {
        let kind = Kind::from_stored(kind);
        let chosen = self.inner.ask(move |patient| {
            let which = InTwoWordings {
                id,
                kind,
                revision: seen,
                apart: Vec::new(),
                is_ours_to_choose: true,
                shared: false,
            };
            Ok(Cross::out(
                patient.choose_wording_of(&which, &field, &wording)?,
            ))
        });
        chosen.await
    }
}
