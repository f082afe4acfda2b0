//! What a shell brings along: a place for the key, and somebody who listens to what happens.

use std::sync::Arc;

use companion_core::StoreKey;
use companion_core::ports::Rng;
use zeroize::Zeroize as _;

use crate::error::{CompanionError, Result};

/// The platform's place for secrets: the Keychain, the Keystore. Called on a thread of this library, while a record is
/// opened; it may wait for a person (Face ID, a passcode).
#[uniffi::export(foreign)]
pub trait KeyVault: Send + Sync {
    /// The record's key as it was given to `keep_key`; nothing where none was kept yet.
    ///
    /// # Errors
    ///
    /// `Locked` where it can't be read now, so that no second key is made in its place.
    fn key(&self) -> Result<Option<Vec<u8>>, VaultError>;

    /// Keeps a new key: 32 bytes, for this device alone, left out of backups.
    ///
    /// # Errors
    ///
    /// `Unavailable` where it can't be kept; the record is not made then.
    fn keep_key(&self, key: Vec<u8>) -> Result<(), VaultError>;
}

/// Why the platform's place for secrets gives no key.
#[derive(Debug, Clone, thiserror::Error, uniffi::Error)]
pub enum VaultError {
    /// The phone is locked, or the person did not unlock it.
    #[error("the key is locked")]
    Locked,
    /// It failed.
    #[error("the key can't be reached: {reason}")]
    Unavailable {
        /// In the platform's words.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for VaultError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // What the shell threw can hold anything: it is not repeated.
        VaultError::Unavailable {
            reason: "the app's own code failed".to_owned(),
        }
    }
}

/// Hears what this library does: words for a developer, never a word of the record. Called on any thread; what it
/// throws is ignored.
#[uniffi::export(foreign)]
pub trait EventLog: Send + Sync {
    /// One line.
    fn line(&self, line: LogLine);
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LogLine {
    /// What it is about: `open`, `pause`, `sync`, `panic`.
    pub what: String,
    /// How it went, in a word or a code.
    pub how: String,
}

/// The record's key: the vault's, or a new one that the vault has kept.
pub(crate) fn key(vault: &Arc<dyn KeyVault>, rng: &dyn Rng, is_new: bool) -> Result<StoreKey> {
    match vault.key()? {
        Some(mut bytes) => {
            let key = <[u8; StoreKey::LENGTH]>::try_from(&*bytes).map(StoreKey::new);
            bytes.zeroize();
            key.map_err(|_| CompanionError::NoKey)
        }
        // A record that is there was made with another key: a new one could only hide that.
        None if !is_new => Err(CompanionError::NoKey),
        None => {
            let key = StoreKey::random(rng);
            vault.keep_key(key.as_bytes().to_vec())?;
            // A record whose key nobody has would be lost with all that is written into it.
            let mut kept = vault.key()?.unwrap_or_default();
            let is_kept = *kept == key.as_bytes()[..];
            kept.zeroize();
            match is_kept {
                true => Ok(key),
                false => Err(VaultError::Unavailable {
                    reason: "the new key was not kept".to_owned(),
                }
                .into()),
            }
        }
    }
}
