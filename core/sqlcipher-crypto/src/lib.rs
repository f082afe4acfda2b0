//! What SQLCipher encrypts with: AES-256-CBC, HMAC-SHA-512, PBKDF2 and the system's randomness, from RustCrypto's
//! crates, through the place that SQLCipher has for a cipher library of one's own (`SQLCIPHER_CRYPTO_CUSTOM`).
//!
//! OpenSSL would be 3 MiB of an app for these four, and minutes of each first build. The file stays SQLCipher's own
//! format 4: a database that was written with OpenSSL opens (`tests/files.rs`).
//!
//! This crate has the name of OpenSSL's so that SQLCipher's own crate links it, in the order that a linker wants.

mod algorithms;
mod provider;

pub use provider::{Provider, companion_sqlcipher_setup};
