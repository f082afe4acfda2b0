//! Recordings and pictures of an entry. All of it works offline.

use std::io::Read;

use super::Patient;
use crate::domain::{Declared, DocumentId, Entry, ItemId};
use crate::error::Result;
use crate::records::{AttachmentReader, AttachmentView, NewAttachment, View};

impl Patient {
    /// Hangs a recording or a picture on an entry. It is read once, piece by piece, and sealed as it comes; where it
    /// was made, as far as the file says it, is not kept. When this returns, it is on the disk; when it fails, the
    /// entry is as it was.
    ///
    /// # Errors
    ///
    /// [`CoreError::Media`](crate::CoreError::Media) says what is wrong with the file;
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for more than an entry holds;
    /// [`StoreError::Full`](crate::StoreError::Full) where there is no room;
    /// [`NotNow::SharedInQuietHours`](crate::NotNow::SharedInQuietHours) for an entry that the clinic reads, in a
    /// session's quiet hours.
    ///
    /// ```
    /// # use companion_core::{CoreError, MediaError, StoreKey};
    /// # use companion_core::domain::Entry;
    /// # use companion_core::patient::Patient;
    /// use companion_core::records::NewAttachment;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&folder.path().join("p.db"), &StoreKey::new([7; 32]), ports)?;
    /// # let entry = phone.create(Entry { body: "calm".into(), ..Entry::new(phone.now()) })?;
    ///
    /// let program = b"MZ this is no recording";
    /// let new = NewAttachment { size: program.len() as u64, ..NewAttachment::default() };
    /// let refused = phone.attach(entry.id, new, &mut &program[..]);
    /// assert!(matches!(refused, Err(CoreError::Media(MediaError::NotAllowed))));
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn attach(
        &self,
        entry: DocumentId,
        new: NewAttachment,
        from: &mut dyn Read,
    ) -> Result<View<Entry>> {
        self.must_not_reach_the_clinic(Declared::by::<Entry>(), entry)?;
        self.records.attach(entry, new, from)
    }

    /// Writes an entry on which a recording or a picture hangs from the first: somebody who speaks need write no words.
    /// When this returns, both are on the disk; when it fails, there is no entry.
    ///
    /// # Errors
    ///
    /// Before anything is read those of [`Patient::create`] that say that it can't be shared now:
    /// [`Patient::create_attached_for_later`] then takes the same file. As [`Patient::attach`].
    ///
    /// ```
    /// # use companion_core::{CoreError, MediaError, StoreKey};
    /// # use companion_core::domain::Entry;
    /// # use companion_core::patient::Patient;
    /// use companion_core::records::{NewAttachment, Query};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&folder.path().join("p.db"), &StoreKey::new([7; 32]), ports)?;
    ///
    /// let program = b"MZ this is no recording";
    /// let new = NewAttachment { size: program.len() as u64, ..NewAttachment::default() };
    /// let refused = phone.create_attached(Entry::new(phone.now()), new, &mut &program[..]);
    /// assert!(matches!(refused, Err(CoreError::Media(MediaError::NotAllowed))));
    /// assert_eq!(phone.count(&Query::<Entry>::all())?, 0);
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn create_attached(
        &self,
        entry: Entry,
        new: NewAttachment,
        from: &mut dyn Read,
    ) -> Result<View<Entry>> {
        self.may_be_created(&entry)?;
        self.records.create_attached(entry, new, from)
    }

    /// The same for what can't be shared now: for the patient alone, as [`Patient::create_for_later`].
    ///
    /// # Errors
    ///
    /// As [`Patient::create_attached`].
    ///
    /// ```
    /// # use companion_core::{CoreError, StoreKey};
    /// # use companion_core::domain::{Entry, Visibility};
    /// # use companion_core::patient::Patient;
    /// use companion_core::records::NewAttachment;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&folder.path().join("p.db"), &StoreKey::new([7; 32]), ports)?;
    /// let entry = Entry { visibility: Visibility::CareTeam, ..Entry::new(phone.now()) };
    /// let new = NewAttachment::default();
    /// let empty = phone.create_attached_for_later(entry, new, &mut std::io::empty());
    /// assert!(matches!(empty, Err(CoreError::Media(_))));
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn create_attached_for_later(
        &self,
        entry: Entry,
        new: NewAttachment,
        from: &mut dyn Read,
    ) -> Result<View<Entry>> {
        self.kept_for_later(entry, |entry| self.create_attached(entry, new, from))
    }

    /// Takes a recording or a picture off an entry. Its bytes go from this phone and from the server with the next
    /// exchange. What the clinic has received it may have to keep. As all taking back, at any hour.
    ///
    /// # Errors
    ///
    /// [`Missing::Attachment`](crate::Missing::Attachment) where nothing hangs there by that name.
    ///
    /// ```
    /// # use companion_core::{CoreError, Missing, StoreKey};
    /// # use companion_core::domain::{Entry, ItemId};
    /// # use companion_core::patient::Patient;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&folder.path().join("p.db"), &StoreKey::new([7; 32]), ports)?;
    /// # let entry = phone.create(Entry { body: "calm".into(), ..Entry::new(phone.now()) })?;
    /// let gone = phone.detach(entry.id, ItemId::new([1; 16]));
    /// assert!(matches!(gone, Err(CoreError::NotFound(Missing::Attachment))));
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn detach(&self, entry: DocumentId, item: ItemId) -> Result<View<Entry>> {
        self.records.detach(entry, item)
    }

    /// Says something else of a recording or a picture.
    ///
    /// # Errors
    ///
    /// [`Missing::Attachment`](crate::Missing::Attachment); [`CoreError::Invalid`](crate::CoreError::Invalid) for a
    /// caption that is too long.
    ///
    /// ```
    /// # use companion_core::{CoreError, StoreKey};
    /// # use companion_core::domain::{Entry, ItemId};
    /// # use companion_core::patient::Patient;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&folder.path().join("p.db"), &StoreKey::new([7; 32]), ports)?;
    /// # let entry = phone.create(Entry { body: "calm".into(), ..Entry::new(phone.now()) })?;
    /// assert!(phone.caption(entry.id, ItemId::new([1; 16]), "The lake").is_err());
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn caption(&self, entry: DocumentId, item: ItemId, caption: &str) -> Result<View<Entry>> {
        self.must_not_reach_the_clinic(Declared::by::<Entry>(), entry)?;
        self.records.caption(entry, item, caption)
    }

    /// What hangs on an entry, in its order, and how far each of them got.
    ///
    /// # Errors
    ///
    /// As [`Patient::get`].
    ///
    /// ```
    /// # use companion_core::{CoreError, StoreKey};
    /// # use companion_core::domain::Entry;
    /// # use companion_core::patient::Patient;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&folder.path().join("p.db"), &StoreKey::new([7; 32]), ports)?;
    /// # let entry = phone.create(Entry { body: "calm".into(), ..Entry::new(phone.now()) })?;
    /// for one in phone.attachments(entry.id)? {
    ///     println!("{} {}", one.content.label(), one.content.caption);
    /// }
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn attachments(&self, entry: DocumentId) -> Result<Vec<AttachmentView>> {
        self.records.attachments::<Entry>(entry)
    }

    /// Opens a recording or a picture, to be read from any place in it. Nothing of it is given on that is not
    /// genuine.
    ///
    /// # Errors
    ///
    /// [`MediaError::NotHere`](crate::MediaError::NotHere) where its bytes have not come to this phone yet;
    /// [`Missing::Attachment`](crate::Missing::Attachment).
    ///
    /// ```
    /// # use companion_core::{CoreError, StoreKey};
    /// # use companion_core::domain::{Entry, ItemId};
    /// # use companion_core::patient::Patient;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&folder.path().join("p.db"), &StoreKey::new([7; 32]), ports)?;
    /// # let entry = phone.create(Entry { body: "calm".into(), ..Entry::new(phone.now()) })?;
    /// assert!(phone.open_attachment(entry.id, ItemId::new([1; 16])).is_err());
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn open_attachment(&self, entry: DocumentId, item: ItemId) -> Result<AttachmentReader> {
        self.records.open_attachment::<Entry>(entry, item)
    }
}
