//! The questions on craving, use outside the plan and the bladder, on a patient's phone.

use super::Patient;
use crate::domain::programme::Offered;
use crate::domain::session_day::Offer;
use crate::domain::use_check::UseAnswer;
use crate::domain::use_questions::UseQuestion;
use crate::domain::{Programme, UseCheck, UseQuestions};
use crate::error::Result;
use crate::outcome::outcome;
use crate::records::View;

impl Patient {
    /// The questions as they are asked now: in the clinic's words where it has some, and else in ours.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::use_questions::UseQuestion;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let questions = phone.use_questions()?;
    /// assert_eq!(questions[0], (UseQuestion::Craving, UseQuestion::Craving.ours().to_owned()));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn use_questions(&self) -> Result<[(UseQuestion, String); 3]> {
        let own = self.records.newest::<UseQuestions>()?.or_nothing();
        let own = own.map(|view| view.content);
        Ok(UseQuestion::ALL.map(|question| {
            let words = UseQuestions::words(own.as_ref(), question);
            (question, words.to_owned())
        }))
    }

    /// Whether the clinic wants the questions to be asked now: so many weeks after the last answers, shared or not,
    /// while the programme runs and its assessment came to *ready*, and on no day of a session. Nothing tells
    /// the clinic whether they were answered.
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
    /// assert!(!phone.use_questions_are_due()?);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn use_questions_are_due(&self) -> Result<bool> {
        let Some(own) = self.records.newest::<UseQuestions>()?.or_nothing() else {
            return Ok(false);
        };
        let Some(programme) = self.records.newest::<Programme>()?.or_nothing() else {
            return Ok(false);
        };
        let readiness = outcome(&self.records)?.map(|view| view.content);
        let is_on = Offered::by(Some(&programme.content), readiness.as_ref()).integration;
        let today = self.session_day()?;
        let is_quiet = today.is_some_and(|today| !today.stage.offers(Offer::Measures));
        if !is_on || is_quiet || self.is_out() {
            return Ok(false);
        }
        let last = self.contents_of::<UseCheck>()?.into_iter();
        let last = last.map(|check| check.at).max();
        Ok(own.content.are_due(programme.content.at, last, self.now()))
    }

    /// Keeps answers with the questions as they stand now, for the patient alone until they share them. What is
    /// not answered stays open.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) where nothing was answered and nothing said.
    ///
    /// ```
    /// use companion_core::domain::use_check::UseAnswer;
    /// use companion_core::domain::use_questions::UseQuestion;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let check = phone.check_use(&[(UseQuestion::Bladder, UseAnswer::No)], "")?;
    /// assert!(!check.shared && check.content.craving.is_none());
    /// assert!(phone.check_use(&[], " ").is_err());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn check_use(
        &self,
        answers: &[(UseQuestion, UseAnswer)],
        words: &str,
    ) -> Result<View<UseCheck>> {
        let questions = self.use_questions()?;
        let mut check = UseCheck {
            words: words.to_owned(),
            ..UseCheck::new(self.now())
        };
        for (question, answer) in answers {
            let asked = questions.iter().find(|(asked, _)| asked == question);
            let words = asked.map_or(question.ours(), |(_, words)| words);
            check.give(*question, words, answer.clone());
        }
        self.create(check)
    }
}
