//! What clinicians do with what a patient shared: read it, open it, answer it.

use super::Clinic;
use super::view::{Shared, SharedPage};
use crate::domain::{Content, DocumentId, Purpose, ReadReceipt, Reply};
use crate::error::{CoreError, Result};
use crate::records::{Edit, PageSize, Query, Records, View};

impl Clinic {
    /// A page of what a patient shared, with what the clinic did about each. Nothing counts as opened
    /// by it.
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
    /// let page = clinic.shared(ada, &Query::<Reply>::all())?;
    /// assert_eq!(page.items[0].replies, 0);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn shared<T: Content>(
        &self,
        patient: DocumentId,
        query: &Query<T>,
    ) -> Result<SharedPage<T>> {
        let records = self.records_of(patient)?;
        let page = records.page(query)?;
        let items = page.items.into_iter();
        let items = items.map(|view| with_attention(&records, view));
        Ok(SharedPage {
            items: items.collect::<Result<_>>()?,
            next: page.next,
        })
    }

    /// One thing that a patient shared, with what the clinic did about it. It does not count as opened.
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
    /// assert!(!clinic.get_shared::<Reply>(ada, reply.id)?.is_new);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn get_shared<T: Content>(&self, patient: DocumentId, id: DocumentId) -> Result<Shared<T>> {
        let records = self.records_of(patient)?;
        let view = records.get(id)?;
        with_attention(&records, view)
    }

    /// Opens something: the patient's phone will say who did, and when. Once for each person and
    /// version.
    ///
    /// # Errors
    ///
    /// As [`Clinic::get`]; [`CoreError::Invalid`] for a name that can't be used.
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
    /// let opened = clinic.open_shared::<Reply>(ada, reply.id, "Maya")?;
    /// assert_eq!(opened.view.content.body, "Thank you.");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn open_shared<T: Content>(
        &self,
        patient: DocumentId,
        id: DocumentId,
        by: &str,
    ) -> Result<Shared<T>> {
        let records = self.records_of(patient)?;
        let view: View<T> = records.get(id)?;
        self.note_opened(&records, std::slice::from_ref(&view), by)?;
        with_attention(&records, view)
    }

    /// Opens several things of a kind at once: what somebody has just read in full on one page. What is
    /// not shown any more is passed over. Gives how many were opened that this person had not opened in
    /// their present version.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient);
    /// [`CoreError::Invalid`] for a name that can't be used.
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
    /// assert_eq!(clinic.open_all_shared::<Reply>(ada, &[reply.id], "Maya")?, 1);
    /// assert_eq!(clinic.open_all_shared::<Reply>(ada, &[reply.id], "Maya")?, 0);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn open_all_shared<T: Content>(
        &self,
        patient: DocumentId,
        ids: &[DocumentId],
        by: &str,
    ) -> Result<u64> {
        let records = self.records_of(patient)?;
        let mut views: Vec<View<T>> = Vec::new();
        for id in ids {
            match records.get(*id) {
                Ok(view) => views.push(view),
                Err(CoreError::NotNow(_) | CoreError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        self.note_opened(&records, &views, by)
    }

    /// Writes the receipts that are missing, all of them together.
    fn note_opened<T: Content>(
        &self,
        records: &Records,
        views: &[View<T>],
        by: &str,
    ) -> Result<u64> {
        let space = records.writable_space(Purpose::Care)?;
        if self.over_in(space)?.is_some() {
            // No phone is told any more.
            return Ok(0);
        }
        let mut edits = Vec::new();
        for view in views {
            let known = Query::<ReadReceipt>::about(view.id).size(PageSize::LARGEST);
            let known = records.contents(&known)?;
            let is_known =
                |receipt: &ReadReceipt| receipt.by == by && receipt.revision == view.revision;
            let words = records.said_at(view.id, &view.revision)?;
            if known.iter().any(|(_, receipt)| is_known(receipt)) {
                continue;
            }
            let receipt = ReadReceipt {
                about: view.id,
                revision: view.revision.clone(),
                words,
                by: by.to_owned(),
                at: self.now(),
            };
            let id = DocumentId::random(&*self.replica.ports.rng);
            edits.push(Edit::new(space, id, &receipt.checked()?)?);
        }
        self.replica.commit(&edits)?;
        Ok(edits.len() as u64)
    }

    /// Writes a reply, which the patient's phone shows under what it answers.
    ///
    /// # Errors
    ///
    /// As [`Clinic::create`]; [`NotNow::Withdrawn`](crate::NotNow::Withdrawn) when the patient withdrew it meanwhile.
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
    /// let answer = clinic.reply(ada, reply.id, "You are welcome.", "Sam")?;
    /// assert_eq!(answer.content.about, reply.id);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn reply(
        &self,
        patient: DocumentId,
        about: DocumentId,
        body: &str,
        by: &str,
    ) -> Result<View<Reply>> {
        let records = self.records_of(patient)?;
        records.must_be_shown(about)?;
        records.create(Reply {
            about,
            body: body.to_owned(),
            by: by.to_owned(),
            at: self.now(),
        })
    }
}

fn with_attention<T: Content>(records: &Records, view: View<T>) -> Result<Shared<T>> {
    let attention = records.attention(view.id)?;
    let replies = records.count(&Query::<Reply>::about(view.id))?;
    Ok(Shared {
        is_new: attention.is_new,
        review: attention.review,
        changed_since_review: attention.changed_since_review,
        is_to_talk_about: attention.is_to_talk_about,
        talked_about: attention.talked_about,
        replies,
        view,
    })
}
