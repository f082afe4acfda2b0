//! Who wrote what both sides write: the patient, or somebody of the clinic by name.

use super::Clinic;
use crate::domain::{Content, DocumentId, EditedBy, Revision};
use crate::error::Result;
use crate::records::{View, Written};

impl Clinic {
    /// Writes something of a patient's that both sides write, in somebody's name: the patient reads who wrote it.
    ///
    /// # Errors
    ///
    /// As [`Clinic::create`]; [`CoreError::Invalid`](crate::CoreError::Invalid) for a name that can't be used.
    pub fn create_as<T: Content>(
        &self,
        patient: DocumentId,
        content: T,
        by: &str,
    ) -> Result<View<T>> {
        let records = self.records_of(patient)?;
        self.must_be_a_name(by)?;
        let created = records.create(content)?;
        records.name_writer(None, (created.id, &created.revision), by)?;
        Ok(created)
    }

    /// Changes it in somebody's name. What changes nothing names nobody.
    ///
    /// # Errors
    ///
    /// As [`Clinic::edit`]; [`CoreError::Invalid`](crate::CoreError::Invalid) for a name that can't be used.
    ///
    /// ```
    /// use companion_core::domain::{Content, Goal, Side};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let (domain, text) = ("sleep".to_owned().into(), "To sleep.".to_owned());
    /// # let (became, became_words, at) = (Default::default(), String::new(), clinic.now());
    /// let goal = clinic.create_as(ada, Goal { domain, text, became, became_words, at }, "Maya")?;
    /// clinic.edit_as::<Goal>(ada, goal.id, &goal.revision, "Sam", |goal| {
    ///     goal.text = "To sleep at night.".into();
    /// })?;
    /// let written = clinic.written(ada, goal.id)?;
    /// let names: Vec<_> = written.iter().map(|one| (one.side, &*one.by)).collect();
    /// assert_eq!(names, [(Side::Clinic, "Sam"), (Side::Clinic, "Maya")]);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn edit_as<T: Content>(
        &self,
        patient: DocumentId,
        id: DocumentId,
        seen: &Revision,
        by: &str,
        change: impl FnOnce(&mut T),
    ) -> Result<View<T>> {
        let records = self.records_of(patient)?;
        self.must_be_a_name(by)?;
        let before = records.get::<T>(id)?.revision;
        let edited = records.edit(id, seen, change)?;
        records.name_writer(Some(&before), (edited.id, &edited.revision), by)?;
        Ok(edited)
    }

    /// Who wrote something, the newest change first. Of what the clinic wrote before its people were named, and
    /// of what a node wrote for nobody, it is the clinic.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient), [`Missing::Document`](crate::Missing::Document).
    pub fn written(&self, patient: DocumentId, id: DocumentId) -> Result<Vec<Written>> {
        self.records_of(patient)?.written(id)
    }

    /// Nothing is written in the name of nobody.
    pub(super) fn must_be_a_name(&self, by: &str) -> Result<()> {
        let name = EditedBy {
            about: DocumentId::new([0; 16]),
            revision: Revision::default(),
            by: by.to_owned(),
            at: self.now(),
        };
        Ok(name.checked().map(drop)?)
    }
}
