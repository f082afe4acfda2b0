//! The whole companion without a screen: the record of the work between visits, kept on this
//! device, encrypted, and shared only with the members of a space.
//!
//! Sans-I/O in the middle, I/O at the edge: see `ARCHITECTURE.md` for who may know what. A shell
//! calls [`patient::Patient`], the console [`clinic::Clinic`]; the other modules are theirs.

pub mod clinic;
pub mod document;
pub mod domain;
pub mod error;
pub mod patient;
pub mod ports;
mod record;
mod replica;
pub mod space;
pub mod store;
pub mod sync;

pub use companion_protocol as protocol;
pub use error::{CoreError, Result};
pub use record::RecordCheck;
pub use replica::{Ports, Purpose};
