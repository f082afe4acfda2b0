//! What assessments came to: read, and recorded by whoever has read what counts now.

use crate::clinic::Clinic;
use crate::domain::readiness::OutcomeNow;
use crate::domain::{DocumentId, Readiness, Revision};
use crate::error::{CoreError, Result};
use crate::outcome::outcome;
use crate::records::View;

impl Clinic {
    /// What the assessment of a patient came to, by the newest word on it; `None` as long as nobody said.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::Readiness;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert!(clinic.readiness(ada)?.is_none());
    /// clinic.create(ada, Readiness::ready("Dr. Vega", clinic.now()))?;
    /// assert_eq!(clinic.readiness(ada)?.unwrap().content.by, "Dr. Vega");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn readiness(&self, patient: DocumentId) -> Result<Option<View<Readiness>>> {
        outcome(&self.records_of(patient)?)
    }

    /// Records what the assessment of a patient came to. `seen` is the version of the outcome that whoever records it
    /// had before them; `None` where none counted.
    ///
    /// # Errors
    ///
    /// [`NotNow::ProgrammeEnded`](crate::NotNow::ProgrammeEnded); [`CoreError::OutcomeChanged`] where another outcome
    /// counts than the one that was seen; [`CoreError::Invalid`] names the field;
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::{CoreError, domain::Readiness};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let ready = |by| Readiness::ready(by, clinic.now());
    /// let first = clinic.record_outcome(ada, None, ready("Dr. Vega"))?;
    /// let unread = clinic.record_outcome(ada, None, ready("Dr. Moss"));
    /// assert!(matches!(unread, Err(CoreError::OutcomeChanged { .. })));
    /// clinic.record_outcome(ada, Some(&first.revision), ready("Dr. Moss"))?;
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn record_outcome(
        &self,
        patient: DocumentId,
        seen: Option<&Revision>,
        said: Readiness,
    ) -> Result<View<Readiness>> {
        let _turn = self.take_register_turn();
        self.programme_must_not_have_ended(patient)?;
        let now = self.readiness(patient)?;
        if now.as_ref().map(|view| &view.revision) != seen {
            let now = now.map(|view| OutcomeNow::from(&view.content));
            return Err(CoreError::OutcomeChanged { now });
        }
        self.create(patient, said)
    }
}
