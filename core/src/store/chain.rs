//! Each space's chain of statements, its epoch keys, and the invites made here.

use companion_protocol::id::{Epoch, InviteKey, SpaceId, StatementHash};
use rusqlite::params;

use super::rows::{id, signed, unsigned};
use super::{Reader, StoreError, Writer};

/// An invite that was made on this device.
#[derive(Clone, PartialEq, Eq)]
pub struct InviteRow {
    /// Its public key, as the chain has it.
    pub key: InviteKey,
    /// The seed that travels in the link.
    pub secret: [u8; 32],
    /// The role that it gives, as the wire writes it.
    pub role: u8,
    /// When it expires, in milliseconds since 1970.
    pub expires_ms: i64,
}

impl std::fmt::Debug for InviteRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InviteRow")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl Reader<'_> {
    /// All statements of a space's chain, first to last.
    pub fn statements(&self, space: SpaceId) -> Result<Vec<Vec<u8>>, StoreError> {
        self.rows(
            "SELECT bytes FROM statement WHERE space = ?1 ORDER BY sequence",
            [space.as_bytes()],
            |row| Ok(row.get(0)?),
        )
    }

    /// The key of one epoch, if this device has it.
    pub fn epoch_key(&self, space: SpaceId, epoch: Epoch) -> Result<Option<[u8; 32]>, StoreError> {
        self.row(
            "SELECT key FROM epoch_key WHERE space = ?1 AND epoch = ?2",
            params![space.as_bytes(), epoch.0],
            |row| id(row, 0, secret),
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

    /// The secret of an invite made here.
    pub fn invite_secret(
        &self,
        space: SpaceId,
        key: InviteKey,
    ) -> Result<Option<[u8; 32]>, StoreError> {
        self.row(
            "SELECT secret FROM invite WHERE space = ?1 AND key = ?2",
            params![space.as_bytes(), key.as_bytes()],
            |row| id(row, 0, secret),
        )
    }

    /// The invites made here for a space, oldest first.
    pub fn invites(&self, space: SpaceId) -> Result<Vec<InviteRow>, StoreError> {
        self.rows(
            "SELECT key, secret, role, expires_ms FROM invite WHERE space = ?1 ORDER BY rowid",
            [space.as_bytes()],
            |row| {
                Ok(InviteRow {
                    key: id(row, 0, InviteKey::from_slice)?,
                    secret: id(row, 1, secret)?,
                    role: row.get(2)?,
                    expires_ms: row.get(3)?,
                })
            },
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

    /// Remembers an invite made here.
    pub fn put_invite(
        &mut self,
        space: SpaceId,
        key: InviteKey,
        secret: &[u8; 32],
        role: u8,
        expires_ms: i64,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO invite (space, key, secret, role, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (space, key) DO UPDATE SET
                 secret = excluded.secret, role = excluded.role, expires_ms = excluded.expires_ms",
            params![space.as_bytes(), key.as_bytes(), secret, role, expires_ms],
        )?;
        Ok(())
    }

    /// Forgets an invite that was used, expired or withdrawn.
    pub fn remove_invite(&mut self, space: SpaceId, key: InviteKey) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM invite WHERE space = ?1 AND key = ?2",
            params![space.as_bytes(), key.as_bytes()],
        )?;
        Ok(())
    }
}
