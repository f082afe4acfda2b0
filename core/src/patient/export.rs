//! Taking the whole record along, to read it elsewhere.

use super::Patient;
use crate::error::Result;
use crate::export::{Export, Head, files};

impl Patient {
    /// Everything of the record that this phone holds, private and shared, as files to keep or to give to
    /// somebody: Markdown to read, and JSON with every field. It needs no network and changes nothing.
    ///
    /// The files are not encrypted. What was deleted is not in them, nor keys and names of devices.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// phone.create(Entry { body: "The lake.".into(), ..Entry::new(phone.now()) })?;
    /// let export = phone.export()?;
    /// let journal = export.files.iter().find(|file| file.name == "journal.md").unwrap();
    /// assert!(journal.text.contains("> The lake."));
    /// assert_eq!(export.documents, 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn export(&self) -> Result<Export> {
        let (taken, unknown) = self.replica.taken_along(&self.clinic_nodes()?)?;
        let head = Head {
            clinic: self.status()?.clinic,
            now: self.now(),
            unknown,
        };
        Ok(files(&head, &taken))
    }
}
