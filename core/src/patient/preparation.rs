//! What a patient settles before a session: read as one, even where two phones began it apart.

use super::Patient;
use crate::domain::{DocumentId, DosingSession, Intention, SessionPreparation};
use crate::error::Result;
use crate::records::{Query, View};

impl Patient {
    /// The session that is on, or else the next one that takes place.
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
    /// assert!(phone.next_session()?.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn next_session(&self) -> Result<Option<View<DosingSession>>> {
        let now = self.now();
        let sessions = self.every(&Query::<DosingSession>::all())?.into_iter();
        let ahead = sessions
            .filter(|it| it.content.takes_place() && it.content.block().ends.unix_ms > now.unix_ms);
        Ok(ahead.min_by_key(|it| (it.content.at, it.id)))
    }

    /// What the patient settled for a session, all phones taken together; `None` when they said nothing yet.
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
    /// let session = companion_core::domain::DocumentId::new([1; 16]);
    /// assert!(phone.preparation(session)?.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn preparation(&self, session: DocumentId) -> Result<Option<SessionPreparation>> {
        let all = self.every(&Query::<SessionPreparation>::about(session))?;
        Ok(SessionPreparation::together(
            all.iter().map(|view| &view.content),
        ))
    }

    /// What the patient would like to hold in mind in a session, the newest first: of what two phones wrote apart, each
    /// stands for itself, and one may be shared where another is not. Empty where they wrote nothing, which is as good.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::{DocumentId, Intention};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let session = DocumentId::new([1; 16]);
    /// phone.create(Intention::new(session, "To listen.", phone.now()))?;
    /// assert_eq!(phone.intentions(session)?[0].content.text, "To listen.");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn intentions(&self, session: DocumentId) -> Result<Vec<View<Intention>>> {
        let mut all = self.every(&Query::<Intention>::about(session))?;
        all.sort_by_key(|view| std::cmp::Reverse((view.content.at, view.id)));
        Ok(all)
    }

    /// Changes what the patient settled for a session. `change` is given what all phones said together.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) names the field and its limit;
    /// [`CoreError::NotPaired`](crate::CoreError::NotPaired) when there is no clinic.
    ///
    /// ```
    /// # use companion_core::CoreError;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let session = companion_core::domain::DocumentId::new([1; 16]);
    /// let alone = phone.prepare(session, |it| it.eyeshades = Some(true));
    /// assert!(matches!(alone, Err(CoreError::NotPaired)));
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn prepare(
        &self,
        session: DocumentId,
        change: impl FnOnce(&mut SessionPreparation),
    ) -> Result<SessionPreparation> {
        let now = self.now();
        let mut all = self.every(&Query::<SessionPreparation>::about(session))?;
        all.sort_by_key(|view| std::cmp::Reverse((view.content.at, view.id)));
        let before = SessionPreparation::together(all.iter().map(|view| &view.content));
        let mut after = before.unwrap_or_else(|| SessionPreparation::new(session, now));
        change(&mut after);
        after.at = now;
        let Some((newest, older)) = all.split_first() else {
            return Ok(self.create(after)?.content);
        };
        // What was taken away would come back from another phone's document.
        for view in older {
            let mut kept = view.content.clone();
            kept.forget_what_is_not_in(&after);
            if kept != view.content {
                self.edit::<SessionPreparation>(view.id, &view.revision, |it| *it = kept)?;
            }
        }
        let edited =
            self.edit::<SessionPreparation>(newest.id, &newest.revision, |it| *it = after.clone())?;
        Ok(edited.content)
    }
}
