//! Bringing back a record that was exported, and reading what came with it of a former clinic.

#[cfg(test)]
mod tests;

use super::{PairingState, Patient};
use crate::error::{NotNow, Result};
use crate::export::{FormerRecord, former_record};
use crate::import::{ImportPlan, ImportReport, OpenFile, read};

impl Patient {
    /// Reads the folder of an export and checks all of it: that it is whole, unchanged, of this record or into an
    /// empty app, and that each document is what its kind can be. Writes nothing.
    ///
    /// # Errors
    ///
    /// [`ImportError`](crate::ImportError) says which file or document can't be as it is.
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// use companion_core::FileProblem;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let key = companion_core::StoreKey::new([7; 32]);
    /// # let open = |name: &str| {
    /// #     let ports = companion_core::ports::testing::offline();
    /// #     companion_core::patient::Patient::open(&folder.path().join(name), &key, ports)
    /// # };
    /// let phone = open("old.db")?;
    /// let entry = phone.create(Entry { body: "The lake.".into(), ..Entry::new(phone.now()) })?;
    /// let mut files = phone.export()?;
    /// files.files.push(files.manifest);
    ///
    /// let read = |name: &str| {
    ///     let file = files.files.iter().find(|file| file.name == name);
    ///     let file = file.ok_or(FileProblem::Missing)?;
    ///     Ok(Box::new(file.text.as_bytes()) as Box<dyn std::io::Read>)
    /// };
    /// let new = open("new.db")?;
    /// let plan = new.read_export(&read)?;
    /// assert_eq!((plan.clinic.as_deref(), plan.would.own.len()), (None, 1));
    /// new.import(&plan, &read)?;
    /// assert_eq!(new.get::<Entry>(entry.id)?.content.body, "The lake.");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn read_export(&self, folder: OpenFile<'_>) -> Result<ImportPlan> {
        self.must_not_be_waiting()?;
        let mut plan = read(folder)?;
        plan.would = self.records.would_bring_in(&plan)?;
        Ok(plan)
    }

    /// Imports what was read: all of it, or nothing. What the patient wrote is theirs again, under the same ids and
    /// with the same times, and on their own devices only: nothing is shared by itself, whatever clinic is there now.
    /// What only a clinic can write, or what lived only in the space that was shared with it, is kept as that clinic
    /// left it and is read by [`Patient::former_record`]. What is here already stays as it is, and what was deleted
    /// here since stays deleted; so importing twice does no more than once, but that it fills in recordings and pictures
    /// that were missing.
    ///
    /// # Errors
    ///
    /// [`ImportError`](crate::ImportError) where the folder changed since it was read;
    /// [`CoreError::Store`](crate::CoreError::Store) where the disk is full.
    ///
    /// ```
    /// # use companion_core::FileProblem;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let mut files = phone.export()?;
    /// files.files.push(files.manifest);
    /// let read = |name: &str| {
    ///     let file = files.files.iter().find(|file| file.name == name);
    ///     let file = file.ok_or(FileProblem::Missing)?;
    ///     Ok(Box::new(file.text.as_bytes()) as Box<dyn std::io::Read>)
    /// };
    /// let report = phone.import(&phone.read_export(&read)?, &read)?;
    /// assert!(report.own.is_empty() && report.former.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn import(&self, plan: &ImportPlan, folder: OpenFile<'_>) -> Result<ImportReport> {
        self.must_not_be_waiting()?;
        let report = self.records.bring_in(plan, folder)?;
        // A safety plan may be among it.
        self.keep_unlocked();
        Ok(report)
    }

    /// What came with an import and nobody here can write, to read: sessions, programme, replies, costs of a former
    /// clinic.
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
    /// assert!(phone.former_record()?.documents.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn former_record(&self) -> Result<FormerRecord> {
        let all = self.replica.taken_along(&self.clinic_nodes()?)?;
        Ok(former_record(all))
    }

    /// A phone that waits to be let in looks empty, and the record that it comes to is not here yet: nothing could tell
    /// whether both are the same person's.
    fn must_not_be_waiting(&self) -> Result<()> {
        match self.pairing_state()? {
            PairingState::Waiting { .. } => Err(NotNow::NotLetIn.into()),
            _ => Ok(()),
        }
    }
}
