//! Sealed blobs: which documents name which, and how much of each is here. Their bytes stand in files of their own
//! beside the store ([`files`]), since nothing else of a store is ever so large. A row never says more than what
//! is synced to the disk, and what is not needed any more loses its row first.

mod files;
#[cfg(test)]
mod tests;

use companion_protocol::id::{BlobId, SpaceId};
use rusqlite::{Row, params};

pub use files::{BlobFiles, BlobTurn};

use super::rows::{id, optional_id, signed, unsigned};
use super::{Reader, Store, StoreError, Writer};
use crate::domain::{AttachedBlob, DocumentId, ItemId, MediaKey};

/// How far a blob got on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlobStanding {
    /// Some of its bytes are here.
    Arriving,
    /// It is here, and the server is to get it.
    ToSend,
    /// It is here, and the server has it.
    Sent,
    /// Nobody needs it any more, and the server has let it go.
    Gone,
    /// What it hung on was deleted: nothing of it is here, and the server is to let it go.
    LettingGo,
    /// It was here and nowhere else, as far as this device knows, and is damaged.
    Lost,
}

impl BlobStanding {
    pub(super) const fn number(self) -> i64 {
        match self {
            BlobStanding::Arriving => 0,
            BlobStanding::ToSend => 1,
            BlobStanding::Sent => 2,
            BlobStanding::Gone => 3,
            BlobStanding::LettingGo => 4,
            BlobStanding::Lost => 5,
        }
    }
}

/// One blob, as this device keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobRow {
    /// Its name.
    pub blob: BlobId,
    /// The space whose blob it is.
    pub space: SpaceId,
    /// How many sealed bytes the whole has.
    pub size: u64,
    /// How many of them are in the file.
    pub received: u64,
    /// How far it got.
    pub standing: BlobStanding,
}

impl BlobRow {
    /// Whether all of it is here and was found to be what its name says.
    pub fn is_here(&self) -> bool {
        matches!(self.standing, BlobStanding::ToSend | BlobStanding::Sent)
    }
}

/// An attachment of a document, as the document names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedBlob {
    /// The space of the document.
    pub space: SpaceId,
    /// The document.
    pub document: DocumentId,
    /// The attachment in it: the same in every copy of the document.
    pub item: ItemId,
    /// The blob; `None` where nobody filled it in yet.
    pub blob: Option<BlobId>,
}

macro_rules! named {
    ($($rest:expr),+) => {
        concat!(
            "SELECT a.space, a.document, a.item, a.blob FROM attachment AS a ",
            $($rest,)+
            " ORDER BY a.document, a.item"
        )
    };
}

/// Whether an attachment `a` is wanted and its bytes are not here.
macro_rules! not_here {
    () => {
        "a.living = 1 AND NOT EXISTS (SELECT 1 FROM blob AS b WHERE b.blob = a.blob AND b.standing IN (1, 2))"
    };
}

/// Whether an attachment `a` names a blob that nobody needs: no document that is shown names it now, and none that
/// is shown waits for these bytes under another name.
macro_rules! not_needed {
    () => {
        "a.blob IS NOT NULL AND a.living = 0
         AND NOT EXISTS (SELECT 1 FROM attachment AS n WHERE n.blob = a.blob AND n.living = 1)
         AND NOT EXISTS (SELECT 1 FROM attachment AS o WHERE o.item = a.item AND o.living = 1
             AND NOT EXISTS (SELECT 1 FROM blob AS b WHERE b.blob = o.blob AND b.standing IN (1, 2)))
         AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.document = a.document)"
    };
}

impl Store {
    /// The files of its blobs.
    pub fn blob_files(&self) -> &BlobFiles {
        &self.blob_files
    }
}

impl Reader<'_> {
    /// One blob, where this device has or had something of it.
    pub fn blob(&self, blob: BlobId) -> Result<Option<BlobRow>, StoreError> {
        self.row(
            "SELECT blob, space, size, received, standing FROM blob WHERE blob = ?1",
            [blob.as_bytes()],
            blob_row,
        )
    }

    /// All of them, by name.
    pub fn blobs(&self) -> Result<Vec<BlobRow>, StoreError> {
        self.rows(
            "SELECT blob, space, size, received, standing FROM blob ORDER BY blob",
            (),
            blob_row,
        )
    }

    /// What opens a blob under the name that a document has for it, or had.
    pub fn key_of_blob(&self, named: &NamedBlob) -> Result<Option<MediaKey>, StoreError> {
        self.row(
            "SELECT key FROM attachment WHERE document = ?1 AND item = ?2 AND blob = ?3",
            params![
                named.document.as_bytes(),
                named.item.as_bytes(),
                named.blob.as_ref().map(BlobId::as_bytes),
            ],
            |row| Ok(MediaKey::new(row.get(0)?)),
        )
    }

    /// The attachments of a document that name a blob, also those that were removed from it, and what it named before.
    pub fn blobs_of(&self, document: DocumentId) -> Result<Vec<NamedBlob>, StoreError> {
        self.rows(
            named!("WHERE a.document = ?1 AND a.blob IS NOT NULL"),
            [document.as_bytes()],
            named_blob,
        )
    }

    /// Whether the bytes of a blob are here under another name, too: of another copy of its document.
    pub fn is_here_elsewhere(&self, blob: BlobId) -> Result<bool, StoreError> {
        let count = self.count(
            "SELECT count(*) FROM attachment AS a JOIN attachment AS o ON o.item = a.item AND o.blob <> a.blob
             JOIN blob AS b ON b.blob = o.blob AND b.standing IN (1, 2) WHERE a.blob = ?1",
            [blob.as_bytes()],
        )?;
        Ok(count > 0)
    }

    /// Whether any document names a blob.
    pub fn is_named(&self, blob: BlobId) -> Result<bool, StoreError> {
        let count = self.count(
            "SELECT count(*) FROM attachment WHERE blob = ?1",
            [blob.as_bytes()],
        )?;
        Ok(count > 0)
    }

    /// Attachments of documents that are shown in a space, whose blobs are named and not here.
    pub fn blobs_to_fetch(&self, space: SpaceId) -> Result<Vec<NamedBlob>, StoreError> {
        self.rows(
            named!(
                "WHERE a.space = ?1 AND a.blob IS NOT NULL AND ",
                not_here!()
            ),
            [space.as_bytes()],
            named_blob,
        )
    }

    /// Attachments of all documents that are shown, whose bytes are not here under the name that they have there.
    pub fn blobs_not_here(&self) -> Result<Vec<NamedBlob>, StoreError> {
        self.rows(named!("WHERE ", not_here!()), (), named_blob)
    }

    /// Attachments of documents that are shown, whose bytes were here alone and are damaged, also under other names.
    pub fn blobs_lost(&self) -> Result<Vec<NamedBlob>, StoreError> {
        self.rows(
            named!(
                "JOIN blob AS l ON l.blob = a.blob AND l.standing = 5
                 WHERE a.living = 1 AND NOT EXISTS (
                     SELECT 1 FROM attachment AS o JOIN blob AS b ON b.blob = o.blob AND b.standing IN (1, 2)
                     WHERE o.item = a.item)"
            ),
            (),
            named_blob,
        )
    }

    /// Attachments of documents that are shown in a space, whose blobs are here.
    pub fn blobs_here(&self, space: SpaceId) -> Result<Vec<NamedBlob>, StoreError> {
        self.rows(
            named!(
                "JOIN blob AS b ON b.blob = a.blob AND b.standing IN (1, 2)
                 WHERE a.space = ?1 AND a.living = 1"
            ),
            [space.as_bytes()],
            named_blob,
        )
    }

    /// The same bytes under other names, here: what an attachment was in other copies of its document.
    pub fn blobs_of_item(&self, item: ItemId) -> Result<Vec<NamedBlob>, StoreError> {
        self.rows(
            named!("JOIN blob AS b ON b.blob = a.blob AND b.standing IN (1, 2) WHERE a.item = ?1"),
            [item.as_bytes()],
            named_blob,
        )
    }

    /// Where an attachment hangs that is shown: in whichever copy of its document.
    pub fn shown_of_item(&self, item: ItemId) -> Result<Vec<NamedBlob>, StoreError> {
        self.rows(
            named!("WHERE a.item = ?1 AND a.living = 1"),
            [item.as_bytes()],
            named_blob,
        )
    }

    /// What the other copies of a document named whose attachment waits for its bytes, and what is not here.
    pub fn sources_to_fetch(&self, space: SpaceId) -> Result<Vec<NamedBlob>, StoreError> {
        self.rows(
            named!(
                "WHERE a.space = ?1 AND a.blob IS NOT NULL AND a.living = 0
                 AND NOT EXISTS (SELECT 1 FROM blob AS b WHERE b.blob = a.blob AND b.standing IN (1, 2, 3))
                 AND EXISTS (SELECT 1 FROM attachment AS o WHERE o.item = a.item AND o.living = 1
                     AND NOT EXISTS (SELECT 1 FROM blob AS b
                         WHERE b.blob = o.blob AND b.standing IN (1, 2)))"
            ),
            [space.as_bytes()],
            named_blob,
        )
    }

    /// Blobs of a space that are here, whose documents have left this device, and that the server is to get.
    pub fn blobs_to_send(&self, space: SpaceId) -> Result<Vec<BlobRow>, StoreError> {
        self.rows(
            "SELECT blob, space, size, received, standing FROM blob AS b
             WHERE b.space = ?1 AND b.standing = 1 AND EXISTS (
                 SELECT 1 FROM attachment AS a WHERE a.blob = b.blob AND a.living = 1
                 AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.document = a.document))
             ORDER BY blob",
            [space.as_bytes()],
            blob_row,
        )
    }

    /// Blobs of a space that are here and were at the server, and that something shown names: what somebody took off
    /// elsewhere may stand again here, and the server let it go meanwhile.
    pub fn blobs_the_server_had(&self, space: SpaceId) -> Result<Vec<BlobRow>, StoreError> {
        self.rows(
            "SELECT blob, space, size, received, standing FROM blob AS b
             WHERE b.space = ?1 AND b.standing = 2 AND EXISTS (
                 SELECT 1 FROM attachment AS a WHERE a.blob = b.blob AND a.living = 1)
             ORDER BY blob",
            [space.as_bytes()],
            blob_row,
        )
    }

    /// How often a blob was given to the server again after it had lost it, and when last, in milliseconds since
    /// 1970.
    pub fn given_again(&self, blob: BlobId) -> Result<Option<(u64, i64)>, StoreError> {
        self.row(
            "SELECT times, last_ms FROM blob_again WHERE blob = ?1",
            [blob.as_bytes()],
            |row| Ok((unsigned(row, 0)?, row.get(1)?)),
        )
    }

    /// Blobs of a space that this device let go of, and that still nobody needs: whoever had not heard of it may have
    /// given them to the server again.
    pub fn blobs_gone(&self, space: SpaceId) -> Result<Vec<BlobId>, StoreError> {
        self.rows(
            concat!(
                "SELECT b.blob FROM blob AS b WHERE b.space = ?1 AND b.standing = 3 AND (
                     NOT EXISTS (SELECT 1 FROM attachment AS a WHERE a.blob = b.blob)
                     OR EXISTS (SELECT 1 FROM attachment AS a WHERE a.blob = b.blob AND ",
                not_needed!(),
                ")) ORDER BY b.blob"
            ),
            [space.as_bytes()],
            |row| id(row, 0, BlobId::from_slice),
        )
    }

    /// Blobs of a space that nobody needs any more and that the server may still hold.
    pub fn blobs_to_let_go(&self, space: SpaceId) -> Result<Vec<BlobId>, StoreError> {
        self.rows(
            concat!(
                "SELECT DISTINCT a.blob FROM attachment AS a WHERE a.space = ?1 AND ",
                not_needed!(),
                " AND NOT EXISTS (SELECT 1 FROM blob AS b WHERE b.blob = a.blob AND b.standing IN (3, 4))
                 UNION SELECT blob FROM blob WHERE space = ?1 AND standing = 4
                     AND NOT EXISTS (SELECT 1 FROM outbox WHERE space = ?1 AND kind = 'deletion')
                 ORDER BY 1"
            ),
            [space.as_bytes()],
            |row| id(row, 0, BlobId::from_slice),
        )
    }

    /// Blobs of what was deleted, whose files are still to be looked for.
    pub fn blobs_deleted(&self) -> Result<Vec<BlobId>, StoreError> {
        self.rows(
            "SELECT blob FROM blob WHERE standing = 4 ORDER BY blob",
            (),
            |row| id(row, 0, BlobId::from_slice),
        )
    }

    /// Blobs of which something is here and that nobody needs any more.
    pub fn blobs_to_drop(&self) -> Result<Vec<BlobId>, StoreError> {
        self.rows(
            concat!(
                "SELECT DISTINCT a.blob FROM attachment AS a
                 JOIN blob AS h ON h.blob = a.blob AND h.standing < 3 WHERE ",
                not_needed!(),
                " ORDER BY a.blob"
            ),
            (),
            |row| id(row, 0, BlobId::from_slice),
        )
    }
}

impl Writer<'_> {
    /// What of a space the server was to get it gets no more: it is as if it were there.
    pub fn drop_blobs_to_send(&mut self, space: SpaceId) -> Result<(), StoreError> {
        self.run(
            "UPDATE blob SET standing = 2 WHERE space = ?1 AND standing = 1",
            [space.as_bytes()],
        )?;
        Ok(())
    }

    /// Notes which blobs a document names, and whether it is shown. What it named before stays known.
    pub fn put_attachments(
        &mut self,
        (space, document): (SpaceId, DocumentId),
        blobs: &[AttachedBlob],
        is_shown: bool,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE attachment SET living = 0 WHERE document = ?1",
            [document.as_bytes()],
        )?;
        self.run(
            "DELETE FROM attachment WHERE document = ?1 AND blob IS NULL",
            [document.as_bytes()],
        )?;
        for one in blobs {
            self.run(
                "INSERT INTO attachment (document, item, space, blob, key, living)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (document, item, blob) DO UPDATE SET
                     space = excluded.space, key = excluded.key, living = excluded.living",
                params![
                    document.as_bytes(),
                    one.item.as_bytes(),
                    space.as_bytes(),
                    one.blob.as_ref().map(BlobId::as_bytes),
                    one.key.as_bytes(),
                    is_shown && !one.removed,
                ],
            )?;
        }
        Ok(())
    }

    /// Notes what one version of a document calls its blobs, of which another version may stand.
    pub fn note_attachments(
        &mut self,
        (space, document): (SpaceId, DocumentId),
        blobs: &[AttachedBlob],
    ) -> Result<(), StoreError> {
        for one in blobs {
            let Some(blob) = one.blob else { continue };
            self.run(
                "INSERT INTO attachment (document, item, space, blob, key, living)
                 VALUES (?1, ?2, ?3, ?4, ?5, 0) ON CONFLICT DO NOTHING",
                params![
                    document.as_bytes(),
                    one.item.as_bytes(),
                    space.as_bytes(),
                    blob.as_bytes(),
                    one.key.as_bytes(),
                ],
            )?;
        }
        Ok(())
    }

    /// Forgets which blobs a document names.
    pub fn remove_attachments(&mut self, document: DocumentId) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM attachment WHERE document = ?1",
            [document.as_bytes()],
        )?;
        Ok(())
    }

    /// Adds a blob, or changes everything but its name.
    pub fn put_blob(&mut self, row: &BlobRow) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO blob (blob, space, size, received, standing) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (blob) DO UPDATE SET
                 space = excluded.space, size = excluded.size, received = excluded.received,
                 standing = excluded.standing",
            params![
                row.blob.as_bytes(),
                row.space.as_bytes(),
                signed(row.size, "size of a blob")?,
                signed(row.received, "size of a blob")?,
                row.standing.number(),
            ],
        )?;
        Ok(())
    }

    /// The file of a blob that was here is damaged or gone: it is not here from then on, and comes anew, or is lost
    /// where nobody else has it, as far as this device knows. Says whether it is lost.
    pub fn lose_file_of(&mut self, row: &BlobRow) -> Result<bool, StoreError> {
        let is_elsewhere =
            row.standing == BlobStanding::Sent || self.is_here_elsewhere(row.blob)?;
        match is_elsewhere {
            true => self.remove_blob(row.blob)?,
            false => self.put_blob(&BlobRow {
                received: 0,
                standing: BlobStanding::Lost,
                ..*row
            })?,
        }
        self.touch_named(row.blob)?;
        Ok(!is_elsewhere)
    }

    /// Tells whoever asks what has changed that what hangs on a document has.
    pub fn touch_named(&mut self, blob: BlobId) -> Result<(), StoreError> {
        let named = self.rows(
            "SELECT DISTINCT i.document, i.space FROM attachment AS a
             JOIN item AS i ON i.document = a.document WHERE a.blob = ?1 AND a.living = 1",
            [blob.as_bytes()],
            |row| {
                let document = id(row, 0, DocumentId::from_slice)?;
                Ok((document, id(row, 1, SpaceId::from_slice)?))
            },
        )?;
        for (document, space) in named {
            let number = self.next_change(space)?;
            self.run(
                "UPDATE item SET changed = ?2 WHERE document = ?1",
                params![document.as_bytes(), number],
            )?;
        }
        Ok(())
    }

    /// Lets go of a blob whose document was deleted: its file goes, and the server is told.
    pub fn let_go_of_blob(&mut self, space: SpaceId, blob: BlobId) -> Result<(), StoreError> {
        self.put_blob(&BlobRow {
            blob,
            space,
            size: 0,
            received: 0,
            standing: BlobStanding::LettingGo,
        })
    }

    /// The server lost a blob that it had, and is to get it again.
    pub fn give_again(&mut self, row: &BlobRow, at_ms: i64) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO blob_again (blob, times, last_ms) VALUES (?1, 1, ?2)
             ON CONFLICT (blob) DO UPDATE SET times = times + 1, last_ms = excluded.last_ms",
            params![row.blob.as_bytes(), at_ms],
        )?;
        self.put_blob(&BlobRow {
            standing: BlobStanding::ToSend,
            ..*row
        })
    }

    /// Forgets a blob.
    pub fn remove_blob(&mut self, blob: BlobId) -> Result<(), StoreError> {
        self.run("DELETE FROM blob_again WHERE blob = ?1", [blob.as_bytes()])?;
        self.run("DELETE FROM blob WHERE blob = ?1", [blob.as_bytes()])?;
        Ok(())
    }

    /// The server of a space is another one, or an older one of itself: what it has of blobs is not known any more.
    pub fn doubt_server_blobs(&mut self, space: SpaceId) -> Result<(), StoreError> {
        self.run(
            "UPDATE blob SET standing = 1 WHERE space = ?1 AND standing = 2",
            [space.as_bytes()],
        )?;
        // One of what was deleted is named by nothing any more, and an older server may hold it again.
        self.run(
            "UPDATE blob SET standing = 4 WHERE space = ?1 AND standing = 3 AND NOT EXISTS (
                 SELECT 1 FROM attachment AS a WHERE a.blob = blob.blob)",
            [space.as_bytes()],
        )?;
        self.run(
            "DELETE FROM blob WHERE space = ?1 AND standing = 3",
            [space.as_bytes()],
        )?;
        Ok(())
    }
}

fn blob_row(row: &Row<'_>) -> Result<BlobRow, StoreError> {
    Ok(BlobRow {
        blob: id(row, 0, BlobId::from_slice)?,
        space: id(row, 1, SpaceId::from_slice)?,
        size: unsigned(row, 2)?,
        received: unsigned(row, 3)?,
        standing: match row.get(4)? {
            1 => BlobStanding::ToSend,
            2 => BlobStanding::Sent,
            3 => BlobStanding::Gone,
            4 => BlobStanding::LettingGo,
            5 => BlobStanding::Lost,
            _ => BlobStanding::Arriving,
        },
    })
}

fn named_blob(row: &Row<'_>) -> Result<NamedBlob, StoreError> {
    Ok(NamedBlob {
        space: id(row, 0, SpaceId::from_slice)?,
        document: id(row, 1, DocumentId::from_slice)?,
        item: id(row, 2, ItemId::from_slice)?,
        blob: optional_id(row, 3, BlobId::from_slice)?,
    })
}
