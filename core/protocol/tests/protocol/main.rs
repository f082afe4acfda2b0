//! Tests of the protocol from outside: what another implementation, or an attacker, would send.
//! One test binary, so that one linking is enough.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod authority;
mod blobs;
mod chain_rules;
mod change_rules;
mod fixtures;
mod forms;
mod low_order;
mod random_bytes;
mod random_chains;
mod requests;
mod shapes;
mod strategies;
mod vectors;
