//! Recordings and pictures that patients share: reading them, and telling patients' phones that they are here.

use std::collections::{BTreeMap, BTreeSet};

use companion_protocol::id::{BlobId, SpaceId};

use super::Clinic;
use crate::domain::{AttachmentReceipt, DocumentId, Entry, ItemId, Moment};
use crate::error::Result;
use crate::records::{AttachmentReader, AttachmentView, Query};

impl Clinic {
    /// What hangs on an entry that a patient shares, in its order: what it is, what is said of it, a small picture or
    /// a waveform where there is one, and whether its bytes are here.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient), [`Missing::Document`](crate::Missing::Document);
    /// [`CoreError::NotNow`](crate::CoreError::NotNow) says why the entry is not shown any more.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert!(clinic.attachments(ada, ada).is_err(), "the patient is no entry");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn attachments(
        &self,
        patient: DocumentId,
        entry: DocumentId,
    ) -> Result<Vec<AttachmentView>> {
        self.records_of(patient)?.attachments::<Entry>(entry)
    }

    /// Opens one of them, to be read from any place in it. Nothing of it is given on that is not genuine. Opening a
    /// recording is telling nobody anything: what counts as opened is the page that shows the entry.
    ///
    /// # Errors
    ///
    /// As [`Clinic::attachments`]; [`MediaError::NotHere`](crate::MediaError::NotHere) where its bytes have not
    /// arrived; [`Missing::Attachment`](crate::Missing::Attachment).
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # use companion_core::domain::ItemId;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert!(clinic.open_attachment(ada, ada, ItemId::new([1; 16])).is_err());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn open_attachment(
        &self,
        patient: DocumentId,
        entry: DocumentId,
        item: ItemId,
    ) -> Result<AttachmentReader> {
        self.records_of(patient)?
            .open_attachment::<Entry>(entry, item)
    }

    /// Says in a care space which attachments are here, as far as that was not said.
    pub(super) fn acknowledge_attachments(&self, space: SpaceId) -> Result<()> {
        let mut here = BTreeMap::<DocumentId, BTreeSet<BlobId>>::new();
        for named in self.replica.store.read(|r| r.blobs_here(space))? {
            here.entry(named.document).or_default().extend(named.blob);
        }
        let records = self.records_in(space);
        for (document, blobs) in here {
            let said = records.every(&Query::<AttachmentReceipt>::about(document))?;
            let is_said = |blob: &BlobId| {
                let mut said = said.iter();
                said.any(|receipt| receipt.content.blobs.contains_key(blob))
            };
            let at = self.now();
            let new = blobs.into_iter().filter(|blob| !is_said(blob));
            let new: BTreeMap<BlobId, Moment> = new.map(|blob| (blob, at)).collect();
            if new.is_empty() {
                continue;
            }
            match said.first() {
                Some(receipt) => records
                    .edit::<AttachmentReceipt>(receipt.id, &receipt.revision, |receipt| {
                        receipt.blobs.extend(new);
                    })
                    .map(drop)?,
                None => records
                    .create(AttachmentReceipt {
                        about: document,
                        blobs: new,
                        clinic: self.name()?,
                        at,
                    })
                    .map(drop)?,
            }
        }
        Ok(())
    }
}
