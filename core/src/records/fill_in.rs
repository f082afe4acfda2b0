//! Attachments whose bytes are here under another name: of a document that was shared, or taken back, on a device
//! that did not hold them. Whichever device does seals them again, under the key that the copy names; since that
//! makes the same bytes everywhere, it does not matter which.

use super::attach::to_send;
use super::commit::{Begins, Edit};
use super::{Map, Records, fields_of};
use crate::domain::{Attachment, ItemId, attachment, declared};
use crate::error::{CoreError, NotNow, Result};
use crate::store::{ItemRow, NamedBlob, Reader};

impl Records {
    /// Fills in what can be filled in here, and says what is lost. Says of how many attachments that was.
    pub(crate) fn fill_in_attachments(&self) -> Result<u64> {
        let mut filled = 0;
        for lost in self.replica.store.read(|r| r.blobs_lost())? {
            match self.say_lost(&lost) {
                Ok(true) => filled += 1,
                // Somebody just writes into it: the next exchange.
                Ok(false) | Err(CoreError::NotNow(NotNow::Contended)) => {}
                Err(error) => return Err(error),
            }
        }
        for wanted in self.replica.store.read(|r| r.blobs_not_here())? {
            match self.fill_in(&wanted) {
                Ok(true) => filled += 1,
                // Somebody just writes into it: the next exchange.
                Ok(false) | Err(CoreError::NotNow(NotNow::Contended)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    /// Says in its document that something is lost that was here alone: whoever else reads it would wait for it for
    /// ever.
    fn say_lost(&self, lost: &NamedBlob) -> Result<bool> {
        let row = self.replica.store.read(|r| r.item(lost.document))?;
        let row = row.filter(|row| self.is_written_to(row));
        let Some(row) = row else {
            return Ok(false);
        };
        let mut fields = fields_of(&row);
        if attachment_in(&fields, lost.item).is_none_or(|one| one.lost) {
            return Ok(false);
        }
        say_lost(&mut fields, lost.item);
        let edit = edit_of(&row, fields).ok_or(NotNow::Newer)?;
        self.replica.commit(&[edit])?;
        Ok(true)
    }

    /// Whether what is written into a document goes anywhere: the space of an account that ended takes nothing.
    fn is_written_to(&self, row: &ItemRow) -> bool {
        let space = self.replica.row(row.space);
        space.is_ok_and(|space| space.is_open())
    }

    fn fill_in(&self, wanted: &NamedBlob) -> Result<bool> {
        let store = &self.replica.store;
        let (row, source) = store.read(|r| {
            let Some(source) = r.blobs_of_item(wanted.item)?.into_iter().next() else {
                return Ok((None, None));
            };
            let row = r.item(wanted.document)?;
            Ok::<_, CoreError>((row, attachment_of_name(r, &source)?))
        })?;
        let row = row.filter(|row| self.is_written_to(row));
        let (Some(row), Some(source)) = (row, source) else {
            return Ok(false);
        };
        let mut fields = fields_of(&row);
        let Some(copy) = attachment_in(&fields, wanted.item) else {
            return Ok(false);
        };
        let turn = store.blob_files().turn()?;
        let Some(sealed) = self.sealed_again(Some(&turn), &source, &copy)? else {
            return Ok(false);
        };
        let blob = to_send(row.space, sealed);
        if copy.blob.is_some() && !copy.lost {
            store.write(|w| w.put_blob(&blob))?;
            return Ok(true);
        }
        set_blob(&mut fields, wanted.item, sealed.id.to_string());
        let edit = edit_of(&row, fields).ok_or(NotNow::Newer)?;
        self.replica.commit_and(&[edit], |w| {
            w.put_blob(&blob)?;
            Ok(())
        })?;
        Ok(true)
    }
}

/// An attachment as the fields of a document hold it.
pub(crate) fn attachment_in(fields: &Map, item: ItemId) -> Option<Attachment> {
    let all = fields.get(attachment::ATTACHMENTS.field)?;
    serde_json::from_value(all.get(item.to_string())?.clone()).ok()
}

/// An attachment under the name that a document has for its bytes, or had: with the key that opens them.
pub(crate) fn attachment_of_name(r: &Reader<'_>, named: &NamedBlob) -> Result<Option<Attachment>> {
    let row = r.item(named.document)?;
    let one = row.and_then(|row| attachment_in(&fields_of(&row), named.item));
    match one {
        Some(one) if one.blob != named.blob => Ok(r.key_of_blob(named)?.map(|key| Attachment {
            key,
            blob: named.blob,
            lost: false,
            ..one
        })),
        one => Ok(one),
    }
}

/// Says of an attachment that it is lost.
pub(crate) fn say_lost(fields: &mut Map, item: ItemId) {
    if let Some(one) = item_in(fields, item) {
        one.insert("lost".to_owned(), true.into());
    }
}

/// Names the bytes of something that is here.
pub(super) fn set_blob(fields: &mut Map, item: ItemId, blob: String) {
    if let Some(one) = item_in(fields, item) {
        one.insert("blob".to_owned(), blob.into());
        one.remove("lost");
    }
}

fn item_in(fields: &mut Map, item: ItemId) -> Option<&mut Map> {
    let all = fields.get_mut(attachment::ATTACHMENTS.field)?;
    all.get_mut(item.to_string())?.as_object_mut()
}

/// Nobody's words change: no time of an edit is written, and what others write meanwhile merges.
pub(super) fn edit_of(row: &ItemRow, content: Map) -> Option<Edit> {
    Some(Edit {
        space: row.space,
        kind: row.kind.clone(),
        shape: declared(&row.kind)?.shape,
        document: row.document,
        seen: Some(row.revision.clone()),
        must_follow: false,
        content,
        begins: Begins::Fresh,
    })
}
