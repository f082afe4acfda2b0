//! What a clinician shows a patient of the medicine in a session: a copy of it, which they can take back.

use super::Clinic;
use crate::domain::{DocumentId, MedicineRecord, MedicineShown};
use crate::error::Result;
use crate::records::{PageSize, Query, Records, View};

impl Clinic {
    /// Shows the patient route and dose as a record says them now: makes the copy in the care space, or
    /// brings it up to date. Readings stay at the clinic.
    ///
    /// # Errors
    ///
    /// As [`Clinic::get`]; [`CoreError::Invalid`](crate::CoreError::Invalid) for a name that can't be used.
    ///
    /// ```
    /// use companion_core::domain::{DocumentId, MedicineRecord};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let session = DocumentId::new([1; 16]);
    /// let care_space = clinic.patient(ada)?.record.care_space;
    /// let mut record = MedicineRecord::new(session, care_space, "Dr. Vega", clinic.now());
    /// record.dose = "as we agreed".into();
    /// let record = clinic.create(ada, record)?;
    /// let shown = clinic.show_medicine(ada, record.id, "Dr. Vega")?;
    /// assert!(shown.content.is_current(&record.content));
    /// assert!(!clinic.hide_medicine(ada, record.id)?.unwrap().content.is_shown());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn show_medicine(
        &self,
        patient: DocumentId,
        record: DocumentId,
        by: &str,
    ) -> Result<View<MedicineShown>> {
        let records = self.records_of(patient)?;
        let fact: View<MedicineRecord> = records.get(record)?;
        let copy = MedicineShown::of(record, &fact.content, by, self.now());
        let mut shown = copies(&records, fact.content.about, record)?.into_iter();
        let Some(newest) = shown.next() else {
            return records.create(copy);
        };
        // Two nodes that showed it apart made two copies: one of them goes on saying it.
        for other in shown.filter(|other| other.content.is_shown()) {
            let at = self.now();
            records.edit::<MedicineShown>(other.id, &other.revision, |it| it.take_back(at))?;
        }
        if newest.content.is_current(&fact.content) {
            return Ok(newest);
        }
        records.edit(newest.id, &newest.revision, |it| *it = copy)
    }

    /// Takes the copy back: the phone shows nothing of it from its next sync on. `None` when there is none.
    ///
    /// # Errors
    ///
    /// As [`Clinic::get`].
    ///
    /// ```
    /// use companion_core::domain::{DocumentId, MedicineRecord};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let (session, care_space) = (DocumentId::new([1; 16]), clinic.patient(ada)?.record.care_space);
    /// let record = MedicineRecord::new(session, care_space, "Dr. Vega", clinic.now());
    /// let record = clinic.create(ada, record)?;
    /// assert_eq!(clinic.hide_medicine(ada, record.id)?, None);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn hide_medicine(
        &self,
        patient: DocumentId,
        record: DocumentId,
    ) -> Result<Option<View<MedicineShown>>> {
        let records = self.records_of(patient)?;
        let fact: View<MedicineRecord> = records.get(record)?;
        let mut newest = None;
        for copy in copies(&records, fact.content.about, record)? {
            let at = self.now();
            let hidden = if copy.content.is_shown() {
                records.edit::<MedicineShown>(copy.id, &copy.revision, |it| it.take_back(at))?
            } else {
                copy
            };
            newest = newest.or(Some(hidden));
        }
        Ok(newest)
    }
}

/// The copies of a record, newest first.
fn copies(
    records: &Records,
    session: DocumentId,
    record: DocumentId,
) -> Result<Vec<View<MedicineShown>>> {
    let about = Query::<MedicineShown>::about(session).size(PageSize::LARGEST);
    let mut copies = records.page(&about)?.items;
    copies.retain(|copy| copy.content.copy_of == record);
    Ok(copies)
}
