//! Opening what hangs on a document, and what becomes of a file that turns out to be damaged.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use companion_protocol::api::BlobName;
use companion_protocol::id::BlobId;

use super::Records;
use super::attach::{attachments, is_lost, key_of, of_blob};
use super::fill_in::attachment_of_name;
use crate::domain::{Attachment, Content, DocumentId, ItemId, Side};
use crate::error::{CoreError, Missing, Result};
use crate::media::MediaError;
use crate::replica::Replica;
use crate::space::blob::{BlobError, BlobReader};
use crate::store::{BlobRow, Reader, StoreError};

/// The bytes of something that hangs on a document, opened as they are read. It can be read from any place. What turns
/// out not to be what was sealed is not here from then on, and comes anew with the next exchange where anybody else has
/// it: what reading gives then holds a [`MediaError`] that says which.
pub struct AttachmentReader {
    replica: Arc<Replica>,
    blob: BlobId,
    reader: BlobReader<std::fs::File>,
    content: Attachment,
    at: u64,
}

impl std::fmt::Debug for AttachmentReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let length = self.length();
        write!(f, "AttachmentReader({} of {length} bytes)", self.at)
    }
}

impl AttachmentReader {
    /// What it is, and what is said of it.
    pub const fn content(&self) -> &Attachment {
        &self.content
    }

    /// How many bytes there are.
    pub const fn length(&self) -> u64 {
        self.content.length
    }
}

impl AttachmentReader {
    /// Looks whether the file is what its name says, once something of it could not be opened: why, for whoever reads.
    fn doubt(&self, error: io::Error) -> io::Error {
        match self.replica.doubt_blob(self.blob) {
            Ok(Some(damage)) => io::Error::other(damage),
            _ => error,
        }
    }
}

impl Replica {
    /// Holds the file of a blob that is here to its name. One that was damaged or is gone is not here from then on, so
    /// that the next exchange fetches it anew, or is lost where nobody else has it. Says which, if it was.
    pub(crate) fn doubt_blob(&self, blob: BlobId) -> Result<Option<MediaError>> {
        let here = self.store.read(|r| r.blob(blob))?.filter(BlobRow::is_here);
        let Some(here) = here else {
            return Ok(None);
        };
        // One that is gone is as one that is damaged.
        if let Some(mut file) = self.store.blob_files().open(blob)? {
            let mut name = BlobName::default();
            io::copy(&mut file, &mut name).map_err(|error| StoreError::of_io(&error))?;
            if name.finish() == blob {
                return Ok(None);
            }
        }
        // The row first: a file without a row goes, and a row without its file would say that it is here.
        let is_lost = self.store.write(|w| w.lose_file_of(&here))?;
        self.store.blob_files().remove(blob)?;
        Ok(Some(match is_lost {
            true => MediaError::Lost,
            false => MediaError::NotGenuine,
        }))
    }

    /// The same for all that are here. Gives how many were damaged.
    pub(crate) fn doubt_blobs(&self) -> Result<u64> {
        let mut damaged = 0;
        for row in self.store.read(|r| r.blobs())? {
            damaged += u64::from(row.is_here() && self.doubt_blob(row.blob)?.is_some());
        }
        Ok(damaged)
    }
}

impl Read for AttachmentReader {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(to);
        let read = read.map_err(|error| self.doubt(error))?;
        self.at = self.at.saturating_add(read as u64);
        Ok(read)
    }
}

impl Seek for AttachmentReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let place = place.ok_or(io::ErrorKind::InvalidInput)?;
        let gone = self.reader.go_to(place).map_err(io::Error::other);
        gone.map_err(|error| self.doubt(error))?;
        self.at = place;
        Ok(place)
    }
}

impl Records {
    /// Opens what hangs on a document.
    ///
    /// # Errors
    ///
    /// [`MediaError::NotHere`] where its bytes have not come yet; [`Missing::Attachment`].
    pub(crate) fn open_attachment<T: Content>(
        &self,
        id: DocumentId,
        item: ItemId,
    ) -> Result<AttachmentReader> {
        let content = self.get::<T>(id)?.content;
        let one = attachments(&content)?.get(item);
        let one = one.ok_or(CoreError::NotFound(Missing::Attachment))?;
        match self.replica.store.read(|r| self.bytes_of(r, item, one))? {
            Some(here) => self.open_blob(&here),
            None => self.open_blob(one),
        }
    }

    /// An attachment as something names it whose bytes are here: its document, or else another copy of that, such as
    /// the private one that it was shared from, or another version of it, as where two phones imported it apart. It is sealed again under its own name with a later exchange, or never,
    /// where the account ended before. A clinic's node has one copy of everything.
    pub(super) fn bytes_of(
        &self,
        r: &Reader<'_>,
        item: ItemId,
        one: &Attachment,
    ) -> Result<Option<Attachment>> {
        let own = one.blob.map(|blob| r.blob(blob)).transpose()?.flatten();
        if own.is_some_and(|row| row.is_here()) {
            return Ok(Some(one.clone()));
        }
        if self.replica.side == Side::Clinic {
            return Ok(None);
        }
        for named in r.blobs_of_item(item)? {
            let copy = attachment_of_name(r, &named)?;
            if let Some(copy) = copy.filter(|copy| copy.length == one.length) {
                return Ok(Some(copy));
            }
        }
        Ok(None)
    }

    pub(super) fn open_blob(&self, one: &Attachment) -> Result<AttachmentReader> {
        let store = &self.replica.store;
        let row = match one.blob {
            Some(blob) => store.read(|r| r.blob(blob))?,
            None => None,
        };
        let Some(row) = row.filter(BlobRow::is_here) else {
            return Err(match is_lost(one, row) {
                true => MediaError::Lost,
                false => MediaError::NotHere,
            }
            .into());
        };
        let blob = row.blob;
        let Some(file) = store.blob_files().open(blob)? else {
            let is_lost = self.replica.doubt_blob(blob)? == Some(MediaError::Lost);
            return Err(match is_lost {
                true => MediaError::Lost,
                false => MediaError::NotHere,
            }
            .into());
        };
        let reader = BlobReader::new(&key_of(one), one.length, file, row.size);
        if matches!(reader, Err(BlobError::NotGenuine))
            && let Some(damage) = self.replica.doubt_blob(blob)?
        {
            return Err(damage.into());
        }
        Ok(AttachmentReader {
            replica: Arc::clone(&self.replica),
            blob,
            reader: reader.map_err(of_blob)?,
            content: one.clone(),
            at: 0,
        })
    }
}
