//! What clinicians note about something that a patient shared: that they reviewed it, that they talked
//! about it. Each note belongs to the version that the clinician had before them.

use super::Clinic;
use crate::domain::{DocumentId, Made, Mark, Review, Revision, TalkedAbout};
use crate::error::Result;
use crate::records::{Query, Records, View};

impl Clinic {
    /// Marks something as reviewed, in the version that the clinician had before them. The whole
    /// clinic sees the mark; the patient does not. Once the words change it stands no longer.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient), [`Missing::Document`](crate::Missing::Document), [`NotNow::Withdrawn`](crate::NotNow::Withdrawn).
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
    /// clinic.mark_reviewed(ada, reply.id, &reply.revision, "Maya")?;
    /// assert_eq!(clinic.get_shared::<Reply>(ada, reply.id)?.review.unwrap().by, "Maya");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn mark_reviewed(
        &self,
        patient: DocumentId,
        about: DocumentId,
        seen: &Revision,
        by: &str,
    ) -> Result<()> {
        self.mark::<Review>(patient, about, seen, by)
    }

    /// Takes the mark back.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
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
    /// clinic.mark_reviewed(ada, reply.id, &reply.revision, "Maya")?;
    /// clinic.unmark_reviewed(ada, reply.id)?;
    /// assert_eq!(clinic.get_shared::<Reply>(ada, reply.id)?.review, None);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn unmark_reviewed(&self, patient: DocumentId, about: DocumentId) -> Result<()> {
        self.unmark::<Review>(patient, about)
    }

    /// Notes that somebody talked with the patient about something, in the version that the clinician
    /// had before them. Until then what the patient wants to talk about stands on the caseload, whoever
    /// opened or reviewed it.
    ///
    /// # Errors
    ///
    /// As [`Clinic::mark_reviewed`].
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
    /// clinic.mark_talked_about(ada, reply.id, &reply.revision, "Maya")?;
    /// let shared = clinic.get_shared::<Reply>(ada, reply.id)?;
    /// assert_eq!(shared.talked_about.unwrap().by, "Maya");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn mark_talked_about(
        &self,
        patient: DocumentId,
        about: DocumentId,
        seen: &Revision,
        by: &str,
    ) -> Result<()> {
        self.mark::<TalkedAbout>(patient, about, seen, by)
    }

    /// Takes that note back: it is still to be talked about.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
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
    /// clinic.mark_talked_about(ada, reply.id, &reply.revision, "Maya")?;
    /// clinic.unmark_talked_about(ada, reply.id)?;
    /// assert_eq!(clinic.get_shared::<Reply>(ada, reply.id)?.talked_about, None);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn unmark_talked_about(&self, patient: DocumentId, about: DocumentId) -> Result<()> {
        self.unmark::<TalkedAbout>(patient, about)
    }

    fn mark<M: Mark>(
        &self,
        patient: DocumentId,
        about: DocumentId,
        seen: &Revision,
        by: &str,
    ) -> Result<()> {
        let care_space = self.record(patient)?.content.care_space;
        let records = self.records_in(care_space);
        records.must_be_shown(about)?;
        if records.has_mark::<M>(about)? {
            // What stands here now is dealt with: a page that was opened before must not undo that.
            return Ok(());
        }
        let words = records.said_at(about, seen)?;
        let made = Made {
            about,
            care_space,
            revision: seen.clone(),
            words: words.clone(),
            by: by.to_owned(),
            at: self.now(),
        };
        match marks::<M>(&records, about)?.into_iter().next() {
            Some(mark) if mark.content.stands_for(seen, &words) => {}
            Some(mark) => {
                records.edit::<M>(mark.id, &mark.revision, |mark| mark.make_again(made))?;
            }
            None => drop(records.create(M::made(made))?),
        }
        Ok(())
    }

    fn unmark<M: Mark>(&self, patient: DocumentId, about: DocumentId) -> Result<()> {
        let records = self.records_of(patient)?;
        let at = self.now();
        for mark in marks::<M>(&records, about)? {
            if !mark.content.is_taken_back() {
                records.edit::<M>(mark.id, &mark.revision, |mark| mark.take_back(at))?;
            }
        }
        Ok(())
    }
}

/// The marks of something, newest first; more than one only if two nodes marked it apart. Marks of what
/// it was before it was withdrawn and shared again are not among them.
fn marks<M: Mark>(records: &Records, about: DocumentId) -> Result<Vec<View<M>>> {
    let mut marks = records.page(&Query::<M>::about(about))?.items;
    marks.retain(|mark| mark.content.subject() == about);
    Ok(marks)
}
