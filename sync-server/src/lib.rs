//! The blind relay: it numbers, keeps and hands out sealed changes for the members of a space, and
//! can read none of them. It depends on `companion-protocol` alone, where no decryption key exists.
//!
//! | module | holds |
//! |---|---|
//! | [`storage`] | atomic verbs over spaces, chains and logs, and the SQLite backend |
//! | `relay` | the rules: who may do what |
//! | `http` | routes, authentication, the layers around them |
//! | `limits` | rates, replays, shares |
//! | [`server`] | starting and stopping |
//! | [`cli`] | the program's commands |

mod chains;
pub mod cli;
mod clock;
pub mod config;
mod connections;
mod counts;
mod hints;
mod http;
mod limits;
mod measures;
mod random;
mod refusal;
mod relay;
pub mod server;
pub mod storage;
mod tls;

pub use clock::{Clock, ManualClock, SystemClock};
pub use config::Config;
pub use counts::Counts;
pub use server::{Running, Server, Service, StartError};
pub use tls::TlsError;
