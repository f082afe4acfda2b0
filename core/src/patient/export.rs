//! Taking the whole record along, to read it elsewhere.

use std::io::Read as _;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::Patient;
use crate::domain::{Content as _, DocumentId, Entry, ItemId, Moment};
use crate::error::{CoreError, Result};
use crate::export::{Export, ExportMedia, Head, files, in_order};
use crate::folder::{NamedFile, text_file};
use crate::media::MediaError;
use crate::records::Taken;

impl Patient {
    /// Everything of the record that this phone holds, private and shared, as files to keep or to give to
    /// somebody: Markdown to read, and JSON with every field. It needs no network and changes nothing of the record.
    ///
    /// The files are not encrypted. What was deleted is not in them, nor keys and names of devices. The manifest is
    /// to be written last: with it the folder can be imported ([`Patient::read_export`]).
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
        let all = self.replica.taken_along(&self.clinic_nodes()?)?;
        let head = Head {
            clinic: self.status()?.clinic,
            now: self.now(),
            record: self.replica.record_ids()?,
            unknown: all.unknown,
        };
        let waiting = all.documents.iter().filter(|one| one.waits);
        match self
            .replica
            .note_in_folders(&waiting.map(|one| one.id).collect())
        {
            // A full disk keeps nobody from taking their record along.
            Err(CoreError::Store(error)) if error.forbids_writing_alone() => {}
            noted => noted?,
        }
        let taken = in_order(all);
        let media = self.media_of(&taken)?;
        Ok(files(&head, &taken, media))
    }

    /// The files of an export in the order in which they are written: the texts, the recordings and pictures that are on
    /// this phone, and the manifest last. Each is read as it is written; no recording has to fit into memory.
    ///
    /// # Errors
    ///
    /// [`CoreError::Media`] where what hangs on an entry was damaged or taken off since.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let export = phone.export()?;
    /// let files = phone.files_of(&export)?;
    /// assert_eq!(files.last().unwrap().0, "manifest.json");
    /// companion_core::folder::save_folder(&folder.path().join("record"), files, &mut |_| {}).unwrap();
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn files_of<'a>(&self, export: &'a Export) -> Result<Vec<NamedFile<'a>>> {
        let texts = export.files.iter();
        let mut files: Vec<NamedFile<'a>> =
            texts.map(|file| text_file(file.name, &file.text)).collect();
        for media in export.media.iter().filter(|media| media.is_here) {
            let reader = self.open_attachment(media.entry, media.item)?;
            files.push((media.name.clone(), Box::new(reader)));
        }
        files.push(text_file(export.manifest.name, &export.manifest.text));
        Ok(files)
    }

    /// What hangs on entries, each with a name of its own: its day, what it is, and a number.
    fn media_of(&self, taken: &[Taken]) -> Result<Vec<ExportMedia>> {
        let mut media = Vec::new();
        let entries = taken.iter().filter(|one| one.kind == Entry::KIND);
        let entries = entries.filter(|one| one.former_clinic.is_none());
        for one in entries.filter(|one| one.is_readable) {
            for attached in self.attachments(one.id)? {
                let day = one.when.and_then(Moment::local_date);
                let day = day.map_or_else(String::new, |day| format!("{day}-"));
                let (what, number) = (attached.content.label(), media.len() + 1);
                let ending = attached.content.media.ending();
                let digest = match attached.is_here {
                    true => self.digest_of(one.id, attached.item)?,
                    false => None,
                };
                // That it is damaged may have been found just now.
                let is_lost = match (attached.is_here, &digest) {
                    (_, Some(_)) => false,
                    (false, None) => attached.is_lost,
                    (true, None) => {
                        let now = self.attachments(one.id)?;
                        let mut now = now.iter().filter(|now| now.item == attached.item);
                        now.any(|now| now.is_lost)
                    }
                };
                media.push(ExportMedia {
                    name: format!("{day}{what}-{number}.{ending}"),
                    entry: one.id,
                    item: attached.item,
                    is_here: digest.is_some(),
                    is_lost,
                    bytes: attached.content.length,
                    sha256: digest.unwrap_or_default(),
                });
            }
        }
        Ok(media)
    }

    /// The SHA-256 of what an attachment holds; `None` where what lies here is damaged: that must not keep the rest of
    /// the record from being taken along.
    fn digest_of(&self, entry: DocumentId, item: ItemId) -> Result<Option<String>> {
        let mut reader = match self.open_attachment(entry, item) {
            Err(CoreError::Media(
                MediaError::NotGenuine | MediaError::NotHere | MediaError::Lost,
            )) => return Ok(None),
            reader => reader?,
        };
        let (mut digest, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(Some(HEXLOWER.encode(&digest.finalize()))),
                Ok(read) => digest.update(buffer.get(..read).unwrap_or_default()),
                Err(_) => return Ok(None),
            }
        }
    }
}
