//! The questions on craving, use outside the plan and the bladder, on a patient's phone.

use super::Patient;
use crate::domain::use_check::UseAnswer;
use crate::domain::use_questions::UseQuestion;
use crate::domain::{UseCheck, UseQuestions};
use crate::error::Result;
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
