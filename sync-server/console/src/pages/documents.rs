//! What a patient keeps up to date, for their page.

use companion_core::Result;
use companion_core::clinic::Clinic;
use companion_core::domain::DocumentId;

use super::shelf::readers;
use super::timeline::ListPosition;
use crate::accounts::Rights;
use crate::view::documents::Documents;
use crate::view::shelf::Stands;

/// So many of each kind stand on the page.
const SHOWN: i64 = 20;

/// The newest of each kind that somebody is shown. Nothing counts as opened by it.
pub(crate) fn documents(
    clinic: &Clinic,
    patient: DocumentId,
    rights: &Rights,
) -> Result<Vec<Documents>> {
    let readers = readers(rights).into_iter();
    let readers = readers.filter(|reader| reader.shelf.stands() == Stands::AmongDocuments);
    let read = |reader: super::shelf::Reader| {
        Ok(Documents {
            shelf: reader.shelf,
            items: (reader.page)(clinic, patient, ListPosition::Newest, SHOWN)?.0,
            all: (reader.count)(clinic, patient)?,
        })
    };
    readers.map(read).collect()
}
