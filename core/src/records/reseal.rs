//! Sealing what hangs on a document again for its copy in another space, where it has another key and another name:
//! the name would else tell the server that two spaces are one person's.

use std::io::Read as _;

use companion_protocol::id::{BlobId, SpaceId};

use super::attach::{is_lost, key_of, to_send};
use super::{Map, Records, fields_of};
use crate::domain::{Attachment, Declared, ItemId, MediaKey};
use crate::error::{CoreError, Result};
use crate::media::MediaError;
use crate::space::blob::SealedBlob;
use crate::store::{BlobRow, BlobTurn, ItemRow, Writer};

/// Blobs that were sealed again for a copy, to be noted in the transaction that writes it.
#[derive(Default)]
pub(super) struct Resealed {
    rows: Vec<BlobRow>,
    turn: Option<BlobTurn>,
}

impl Resealed {
    pub(super) fn note(&self, w: &mut Writer<'_>) -> Result<()> {
        for row in &self.rows {
            w.put_blob(row)?;
        }
        Ok(())
    }
}

impl Records {
    /// Readies what hangs on a document for its copy in another space, where it has another key and another name.
    /// `twin` is the copy that takes these words back and has keys and names of its own. What is not here stays
    /// without a name, for a device that has it.
    pub(super) fn resealed(
        &self,
        kind: &Declared,
        content: &mut Map,
        to: SpaceId,
        twin: Option<&ItemRow>,
    ) -> Result<Resealed> {
        let all = kind.attachments(content)?;
        let Some(mut all) = all.filter(|all| !all.is_empty_of_all()) else {
            return Ok(Resealed::default());
        };
        let of_twin = twin.and_then(|twin| kind.attachments(&fields_of(twin)).ok()?);
        let mut sources = Vec::new();
        all.update_all(|item, one| {
            sources.push((item, one.clone()));
            match of_twin.as_ref().and_then(|all| all.get_any(item)) {
                Some(before) => (one.key, one.blob) = (before.key.clone(), before.blob),
                None => {
                    one.key = MediaKey::new(*key_of(one).again(to).as_bytes());
                    one.blob = None;
                }
            }
        });
        let mut resealed = Resealed {
            rows: Vec::new(),
            turn: Some(self.replica.store.blob_files().turn()?),
        };
        for (item, source) in sources {
            let Some(one) = all.get(item).cloned() else {
                continue;
            };
            let sealed = self.sealed_again(resealed.turn.as_ref(), &source, &one)?;
            resealed
                .rows
                .extend(sealed.map(|sealed| to_send(to, sealed)));
            // What another device holds may be filled in there; what is lost is said to be.
            let is_lost = sealed.is_none() && self.is_lost_here(item, &source, &one)?;
            all.update_all(|other, one| {
                if other == item {
                    one.blob = sealed.map(|sealed| sealed.id).or(one.blob);
                    one.lost = is_lost;
                }
            });
        }
        kind.put_attachments(content, &all)?;
        Ok(resealed)
    }

    /// Whether this device knows that something comes from nowhere.
    fn is_lost_here(&self, item: ItemId, one: &Attachment, copy: &Attachment) -> Result<bool> {
        self.replica.store.read(|r| {
            let row = one.blob.map(|blob| r.blob(blob)).transpose()?.flatten();
            Ok(is_lost(one, row) && self.bytes_of(r, item, copy)?.is_none())
        })
    }

    /// Seals bytes that are here under the key that they have in another copy. `None` where they are not here, or
    /// are here under that name already, or where it would be another name than the copy says.
    pub(super) fn sealed_again(
        &self,
        turn: Option<&BlobTurn>,
        source: &Attachment,
        copy: &Attachment,
    ) -> Result<Option<SealedBlob>> {
        let is_here = |blob: BlobId| {
            let row = self.replica.store.read(|r| r.blob(blob))?;
            Ok::<_, CoreError>(row.is_some_and(|row| row.is_here()))
        };
        if copy.blob.map(is_here).transpose()? == Some(true) {
            return Ok(None);
        }
        let (Some(turn), Ok(mut from)) = (turn, self.open_blob(source)) else {
            return Ok(None);
        };
        let sealed = self.seal(turn, &key_of(copy), |to| {
            let mut buffer = vec![0; 64 * 1024];
            loop {
                let read = from.read(&mut buffer);
                match read.map_err(|_| MediaError::NotGenuine)? {
                    0 => return Ok(()),
                    read => to(buffer.get(..read).unwrap_or_default())?,
                }
            }
        });
        let (_, sealed) = match sealed {
            // What lies here is not what was sealed, or can't be read. Nobody's words wait for that: the copy waits
            // for another device.
            Err(CoreError::Media(MediaError::NotGenuine)) => return Ok(None),
            sealed => sealed?,
        };
        if copy.blob.is_some_and(|blob| blob != sealed.id) {
            self.replica.store.blob_files().remove(sealed.id)?;
            return Ok(None);
        }
        Ok(Some(sealed))
    }
}
