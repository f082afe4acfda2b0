//! Each space's chain of statements, and its epoch keys.

use companion_protocol::id::{Epoch, SpaceId, StatementHash};
use rusqlite::params;

use super::rows::{id, signed, unsigned};
use super::{Reader, StoreError, Writer};

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
}

fn secret(bytes: &[u8]) -> Result<[u8; 32], std::array::TryFromSliceError> {
    bytes.try_into()
}

impl Writer<'_> {
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
