//! The page of something that a patient shared.

use companion_core::clinic::{Clinic, PatientView, Shared};
use companion_core::domain::{
    DocumentId, DosingSession, ReadReceipt, Reply, SessionPreparation, Writers,
};
use companion_core::records::{PageSize, Query};
use companion_core::{CoreError, NotNow, Result};

use crate::view::shared::{Beside, SharedContent, SharedPage, Shown};
use crate::view::shelf::{OnShelf, Thing, on_its_shelf};

/// The page, without leaving a trace.
pub(crate) fn look<T: OnShelf>(
    clinic: &Clinic,
    patient: PatientView,
    id: DocumentId,
) -> Result<SharedPage> {
    let shared = clinic.get_shared::<T>(patient.id, id);
    page(clinic, patient, id, shared)
}

/// The page that somebody opens: written down once for each person and version, and the patient sees
/// it.
pub(crate) fn open<T: OnShelf>(
    clinic: &Clinic,
    patient: PatientView,
    id: DocumentId,
    by: &str,
) -> Result<SharedPage> {
    let shared = clinic.open_shared::<T>(patient.id, id, by);
    page(clinic, patient, id, shared)
}

fn page<T: OnShelf>(
    clinic: &Clinic,
    patient: PatientView,
    id: DocumentId,
    shared: Result<Shared<T>>,
) -> Result<SharedPage> {
    let content = match shared {
        Ok(shared) => {
            let neighbors = clinic.neighbors::<T>(patient.id, id)?;
            let mut shown = shown(clinic, patient.id, on_its_shelf(shared), neighbors)?;
            if T::WRITERS == Writers::Both {
                shown.written = clinic.written(patient.id, id)?;
            }
            SharedContent::Shown(Box::new(shown))
        }
        Err(CoreError::NotNow(NotNow::Withdrawn { at })) => SharedContent::Withdrawn { at },
        Err(error) => return Err(error),
    };
    Ok(SharedPage {
        patient,
        id,
        shelf: T::SHELF,
        content,
    })
}

fn shown(
    clinic: &Clinic,
    patient: DocumentId,
    shared: Shared<Thing>,
    (newer, older): (Option<DocumentId>, Option<DocumentId>),
) -> Result<Shown> {
    let id = shared.view.id;
    let replies = Query::<Reply>::about(id).oldest_first();
    let receipts = Query::<ReadReceipt>::about(id).oldest_first();
    let session = match shared.view.content.session() {
        Some(session) => there(clinic.get::<DosingSession>(patient, session))?,
        None => None,
    };
    let receipts = clinic.page(patient, &receipts.size(PageSize::LARGEST))?;
    let beside = match &shared.view.content {
        Thing::Response(_) => Beside::Measured(Box::new(clinic.measured(patient, id)?)),
        Thing::MedicationList(_) => Beside::Medicines(Box::new(clinic.medicines(patient, id)?)),
        Thing::SessionPreparation(one) => {
            let all = Query::<SessionPreparation>::about(one.about).size(PageSize::LARGEST);
            let all = clinic.page(patient, &all)?.items;
            let together = SessionPreparation::together(all.iter().map(|view| &view.content));
            together.map_or(Beside::Nothing, |all| Beside::Prepared(Box::new(all)))
        }
        Thing::Entry(_) => Beside::Attachments(clinic.attachments(patient, id)?),
        _ => Beside::Nothing,
    };
    Ok(Shown {
        beside,
        written: Vec::new(),
        session: session.map(|view| view.content),
        replies: clinic
            .page(patient, &replies.size(PageSize::LARGEST))?
            .items,
        receipts: receipts
            .items
            .into_iter()
            .map(|view| view.content)
            .collect(),
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
