//! What the clinic reads of a patient's record, and writes into it.

use super::Clinic;
use crate::domain::{Content, DocumentId, Revision};
use crate::error::{CoreError, Missing, Result};
use crate::records::{
    Changes, Observation, Observer, Page, PageSize, Query, Sequence, View, Withdrawn,
};

impl Clinic {
    /// Writes something new for a patient, which their phone then shows.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`]; [`CoreError::Invalid`] names the field and its limit;
    /// [`CoreError::NotYours`] for what only the patient writes.
    pub fn create<T: Content>(&self, patient: DocumentId, content: T) -> Result<View<T>> {
        self.records_of(patient)?.create(content)
    }

    /// Changes something of a patient's. `seen` is the version that the person had before them:
    /// `change` is given what that version said, and what came in meanwhile is merged.
    ///
    /// # Errors
    ///
    /// As [`Clinic::create`]; [`CoreError::NotNow`] says why something is not shown any more.
    pub fn edit<T: Content>(
        &self,
        patient: DocumentId,
        id: DocumentId,
        seen: &Revision,
        change: impl FnOnce(&mut T),
    ) -> Result<View<T>> {
        self.records_of(patient)?.edit(id, seen, change)
    }

    /// One thing of a patient's, without anybody's having opened it.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`], [`Missing::Document`]; [`CoreError::NotNow`] says why it is not shown any
    /// more.
    pub fn get<T: Content>(&self, patient: DocumentId, id: DocumentId) -> Result<View<T>> {
        self.records_of(patient)?.get(id)
    }

    /// A page of a list of a patient's, newest first unless the query says otherwise.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`]; [`CoreError::Invalid`] for a cursor of another list.
    pub fn page<T: Content>(&self, patient: DocumentId, query: &Query<T>) -> Result<Page<T>> {
        self.records_of(patient)?.page(query)
    }

    /// How many there are in all pages of a list.
    ///
    /// # Errors
    ///
    /// As [`Clinic::page`].
    pub fn count<T: Content>(&self, patient: DocumentId, query: &Query<T>) -> Result<u64> {
        self.records_of(patient)?.count(query)
    }

    /// What a patient shared once and withdrew: that they did, and nothing of what it said. Newest
    /// first.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`].
    pub fn withdrawn<T: Content>(
        &self,
        patient: DocumentId,
        size: PageSize,
    ) -> Result<Vec<Withdrawn>> {
        self.records_of(patient)?.withdrawn::<T>(size)
    }

    /// The next newer and the next older thing of the same kind.
    ///
    /// # Errors
    ///
    /// As [`Clinic::get`].
    pub fn neighbors<T: Content>(
        &self,
        patient: DocumentId,
        id: DocumentId,
    ) -> Result<(Option<DocumentId>, Option<DocumentId>)> {
        self.records_of(patient)?.neighbors::<T>(id)
    }

    /// Documents of every kind, of all patients and of the clinic, that changed after a point, oldest
    /// change first.
    pub fn changes(&self, since: Sequence, size: PageSize) -> Result<Changes> {
        self.own.changes(since, size)
    }

    /// Where the record stands now, for [`Clinic::changes`].
    pub fn sequence(&self) -> Result<Sequence> {
        self.own.sequence()
    }

    /// Calls the observer, on a thread of its own, with the first page of a patient's list, and again
    /// whenever that shows something else; until what this returns is dropped. An observer that blocks
    /// or panics holds up nobody else.
    ///
    /// # Errors
    ///
    /// As [`Clinic::page`].
    pub fn observe<T: Content>(
        &self,
        patient: DocumentId,
        query: Query<T>,
        observer: impl Observer<T>,
    ) -> Result<Observation> {
        self.records_of(patient)?.observe(query, observer)
    }
}
