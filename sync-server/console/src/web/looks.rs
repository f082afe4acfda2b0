//! What patients are told of the clinic's people: who they are, and who looked at what. Both are written into the
//! records by the clinic's node, so that patients read them on their phones.

use std::sync::Arc;

use companion_core::domain::{DocumentId, Person, RecordSection};

use super::app::App;
use super::signed_in::SignedIn;
use crate::accounts::AccountsError;

/// Writes down that somebody was shown sections of a patient's record. Where that fails the page is shown all the same,
/// since care may depend on it; the console's own record has it, and the log says what failed.
pub(super) async fn note(
    app: &Arc<App>,
    who: &SignedIn,
    patient: DocumentId,
    sections: Vec<RecordSection>,
) {
    let (app, name, sight) = (Arc::clone(app), who.name.clone(), who.sight.clone());
    let noted = tokio::task::spawn_blocking(move || {
        let role = sight.role.label();
        let clinic = &app.clinic;
        clinic.note_look(patient, &name, role, &sections, &sight.in_emergency)
    });
    let failed = match noted.await {
        Ok(Ok(_)) => return,
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    tracing::error!(error = %failed, "a look could not be written down for the patient");
}

impl App {
    /// Tells patients who signs in here and what of a record each may open. Says nothing twice.
    pub fn tell_people(&self) {
        match self.people() {
            Ok(people) => match self.clinic.set_people(people) {
                Ok(true) => self.live.touched(None, None),
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "patients are not told who works here"),
            },
            Err(error) => tracing::error!(%error, "accounts can't be read"),
        }
    }

    fn people(&self) -> Result<Vec<Person>, AccountsError> {
        let all = self.accounts.people()?.into_iter();
        let present = all.filter(|person| person.ended_ms.is_none());
        let told = present.map(|person| {
            Ok(Person {
                sections: self.accounts.rights_of(person.role)?.sections().collect(),
                role: person.role.label().to_owned(),
                name: person.name,
            })
        });
        told.collect()
    }
}
