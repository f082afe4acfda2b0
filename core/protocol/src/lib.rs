//! What travels in KAP Companion, and who may say it.
//!
//! Everything here is pure and total: any bytes in, a value or a typed error out. No decryption key
//! ever enters this crate, so whoever depends on it alone (the sync server) cannot read a record.
//!
//! The byte layouts are documented in `WIRE.md` beside this crate.

#![warn(clippy::missing_errors_doc)]

pub mod api;
pub mod chain;
pub mod change;
pub mod grant;
pub mod id;
pub mod request;
pub mod statement;
pub mod suite;
pub mod wire;
