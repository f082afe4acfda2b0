//! What a patient does with their own record. All of it works offline.

use super::Patient;
use crate::domain::{Content, Declared, DocumentId, Revision, Visibility};
use crate::error::{CoreError, Result};
use crate::records::{
    Changes, DeletedView, Observation, Observer, Page, PageSize, Query, RecordChanged, Remains,
    Sequence, View,
};

impl Patient {
    /// Writes something new. What only the patient is to see never leaves the patient's own devices;
    /// what is shared goes to the care space.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) names the field and its limit; [`CoreError::NotYours`](crate::CoreError::NotYours) for what only
    /// the clinic writes, [`CoreError::HasOwnVerbs`] for a release or a session; [`CoreError::NotPaired`](crate::CoreError::NotPaired) when there is nobody to share it with;
    /// [`NotNow::QuietHours`](crate::NotNow::QuietHours) for what is to be shared in a session's quiet hours, and
    /// [`NotNow::SharedInQuietHours`](crate::NotNow::SharedInQuietHours) for what the clinic always reads and can wait.
    ///
    /// ```
    /// # use companion_core::{CoreError, StoreKey};
    /// # use companion_core::domain::{CheckIn, Rating};
    /// # use companion_core::patient::Patient;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&folder.path().join("p.db"), &StoreKey::new([7; 32]), ports)?;
    /// let check_in = phone.create(CheckIn::new(Rating::MIDDLE, phone.now()))?;
    /// assert!(!check_in.shared);
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn create<T: Content>(&self, content: T) -> Result<View<T>> {
        must_be_generic::<T>()?;
        self.may_be_created(&content)?;
        let created = self.records.create(content)?;
        self.keep_unlocked_of(&T::KIND);
        Ok(created)
    }

    /// Changes something. `seen` is the version that the person had before them: `change` is given
    /// what that version said, and what came in meanwhile is merged and not overwritten. Who may see
    /// it is changed by [`Patient::share`] and [`Patient::withdraw`] alone.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for a field that was changed; [`CoreError::NotNow`](crate::CoreError::NotNow) says why something
    /// is not shown any more; [`CoreError::NotYours`](crate::CoreError::NotYours) for what only the clinic writes;
    /// [`NotNow::SharedInQuietHours`](crate::NotNow::SharedInQuietHours) for what the clinic reads, in a session's
    /// quiet hours.
    ///
    /// ```
    /// # use companion_core::{CoreError, StoreKey};
    /// # use companion_core::domain::Entry;
    /// # use companion_core::patient::Patient;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&folder.path().join("p.db"), &StoreKey::new([7; 32]), ports)?;
    /// # let entry = phone.create(Entry { body: "calm".into(), ..Entry::new(phone.now()) })?;
    /// let edited = phone.edit::<Entry>(entry.id, &entry.revision, |entry| {
    ///     entry.title = "The lake".to_owned();
    /// })?;
    /// assert_eq!((&*edited.content.title, &*edited.content.body), ("The lake", "calm"));
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn edit<T: Content>(
        &self,
        id: DocumentId,
        seen: &Revision,
        change: impl FnOnce(&mut T),
    ) -> Result<View<T>> {
        must_be_generic::<T>()?;
        self.must_not_reach_the_clinic(Declared::by::<T>(), id)?;
        let edited = self.records.edit(id, seen, change)?;
        self.keep_unlocked_of(&T::KIND);
        Ok(edited)
    }

    /// One thing by its name.
    ///
    /// # Errors
    ///
    /// [`Missing::Document`](crate::Missing::Document) when there is none of that kind;
    /// [`CoreError::NotNow`](crate::CoreError::NotNow) says why one is not shown any more.
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// # let entry = phone.create(Entry { body: "The lake was calm.".into(), ..Entry::new(phone.now()) })?;
    ///
    /// assert_eq!(phone.get::<Entry>(entry.id)?.content.body, "The lake was calm.");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn get<T: Content>(&self, id: DocumentId) -> Result<View<T>> {
        self.records.get(id)
    }

    /// A page of a list, newest first unless the query says otherwise. Each thing is there once: the
    /// shared copy where there is one.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for a cursor of another list.
    ///
    /// ```
    /// # use companion_core::{CoreError, StoreKey};
    /// # use companion_core::patient::Patient;
    /// use companion_core::domain::Entry;
    /// use companion_core::records::Query;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&folder.path().join("p.db"), &StoreKey::new([7; 32]), ports)?;
    ///
    /// let mut query = Query::<Entry>::all();
    /// loop {
    ///     let page = phone.page(&query)?;
    ///     for entry in page.items {
    ///         println!("{}", entry.content.title);
    ///     }
    ///     match page.next {
    ///         Some(next) => query = query.after(next),
    ///         None => break,
    ///     }
    /// }
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn page<T: Content>(&self, query: &Query<T>) -> Result<Page<T>> {
        self.records.page(query)
    }

    /// How many there are in all pages of a list.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for a cursor of another list.
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// use companion_core::records::Query;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// # let entry = phone.create(Entry { body: "The lake was calm.".into(), ..Entry::new(phone.now()) })?;
    ///
    /// assert_eq!(phone.count(&Query::<Entry>::all())?, 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn count<T: Content>(&self, query: &Query<T>) -> Result<u64> {
        self.records.count(query)
    }

    /// What of a kind holds all of these words, of at most 1,000 characters; the last word may be
    /// unfinished. Best match first.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for more than 1,000 characters.
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// use companion_core::records::PageSize;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// # let entry = phone.create(Entry { body: "The lake was calm.".into(), ..Entry::new(phone.now()) })?;
    ///
    /// let found = phone.search::<Entry>("lake cal", PageSize::SCREEN)?;
    /// assert_eq!(found[0].id, entry.id);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn search<T: Content>(&self, words: &str, size: PageSize) -> Result<Vec<View<T>>> {
        self.records.search(words, size)
    }

    /// Lets the care team see something: what it says now becomes a **new** document in the care
    /// space, so the history of private drafts never travels. For what is shared already, changes
    /// how.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`](crate::CoreError::NotPaired) when there is nobody to share it with; [`CoreError::NotNow`](crate::CoreError::NotNow) when it is
    /// not shown any more or is not of a kind that is shared, and until when nothing is shared, or shared in another
    /// way, in a session's quiet hours.
    ///
    /// ```
    /// use companion_core::CoreError;
    /// use companion_core::domain::{Entry, Visibility};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// # let entry = phone.create(Entry { body: "The lake was calm.".into(), ..Entry::new(phone.now()) })?;
    ///
    /// // Nobody is there to share with until the phone is paired.
    /// let shared = phone.share::<Entry>(entry.id, Visibility::CareTeam);
    /// assert!(matches!(shared, Err(CoreError::NotPaired)));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn share<T: Content>(&self, id: DocumentId, visibility: Visibility) -> Result<View<T>> {
        self.must_be_free_to_share(Declared::by::<T>(), id, visibility)?;
        self.records.share(id, visibility)
    }

    /// That something may be shared in that way now.
    ///
    /// # Errors
    ///
    /// As [`Patient::share`], for the quiet hours of a session.
    pub(super) fn must_be_free_to_share(
        &self,
        kind: &Declared,
        id: DocumentId,
        visibility: Visibility,
    ) -> Result<()> {
        if !visibility.is_shared() {
            return Ok(());
        }
        match self.records.is_shared_now(kind, id)? {
            // The clinic would read at once that it is shared in another way.
            true => self.must_not_be_quiet(kind),
            false => self.must_not_be_held_of(kind, self.records.reading(kind, id)?.index.at),
        }
    }

    /// How something is shared, by its own name or by that of the private copy that it was shared from; `None` where
    /// it is not. Whoever shares it again without another wish shares it so.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotNow`](crate::CoreError::NotNow) when it is not shown any more or is not of a kind that is shared.
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// # let entry = phone.create(Entry { body: "The lake was calm.".into(), ..Entry::new(phone.now()) })?;
    ///
    /// assert_eq!(phone.how_shared::<Entry>(entry.id)?, None);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn how_shared<T: Content>(&self, id: DocumentId) -> Result<Option<Visibility>> {
        self.records.how_shared::<T>(id)
    }

    /// Withdraws something: what it says now becomes private again, and the clinic's pages stop
    /// showing it. What the clinic has received it may have to keep; that can't be undone from here.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotNow`](crate::CoreError::NotNow) when it is not shown any more or is not of a kind that is shared.
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// # let entry = phone.create(Entry { body: "The lake was calm.".into(), ..Entry::new(phone.now()) })?;
    ///
    /// // What was never shared stays as it is.
    /// assert!(!phone.withdraw::<Entry>(entry.id)?.shared);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn withdraw<T: Content>(&self, id: DocumentId) -> Result<View<T>> {
        let was_shared = self.records.how_shared::<T>(id)?.is_some();
        let withdrawn = self.records.withdraw(id)?;
        self.keep_unlocked_of(&T::KIND);
        if was_shared {
            self.answer_wish(withdrawn.id)?;
        }
        Ok(withdrawn)
    }

    /// What of something would remain where if it were taken back or deleted now, as far as this phone knows: also
    /// whether anybody at the clinic has opened it, in any of its versions. To be asked for before, and said.
    ///
    /// # Errors
    ///
    /// As [`Patient::get`]; the private copy of something that is shared is good as well.
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// use companion_core::records::Reached;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// # let entry = phone.create(Entry { body: "The lake was calm.".into(), ..Entry::new(phone.now()) })?;
    ///
    /// let remains = phone.what_remains::<Entry>(entry.id)?;
    /// assert_eq!((remains.reached, remains.at_the_clinic()), (Reached::Nobody, None));
    /// phone.delete::<Entry>(entry.id)?;
    /// println!("{}", remains.once_deleted());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn what_remains<T: Content>(&self, id: DocumentId) -> Result<Remains> {
        self.records.what_remains::<T>(id)
    }

    /// What was shared with the clinic once and was deleted since, newest first, with what of it remains there as far as
    /// this phone knows now: that somebody had opened it before the clinic heard of the deletion is heard of later.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// for one in phone.deleted()? {
    ///     println!("{}: {}", one.kind.in_words(), one.remains.at_the_clinic().unwrap_or_default());
    /// }
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn deleted(&self) -> Result<Vec<DeletedView>> {
        self.records.deleted()
    }

    /// Deletes something: nothing of what it said stays on any of the patient's devices or on the server, once they
    /// have heard of it. What another device wrote into it, shared or withdrew without knowing comes back as something
    /// private of its own, and each device says so ([`WarningCode::CameBack`](crate::WarningCode::CameBack)). What
    /// never left this phone is gone without a trace. What is shared is withdrawn and deleted in one act; what the
    /// clinic received it may have to keep: [`Patient::what_remains`] says it.
    ///
    /// # Errors
    ///
    /// [`NotNow::NotShareable`](crate::NotNow::NotShareable) for what always lives in the shared record;
    /// [`NotNow::Contended`](crate::NotNow::Contended) where something is written into it at this moment.
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// # let entry = phone.create(Entry { body: "The lake was calm.".into(), ..Entry::new(phone.now()) })?;
    ///
    /// phone.delete::<Entry>(entry.id)?;
    /// assert!(phone.get::<Entry>(entry.id).is_err());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn delete<T: Content>(&self, id: DocumentId) -> Result<()> {
        self.records.delete(Declared::by::<T>(), id)?;
        self.keep_unlocked_of(&T::KIND);
        Ok(())
    }

    /// Documents of every kind that changed after a point, oldest change first: for a widget or an
    /// extension in a process of its own.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// use companion_core::records::PageSize;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// let since = phone.sequence()?;
    /// phone.create(Entry { body: "calm".into(), ..Entry::new(phone.now()) })?;
    /// assert_eq!(phone.changes(since, PageSize::SCREEN)?.changes.len(), 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn changes(&self, since: Sequence, size: PageSize) -> Result<Changes> {
        self.records.changes(since, size)
    }

    /// Where the record stands now, for [`Patient::changes`].
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// let before = phone.sequence()?;
    /// phone.create(Entry { body: "calm".into(), ..Entry::new(phone.now()) })?;
    /// assert_ne!(phone.sequence()?, before);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn sequence(&self) -> Result<Sequence> {
        self.records.sequence()
    }

    /// Calls, on a thread of its own, with where the record stands, and again after each change, until what this
    /// returns is dropped: for a shell that asks anew for whatever it shows.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    ///
    /// let (to, from) = std::sync::mpsc::channel();
    /// let _observation = phone.listen(move |changed| {
    ///     let _ = to.send(changed);
    /// })?;
    /// assert!(from.recv().unwrap().kinds.is_empty());
    /// phone.create(Entry { body: "calm".into(), ..Entry::new(phone.now()) })?;
    /// assert_eq!(from.recv().unwrap().sequence, phone.sequence()?);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn listen(&self, heard: impl FnMut(RecordChanged) + Send + 'static) -> Result<Observation> {
        self.records.listen(heard)
    }

    /// Calls the observer, on a thread of its own, with the first page of a list, and again whenever
    /// that shows something else; until what this returns is dropped. An observer that blocks or
    /// panics holds up nobody else.
    ///
    /// # Errors
    ///
    /// As [`Patient::page`].
    ///
    /// ```
    /// # use companion_core::{CoreError, StoreKey};
    /// # use companion_core::patient::Patient;
    /// use companion_core::domain::Entry;
    /// use companion_core::records::{Diff, Query};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&folder.path().join("p.db"), &StoreKey::new([7; 32]), ports)?;
    ///
    /// let (to, from) = std::sync::mpsc::channel();
    /// let _observation = phone.observe(Query::<Entry>::all(), move |diffs| {
    ///     let _ = to.send(diffs);
    /// })?;
    /// assert_eq!(from.recv().unwrap(), [Diff::Reset(vec![])]);
    /// phone.create(Entry { body: "calm".into(), ..Entry::new(phone.now()) })?;
    /// assert!(matches!(from.recv().unwrap()[..], [Diff::Insert(0, _)]));
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn observe<T: Content>(
        &self,
        query: Query<T>,
        observer: impl Observer<T>,
    ) -> Result<Observation> {
        self.records.observe(query, observer)
    }
}

/// That the verbs for all kinds may write this one.
fn must_be_generic<T: Content>() -> Result<()> {
    if T::HAS_OWN_VERBS {
        return Err(CoreError::HasOwnVerbs { kind: T::KIND });
    }
    Ok(())
}
