//! The server as a member meets it: over real HTTP, on a free port, with a clock that stands still.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod blobs;
mod budgets;
mod callers;
mod chains;
mod changes;
mod ending;
mod founding;
mod front_door;
mod happy;
mod histories;
mod hostile;
mod http2;
mod killed;
mod limits;
mod newcomers;
mod restore;
mod rewinding;
mod room;
mod statements;
mod support;
mod tls;
mod unlinkable;
mod vouching;
