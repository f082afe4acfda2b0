//! What patients are told of the clinic's people: who they are, and who looked at what. Both are written into the
//! records by the clinic's node, so that patients read them on their phones.

use std::sync::Arc;

use companion_core::domain::{DocumentId, EmergencyAccess, Moment, Person, RecordSection};

use super::app::App;
use super::signed_in::SignedIn;
use crate::accounts::{AccountsError, EMERGENCY_MS, Role, RunningEmergency};

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
        let opened = sight.in_emergency.iter().copied();
        let opened: Vec<_> = opened.filter(|one| sections.contains(one)).collect();
        if let Some(running) = &sight.emergency {
            app.note_emergency((&name, sight.role), patient, running, &opened)?;
        }
        let role = sight.role.label();
        app.clinic.note_look(patient, &name, role, &sections)
    });
    let failed = match noted.await {
        Ok(Ok(_)) => return,
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    tracing::error!(error = %failed, "a look could not be written down for the patient");
}

impl App {
    /// Writes down, for a patient to read, an emergency in which somebody has their record open, with the sections that
    /// were looked at and that it alone opened.
    pub(super) fn note_emergency(
        &self,
        (name, role): (&str, Role),
        patient: DocumentId,
        running: &RunningEmergency,
        opened: &[RecordSection],
    ) -> companion_core::Result<bool> {
        let at = |unix_ms| Moment {
            unix_ms,
            ..self.clinic.now()
        };
        let until = running.at_ms.saturating_add(EMERGENCY_MS);
        let emergency = EmergencyAccess::opened(at(running.at_ms), at(until));
        // In the order in which they began, and two of one instant are two.
        let which = format!("{}-{}", running.at_ms, running.id);
        let clinic = &self.clinic;
        clinic.note_emergency(patient, name, role.label(), (&which, &emergency), opened)
    }

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
