//! Each space's chain of statements, its epoch keys, and the rotations that were found to be false.

use companion_protocol::id::{Epoch, MemberId, SpaceId, StatementHash};
use rusqlite::params;

use super::rows::{id, optional_id, signed, unsigned};
use super::{Reader, StoreError, Writer};
use crate::space::rotation::{FalseRotation, Falsehood};

impl Reader<'_> {
    /// All statements of a space's chain, first to last.
    pub fn statements(&self, space: SpaceId) -> Result<Vec<Vec<u8>>, StoreError> {
        self.rows(
            "SELECT bytes FROM statement WHERE space = ?1 ORDER BY sequence",
            [space.as_bytes()],
            |row| Ok(row.get(0)?),
        )
    }

    /// All epoch keys of a space, oldest first.
    pub fn epoch_keys(&self, space: SpaceId) -> Result<Vec<(Epoch, [u8; 32])>, StoreError> {
        self.rows(
            "SELECT epoch, key FROM epoch_key WHERE space = ?1 ORDER BY epoch",
            [space.as_bytes()],
            |row| Ok((Epoch(row.get(0)?), id(row, 1, secret)?)),
        )
    }

    /// The rotations of a space that were found to be false, by epoch.
    pub fn false_rotations(&self, space: SpaceId) -> Result<Vec<FalseRotation>, StoreError> {
        self.rows(
            "SELECT epoch, author, at_ms, what, member, epoch_hidden FROM false_rotation
             WHERE space = ?1 ORDER BY epoch",
            [space.as_bytes()],
            |row| {
                let member = optional_id(row, 4, MemberId::from_slice)?;
                let hidden: Option<u32> = row.get(5)?;
                let what = match (row.get(3)?, member, hidden) {
                    (1, Some(member), _) => Falsehood::LocksOut(member),
                    (2, _, Some(epoch)) => Falsehood::HidesHistory(Epoch(epoch)),
                    _ => Falsehood::LockedOut,
                };
                Ok(FalseRotation {
                    epoch: Epoch(row.get(0)?),
                    by: id(row, 1, MemberId::from_slice)?,
                    at_ms: unsigned(row, 2)?,
                    what,
                })
            },
        )
    }
}

fn secret(bytes: &[u8]) -> Result<[u8; 32], std::array::TryFromSliceError> {
    bytes.try_into()
}

impl Writer<'_> {
    /// Forgets a space's chain and keys, to be written anew in the same transaction.
    pub fn clear_chain(&mut self, space: SpaceId) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM false_rotation WHERE space = ?1",
            "DELETE FROM epoch_key WHERE space = ?1",
            "DELETE FROM statement WHERE space = ?1",
        ] {
            self.run(sql, [space.as_bytes()])?;
        }
        Ok(())
    }

    /// Adds the next statement to a chain. The first has sequence 0.
    ///
    /// # Errors
    ///
    /// [`StoreError::OutOfOrder`] when `sequence` is not the next.
    pub fn append_statement(
        &mut self,
        space: SpaceId,
        sequence: u64,
        hash: StatementHash,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        let expected = self
            .row(
                "SELECT ifnull(max(sequence) + 1, 0) FROM statement WHERE space = ?1",
                [space.as_bytes()],
                |row| unsigned(row, 0),
            )?
            .unwrap_or_default();
        if sequence != expected {
            return Err(StoreError::OutOfOrder {
                given: sequence,
                expected,
            });
        }
        self.run(
            "INSERT INTO statement (space, sequence, hash, bytes) VALUES (?1, ?2, ?3, ?4)",
            params![
                space.as_bytes(),
                signed(sequence, "sequence")?,
                hash.as_bytes(),
                bytes
            ],
        )?;
        Ok(())
    }

    /// Notes that a rotation is false.
    pub fn put_false_rotation(
        &mut self,
        space: SpaceId,
        fault: &FalseRotation,
    ) -> Result<(), StoreError> {
        let (what, member, hidden) = match &fault.what {
            Falsehood::LockedOut => (0, None, None),
            Falsehood::LocksOut(member) => (1, Some(member.as_bytes()), None),
            Falsehood::HidesHistory(epoch) => (2, None, Some(epoch.0)),
        };
        self.run(
            "INSERT INTO false_rotation (space, epoch, author, at_ms, what, member, epoch_hidden)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (space, epoch) DO NOTHING",
            params![
                space.as_bytes(),
                fault.epoch.0,
                fault.by.as_bytes(),
                // Its author's clock may say anything; what this device keeps has 63 bits.
                i64::try_from(fault.at_ms).unwrap_or(i64::MAX),
                what,
                member,
                hidden
            ],
        )?;
        Ok(())
    }

    /// Stores the key of an epoch, instead of any before.
    pub fn put_epoch_key(
        &mut self,
        space: SpaceId,
        epoch: Epoch,
        key: &[u8; 32],
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO epoch_key (space, epoch, key) VALUES (?1, ?2, ?3)
             ON CONFLICT (space, epoch) DO UPDATE SET key = excluded.key
             WHERE key <> excluded.key",
            params![space.as_bytes(), epoch.0, key],
        )?;
        Ok(())
    }
}
