//! How much one caller may take: rates by address and by member, a budget of statements,
//! requests answered once only, and shares of what is held at the same time.

mod address;
mod rates;
mod replay;
mod shares;
mod statements;

pub(crate) use address::{Peer, peer};
pub(crate) use rates::Rates;
pub(crate) use replay::{Nonces, Seen};
pub(crate) use shares::{Full, Holder, Most, Share, Shares};
pub(crate) use statements::Statements;
