//! Passphrases as argon2id hashes.

use companion_core::ports::Rng;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{AccountsError, opaque_string};

/// NIST SP 800-63B-4 asks for fifteen characters where a passphrase stands alone.
pub(super) const SHORTEST: usize = 15;
pub(super) const LONGEST: usize = 1024;

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A hash with what it takes to make it again.
pub(super) struct Hashed {
    pub(super) salt: [u8; 16],
    pub(super) hash: [u8; 32],
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
}

/// The form of a passphrase that is hashed, if it may be set.
pub(super) fn checked(passphrase: &str) -> Result<Zeroizing<String>, AccountsError> {
    if passphrase.len() > LONGEST {
        return Err(AccountsError::LongPassphrase);
    }
    let prepared = opaque_string::prepared(passphrase).ok_or(AccountsError::UnsteadyPassphrase)?;
    if prepared.chars().count() < SHORTEST {
        return Err(AccountsError::BadPassphrase);
    }
    Ok(prepared)
}

impl Hashed {
    pub(super) fn new(passphrase: &str, rng: &dyn Rng) -> Result<Self, AccountsError> {
        let passphrase = checked(passphrase)?;
        let mut hashed = Self {
            salt: companion_core::ports::random(rng),
            hash: [0; 32],
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
        };
        hashed.hash = hashed.derive(&passphrase)?;
        Ok(hashed)
    }

    /// A hash that no passphrase fits: an unknown name must take as long as a known one.
    pub(super) fn of_nobody() -> Self {
        Self {
            salt: [0; 16],
            hash: [0; 32],
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
        }
    }

    pub(super) fn fits(&self, passphrase: &str) -> Result<bool, AccountsError> {
        // A megabyte of passphrase would only burn time; it can't be right.
        if passphrase.len() > LONGEST {
            return Ok(false);
        }
        // What could never be set fits nobody, and takes as long to say so.
        let prepared = opaque_string::prepared(passphrase).unwrap_or_default();
        Ok(self.derive(&prepared)?.ct_eq(&self.hash).into())
    }

    fn derive(&self, passphrase: &str) -> Result<[u8; 32], AccountsError> {
        let params = argon2::Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map_err(|_| AccountsError::Hash)?;
        let hasher =
            argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let mut hash = [0; 32];
        hasher
            .hash_password_into(passphrase.as_bytes(), &self.salt, &mut hash)
            .map_err(|_| AccountsError::Hash)?;
        Ok(hash)
    }
}
