//! Taking the whole record along, to read it elsewhere.

use super::Patient;
use crate::domain::{Content as _, Entry, Moment};
use crate::error::Result;
use crate::export::{Export, ExportMedia, Head, files};
use crate::records::Taken;

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
        let media = self.media_of(&taken)?;
        Ok(files(&head, &taken, media))
    }

    /// What hangs on entries, each with a name of its own: its day, what it is, and a number.
    fn media_of(&self, taken: &[Taken]) -> Result<Vec<ExportMedia>> {
        let mut media = Vec::new();
        let entries = taken.iter().filter(|one| one.kind == Entry::KIND);
        for one in entries.filter(|one| one.is_readable) {
            for attached in self.attachments(one.id)? {
                let day = one.when.and_then(Moment::local_date);
                let day = day.map_or_else(String::new, |day| format!("{day}-"));
                let (what, number) = (attached.content.label(), media.len() + 1);
                let ending = attached.content.media.ending();
                media.push(ExportMedia {
                    name: format!("{day}{what}-{number}.{ending}"),
                    entry: one.id,
                    item: attached.item,
                    is_here: attached.is_here,
                });
            }
        }
        Ok(media)
    }
}
