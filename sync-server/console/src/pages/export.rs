//! What of a patient's record leaves by the page that takes it out: what the patient shared and what the clinic wrote,
//! as far as a person's role shows it. Nothing counts as opened by it.

use companion_core::Result;
use companion_core::clinic::Clinic;
use companion_core::domain::{
    CheckIn, Content, DocumentId, DosingSession, Entry, Goal, RecordSection, RecordSections,
    Response, Visit,
};
use companion_core::records::{PageSize, Query, View, Withdrawn};

use crate::fhir::Record;

/// The sections that a bundle is made of.
pub(crate) const SECTIONS: [RecordSection; 5] = [
    RecordSection::Programme,
    RecordSection::Goals,
    RecordSection::Journal,
    RecordSection::CheckIns,
    RecordSection::Measures,
];

/// The record as far as those sections go.
///
/// # Errors
///
/// No such patient, or the store.
pub fn record(clinic: &Clinic, patient: DocumentId, sections: &RecordSections) -> Result<Record> {
    let view = clinic.patient(patient)?;
    let of = Of {
        clinic,
        patient,
        sections,
    };
    let mut taken_back = of.taken_back::<Entry>(RecordSection::Journal)?;
    taken_back.extend(of.taken_back::<CheckIn>(RecordSection::CheckIns)?);
    taken_back.extend(of.taken_back::<Response>(RecordSection::Measures)?);
    Ok(Record {
        clinic: clinic.name()?,
        patient,
        name: view.record.name,
        now: clinic.now(),
        programme: match sections.contains(RecordSection::Programme) {
            true => clinic.programme(patient)?,
            false => None,
        },
        sessions: of.every::<DosingSession>(RecordSection::Programme)?,
        visits: of.every::<Visit>(RecordSection::Programme)?,
        goals: of.every::<Goal>(RecordSection::Goals)?,
        entries: of.every::<Entry>(RecordSection::Journal)?,
        check_ins: of.every::<CheckIn>(RecordSection::CheckIns)?,
        responses: of.every::<Response>(RecordSection::Measures)?,
        taken_back,
    })
}

struct Of<'a> {
    clinic: &'a Clinic,
    patient: DocumentId,
    sections: &'a RecordSections,
}

impl Of<'_> {
    /// All of a kind, oldest first; none of a section that does not leave.
    fn every<T: Content>(&self, section: RecordSection) -> Result<Vec<View<T>>> {
        match self.sections.contains(section) {
            true => every(self.clinic, self.patient),
            false => Ok(Vec::new()),
        }
    }

    fn taken_back<T: Content>(&self, section: RecordSection) -> Result<Vec<Withdrawn>> {
        match self.sections.contains(section) {
            true => self.clinic.withdrawn::<T>(self.patient, PageSize::LARGEST),
            false => Ok(Vec::new()),
        }
    }
}

/// All of a kind, oldest first.
pub(crate) fn every<T: Content>(clinic: &Clinic, patient: DocumentId) -> Result<Vec<View<T>>> {
    let mut query = Query::<T>::all().oldest_first().size(PageSize::LARGEST);
    let mut all = Vec::new();
    loop {
        let page = clinic.page(patient, &query)?;
        all.extend(page.items);
        match page.next {
            Some(next) => query = query.after(next),
            None => return Ok(all),
        }
    }
}
