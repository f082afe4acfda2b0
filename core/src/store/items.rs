//! The read model: one row for each document, as it is shown. A cache of log and outbox.

use companion_protocol::id::{Counter, MemberId, SpaceId};
use rusqlite::{Row, params};

use super::rows::{id, optional_id, signed};
use super::{Reader, StoreError, Writer};
use crate::domain::{DocumentId, Kind, Revision};

/// Whether a document is shown, and why not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It is shown.
    #[default]
    Living,
    /// Another copy stands for it: it was shared with all its words.
    MovedOn,
    /// It was shared once, and withdrawn.
    Withdrawn,
    /// Nothing was said in it yet: only what others build upon came so far.
    NothingSaid,
    /// This version can't understand it.
    Unreadable,
}

impl Standing {
    pub(super) const fn number(self) -> i64 {
        match self {
            Standing::Living => 0,
            Standing::MovedOn => 1,
            Standing::Withdrawn => 2,
            Standing::NothingSaid => 3,
            Standing::Unreadable => 4,
        }
    }

    pub(super) fn from_number(number: i64) -> Option<Standing> {
        [
            Standing::Living,
            Standing::MovedOn,
            Standing::Withdrawn,
            Standing::NothingSaid,
            Standing::Unreadable,
        ]
        .into_iter()
        .find(|standing| standing.number() == number)
    }
}

/// What somebody still has to do about the present version of something: all of it at a clinic about what a
/// patient shared, and of everything else whether somebody has to choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Attention {
    /// Whether anybody looked at it.
    pub seen: Seen,
    /// The patient wants to talk about it, and nobody has yet.
    pub to_talk_about: bool,
    /// An earlier version was marked as reviewed; this one was not.
    pub changed_since_review: bool,
    /// It says different things in two places, and nobody has chosen yet.
    pub in_two_wordings: bool,
}

/// Whether a clinic has looked at the present version of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seen {
    /// Somebody marked this version as reviewed, or it is nothing for a clinic to look at.
    #[default]
    DealtWith,
    /// Somebody opened this version.
    Opened,
    /// Nobody looked at this version.
    New,
}

/// Which rows that need attention to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needing {
    /// Those that nobody has looked at.
    Opening,
    /// Those that nobody has marked as reviewed.
    Review,
    /// Those that a patient wants to talk about.
    Talk,
    /// Those that changed since somebody marked them.
    ReviewAgain,
    /// Those that say different things in two places.
    Choosing,
}

/// The bits of the column that say who has looked.
const SEEN: i64 = 3;
const TO_TALK_ABOUT: i64 = 4;
const CHANGED_SINCE_REVIEW: i64 = 8;
const IN_TWO_WORDINGS: i64 = 16;

impl Attention {
    pub(super) fn number(self) -> i64 {
        let seen = match self.seen {
            Seen::DealtWith => 0,
            Seen::Opened => 1,
            Seen::New => 2,
        };
        let bit = |is: bool, bit: i64| if is { bit } else { 0 };
        seen | bit(self.to_talk_about, TO_TALK_ABOUT)
            | bit(self.changed_since_review, CHANGED_SINCE_REVIEW)
            | bit(self.in_two_wordings, IN_TWO_WORDINGS)
    }

    const fn from_number(number: i64) -> Attention {
        Attention {
            seen: match number & SEEN {
                0 => Seen::DealtWith,
                1 => Seen::Opened,
                // Whatever it is, somebody had better look.
                _ => Seen::New,
            },
            to_talk_about: number & TO_TALK_ABOUT != 0,
            changed_since_review: number & CHANGED_SINCE_REVIEW != 0,
            in_two_wordings: number & IN_TWO_WORDINGS != 0,
        }
    }
}

impl Needing {
    /// The bits of the column that are looked at, and the least that they say.
    pub(super) const fn bits_and_least(self) -> (i64, i64) {
        match self {
            Needing::Opening => (SEEN, 2),
            Needing::Review => (SEEN, 1),
            Needing::Talk => (TO_TALK_ABOUT, TO_TALK_ABOUT),
            Needing::ReviewAgain => (CHANGED_SINCE_REVIEW, CHANGED_SINCE_REVIEW),
            Needing::Choosing => (IN_TWO_WORDINGS, IN_TWO_WORDINGS),
        }
    }
}

/// A member that wrote into a document, and how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenBy {
    /// Who.
    pub member: MemberId,
    /// The count of their newest change in it; 0 while that waits in the outbox.
    pub counter: Counter,
}

/// One document, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// Its id.
    pub document: DocumentId,
    /// The space it belongs to.
    pub space: SpaceId,
    /// What it is.
    pub kind: Kind,
    /// The document that it is about.
    pub about: Option<DocumentId>,
    /// When it is said to have happened, in milliseconds since 1970; lists are in this order.
    pub sort_ms: i64,
    /// Whether it is shown.
    pub standing: Standing,
    /// A word of the kind's own.
    pub state: String,
    /// Whether somebody at the clinic still has to look at it.
    pub attention: Attention,
    /// Grows with each write of any row; given by [`Writer::put_item`].
    pub changed: i64,
    /// When this device stored its newest change, in milliseconds since 1970.
    pub received_ms: i64,
    /// Who wrote into it.
    pub writers: Vec<WrittenBy>,
    /// The state that `projection` shows.
    pub revision: Revision,
    /// Its fields as JSON.
    pub projection: String,
    /// Whether something of it waits in the outbox; worked out when it is read.
    pub waiting: bool,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT document, space, kind, about, sort_ms, standing, state, attention, changed,
                 received_ms, writers, revision, projection,
                 EXISTS (SELECT 1 FROM outbox WHERE outbox.document = item.document)
             FROM item ",
            $rest
        )
    };
}

impl Reader<'_> {
    /// One document.
    pub fn item(&self, document: DocumentId) -> Result<Option<ItemRow>, StoreError> {
        self.row(select!("WHERE document = ?1"), [document.as_bytes()], item)
    }

    /// The document at that place in the table, as a list chose it.
    pub(super) fn item_at(&self, position: i64) -> Result<Option<ItemRow>, StoreError> {
        self.row(select!("WHERE rowid = ?1"), [position], item)
    }

    /// All documents of a space, whatever they are, in no particular order.
    pub fn items_of_space(&self, space: SpaceId) -> Result<Vec<ItemRow>, StoreError> {
        self.rows(select!("WHERE space = ?1"), [space.as_bytes()], item)
    }

    /// The shown documents of a space that say different things in two places, in the order of their ids.
    pub fn items_in_two_wordings(&self, space: SpaceId) -> Result<Vec<ItemRow>, StoreError> {
        self.rows(
            select!(
                "WHERE space = ?1 AND standing = 0 AND attention > 0 AND attention & ?2 != 0 ORDER BY document"
            ),
            params![space.as_bytes(), IN_TWO_WORDINGS],
            item,
        )
    }

    /// The documents of a space that this version can't understand, in the order of their ids.
    pub fn unreadable_items(&self, space: SpaceId) -> Result<Vec<ItemRow>, StoreError> {
        self.rows(
            select!("WHERE space = ?1 AND standing = 4 ORDER BY document"),
            [space.as_bytes()],
            item,
        )
    }

    /// What all shown documents of a kind say, as JSON, in a space.
    pub fn projections_of(&self, space: SpaceId, kind: &str) -> Result<Vec<String>, StoreError> {
        self.rows(
            "SELECT projection FROM item WHERE space = ?1 AND kind = ?2 AND standing = 0
             ORDER BY sort_ms, document",
            params![space.as_bytes(), kind],
            |row| Ok(row.get(0)?),
        )
    }
}

impl Writer<'_> {
    /// Adds a document's row, or changes all of it. Gives it the next number of changes.
    ///
    /// # Errors
    ///
    /// [`StoreError::OtherSpace`] when the document is known in another space.
    pub fn put_item(&mut self, row: &ItemRow) -> Result<(), StoreError> {
        let number = self.next_change(row.space)?;
        let changed = self.run(
            "INSERT INTO item (document, space, kind, about, sort_ms, standing, state, attention,
                 changed, received_ms, writers, revision, projection)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (document) DO UPDATE SET
                 kind = excluded.kind, about = excluded.about, sort_ms = excluded.sort_ms,
                 standing = excluded.standing, state = excluded.state,
                 attention = excluded.attention, changed = excluded.changed,
                 received_ms = excluded.received_ms, writers = excluded.writers,
                 revision = excluded.revision, projection = excluded.projection
             WHERE space = excluded.space",
            params![
                row.document.as_bytes(),
                row.space.as_bytes(),
                row.kind.as_str(),
                row.about.as_ref().map(DocumentId::as_bytes),
                row.sort_ms,
                row.standing.number(),
                row.state,
                row.attention.number(),
                number,
                row.received_ms,
                writers_to_bytes(&row.writers)?,
                row.revision.to_bytes(),
                row.projection,
            ],
        )?;
        if changed == 0 {
            return Err(StoreError::OtherSpace(row.document));
        }
        // One that comes back is not gone anymore.
        self.run(
            "DELETE FROM removed_item WHERE document = ?1",
            [row.document.as_bytes()],
        )?;
        Ok(())
    }

    /// Notes who wrote into a document and how far, and nothing else of it.
    pub fn put_writers(&mut self, row: &ItemRow) -> Result<(), StoreError> {
        let number = self.next_change(row.space)?;
        self.run(
            "UPDATE item SET writers = ?2, changed = ?3 WHERE document = ?1",
            params![
                row.document.as_bytes(),
                writers_to_bytes(&row.writers)?,
                number
            ],
        )?;
        Ok(())
    }

    /// Notes whether somebody at the clinic still has to look at a document.
    pub fn put_attention(&mut self, row: &ItemRow, attention: Attention) -> Result<(), StoreError> {
        let number = self.next_change(row.space)?;
        self.run(
            "UPDATE item SET attention = ?2, changed = ?3 WHERE document = ?1",
            params![row.document.as_bytes(), attention.number(), number],
        )?;
        Ok(())
    }

    /// Lets a document belong to another space from now on.
    pub fn move_item(&mut self, document: DocumentId, to: SpaceId) -> Result<(), StoreError> {
        let number = self.next_change(to)?;
        self.run(
            "UPDATE item SET space = ?2, changed = ?3 WHERE document = ?1",
            params![document.as_bytes(), to.as_bytes(), number],
        )?;
        self.run(
            "UPDATE attachment SET space = ?2 WHERE document = ?1",
            params![document.as_bytes(), to.as_bytes()],
        )?;
        self.run(
            "UPDATE blob SET space = ?2, standing = min(standing, 1)
             WHERE blob IN (SELECT blob FROM attachment WHERE document = ?1)",
            params![document.as_bytes(), to.as_bytes()],
        )?;
        Ok(())
    }

    /// Forgets one row, and what search, snapshots and drafts know of it.
    pub fn remove_item(&mut self, document: DocumentId) -> Result<(), StoreError> {
        self.remove_search(document)?;
        self.remove_snapshot(document)?;
        self.remove_attachments(document)?;
        self.remove_drafts(document)?;
        let Some(gone) = self.item(document)? else {
            return Ok(());
        };
        self.note_removed(&gone)?;
        self.run(
            "DELETE FROM item WHERE document = ?1",
            [document.as_bytes()],
        )?;
        Ok(())
    }

    /// So that whoever asks what has changed hears that the row went.
    fn note_removed(&mut self, gone: &ItemRow) -> Result<(), StoreError> {
        let number = self.next_change(gone.space)?;
        self.run(
            "INSERT INTO removed_item (document, kind, changed) VALUES (?1, ?2, ?3)
             ON CONFLICT (document) DO UPDATE SET changed = excluded.changed",
            params![gone.document.as_bytes(), gone.kind.as_str(), number],
        )?;
        Ok(())
    }

    /// Forgets the rows of a space, and what search and snapshots know of them.
    pub fn clear_items(&mut self, space: SpaceId) -> Result<(), StoreError> {
        for gone in self.items_of_space(space)? {
            self.note_removed(&gone)?;
        }
        for sql in [
            "DELETE FROM search WHERE rowid IN (
                 SELECT position FROM searched JOIN item USING (document) WHERE space = ?1)",
            "DELETE FROM searched WHERE document IN (SELECT document FROM item WHERE space = ?1)",
            "DELETE FROM snapshot WHERE document IN (SELECT document FROM item WHERE space = ?1)",
            "DELETE FROM summary WHERE space = ?1",
            "DELETE FROM attachment WHERE space = ?1",
            "DELETE FROM item WHERE space = ?1",
        ] {
            self.run(sql, [space.as_bytes()])?;
        }
        Ok(())
    }
}

/// Bytes of one writer in a row: the member's id, and the count in big-endian order.
const WRITER_LENGTH: usize = MemberId::LENGTH + 8;

fn writers_to_bytes(writers: &[WrittenBy]) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::with_capacity(writers.len() * WRITER_LENGTH);
    for writer in writers {
        bytes.extend(writer.member.as_bytes());
        bytes.extend(signed(writer.counter.0, "counter")?.to_be_bytes());
    }
    Ok(bytes)
}

struct NotWriters;

fn writers_from_bytes(bytes: &[u8]) -> Result<Vec<WrittenBy>, NotWriters> {
    if !bytes.len().is_multiple_of(WRITER_LENGTH) {
        return Err(NotWriters);
    }
    bytes
        .chunks(WRITER_LENGTH)
        .map(|chunk| {
            let (member, counter) = chunk.split_at_checked(MemberId::LENGTH).ok_or(NotWriters)?;
            let counter = u64::from_be_bytes(counter.try_into().map_err(|_| NotWriters)?);
            Ok(WrittenBy {
                member: MemberId::from_slice(member).map_err(|_| NotWriters)?,
                counter: Counter(counter),
            })
        })
        .collect()
}

/// A row whose cells hold what they never should must hide only itself: it counts as one that can't be
/// understood, until it is made anew from the log.
fn item(row: &Row<'_>) -> Result<ItemRow, StoreError> {
    let revision = Revision::from_bytes(row.get_ref(11)?.as_blob().unwrap_or_default());
    let writers = writers_from_bytes(row.get_ref(10)?.as_blob().unwrap_or_default());
    let standing = Standing::from_number(row.get(5)?);
    let is_whole = revision.as_ref().is_ok_and(|revision| !revision.is_empty()) && writers.is_ok();
    Ok(ItemRow {
        document: id(row, 0, DocumentId::from_slice)?,
        space: id(row, 1, SpaceId::from_slice)?,
        kind: Kind::from_stored(row.get::<_, String>(2)?),
        about: optional_id(row, 3, DocumentId::from_slice)?,
        sort_ms: row.get(4)?,
        standing: standing
            .filter(|_| is_whole)
            .unwrap_or(Standing::Unreadable),
        state: row.get(6)?,
        attention: Attention::from_number(row.get(7)?),
        changed: row.get(8)?,
        received_ms: row.get(9)?,
        writers: writers.unwrap_or_default(),
        revision: revision.unwrap_or_default(),
        projection: row.get(12)?,
        waiting: row.get(13)?,
    })
}
