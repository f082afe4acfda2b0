//! A whole clinic with its phones and its server in one process, for tests: real facades, real
//! stores, the real server; only time, chance and the network are in the test's hand.
//!
//! [`World`] begins everything. `World::over_http()` talks through sockets to a server on a free
//! port; `World::in_memory(seed)` calls the same server's router directly, and then a seed decides
//! everything. Each participant's way to the server is wrapped in [`Faults`], which can lose,
//! repeat, cut and replace what travels, and let somebody else act in the middle of a request.
//!
//! Nothing here is fit for production: it panics on any surprise, as a test should.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::missing_panics_doc
)]

mod canary;
mod clock;
mod faults;
mod home;
mod hostile;
mod local;
mod node;
mod phone;
mod server;
mod taken_along;
mod world;

pub use canary::{Canary, Logs, capture_logs, plain_bytes, raw_bytes};
pub use clock::ParticipantClock;
pub use faults::{Exchange, Fault, Faults, FaultyNetwork};
pub use home::Copy;
pub use hostile::{
    Insider, at_length, code, edit_payload, entry_payload, new_payload, new_payload_with, reason,
    signed, stranger,
};
pub use node::{Node, attended, shown};
pub use phone::{Phone, checked_in, note, private_note};
pub use server::TestServer;
pub use taken_along::{TakenAlong, differences};
pub use world::World;
