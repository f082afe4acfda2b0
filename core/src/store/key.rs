//! The key of a store file.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The raw 256-bit key that a store file is encrypted with. It lives in the platform's keychain,
/// never beside the file. Wiped from memory when dropped; never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct StoreKey([u8; 32]);

impl StoreKey {
    /// How many bytes a key has.
    pub const LENGTH: usize = 32;

    /// Takes the bytes as they are. They must come from a random source, not from a passphrase:
    /// the file's encryption does no stretching of its own.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// No key: the file stands as it is, so that a test can look at its pages.
    #[cfg(any(test, feature = "testing"))]
    pub const NONE: StoreKey = StoreKey(*b"no key at all: pages as they are");

    /// A fresh key.
    pub fn random(rng: &dyn crate::ports::Rng) -> Self {
        Self(crate::ports::random(rng))
    }

    /// The bytes, to hand to a keychain.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The statement that gives the key to SQLCipher in raw form.
    pub(super) fn pragma(&self) -> Zeroizing<String> {
        #[cfg(any(test, feature = "testing"))]
        if *self == Self::NONE {
            return Zeroizing::default();
        }
        let digits = Zeroizing::new(data_encoding::HEXLOWER.encode(&self.0));
        // Room for the whole text at once, so that growing leaves no copy behind.
        let mut text = Zeroizing::new(String::with_capacity(96));
        text.push_str("PRAGMA key = \"x'");
        text.push_str(&digits);
        text.push_str("'\"");
        text
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreKey(..)")
    }
}
