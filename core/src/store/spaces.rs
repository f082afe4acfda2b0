//! Settings, and the spaces that this device keeps.

use companion_protocol::id::{Incarnation, LogNumber, SpaceId, StatementHash};
use rusqlite::{Row, params};

use super::rows::{id, optional_id, signed, unsigned};
use super::{Reader, StoreError, Writer};
use crate::domain::{DocumentId, Purpose};
use crate::space::identity::Handle;

/// What this device is to a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpaceStanding {
    /// It came by an invite and waits to be let in: what is written for the space waits here.
    Waiting,
    /// It is a member.
    Member,
    /// It was removed, turned away or left, or is not known to be in.
    Gone,
    /// The space was ended, by its own chain: it is read, and nothing is written in it any more.
    Ended,
    /// The server says that the space was ended and that it forgot it, and this device never read of the end. Nobody
    /// takes its word for more than that nothing can be exchanged.
    Forgotten,
}

/// One space, as this device keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpaceRow {
    /// Its id.
    pub space: SpaceId,
    /// Who this device is in it.
    pub handle: Handle,
    /// What it is for.
    pub purpose: Purpose,
    /// On a clinic's side: the register document of the patient whose care space it is.
    pub label: Option<DocumentId>,
    /// Whether the server has it.
    pub on_server: bool,
    /// The life of the server that `cursor` belongs to.
    pub incarnation: Option<Incarnation>,
    /// The number of the last change read from the server.
    pub cursor: LogNumber,
    /// What this device is to it.
    pub standing: SpaceStanding,
    /// How many statements the chain has.
    pub chain_length: u64,
    /// The hash of its last statement.
    pub chain_head: StatementHash,
    /// Whether a restored server is being given what it lost.
    pub backfilling: bool,
    /// Whether something that must exist has not been given to us.
    pub gaps: bool,
    /// Bodies that nobody dropped and that were not there when all was read again to find them.
    pub bodies_missed: u64,
    /// How far the log was read when the server's list of blobs was last compared with what is here.
    pub blobs_compared: LogNumber,
    /// How many blobs the server said that it lost, when it was last asked.
    pub blobs_lost: u64,
    /// Whether something arrived that the clinic's node has not acknowledged yet.
    pub unacknowledged: bool,
    /// Whether its key is to be rotated by this device.
    pub rotation_due: bool,
    /// Whether somebody came by an invite of this device and has no answer yet.
    pub answer_due: bool,
    /// The last position of the outbox that may have left this device.
    pub sent_through: i64,
    /// When something of another member's last arrived, in milliseconds since 1970.
    pub received_ms: Option<i64>,
}

impl SpaceRow {
    /// A space that nothing is known of but its id and purpose.
    pub fn new(space: SpaceId, purpose: Purpose, handle: Handle) -> Self {
        Self {
            space,
            handle,
            purpose,
            label: None,
            on_server: false,
            incarnation: None,
            cursor: LogNumber(0),
            standing: SpaceStanding::Gone,
            chain_length: 0,
            chain_head: StatementHash::ZERO,
            backfilling: false,
            gaps: false,
            bodies_missed: 0,
            blobs_compared: LogNumber(0),
            blobs_lost: 0,
            unacknowledged: false,
            rotation_due: false,
            answer_due: false,
            sent_through: 0,
            received_ms: None,
        }
    }

    /// Whether this device is a member.
    pub fn is_member(&self) -> bool {
        self.standing == SpaceStanding::Member
    }

    /// Whether this device is a member, or waits to become one.
    pub fn is_open(&self) -> bool {
        matches!(
            self.standing,
            SpaceStanding::Member | SpaceStanding::Waiting
        )
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT space, purpose, label, on_server, incarnation, cursor, standing, chain_length,
                 chain_head, backfilling, gaps, unacknowledged, rotation_due, sent_through,
                 received_ms, handle, answer_due, bodies_missed, blobs_compared, blobs_lost
             FROM space ",
            $rest
        )
    };
}

impl Reader<'_> {
    /// The value stored under a name.
    pub fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.row("SELECT value FROM setting WHERE name = ?1", [name], |row| {
            Ok(row.get(0)?)
        })
    }

    /// All spaces, in the order in which they were first put.
    pub fn spaces(&self) -> Result<Vec<SpaceRow>, StoreError> {
        self.rows(select!("ORDER BY rowid"), (), space)
    }

    /// One space as it stands on the disk: another process may have changed it.
    pub fn space(&self, id: SpaceId) -> Result<Option<SpaceRow>, StoreError> {
        self.row(select!("WHERE space = ?1"), [id.as_bytes()], space)
    }

    /// The number of the newest changed row of each space.
    pub fn changed_by_space(&self) -> Result<Vec<(SpaceId, i64)>, StoreError> {
        self.rows("SELECT space, changed FROM space", (), |row| {
            Ok((id(row, 0, SpaceId::from_slice)?, row.get(1)?))
        })
    }
}

impl Writer<'_> {
    /// Stores a value under a name, instead of any before.
    pub fn set_setting(&mut self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO setting (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![name, value],
        )?;
        Ok(())
    }

    /// Forgets the value under a name.
    pub fn remove_setting(&mut self, name: &str) -> Result<(), StoreError> {
        self.run("DELETE FROM setting WHERE name = ?1", [name])?;
        Ok(())
    }

    /// Adds a space, or changes everything but its id.
    pub fn put_space(&mut self, row: &SpaceRow) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO space (space, purpose, label, on_server, incarnation, cursor, standing,
                 chain_length, chain_head, backfilling, gaps, unacknowledged, rotation_due,
                 sent_through, received_ms, handle, answer_due, bodies_missed, blobs_compared,
                 blobs_lost)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                 ?19, ?20)
             ON CONFLICT (space) DO UPDATE SET
                 purpose = excluded.purpose, label = excluded.label,
                 on_server = excluded.on_server, incarnation = excluded.incarnation,
                 cursor = excluded.cursor, standing = excluded.standing,
                 chain_length = excluded.chain_length, chain_head = excluded.chain_head,
                 backfilling = excluded.backfilling, gaps = excluded.gaps,
                 unacknowledged = excluded.unacknowledged, rotation_due = excluded.rotation_due,
                 sent_through = excluded.sent_through, received_ms = excluded.received_ms,
                 handle = excluded.handle, answer_due = excluded.answer_due,
                 bodies_missed = excluded.bodies_missed,
                 blobs_compared = excluded.blobs_compared,
                 blobs_lost = excluded.blobs_lost",
            params![
                row.space.as_bytes(),
                row.purpose.as_str(),
                row.label.as_ref().map(DocumentId::as_bytes),
                row.on_server,
                row.incarnation.as_ref().map(Incarnation::as_bytes),
                signed(row.cursor.0, "cursor")?,
                match row.standing {
                    SpaceStanding::Waiting => 0,
                    SpaceStanding::Member => 1,
                    SpaceStanding::Gone => 2,
                    SpaceStanding::Ended => 3,
                    SpaceStanding::Forgotten => 4,
                },
                signed(row.chain_length, "chain length")?,
                row.chain_head.as_bytes(),
                row.backfilling,
                row.gaps,
                row.unacknowledged,
                row.rotation_due,
                row.sent_through,
                row.received_ms,
                row.handle.as_bytes(),
                row.answer_due,
                signed(row.bodies_missed, "bodies missed")?,
                signed(row.blobs_compared.0, "cursor")?,
                signed(row.blobs_lost, "lost blobs")?,
            ],
        )?;
        Ok(())
    }

    /// Forgets a space and everything in it: for one that only this device ever knew, after its
    /// content went elsewhere in the same transaction or before.
    pub fn forget_space(&mut self, id: SpaceId) -> Result<(), StoreError> {
        self.clear_items(id)?;
        for sql in [
            "DELETE FROM blob WHERE space = ?1",
            "DELETE FROM outbox WHERE space = ?1",
            "DELETE FROM log WHERE space = ?1",
            "DELETE FROM epoch_key WHERE space = ?1",
            "DELETE FROM statement WHERE space = ?1",
            "DELETE FROM false_rotation WHERE space = ?1",
            "DELETE FROM dropped WHERE space = ?1",
            "DELETE FROM drop_awaited WHERE space = ?1",
            "DELETE FROM letting_go WHERE space = ?1",
            "DELETE FROM warning WHERE space = ?1",
            "DELETE FROM space WHERE space = ?1",
        ] {
            self.run(sql, [id.as_bytes()])?;
        }
        Ok(())
    }
}

fn space(row: &Row<'_>) -> Result<SpaceRow, StoreError> {
    Ok(SpaceRow {
        space: id(row, 0, SpaceId::from_slice)?,
        purpose: purpose(&row.get::<_, String>(1)?)?,
        label: optional_id(row, 2, DocumentId::from_slice)?,
        on_server: row.get(3)?,
        incarnation: optional_id(row, 4, Incarnation::from_slice)?,
        cursor: LogNumber(unsigned(row, 5)?),
        standing: match row.get(6)? {
            0 => SpaceStanding::Waiting,
            1 => SpaceStanding::Member,
            3 => SpaceStanding::Ended,
            4 => SpaceStanding::Forgotten,
            _ => SpaceStanding::Gone,
        },
        chain_length: unsigned(row, 7)?,
        chain_head: id(row, 8, StatementHash::from_slice)?,
        backfilling: row.get(9)?,
        gaps: row.get(10)?,
        unacknowledged: row.get(11)?,
        rotation_due: row.get(12)?,
        sent_through: row.get(13)?,
        received_ms: row.get(14)?,
        handle: id(row, 15, |bytes| bytes.try_into().map(Handle::new))?,
        answer_due: row.get(16)?,
        bodies_missed: unsigned(row, 17)?,
        blobs_compared: LogNumber(unsigned(row, 18)?),
        blobs_lost: unsigned(row, 19)?,
    })
}

fn purpose(word: &str) -> Result<Purpose, StoreError> {
    word.parse()
        .map_err(|_| StoreError::Damaged("a space has no purpose that is known".to_owned()))
}
