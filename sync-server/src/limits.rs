//! How much one caller may take: rates by address and by member, requests answered once only, and
//! event streams.

mod address;
mod rates;
mod replay;
mod streams;

pub(crate) use address::{Peer, peer};
pub(crate) use rates::Rates;
pub(crate) use replay::{Nonces, Seen};
pub(crate) use streams::{StreamPermit, Streams};
