//! What hangs on a document: sealed while it comes in. The document says what it is and
//! holds the key; its bytes stand in the folder beside the store.

use std::io::Read;

use companion_protocol::id::{BlobId, SpaceId};

use super::{DeliveryState, Edit, Records, View, provenance};
use crate::domain::text::Problem;
use crate::domain::{
    Attachment, AttachmentReceipt, Content, Declared, DocumentId, ItemId, MediaKey, Ordered,
    attachment,
};
use crate::error::{CoreError, Missing, Result};
use crate::media::{self, Known, MediaError};
use crate::space::blob::{BlobError, BlobKey, BlobWriter, MAX_CONTENT, SealedBlob, content_in};
use crate::store::{BlobRow, BlobStanding, BlobTurn, StoreError};

/// What is to be attached, as far as whoever has it knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewAttachment {
    /// How many bytes there are.
    pub size: u64,
    /// Its media type (RFC 6838), where its name or whoever made it says one: `audio/mp4`. What says another type
    /// than its bytes is refused.
    pub media_type: Option<String>,
    /// What it shows or says, in the person's words; may be empty.
    pub caption: String,
}

/// Something that hangs on a document, to show.
#[derive(Debug, Clone, PartialEq)]
pub struct AttachmentView {
    /// Which of the document's.
    pub item: ItemId,
    /// What it is and what is said of it.
    pub content: Attachment,
    /// Whether its bytes are here and can be opened.
    pub is_here: bool,
    /// Whether its bytes were on one device alone, as far as that knew, and are damaged there: they come from nowhere.
    pub is_lost: bool,
    /// How many of its bytes have arrived so far, of something that is not here: never more than it has.
    pub arrived: u64,
    /// How far it got, which may be less far than its words. Of something that is not here it is as far as its
    /// words tell.
    pub delivery: DeliveryState,
}

impl Records {
    /// Seals what comes in and hangs it on a document. When this returns, both are on the disk; when it fails,
    /// neither is, and the document is as it was.
    ///
    /// # Errors
    ///
    /// [`MediaError`] says what is wrong with the file; [`CoreError::Invalid`] for too many, or a caption that is
    /// too long; [`CoreError::Store`] where the disk is full.
    pub(crate) fn attach<T: Content>(
        &self,
        id: DocumentId,
        new: NewAttachment,
        from: &mut dyn Read,
    ) -> Result<View<T>> {
        must_fit(&new)?;
        provenance::must_be_own(Declared::by::<T>(), self.replica.side)?;
        let before = self.get::<T>(id)?;
        // Before anything is read: nobody waits for a file to be sealed only to hear that.
        attachment::may_be_added(attachments(&before.content)?, &new.caption)?;
        let space = self
            .replica
            .store
            .read(|r| self.any_row(Declared::by::<T>(), r, id))?
            .space;
        let turn = self.replica.store.blob_files().turn()?;
        let (attachment, sealed) = self.take_in(&turn, new, from)?;
        let item = ItemId::random(&*self.replica.ports.rng);
        let added = self.edit_to_commit::<T>(id, &before.revision, |content| {
            if let Some(all) = content.attachments_mut() {
                all.push(item, attachment);
            }
        });
        self.commit_with_blob(added, to_send(space, sealed))
    }

    /// Writes something new on which a recording or a picture hangs from the first: it may have no words besides. When
    /// this returns, both are on the disk; when it fails, neither is.
    ///
    /// # Errors
    ///
    /// As [`Records::create`], before anything is read where it is about who may see it; as [`Records::attach`].
    pub(crate) fn create_attached<T: Content>(
        &self,
        mut content: T,
        new: NewAttachment,
        from: &mut dyn Read,
    ) -> Result<View<T>> {
        must_fit(&new)?;
        let space = self.space_for(&content)?;
        attachment::may_be_added(attachments(&content)?, &new.caption)?;
        let turn = self.replica.store.blob_files().turn()?;
        let (attachment, sealed) = self.take_in(&turn, new, from)?;
        if let Some(all) = content.attachments_mut() {
            all.push(ItemId::random(&*self.replica.ports.rng), attachment);
        }
        let made = self.edit_of_new(space, content);
        self.commit_with_blob(made, to_send(space, sealed))
    }

    /// Seals what comes in under a key of its own.
    fn take_in(
        &self,
        turn: &BlobTurn,
        new: NewAttachment,
        from: &mut dyn Read,
    ) -> Result<(Attachment, SealedBlob)> {
        let key = BlobKey::generate(&*self.replica.ports.rng);
        let (known, sealed) = self.seal(turn, &key, |to| {
            media::take(from, new.size, new.media_type.as_deref(), to)
        })?;
        Ok((attachment_of(known, new.caption, &key, sealed), sealed))
    }

    /// Commits what names a blob together with the blob, which goes where that fails.
    fn commit_with_blob<T: Content>(&self, edit: Result<Edit>, blob: BlobRow) -> Result<View<T>> {
        let written = edit.and_then(|edit| {
            let id = edit.document;
            self.replica.commit_and(&[edit], |w| {
                w.put_blob(&blob)?;
                self.view_of(w, id)
            })
        });
        if written.is_err() {
            self.replica.store.blob_files().remove(blob.blob)?;
        }
        written
    }

    /// Takes something off a document. Its bytes go from this device and from the server with the next exchange.
    ///
    /// # Errors
    ///
    /// [`Missing::Attachment`] where nothing hangs there by that name.
    pub(crate) fn detach<T: Content>(&self, id: DocumentId, item: ItemId) -> Result<View<T>> {
        self.change_attachment(id, item, |all| all.remove(item))
    }

    /// Says something else of what hangs on a document.
    ///
    /// # Errors
    ///
    /// As [`Records::detach`]; [`CoreError::Invalid`].
    pub(crate) fn caption<T: Content>(
        &self,
        id: DocumentId,
        item: ItemId,
        caption: &str,
    ) -> Result<View<T>> {
        let caption = attachment::caption_checked(caption)?;
        self.change_attachment(id, item, |all| {
            all.update(item, |one| one.caption = caption)
        })
    }

    fn change_attachment<T: Content>(
        &self,
        id: DocumentId,
        item: ItemId,
        change: impl FnOnce(&mut Ordered<Attachment>) -> bool,
    ) -> Result<View<T>> {
        let before = self.get::<T>(id)?;
        if attachments(&before.content)?.get(item).is_none() {
            return Err(CoreError::NotFound(Missing::Attachment));
        }
        self.edit(id, &before.revision, |content: &mut T| {
            if let Some(all) = content.attachments_mut() {
                change(all);
            }
        })
    }

    /// What hangs on a document, and whether it is here.
    pub(crate) fn attachments<T: Content>(&self, id: DocumentId) -> Result<Vec<AttachmentView>> {
        let view = self.get::<T>(id)?;
        let all = attachments(&view.content)?;
        let receipts = match view.shared && !all.is_empty() {
            true => self.about::<AttachmentReceipt>(id)?,
            false => Vec::new(),
        };
        self.replica.store.read(|r| {
            let views = all.iter().map(|(item, one)| {
                let row = one.blob.map(|blob| r.blob(blob)).transpose()?.flatten();
                let is_here = self.bytes_of(r, item, one)?.is_some();
                Ok(AttachmentView {
                    item,
                    content: one.clone(),
                    is_here,
                    is_lost: !is_here && is_lost(one, row),
                    arrived: row.map_or(0, |row| content_in(row.received, one.length)),
                    delivery: match (view.shared, one.blob) {
                        (false, _) => DeliveryState::OnlyYours,
                        (true, blob) => delivery(&view.delivery, blob, row, &receipts),
                    },
                })
            });
            views.collect()
        })
    }

    /// Seals what `fill` gives into a file of its own.
    pub(super) fn seal<F>(
        &self,
        turn: &BlobTurn,
        key: &BlobKey,
        fill: impl FnOnce(media::Sink<'_>) -> Result<F>,
    ) -> Result<(F, SealedBlob)> {
        let files = self.replica.store.blob_files();
        let file = files.begin(turn, &*self.replica.ports.rng)?;
        let mut writer = BlobWriter::new(key, file).map_err(of_blob)?;
        let filled = fill(&mut |bytes| writer.write(bytes).map_err(of_blob))?;
        let (sealed, file) = writer.finish().map_err(of_blob)?;
        files.keep(file, sealed.id)?;
        Ok((filled, sealed))
    }
}

/// That something is not larger than what can be attached.
fn must_fit(new: &NewAttachment) -> Result<()> {
    let most = MAX_CONTENT / 1024 / 1024;
    match new.size > MAX_CONTENT {
        true => Err(MediaError::TooLarge { most }.into()),
        false => Ok(()),
    }
}

/// Whether something that is not here comes from nowhere, as far as this device knows or another one said.
pub(super) fn is_lost(one: &Attachment, row: Option<BlobRow>) -> bool {
    one.lost || row.is_some_and(|row| row.standing == BlobStanding::Lost)
}

/// How far an attachment of something shared got.
fn delivery(
    words: &DeliveryState,
    blob: Option<BlobId>,
    row: Option<BlobRow>,
    receipts: &[AttachmentReceipt],
) -> DeliveryState {
    let came = receipts
        .iter()
        .find_map(|receipt| Some((*receipt.blobs.get(&blob?)?, receipt)));
    let waits = row.is_none_or(|row| row.standing == BlobStanding::ToSend) || blob.is_none();
    match (came, words) {
        (Some((at, receipt)), _) => DeliveryState::Delivered {
            clinic: receipt.clinic.clone(),
            at,
        },
        (None, DeliveryState::OnThisDevice) => DeliveryState::OnThisDevice,
        (None, _) if waits => DeliveryState::OnThisDevice,
        (None, _) => DeliveryState::Sent,
    }
}

/// What opens an attachment.
pub(crate) fn key_of(one: &Attachment) -> BlobKey {
    BlobKey::new(*one.key.as_bytes())
}

/// Why a blob could not be sealed or opened, for whoever asked.
// Taken by value to fit `map_err`.
#[allow(clippy::needless_pass_by_value)]
pub(crate) fn of_blob(error: BlobError) -> CoreError {
    let most = MAX_CONTENT / 1024 / 1024;
    match error {
        BlobError::Empty => MediaError::Empty.into(),
        BlobError::TooLarge => MediaError::TooLarge { most }.into(),
        BlobError::NotGenuine => MediaError::NotGenuine.into(),
        BlobError::File(error) => StoreError::of_io(&error).into(),
    }
}

pub(super) fn to_send(space: SpaceId, sealed: SealedBlob) -> BlobRow {
    BlobRow {
        blob: sealed.id,
        space,
        size: sealed.size,
        received: sealed.size,
        standing: BlobStanding::ToSend,
    }
}

fn attachment_of(known: Known, caption: String, key: &BlobKey, sealed: SealedBlob) -> Attachment {
    Attachment {
        media: known.media,
        caption,
        length: sealed.length,
        milliseconds: known.milliseconds,
        width: known.width,
        height: known.height,
        thumbnail: known.thumbnail,
        waveform: known.waveform,
        key: MediaKey::new(*key.as_bytes()),
        blob: Some(sealed.id),
        lost: false,
    }
}

/// The attachments of a kind that can have some.
pub(super) fn attachments<T: Content>(content: &T) -> Result<&Ordered<Attachment>> {
    let none = attachment::ATTACHMENTS.wrong(Problem::NotOffered);
    content.attachments().ok_or_else(|| none.into())
}
