//! The promises of the design, each with tests that try to break it, over the real server and,
//! where it matters, real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod delivery;
mod devices;
mod durability;
mod hostile;
mod interruptions;
mod pairing;
mod privacy;
mod restore;
