//! What assessments came to: read, and recorded by whoever has read what counts now.

use super::how_it_stands;
use super::standing::must_stand_as_seen;
use crate::clinic::Clinic;
use crate::domain::readiness::OutcomeNow;
use crate::domain::{DocumentId, Readiness, Revision};
use crate::error::{CoreError, Result};
use crate::outcome::outcome;
use crate::records::{Seen, View};

/// What whoever records an outcome had before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeSeen {
    /// The version of the outcome that counted; `None` where none did.
    pub outcome: Option<Revision>,
    /// [How the programme stood](super::how_it_stands); `None` where there was none.
    pub standing: Option<Seen>,
}

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

    /// What a page shows now to whoever records an outcome.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn outcome_seen(&self, patient: DocumentId) -> Result<OutcomeSeen> {
        Ok(OutcomeSeen {
            outcome: self.readiness(patient)?.map(|view| view.revision),
            standing: self.programme(patient)?.as_ref().map(how_it_stands),
        })
    }

    /// Records what the assessment of a patient came to. `seen` is what whoever records it had before them.
    ///
    /// # Errors
    ///
    /// [`NotNow::ProgrammeEnded`](crate::NotNow::ProgrammeEnded); [`NotNow::PutAway`](crate::NotNow::PutAway); [`CoreError::OutcomeChanged`] where another outcome
    /// counts than the one that was seen; [`CoreError::StandsOtherwise`] or [`CoreError::ChangedMeanwhile`] where the
    /// programme does not stand as it did; [`CoreError::Invalid`] names the field;
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
    /// let seen = clinic.outcome_seen(ada)?;
    /// clinic.record_outcome(ada, &seen, ready("Dr. Vega"))?;
    /// let unread = clinic.record_outcome(ada, &seen, ready("Dr. Moss"));
    /// assert!(matches!(unread, Err(CoreError::OutcomeChanged { .. })));
    /// clinic.record_outcome(ada, &clinic.outcome_seen(ada)?, ready("Dr. Moss"))?;
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn record_outcome(
        &self,
        patient: DocumentId,
        seen: &OutcomeSeen,
        said: Readiness,
    ) -> Result<View<Readiness>> {
        let _turn = self.take_register_turn();
        self.programme_must_not_have_ended(patient)?;
        let now = self.readiness(patient)?;
        if now.as_ref().map(|view| &view.revision) != seen.outcome.as_ref() {
            let now = now.map(|view| OutcomeNow::from(&view.content));
            return Err(CoreError::OutcomeChanged { now });
        }
        match (self.programme_to_change(patient)?, seen.standing) {
            (Some(programme), Some(stood)) => must_stand_as_seen(&programme, stood)?,
            (None, None) => {}
            (Some(_), None) | (None, Some(_)) => return Err(CoreError::ChangedMeanwhile),
        }
        self.create(patient, said)
    }
}
