//! A clinic's own words for the questions on craving, use outside the plan and the bladder, and how often they are
//! asked: for all its patients, or for one alone.

use super::Clinic;
use super::for_all_or_one::Settable;
use crate::domain::{DocumentId, UseQuestions};
use crate::error::Result;
use crate::records::View;

impl Settable for UseQuestions {}

impl Clinic {
    /// What the clinic set of the questions for all its patients; `None` while ours count as they are.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    pub fn use_questions(&self) -> Result<Option<UseQuestions>> {
        self.held_for_all()
    }

    /// Changes the questions of all patients, except of those who have questions of their own.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) names the field.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// clinic.change_use_questions("Maya", |questions| questions.every_weeks = Some(4))?;
    /// assert_eq!(clinic.use_questions_of(ada)?.unwrap().content.every_weeks, Some(4));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn change_use_questions(
        &self,
        by: &str,
        change: impl FnOnce(&mut UseQuestions),
    ) -> Result<()> {
        self.change_for_all(by, change)
    }

    /// What this patient's phone has of them: those for all, or for them alone.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn use_questions_of(&self, patient: DocumentId) -> Result<Option<View<UseQuestions>>> {
        self.held_for(patient)
    }

    /// Changes the questions of one patient alone. From then on those for all leave theirs as they are.
    ///
    /// # Errors
    ///
    /// As [`Clinic::change_use_questions`], and [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// clinic.change_use_questions_of(ada, "Maya", |questions| questions.every_weeks = Some(2))?;
    /// assert_eq!(clinic.patients_with_their_own_questions()?, [(ada, "Ada".to_owned())]);
    /// clinic.use_questions_for_all(ada, "Maya")?;
    /// assert_eq!(clinic.use_questions_of(ada)?.unwrap().content.every_weeks, None);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn change_use_questions_of(
        &self,
        patient: DocumentId,
        by: &str,
        change: impl FnOnce(&mut UseQuestions),
    ) -> Result<()> {
        self.change_for(patient, by, change)
    }

    /// The patients who have questions of their own, by name.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    pub fn patients_with_their_own_questions(&self) -> Result<Vec<(DocumentId, String)>> {
        self.patients_apart::<UseQuestions>()
    }

    /// Lets the questions for all count for one patient again.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn use_questions_for_all(&self, patient: DocumentId, by: &str) -> Result<()> {
        self.hold_for_all_again::<UseQuestions>(patient, by)
    }
}
