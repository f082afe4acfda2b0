//! What a patient's phone can do: write, check in, share, withdraw, search, pair, sync. All of it but
//! pairing and syncing works offline, and what a verb returned as saved survives a power cut.

mod devices;
mod pairing;
mod recovery;
mod view;

use std::path::Path;
use std::sync::Arc;

pub use view::{DeviceKind, DeviceView, Invitation, Pairing, PhoneStatus};

use crate::domain::{Content, DocumentId, Moment, Purpose, Revision, Side, Visibility};
use crate::error::{CoreError, Result};
use crate::ports::Ports;
use crate::ports::{Cancel, OnHint, WatchHandle};
use crate::records::{
    Changes, Observation, Observer, Page, PageSize, Query, RecordCheck, Records, Scope, Sequence,
    View,
};
use crate::replica::Replica;
use crate::report::{SyncReport, WarningId};
use crate::settings::{CLINIC, SERVER};
use crate::store::StoreKey;
use crate::sync::{self, ServerConnection};

/// A patient's phone. Every verb may be called from any thread; none that works offline waits for one
/// that does not.
pub struct Patient {
    replica: Arc<Replica>,
    records: Records,
}

impl Patient {
    /// Opens the record at `path`, making it on first use. Works unpaired and offline.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the file can't be opened with that key.
    ///
    /// ```
    /// use companion_core::StoreKey;
    /// use companion_core::domain::Entry;
    /// use companion_core::patient::Patient;
    /// use companion_core::ports::testing::offline;
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// let key = StoreKey::new([7; 32]);
    /// let phone = Patient::open(&folder.path().join("phone.db"), &key, offline())?;
    /// let entry = phone.create(Entry {
    ///     body: "The lake was calm.".to_owned(),
    ///     ..Entry::new(phone.now())
    /// })?;
    /// assert_eq!(phone.get::<Entry>(entry.id)?.content.body, "The lake was calm.");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn open(path: &Path, key: &StoreKey, ports: Ports) -> Result<Self> {
        let replica = Replica::open(path, key, ports, Side::Patient)?;
        if replica.row_for(Purpose::Private).is_none() {
            replica.found_space(Purpose::Private, None)?;
        }
        let replica = Arc::new(replica);
        let records = Records::new(&replica, Scope::Patient);
        Ok(Self { replica, records })
    }

    /// The present moment by this phone's clock, with the offset from UTC that it shows.
    pub fn now(&self) -> Moment {
        self.replica.now()
    }

    /// What the first screen shows.
    pub fn status(&self) -> Result<PhoneStatus> {
        let replica = &self.replica;
        let waiting = replica.store.read(|r| r.count_outbox())?;
        Ok(PhoneStatus {
            member: replica.me.member(),
            paired: replica.row_for(Purpose::Care).is_some_and(|row| row.joined),
            clinic: replica.text_setting(CLINIC)?,
            server: replica.text_setting(SERVER)?,
            waiting: waiting.try_into().unwrap_or(u64::MAX),
            last_sync_ms: replica.last_sync_ms()?,
            warnings: replica.standing_warnings()?,
        })
    }

    /// Shows a warning no longer, unless it comes back with other words.
    ///
    /// # Errors
    ///
    /// [`Missing::Warning`](crate::Missing::Warning) when there is none of that name.
    pub fn dismiss_warning(&self, id: WarningId) -> Result<()> {
        self.replica.dismiss_warning(id)
    }

    /// Writes something new. What only the patient is to see never leaves the patient's own devices;
    /// what is shared goes to the care space.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] names the field and its limit; [`CoreError::NotYours`] for what only
    /// the clinic writes; [`CoreError::NotPaired`] when there is nobody to share it with.
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
        self.records.create(content)
    }

    /// Changes something. `seen` is the version that the person had before them: `change` is given
    /// what that version said, and what came in meanwhile is merged and not overwritten. Who may see
    /// it is changed by [`Patient::share`] and [`Patient::withdraw`] alone.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] for a field that was changed; [`CoreError::NotNow`] says why something
    /// is not shown any more; [`CoreError::NotYours`] for what only the clinic writes.
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
        self.records.edit(id, seen, change)
    }

    /// One thing by its name.
    ///
    /// # Errors
    ///
    /// [`Missing::Document`](crate::Missing::Document) when there is none of that kind;
    /// [`CoreError::NotNow`] says why one is not shown any more.
    pub fn get<T: Content>(&self, id: DocumentId) -> Result<View<T>> {
        self.records.get(id)
    }

    /// A page of a list, newest first unless the query says otherwise. Each thing is there once: the
    /// shared copy where there is one.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] for a cursor of another list.
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
    /// [`CoreError::Invalid`] for a cursor of another list.
    pub fn count<T: Content>(&self, query: &Query<T>) -> Result<u64> {
        self.records.count(query)
    }

    /// What of a kind holds all of these words, of at most 1,000 characters; the last word may be
    /// unfinished. Best match first.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] for more than 1,000 characters.
    pub fn search<T: Content>(&self, words: &str, size: PageSize) -> Result<Vec<View<T>>> {
        self.records.search(words, size)
    }

    /// Lets the care team see something: what it says now becomes a **new** document in the care
    /// space, so the history of private drafts never travels. For what is shared already, changes
    /// how.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`] when there is nobody to share it with; [`CoreError::NotNow`] when it is
    /// not shown any more or is not of a kind that is shared.
    pub fn share<T: Content>(&self, id: DocumentId, visibility: Visibility) -> Result<View<T>> {
        self.records.share(id, visibility)
    }

    /// Withdraws something: what it says now becomes private again, and the clinic's pages stop
    /// showing it. What the clinic has received it may have to keep; that can't be undone from here.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotNow`] when it is not shown any more or is not of a kind that is shared.
    pub fn withdraw<T: Content>(&self, id: DocumentId) -> Result<View<T>> {
        self.records.withdraw(id)
    }

    /// Deletes something private: it is shown nowhere any more, on none of the patient's devices. What
    /// another device wrote into it meanwhile brings it back. What never left this phone is gone
    /// without a trace; what did stays, sealed, in the history that only the patient's devices hold.
    ///
    /// # Errors
    ///
    /// [`NotNow::Shared`](crate::NotNow::Shared) for what the clinic can read: withdraw it first.
    pub fn delete<T: Content>(&self, id: DocumentId) -> Result<()> {
        self.records.delete::<T>(id)
    }

    /// Documents of every kind that changed after a point, oldest change first: for a widget or an
    /// extension in a process of its own.
    pub fn changes(&self, since: Sequence, size: PageSize) -> Result<Changes> {
        self.records.changes(since, size)
    }

    /// Where the record stands now, for [`Patient::changes`].
    pub fn sequence(&self) -> Result<Sequence> {
        self.records.sequence()
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

    /// Exchanges everything with the server. Offline is an error that says so; nothing is lost. Who
    /// asks while an exchange is under way shares the next one.
    ///
    /// # Errors
    ///
    /// [`CoreError::Offline`], [`CoreError::Untrusted`], [`CoreError::BadAddress`],
    /// [`CoreError::Paused`], [`CoreError::NotPaired`].
    pub fn sync(&self) -> Result<SyncReport> {
        self.sync_until(&Cancel::new())
    }

    /// As [`Patient::sync`], until the caller gives up: [`CoreError::Canceled`] then. What the server
    /// had acknowledged by then stays so.
    pub fn sync_until(&self, cancel: &Cancel) -> Result<SyncReport> {
        let address = self.server()?;
        self.replica.gate.share(cancel, |cancel| {
            let server = ServerConnection::open(&self.replica, &address, cancel)?;
            let report = sync::run(&server, &|_| Ok(()))?;
            // What fails of it is tried again by the next.
            let _ = self.retire_words(cancel);
            if report.problems.is_empty() {
                self.replica.remember_sync()?;
            }
            if report.received > 0 {
                self.learn_clinic_name()?;
            }
            Ok(report)
        })
    }

    /// Calls `on_hint` whenever the server says that something is new, until the handle is dropped.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`], [`CoreError::BadAddress`].
    pub fn watch(&self, on_hint: OnHint) -> Result<WatchHandle> {
        sync::watch(&self.replica, &self.server()?, on_hint)
    }

    /// Before the app sleeps: ends an exchange that is under way, lets none begin, and lets go of the
    /// file, so that the system finds no lock on it. Reading and writing still work, and open it again.
    pub fn pause(&self) {
        self.replica.pause();
    }

    /// After the app has slept: exchanges may begin again.
    pub fn resume(&self) {
        self.replica.gate.resume();
    }

    /// Makes every row and the search index anew from the log.
    pub fn rebuild(&self) -> Result<()> {
        self.replica.rebuild()
    }

    /// Compares every row with its document. Slow: for quiet times.
    pub fn check_record(&self) -> Result<RecordCheck> {
        self.replica.check_record()
    }

    fn server(&self) -> Result<String> {
        self.replica
            .text_setting(SERVER)?
            .ok_or(CoreError::NotPaired)
    }
}

impl std::fmt::Debug for Patient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Patient")
    }
}
