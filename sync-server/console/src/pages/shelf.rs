//! What can be asked of each kind that a patient shares, without its type.

use companion_core::Result;
use companion_core::clinic::{Clinic, Shared};
use companion_core::domain::{Content, DocumentId};
use companion_core::records::{Cursor, PageSize, Query, Withdrawn};

use super::shared::there;
use super::timeline::ListPosition;
use crate::accounts::Rights;
use crate::view::shelf::{OnShelf, Shelf, ShelfVisitor, Thing, on_its_shelf, visit_shelves};

/// The questions to one kind.
#[derive(Clone, Copy)]
pub(crate) struct Reader {
    pub(crate) shelf: Shelf,
    /// So many from a place on, newest first, and where the list goes on.
    pub(crate) page: fn(&Clinic, DocumentId, ListPosition, i64) -> Result<Rows>,
    /// The place after so many.
    pub(crate) after: fn(&Clinic, DocumentId, ListPosition, i64) -> Result<Option<Cursor>>,
    pub(crate) count: fn(&Clinic, DocumentId) -> Result<u64>,
    /// The newest ones that were withdrawn.
    pub(crate) withdrawn: fn(&Clinic, DocumentId) -> Result<Vec<Withdrawn>>,
    /// Opens what somebody has read, and says how much of it nobody had opened.
    pub(crate) open: fn(&Clinic, DocumentId, &[DocumentId], &str) -> Result<u64>,
    /// One of them, while it is shown.
    pub(crate) get: fn(&Clinic, DocumentId, DocumentId) -> Result<Option<Thing>>,
}

/// Rows of a list, and where it goes on.
pub(crate) type Rows = (Vec<Shared<Thing>>, Option<Cursor>);

/// The questions to the kinds that somebody is shown, in the order of their shelves.
pub(crate) fn readers(rights: &Rights) -> Vec<Reader> {
    let mut shown = all_readers();
    shown.retain(|reader| rights.may_read(reader.shelf.area()));
    shown
}

/// The questions to all kinds.
pub(super) fn all_readers() -> Vec<Reader> {
    struct Collect(Vec<Reader>);
    impl ShelfVisitor for Collect {
        fn visit<T: OnShelf>(&mut self) {
            self.0.push(Reader::of::<T>());
        }
    }
    let mut all = Collect(Vec::new());
    visit_shelves(&mut all);
    all.0
}

impl Reader {
    const fn of<T: OnShelf>() -> Self {
        Self {
            shelf: T::SHELF,
            page: |clinic, patient, from, size| {
                let Some(query) = query::<T>(from, size)? else {
                    return Ok((Vec::new(), None));
                };
                let page = clinic.shared(patient, &query)?;
                let items = page.items.into_iter().map(on_its_shelf);
                Ok((items.collect(), page.next))
            },
            after: |clinic, patient, from, size| after::<T>(clinic, patient, from, size),
            count: |clinic, patient| clinic.count(patient, &Query::<T>::all()),
            withdrawn: |clinic, patient| clinic.withdrawn::<T>(patient, PageSize::LARGEST),
            open: |clinic, patient, ids, by| clinic.open_all_shared::<T>(patient, ids, by),
            get: |clinic, patient, id| {
                let found = there(clinic.get::<T>(patient, id))?;
                Ok(found.map(|view| view.content.thing()))
            },
        }
    }
}

/// So many of a kind from a place on; `None` where nothing is left.
pub(super) fn query<T: Content>(from: ListPosition, size: i64) -> Result<Option<Query<T>>> {
    let query = Query::<T>::all().size(PageSize::new(size)?);
    Ok(match from {
        ListPosition::Newest => Some(query),
        ListPosition::After(cursor) => Some(query.after(cursor)),
        ListPosition::End => None,
    })
}

/// The place after so many of a kind.
pub(super) fn after<T: Content>(
    clinic: &Clinic,
    patient: DocumentId,
    from: ListPosition,
    size: i64,
) -> Result<Option<Cursor>> {
    match query::<T>(from, size)? {
        Some(query) => Ok(clinic.page(patient, &query)?.next),
        None => Ok(None),
    }
}
