//! What the tests of these objects share, here and in `tests/`: a vault in memory, and waiting for a call.

use std::future::Future;
use std::sync::Mutex;

use companion_ffi::{KeyVault, VaultError};

/// A vault in memory.
#[derive(Default)]
pub(crate) struct Vault {
    pub(crate) key: Mutex<Option<Vec<u8>>>,
    /// It says that it kept a key, and did not.
    pub(crate) forgets: bool,
}

impl KeyVault for Vault {
    fn key(&self) -> Result<Option<Vec<u8>>, VaultError> {
        Ok(self.key.lock().unwrap().clone())
    }

    fn keep_key(&self, key: Vec<u8>) -> Result<(), VaultError> {
        if !self.forgets {
            *self.key.lock().unwrap() = Some(key);
        }
        Ok(())
    }
}

/// Waits for a call, on this thread.
pub(crate) fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(work)
}
