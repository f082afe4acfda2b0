//! Who wrote what this patient and the clinic write together.

use super::Patient;
use crate::domain::DocumentId;
use crate::error::Result;
use crate::records::Written;

impl Patient {
    /// Who wrote something, the newest change first: the patient on any of their phones, or the clinic, with the
    /// name of the person where the clinic gave it.
    ///
    /// # Errors
    ///
    /// [`Missing::Document`](crate::Missing::Document).
    ///
    /// ```
    /// use companion_core::domain::Side;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let plan = phone.change_safety_plan(|_, _| ())?;
    /// let written = phone.written(plan.id)?;
    /// assert_eq!((written.len(), written[0].side), (1, Side::Patient));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn written(&self, id: DocumentId) -> Result<Vec<Written>> {
        self.records.written(id)
    }
}
