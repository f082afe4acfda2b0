//! Two that open a record which is not there yet.
#![allow(clippy::unwrap_used)]

mod shared;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use companion_ffi::{KeyVault, OpenRequest, VaultError, open_record};

use shared::{Vault, wait};

/// How often a vault looks whether somebody else asks: far more often than another thread needs to do so.
const LOOKS: usize = 200_000;

/// A vault in memory that takes its time with a new key, as one that asks the person for a finger does.
#[derive(Default)]
struct Slow {
    vault: Vault,
    asked: AtomicUsize,
}

impl KeyVault for Slow {
    fn key(&self) -> Result<Option<Vec<u8>>, VaultError> {
        let key = self.vault.key();
        self.asked.fetch_add(1, Ordering::SeqCst);
        key
    }

    fn keep_key(&self, key: Vec<u8>) -> Result<(), VaultError> {
        for _ in 0..LOOKS {
            if self.asked.load(Ordering::SeqCst) > 1 {
                break;
            }
            std::thread::yield_now();
        }
        self.vault.keep_key(key)
    }
}

#[test]
fn two_that_find_no_record_make_one_with_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let request = || OpenRequest {
        path: folder.path().join("record.db").to_str().unwrap().to_owned(),
        trusted_root: None,
    };
    let vault = Arc::new(Slow::default());
    let open = || wait(open_record(request(), Arc::clone(&vault) as _, None, None));
    let (one, other) = std::thread::scope(|scope| {
        let other = scope.spawn(open);
        (open(), other.join().unwrap())
    });
    let (one, other) = (one.unwrap(), other.unwrap());
    drop((one, other));
    // The key that was kept is the one that it was made with.
    assert!(open().is_ok());
}
