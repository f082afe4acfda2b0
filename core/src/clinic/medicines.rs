//! What a patient takes, and that somebody of the clinic went through it.

use super::Clinic;
use crate::domain::{DocumentId, MedicationList, MedicationReview, Revision};
use crate::error::{NotNow, Result};
use crate::medicines::Medicines;
use crate::records::View;

impl Clinic {
    /// Who went through a list of medicines.
    ///
    /// # Errors
    ///
    /// As [`Clinic::get`].
    pub fn medicines(&self, patient: DocumentId, list: DocumentId) -> Result<Medicines> {
        let records = self.records_of(patient)?;
        Medicines::read(&records, &records.get(list)?)
    }

    /// Records that somebody of the clinic went through a list of medicines, in the version that they had
    /// before them. The patient sees who and when. It is also marked as reviewed at the clinic.
    ///
    /// # Errors
    ///
    /// [`NotNow::MedicinesChanged`](crate::NotNow::MedicinesChanged) where that is not the present one;
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for a name that is missing; otherwise as
    /// [`Clinic::get`].
    ///
    /// ```
    /// use companion_core::domain::MedicationList;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let list = clinic.create(ada, MedicationList::new(clinic.now()))?;
    /// clinic.review_medicines(ada, list.id, &list.revision, "Dr. Vega")?;
    /// assert_eq!(clinic.medicines(ada, list.id)?.reviewed.unwrap().by, "Dr. Vega");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn review_medicines(
        &self,
        patient: DocumentId,
        list: DocumentId,
        seen: &Revision,
        by: &str,
    ) -> Result<View<MedicationReview>> {
        let present = self.get::<MedicationList>(patient, list)?;
        if present.revision != *seen {
            return Err(NotNow::MedicinesChanged.into());
        }
        let review = self.create(
            patient,
            MedicationReview {
                about: list,
                revision: present.revision,
                by: by.to_owned(),
                at: self.now(),
            },
        )?;
        self.mark_reviewed(patient, list, seen, by)?;
        Ok(review)
    }
}
