//! Places for a key, good and bad.

use std::sync::{Arc, Mutex};

use companion_ffi::{KeyVault, VaultError};

/// How a vault behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Good,
    Locked,
    Failing,
}

/// A vault in memory.
pub(crate) struct Vault {
    sort: Sort,
    key: Mutex<Option<Vec<u8>>>,
}

impl Vault {
    pub(crate) fn new(sort: Sort, key: Option<Vec<u8>>) -> Arc<Self> {
        let key = Mutex::new(key);
        Arc::new(Self { sort, key })
    }

    pub(crate) fn kept(&self) -> Option<Vec<u8>> {
        self.key.lock().unwrap().clone()
    }
}

impl KeyVault for Vault {
    fn key(&self) -> Result<Option<Vec<u8>>, VaultError> {
        match self.sort {
            Sort::Good => Ok(self.kept()),
            Sort::Locked => Err(VaultError::Locked),
            Sort::Failing => Err(VaultError::Unavailable {
                reason: "no key chain".to_owned(),
            }),
        }
    }

    fn keep_key(&self, key: Vec<u8>) -> Result<(), VaultError> {
        *self.key.lock().unwrap() = Some(key);
        Ok(())
    }
}
