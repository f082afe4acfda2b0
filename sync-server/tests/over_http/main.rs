//! The server as a member meets it: over real HTTP, on a free port, with a clock that stands still.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod callers;
mod chains;
mod changes;
mod founding;
mod happy;
mod hostile;
mod killed;
mod limits;
mod restore;
mod support;
mod tls;
