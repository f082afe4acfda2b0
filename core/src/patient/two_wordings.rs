//! Choosing between the wordings of what was written on two devices apart.

use super::Patient;
use crate::domain::{Content, Declared, DocumentId, Revision, declared};
use crate::error::{CoreError, Missing, Result};
use crate::records::{DeliveryState, InTwoWordings, View};

impl Patient {
    /// All that stands in two wordings, whatever kind it is, until somebody chooses. What only the clinic writes is
    /// among it, and only the clinic can choose there.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    pub fn in_two_wordings(&self) -> Result<Vec<InTwoWordings>> {
        self.records.in_two_wordings()
    }

    /// Chooses one of the wordings of something, whatever kind it is, as [`Patient::choose_wording`] does. Says how
    /// far it got.
    ///
    /// # Errors
    ///
    /// As [`Patient::choose_wording`]; [`CoreError::NotYours`](crate::CoreError::NotYours) for what only the clinic
    /// writes.
    ///
    /// ```
    /// # use companion_core::CoreError;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// for which in phone.in_two_wordings()? {
    ///     for apart in &which.apart {
    ///         phone.choose_wording_of(&which, &apart.field, &apart.wordings[0])?;
    ///     }
    /// }
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn choose_wording_of(
        &self,
        which: &InTwoWordings,
        field: &str,
        wording: &str,
    ) -> Result<DeliveryState> {
        let kind = declared(&which.kind).ok_or(CoreError::NotFound(Missing::Document))?;
        self.must_not_reach_the_clinic(kind, which.id)?;
        let (id, seen) = (which.id, &which.revision);
        let chosen = self
            .records
            .choose_of(kind, id, seen, (field, wording), None)?;
        self.keep_unlocked_of(&which.kind);
        Ok(chosen.delivery)
    }

    /// Chooses one of the wordings of a field that was rewritten on two phones apart, as
    /// [`View::apart`] gives them: it is what the field says from now on, and the others are gone. An edit
    /// of the field alone chooses nothing: what it says then is one more wording.
    ///
    /// # Errors
    ///
    /// [`NotNow::NothingToChoose`](crate::NotNow::NothingToChoose) when the field has no such wording in
    /// the version `seen`; else as [`Patient::edit`].
    ///
    /// ```
    /// use companion_core::{CoreError, NotNow};
    /// # use companion_core::domain::Entry;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// # let entry = phone.create(Entry { body: "Took 15 mg.".into(), ..Entry::new(phone.now()) })?;
    /// // Nobody rewrote it elsewhere.
    /// assert!(entry.apart.is_empty());
    /// let chosen = phone.choose_wording::<Entry>(entry.id, &entry.revision, "body", "Took 15 mg.");
    /// assert!(matches!(chosen, Err(CoreError::NotNow(NotNow::NothingToChoose))));
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn choose_wording<T: Content>(
        &self,
        id: DocumentId,
        seen: &Revision,
        field: &str,
        wording: &str,
    ) -> Result<View<T>> {
        self.must_not_reach_the_clinic(Declared::by::<T>(), id)?;
        let chosen = self.records.choose(id, seen, (field, wording), None)?;
        self.keep_unlocked_of(&T::KIND);
        Ok(chosen)
    }
}
