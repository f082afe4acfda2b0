//! Recordings and pictures of an entry: taken in piece by piece, and read the same way, so that no file has to lie
//! open on the disk and no recording has to fit into memory.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use companion_core::domain::entry::Entry;
use companion_core::domain::{DocumentId, ItemId};
use companion_core::patient::Patient;
use companion_core::records::{AttachmentView as CoreAttachment, NewAttachment, View};

use super::PhoneRecord;
use super::byte_source::{ByteSource, ByteSourceError, Incoming};
use crate::cross::Cross;
use crate::error::{CompanionError, MediaReason, Result};
use crate::inner::Inner;
use crate::kinds::{EntryRequest, EntryView};
use crate::values::Delivery;

/// The most bytes that cross over at once, either way.
pub(super) const MOST: u32 = 1024 * 1024;

/// What is to be attached.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct AttachmentRequest {
    /// How many bytes there are: the source gives just so many.
    pub length: u64,
    /// The media type, where its name or whoever made it says one: `audio/mp4`. What says another type than its bytes
    /// is refused.
    #[uniffi(default = None)]
    pub media_type: Option<String>,
    /// What it shows or says, in the person's words; may be empty.
    #[uniffi(default = "")]
    pub caption: String,
}

impl From<AttachmentRequest> for NewAttachment {
    fn from(request: AttachmentRequest) -> Self {
        let AttachmentRequest {
            length,
            media_type,
            caption,
        } = request;
        Self {
            size: length,
            media_type,
            caption,
        }
    }
}

/// A recording or a picture that hangs on an entry.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct AttachmentView {
    /// Which of the entry's.
    pub item: ItemId,
    /// What it is: `audio/mp4`, `image/jpeg`.
    pub media_type: String,
    /// What it shows or says, in the person's words; may be empty.
    pub caption: String,
    /// How many bytes there are.
    pub length: u64,
    /// How long it takes, of a recording.
    pub lasts: Option<Duration>,
    /// How wide it is, in pixels, of a picture.
    pub width: Option<u32>,
    /// How high it is, in pixels, of a picture.
    pub height: Option<u32>,
    /// A small picture to show before the whole one is read, a JPEG.
    pub thumbnail: Option<Vec<u8>>,
    /// How loud it is from its beginning to its end, 0 to 255 each, of a recording.
    pub waveform: Option<Vec<u8>>,
    /// Whether its bytes are on this phone and can be read.
    pub is_here: bool,
    /// Whether its bytes were on one phone alone, as far as that knew, and are damaged there: they come from nowhere.
    pub is_lost: bool,
    /// How many of its bytes have arrived so far, of something that is not here: never more than `length`.
    pub arrived: u64,
    /// How far it got, which may be less far than the words of its entry.
    pub delivery: Delivery,
}

impl Cross<CoreAttachment> for AttachmentView {
    fn out(core: CoreAttachment) -> Self {
        let CoreAttachment {
            item,
            content,
            is_here,
            is_lost,
            arrived,
            delivery,
        } = core;
        Self {
            item,
            media_type: content.media.as_str().to_owned(),
            caption: content.caption,
            length: content.length,
            lasts: content.milliseconds.map(Duration::from_millis),
            width: content.width,
            height: content.height,
            thumbnail: content.thumbnail.map(|bytes| bytes.0),
            waveform: content.waveform.map(|bytes| bytes.0),
            is_here,
            is_lost,
            arrived,
            delivery: Cross::out(delivery),
        }
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// Hangs a recording or a picture on an entry. It is read once, piece by piece, and sealed as it comes: nothing of
    /// it lies open on the disk. Where it was made, as far as the file says it, is not kept. When this returns, it
    /// survives a power cut; when it fails, the entry is as it was.
    ///
    /// # Errors
    ///
    /// `Media` says what is wrong with it; `Invalid` for more than an entry holds; `DiskFull`; `NotNow` for an entry
    /// that the clinic reads, in a session's quiet hours.
    pub async fn attach(
        &self,
        entry: DocumentId,
        request: AttachmentRequest,
        source: Arc<dyn ByteSource>,
    ) -> Result<EntryView> {
        let given = || Ok((source, request.into()));
        let taken = self.taken_in(given, move |patient, new, from| {
            Ok(patient.attach(entry, new, from)?)
        });
        taken.await
    }

    /// The same from a file. The file stays where it is: delete it once this returned.
    ///
    /// # Errors
    ///
    /// As of `attach`; `Media` where the file can't be read.
    pub async fn attach_file(
        &self,
        entry: DocumentId,
        path: String,
        media_type: Option<String>,
        caption: String,
    ) -> Result<EntryView> {
        let given = move || {
            let (source, size) = FileSource::open(&path)?;
            let new = NewAttachment {
                size,
                media_type,
                caption,
            };
            Ok((source, new))
        };
        let taken = self.taken_in(given, move |patient, new, from| {
            Ok(patient.attach(entry, new, from)?)
        });
        taken.await
    }

    /// Writes an entry on which a recording or a picture hangs from the first: somebody who speaks need write no words.
    /// When this returns, both survive a power cut; when it fails, there is no entry.
    ///
    /// # Errors
    ///
    /// Before anything is read those of creating an entry; then as of `attach`.
    pub async fn create_attached(
        &self,
        entry: EntryRequest,
        request: AttachmentRequest,
        source: Arc<dyn ByteSource>,
    ) -> Result<EntryView> {
        let given = || Ok((source, request.into()));
        let taken = self.taken_in(given, move |patient, new, from| {
            Ok(patient.create_attached(entry.content()?, new, from)?)
        });
        taken.await
    }

    /// The same for what can't be shared now, in the quiet hours of a session: for the person alone, and offered like
    /// that once they are over.
    ///
    /// # Errors
    ///
    /// As of `create_attached`.
    pub async fn create_attached_for_later(
        &self,
        entry: EntryRequest,
        request: AttachmentRequest,
        source: Arc<dyn ByteSource>,
    ) -> Result<EntryView> {
        let given = || Ok((source, request.into()));
        let taken = self.taken_in(given, move |patient, new, from| {
            Ok(patient.create_attached_for_later(entry.content()?, new, from)?)
        });
        taken.await
    }

    /// Takes a recording or a picture off an entry. Its bytes go from this phone, and from the server with the next
    /// exchange. What the clinic has received it may have to keep.
    ///
    /// # Errors
    ///
    /// `NotFound`.
    pub async fn detach(&self, entry: DocumentId, item: ItemId) -> Result<EntryView> {
        self.inner
            .ask(move |patient| Ok(Cross::out(patient.detach(entry, item)?)))
            .await
    }

    /// Says something else of a recording or a picture.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Invalid` for words that are too long.
    pub async fn caption(
        &self,
        entry: DocumentId,
        item: ItemId,
        caption: String,
    ) -> Result<EntryView> {
        self.inner
            .ask(move |patient| Ok(Cross::out(patient.caption(entry, item, &caption)?)))
            .await
    }

    /// What hangs on an entry, in its order.
    ///
    /// # Errors
    ///
    /// `NotFound`.
    pub async fn attachments(&self, entry: DocumentId) -> Result<Vec<AttachmentView>> {
        self.inner
            .ask(move |patient| Ok(Cross::out(patient.attachments(entry)?)))
            .await
    }

    /// Opens a recording or a picture to be played or shown.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Media` with `NotHere` where its bytes have not come to this phone.
    pub async fn open_attachment(
        &self,
        entry: DocumentId,
        item: ItemId,
    ) -> Result<Arc<AttachmentStream>> {
        let inner = Arc::clone(&self.inner);
        let opened = self.inner.ask(move |patient| {
            let reader = patient.open_attachment(entry, item)?;
            Ok(Arc::new(AttachmentStream {
                inner,
                place: (entry, item),
                length: reader.length(),
                media_type: reader.content().media.as_str().to_owned(),
            }))
        });
        opened.await
    }
}

/// A recording or a picture that is read from any place in it, as a player or a decoder asks. Each piece is unsealed
/// for itself and held to its seal; no file stays open between two of them, so it goes on after a pause.
#[derive(uniffi::Object)]
pub struct AttachmentStream {
    inner: Arc<Inner>,
    place: (DocumentId, ItemId),
    length: u64,
    media_type: String,
}

#[uniffi::export]
impl AttachmentStream {
    /// How many bytes there are. Touches no disk.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn length(&self) -> Result<u64> {
        Ok(self.length)
    }

    /// What it is: `audio/mp4`. Touches no disk.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn media_type(&self) -> Result<String> {
        Ok(self.media_type.clone())
    }

    /// The bytes from a place on, at most so many and at most a million; fewer at the end, and none behind it.
    ///
    /// # Errors
    ///
    /// `NotFound` where it was taken off meanwhile; `Media` where it is damaged.
    pub async fn read(&self, at: u64, most: u32) -> Result<Vec<u8>> {
        let (entry, item) = self.place;
        let most = u64::from(most.min(MOST));
        self.inner
            .ask(move |patient| read_at(patient, (entry, item), at, most))
            .await
    }
}

fn read_at(
    patient: &Patient,
    (entry, item): (DocumentId, ItemId),
    at: u64,
    most: u64,
) -> Result<Vec<u8>> {
    let mut reader = patient.open_attachment(entry, item)?;
    if at >= reader.length() {
        return Ok(Vec::new());
    }
    let mut bytes = Vec::new();
    reader
        .seek(SeekFrom::Start(at))
        .and_then(|_| reader.by_ref().take(most).read_to_end(&mut bytes))
        .map_err(damaged)?;
    Ok(bytes)
}

/// What was found while it was read: the core says it as what it is.
fn damaged(error: io::Error) -> CompanionError {
    let found = error.get_ref();
    match found.and_then(|found| found.downcast_ref::<companion_core::MediaError>()) {
        Some(damage) => companion_core::CoreError::from(damage.clone()).into(),
        None => CompanionError::Media {
            reason: MediaReason::Damaged,
            words: error.to_string(),
        },
    }
}

/// A file as a source of bytes: it may have to be fetched from somewhere first, which takes as long as it takes.
struct FileSource(Mutex<File>);

impl FileSource {
    /// With how many bytes it has. Only a file that has an end is opened: a pipe could keep whoever opens it waiting.
    fn open(path: &str) -> Result<(Arc<dyn ByteSource>, u64)> {
        let opened = std::fs::metadata(path).and_then(|found| match found.is_file() {
            true => Ok((File::open(path)?, found.len())),
            false => Err(io::Error::other("it is no file")),
        });
        let (file, length) = opened.map_err(|error| CompanionError::Media {
            reason: MediaReason::Unreadable,
            words: format!("the file can't be read: {error}"),
        })?;
        Ok((Arc::new(FileSource(Mutex::new(file))), length))
    }
}

impl ByteSource for FileSource {
    fn read(&self, most: u32) -> Result<Vec<u8>, ByteSourceError> {
        let mut bytes = Vec::new();
        let file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let read = (&*file).take(most.into()).read_to_end(&mut bytes);
        match read {
            Ok(_) => Ok(bytes),
            Err(error) => Err(ByteSourceError::Unreadable {
                reason: error.to_string(),
            }),
        }
    }
}

impl PhoneRecord {
    /// What the core takes in of a source, and what came of it.
    async fn taken_in(
        &self,
        given: impl FnOnce() -> Result<(Arc<dyn ByteSource>, NewAttachment)> + Send + 'static,
        take: impl FnOnce(&Patient, NewAttachment, &mut Incoming) -> Result<View<Entry>>
        + Send
        + 'static,
    ) -> Result<EntryView> {
        let inner = Arc::clone(&self.inner);
        let turn = inner.turn_at_sources().await;
        let taken = self.inner.ask(move |patient| {
            // Held by the thread, and not by whoever waits.
            let _turn = turn;
            let (source, new) = given()?;
            let mut from = Incoming::new(source, &inner)?;
            let taken = take(patient, new, &mut from);
            Ok(Cross::out(from.outcome(taken)?))
        });
        taken.await
    }
}
