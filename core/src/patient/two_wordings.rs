//! Choosing between the wordings of what was written on two devices apart.

use super::Patient;
use crate::domain::{Content, DocumentId, Revision};
use crate::error::Result;
use crate::records::{DeliveryState, InTwoWordings, OfItsKind, View, of_its_kind};

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
        struct Choose<'a> {
            patient: &'a Patient,
            which: &'a InTwoWordings,
            chosen: (&'a str, &'a str),
        }
        impl OfItsKind for Choose<'_> {
            type Outcome = DeliveryState;
            fn run<T: Content>(self) -> Result<DeliveryState> {
                let (id, seen) = (self.which.id, &self.which.revision);
                let (field, wording) = self.chosen;
                let chosen = self.patient.choose_wording::<T>(id, seen, field, wording)?;
                Ok(chosen.delivery)
            }
        }
        let choose = Choose {
            patient: self,
            which,
            chosen: (field, wording),
        };
        of_its_kind(&which.kind, choose)
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
        self.must_not_reach_the_clinic::<T>(id)?;
        let chosen = self.records.choose(id, seen, (field, wording), None)?;
        self.keep_unlocked_of::<T>();
        Ok(chosen)
    }
}
