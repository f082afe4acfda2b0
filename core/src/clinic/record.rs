//! What the clinic reads of a patient's record, and writes into it.

use super::Clinic;
use crate::domain::{Content, DocumentId, Kind, Revision};
use crate::error::{CoreError, Result};
use crate::records::{
    Changes, Observation, Observer, Page, PageSize, Query, Sequence, View, Withdrawn,
};
use crate::store::Standing;

impl Clinic {
    /// Writes something new for a patient, which their phone then shows.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient); [`CoreError::Invalid`](crate::CoreError::Invalid) names the field and its limit;
    /// [`CoreError::NotYours`](crate::CoreError::NotYours) for what only the patient writes;
    /// [`CoreError::HasOwnVerbs`](crate::CoreError::HasOwnVerbs) for a dosing session, which
    /// [`Clinic::plan_session`] plans.
    ///
    /// ```
    /// use companion_core::domain::Reply;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// let reply = clinic.create(ada, Reply {
    ///     about: ada,
    ///     body: "Thank you.".into(),
    ///     by: "Maya".into(),
    ///     at: clinic.now(),
    /// })?;
    /// assert!(reply.shared);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn create<T: Content>(&self, patient: DocumentId, content: T) -> Result<View<T>> {
        must_be_generic::<T>()?;
        self.records_of(patient)?.create(content)
    }

    /// Changes something of a patient's. `seen` is the version that the person had before them:
    /// `change` is given what that version said, and what came in meanwhile is merged.
    ///
    /// # Errors
    ///
    /// As [`Clinic::create`]; [`CoreError::NotNow`](crate::CoreError::NotNow) says why something is not shown any more.
    ///
    /// ```
    /// use companion_core::domain::Reply;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let (body, by, at) = ("Thank you.".into(), "Maya".into(), clinic.now());
    /// # let reply = clinic.create(ada, Reply { about: ada, body, by, at })?;
    ///
    /// let edited = clinic.edit::<Reply>(ada, reply.id, &reply.revision, |reply| {
    ///     reply.body = "Thank you, Ada.".into();
    /// })?;
    /// assert_eq!(edited.content.body, "Thank you, Ada.");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn edit<T: Content>(
        &self,
        patient: DocumentId,
        id: DocumentId,
        seen: &Revision,
        change: impl FnOnce(&mut T),
    ) -> Result<View<T>> {
        must_be_generic::<T>()?;
        self.records_of(patient)?.edit(id, seen, change)
    }

    /// One thing of a patient's, without anybody's having opened it.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient), [`Missing::Document`](crate::Missing::Document); [`CoreError::NotNow`](crate::CoreError::NotNow) says why it is not shown any
    /// more.
    ///
    /// ```
    /// use companion_core::domain::Reply;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let (body, by, at) = ("Thank you.".into(), "Maya".into(), clinic.now());
    /// # let reply = clinic.create(ada, Reply { about: ada, body, by, at })?;
    ///
    /// assert_eq!(clinic.get::<Reply>(ada, reply.id)?.content.by, "Maya");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn get<T: Content>(&self, patient: DocumentId, id: DocumentId) -> Result<View<T>> {
        self.records_of(patient)?.get(id)
    }

    /// A page of a list of a patient's, newest first unless the query says otherwise.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient); [`CoreError::Invalid`](crate::CoreError::Invalid) for a cursor of another list.
    ///
    /// ```
    /// use companion_core::domain::Reply;
    /// use companion_core::records::Query;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let (body, by, at) = ("Thank you.".into(), "Maya".into(), clinic.now());
    /// # let reply = clinic.create(ada, Reply { about: ada, body, by, at })?;
    ///
    /// let page = clinic.page(ada, &Query::<Reply>::all())?;
    /// assert_eq!(page.items[0].id, reply.id);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn page<T: Content>(&self, patient: DocumentId, query: &Query<T>) -> Result<Page<T>> {
        self.records_of(patient)?.page(query)
    }

    /// All pages of a list of a patient's.
    pub(super) fn every<T: Content>(
        &self,
        patient: DocumentId,
        query: &Query<T>,
    ) -> Result<Vec<View<T>>> {
        self.records_of(patient)?.every(query)
    }

    /// How many there are in all pages of a list.
    ///
    /// # Errors
    ///
    /// As [`Clinic::page`].
    ///
    /// ```
    /// use companion_core::domain::Reply;
    /// use companion_core::records::Query;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let (body, by, at) = ("Thank you.".into(), "Maya".into(), clinic.now());
    /// # let reply = clinic.create(ada, Reply { about: ada, body, by, at })?;
    ///
    /// assert_eq!(clinic.count(ada, &Query::<Reply>::about(ada))?, 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn count<T: Content>(&self, patient: DocumentId, query: &Query<T>) -> Result<u64> {
        self.records_of(patient)?.count(query)
    }

    /// What a patient shared once and withdrew: that they did, and nothing of what it said. Newest
    /// first.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// use companion_core::records::PageSize;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// assert!(clinic.withdrawn::<Entry>(ada, PageSize::SCREEN)?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
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
    ///
    /// ```
    /// use companion_core::domain::Reply;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let (body, by, at) = ("Thank you.".into(), "Maya".into(), clinic.now());
    /// # let reply = clinic.create(ada, Reply { about: ada, body, by, at })?;
    ///
    /// assert_eq!(clinic.neighbors::<Reply>(ada, reply.id)?, (None, None));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn neighbors<T: Content>(
        &self,
        patient: DocumentId,
        id: DocumentId,
    ) -> Result<(Option<DocumentId>, Option<DocumentId>)> {
        self.records_of(patient)?.neighbors::<T>(id)
    }

    /// What something is that a patient's record shows; `None` for what it does not show.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::{Content as _, Reply};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// # let (body, by, at) = ("Thank you.".into(), "Maya".into(), clinic.now());
    /// let reply = clinic.create(ada, Reply { about: ada, body, by, at })?;
    /// assert_eq!(clinic.kind_of(ada, reply.id)?, Some(Reply::KIND));
    /// assert_eq!(clinic.kind_of(ada, ada)?, None);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn kind_of(&self, patient: DocumentId, id: DocumentId) -> Result<Option<Kind>> {
        let care = self.record(patient)?.content.care_space;
        let row = self.replica.store.read(|r| r.item(id))?;
        let shown = row.filter(|row| row.space == care && row.standing == Standing::Living);
        Ok(shown.map(|row| row.kind))
    }

    /// Documents of every kind, of all patients and of the clinic, that changed after a point, oldest
    /// change first.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::records::PageSize;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    ///
    /// let since = clinic.sequence()?;
    /// assert!(clinic.changes(since, PageSize::SCREEN)?.changes.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn changes(&self, since: Sequence, size: PageSize) -> Result<Changes> {
        self.own.changes(since, size)
    }

    /// Where the record stands now, for [`Clinic::changes`].
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// let before = clinic.sequence()?;
    /// clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert_ne!(clinic.sequence()?, before);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
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
    ///
    /// ```
    /// use companion_core::domain::Reply;
    /// use companion_core::records::Query;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// let (to, from) = std::sync::mpsc::channel();
    /// let _observation = clinic.observe(ada, Query::<Reply>::all(), move |diffs| {
    ///     let _ = to.send(diffs);
    /// })?;
    /// assert_eq!(from.recv().unwrap().len(), 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn observe<T: Content>(
        &self,
        patient: DocumentId,
        query: Query<T>,
        observer: impl Observer<T>,
    ) -> Result<Observation> {
        self.records_of(patient)?.observe(query, observer)
    }
}

/// That the verbs for all kinds may write this one.
fn must_be_generic<T: Content>() -> Result<()> {
    if T::HAS_OWN_VERBS {
        return Err(CoreError::HasOwnVerbs { kind: T::KIND });
    }
    Ok(())
}
