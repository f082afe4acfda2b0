//! An entry's own page.

use companion_core::clinic::{Clinic, PatientView, Shared};
use companion_core::domain::{DocumentId, DosingSession, Entry, ReadReceipt, Reply, Review};
use companion_core::records::{PageSize, Query};
use companion_core::{CoreError, NotNow, Result};

use crate::view::entry::{EntryContent, EntryPage, ShownEntry};

/// The page, without leaving a trace.
pub(crate) fn look(clinic: &Clinic, patient: PatientView, id: DocumentId) -> Result<EntryPage> {
    let shared = clinic.get_shared::<Entry>(patient.id, id);
    page(clinic, patient, id, shared)
}

/// The page that somebody opens: written down once for each person and version, and the patient sees
/// it.
pub(crate) fn open(
    clinic: &Clinic,
    patient: PatientView,
    id: DocumentId,
    by: &str,
) -> Result<EntryPage> {
    let shared = clinic.open_shared::<Entry>(patient.id, id, by);
    page(clinic, patient, id, shared)
}

fn page(
    clinic: &Clinic,
    patient: PatientView,
    id: DocumentId,
    shared: Result<Shared<Entry>>,
) -> Result<EntryPage> {
    let content = match shared {
        Ok(shared) => EntryContent::Shown(Box::new(shown(clinic, patient.id, shared)?)),
        Err(CoreError::NotNow(NotNow::Withdrawn { at })) => EntryContent::Withdrawn { at },
        Err(error) => return Err(error),
    };
    Ok(EntryPage {
        patient,
        id,
        content,
    })
}

fn shown(clinic: &Clinic, patient: DocumentId, shared: Shared<Entry>) -> Result<ShownEntry> {
    let id = shared.view.id;
    let replies = Query::<Reply>::about(id).oldest_first();
    let receipts = Query::<ReadReceipt>::about(id).oldest_first();
    let session = match shared.view.content.session {
        Some(session) => there(clinic.get::<DosingSession>(patient, session))?,
        None => None,
    };
    let receipts = clinic.page(patient, &receipts.size(PageSize::LARGEST))?;
    let marks = clinic.page(patient, &Query::<Review>::about(id))?;
    let (newer, older) = clinic.neighbors::<Entry>(patient, id)?;
    Ok(ShownEntry {
        session: session.map(|view| view.content),
        replies: clinic
            .page(patient, &replies.size(PageSize::LARGEST))?
            .items,
        receipts: receipts
            .items
            .into_iter()
            .map(|view| view.content)
            .collect(),
        earlier_review: marks
            .items
            .into_iter()
            .map(|view| view.content)
            .find(|mark| mark.undone_at.is_none() && mark.revision != shared.view.revision),
        newer,
        older,
        shared,
    })
}

/// What is there; `None` where it is gone or not shown any more.
pub(super) fn there<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(CoreError::NotFound(_) | CoreError::NotNow(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
