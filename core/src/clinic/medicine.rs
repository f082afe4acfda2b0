//! What clinicians write down of the medicine in a session, and what they show the patient of it: a copy, which
//! they can take back. Nothing here advises a dose or judges a reading.

use super::Clinic;
use crate::document::DocumentError;
use crate::domain::medicine_record::Vitals;
use crate::domain::near_session::must_name_both;
use crate::domain::route_and_dose::RouteAndDose;
use crate::domain::{DocumentId, DosingSession, ItemId, MedicineRecord, MedicineShown, Revision};
use crate::error::{CoreError, NotNow, Result};
use crate::records::{PageSize, Query, Records, Seen, View};

/// The medicine of one session, as the clinic has it.
#[derive(Debug, Clone, PartialEq)]
pub struct MedicineOfSession {
    /// The record: clinicians alone see it.
    pub record: View<MedicineRecord>,
    /// What the patient is shown of it; `None` where nothing is.
    pub shown: Option<View<MedicineShown>>,
}

impl MedicineOfSession {
    /// Whether the patient is shown something that the record does not say any more.
    pub fn is_shown_outdated(&self) -> bool {
        let shown = self.shown.as_ref();
        shown.is_some_and(|shown| !shown.content.is_current(&self.record.content))
    }
}

impl Clinic {
    /// What is written down of the medicine in a session; `None` as long as nothing is. Of two records that two
    /// nodes began apart it is the newest.
    ///
    /// # Errors
    ///
    /// As [`Clinic::get`].
    pub fn medicine(
        &self,
        patient: DocumentId,
        session: DocumentId,
    ) -> Result<Option<MedicineOfSession>> {
        let records = self.records_of(patient)?;
        records.get::<DosingSession>(session)?;
        let all = records.every(&Query::<MedicineRecord>::about(session))?;
        let Some(record) = all.into_iter().next() else {
            return Ok(None);
        };
        let mut shown = copies(&records, session, record.id)?;
        shown.retain(|copy| copy.content.is_shown());
        Ok(Some(MedicineOfSession {
            shown: shown.into_iter().next(),
            record,
        }))
    }

    /// Writes down how the medicine is given in a session and the dose, in the clinician's own words, and who
    /// keeps the record. `seen` is the version that the person had before them, `None` where they had none: where
    /// somebody wrote down another route or another dose meanwhile, nothing is done, since half of each is what
    /// nobody wrote. What is so already is not refused. What the patient is shown stays as it is until it is
    /// shown anew.
    ///
    /// # Errors
    ///
    /// [`CoreError::MedicineChanged`] where route or dose is not what it was at `seen`; [`CoreError::Invalid`]
    /// names the field; as [`Clinic::get`].
    ///
    /// ```
    /// use companion_core::domain::DosingSession;
    /// use companion_core::domain::medicine_record::{Route, Vitals};
    /// use companion_core::domain::route_and_dose::RouteAndDose;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # clinic.create(ada, companion_core::domain::Readiness::ready("Dr. Vega", clinic.now()))?;
    /// let booked = DosingSession {
    ///     therapist: "Maya Lindqvist".into(),
    ///     medical_provider: "Dr. Vega".into(),
    ///     ..DosingSession::new(1, clinic.now())
    /// };
    /// let session = clinic.plan_session(ada, booked)?.id;
    /// let given = RouteAndDose::new(Some(Route::Sublingual), "as we agreed");
    /// clinic.set_medicine(ada, session, None, given, "Dr. Vega")?;
    /// let reading = Vitals { pulse: Some(68), ..Vitals::new(clinic.now()) };
    /// clinic.add_reading(ada, session, reading, "Dr. Vega")?;
    /// let of_session = clinic.medicine(ada, session)?.unwrap();
    /// assert_eq!(of_session.record.content.by_time().len(), 1);
    /// assert!(of_session.shown.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn set_medicine(
        &self,
        patient: DocumentId,
        session: DocumentId,
        seen: Option<&Revision>,
        given: RouteAndDose,
        by: &str,
    ) -> Result<View<MedicineRecord>> {
        let _turn = self.take_register_turn();
        let present = self.medicine(patient, session)?.map(|it| it.record);
        if let Some(record) = &present {
            if RouteAndDose::of(&record.content) == given {
                return Ok(record.clone());
            }
            must_be_as_seen(&self.records_of(patient)?, record, seen)?;
        }
        self.change_medicine(patient, session, present, by, |record| {
            given.put_into(record);
            by.clone_into(&mut record.by);
        })
    }

    /// Adds a reading to the record of a session, which is begun where there is none. Whoever adds it is named
    /// with it.
    ///
    /// # Errors
    ///
    /// [`CoreError::NamesMissing`] where the session doesn't name its therapist and its medical provider;
    /// [`CoreError::Invalid`] for numbers that nobody reads, and for a reading that says nothing; as [`Clinic::get`].
    pub fn add_reading(
        &self,
        patient: DocumentId,
        session: DocumentId,
        reading: Vitals,
        by: &str,
    ) -> Result<View<MedicineRecord>> {
        let by_them = by.to_owned();
        let reading = Vitals {
            by: by_them,
            ..reading
        };
        let id = self.new_item();
        let _turn = self.take_register_turn();
        let its = self.get::<DosingSession>(patient, session)?.content;
        must_name_both(&its)?;
        reading.must_be_around(&its, self.now())?;
        let present = self.medicine(patient, session)?.map(|it| it.record);
        self.change_medicine(patient, session, present, by, |record| {
            record.vitals.push(id, reading);
        })
    }

    /// Takes a reading back that was written down by mistake. Taking it back a second time changes nothing.
    ///
    /// # Errors
    ///
    /// As [`Clinic::get`].
    pub fn remove_reading(
        &self,
        patient: DocumentId,
        session: DocumentId,
        reading: ItemId,
    ) -> Result<()> {
        let _turn = self.take_register_turn();
        let Some(present) = self.medicine(patient, session)? else {
            return Ok(());
        };
        let record = present.record;
        let edit = |it: &mut MedicineRecord| {
            it.vitals.remove(reading);
        };
        self.edit(patient, record.id, &record.revision, edit)
            .map(drop)
    }

    fn change_medicine(
        &self,
        patient: DocumentId,
        session: DocumentId,
        present: Option<View<MedicineRecord>>,
        by: &str,
        change: impl FnOnce(&mut MedicineRecord),
    ) -> Result<View<MedicineRecord>> {
        if let Some(record) = present {
            return self.edit(patient, record.id, &record.revision, change);
        }
        let care_space = self.record(patient)?.content.care_space;
        let mut record = MedicineRecord::new(session, care_space, by, self.now());
        change(&mut record);
        self.create(patient, record)
    }

    /// Shows the patient route and dose as a record says them now: makes the copy in the care space, or
    /// brings it up to date. `seen` is the version that the person had before them: nobody shows what they have
    /// not read. Readings stay at the clinic.
    ///
    /// # Errors
    ///
    /// [`CoreError::MedicineChanged`] where route or dose is not what it was at `seen`; as [`Clinic::get`];
    /// [`CoreError::Invalid`] for a name that can't be used.
    ///
    /// ```
    /// use companion_core::domain::{DocumentId, MedicineRecord};
    /// use companion_core::records::Seen;
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
    /// let shown = clinic.show_medicine(ada, record.id, &record.revision, "Dr. Vega")?;
    /// assert!(shown.content.is_current(&record.content));
    /// let seen = Seen::of(&shown.content);
    /// assert!(!clinic.hide_medicine(ada, record.id, seen)?.unwrap().content.is_shown());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn show_medicine(
        &self,
        patient: DocumentId,
        record: DocumentId,
        seen: &Revision,
        by: &str,
    ) -> Result<View<MedicineShown>> {
        let _turn = self.take_register_turn();
        let records = self.records_of(patient)?;
        let fact: View<MedicineRecord> = records.get(record)?;
        must_be_as_seen(&records, &fact, Some(seen))?;
        if !fact.apart.is_empty() {
            // What it shows of route and of dose may be of two people who meant other ones.
            return Err(NotNow::MedicineInTwoWordings.into());
        }
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

    /// Takes the copy back: the phone shows nothing of it from its next sync on. `None` when there is none. `seen` is
    /// the copy that the person had before them; taking it back a second time changes nothing.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`](crate::CoreError::ChangedMeanwhile) where the patient is shown something else
    /// by now; as [`Clinic::get`].
    ///
    /// ```
    /// use companion_core::domain::{DocumentId, MedicineRecord};
    /// use companion_core::records::Seen;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let (session, care_space) = (DocumentId::new([1; 16]), clinic.patient(ada)?.record.care_space);
    /// let record = MedicineRecord::new(session, care_space, "Dr. Vega", clinic.now());
    /// let record = clinic.create(ada, record)?;
    /// assert_eq!(clinic.hide_medicine(ada, record.id, Seen::of(""))?, None);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn hide_medicine(
        &self,
        patient: DocumentId,
        record: DocumentId,
        seen: Seen,
    ) -> Result<Option<View<MedicineShown>>> {
        let _turn = self.take_register_turn();
        let records = self.records_of(patient)?;
        let fact: View<MedicineRecord> = records.get(record)?;
        let copies = copies(&records, fact.content.about, record)?;
        if let Some(shown) = copies.first().filter(|copy| copy.content.is_shown()) {
            seen.must_be(&shown.content)?;
        }
        let mut newest = None;
        for copy in copies {
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

/// That route and dose are still what they were at the version that somebody had before them; `None` where they
/// had nothing. Readings that came in meanwhile do not matter.
fn must_be_as_seen(
    records: &Records,
    present: &View<MedicineRecord>,
    seen: Option<&Revision>,
) -> Result<()> {
    let now = RouteAndDose::of(&present.content);
    let before = match seen.map(|seen| records.as_seen::<MedicineRecord>(present.id, seen)) {
        None => Some(RouteAndDose::default()),
        Some(Ok(seen)) => Some(RouteAndDose::of(&seen)),
        // A version of another record, which was begun apart from this one.
        Some(Err(CoreError::Document(DocumentError::UnknownRevision))) => None,
        Some(Err(error)) => return Err(error),
    };
    if before.as_ref() == Some(&now) {
        return Ok(());
    }
    Err(CoreError::MedicineChanged {
        now,
        by: present.content.by.clone(),
    })
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
