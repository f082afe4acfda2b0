//! The whole companion without a screen: the record of the work between visits, kept on this
//! device, encrypted, and shared only with the members of a space.
//!
//! Sans-I/O in the middle, I/O at the edge: see `ARCHITECTURE.md` for who may know what.

pub mod document;
pub mod domain;
pub mod ports;
pub mod store;
