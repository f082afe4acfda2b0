//! Getting a replica and a server to hold the same: what to ask, what to send, what to make of the
//! answers. Straight procedures over an injected [`Transport`](crate::ports::Transport), so a whole
//! clinic with its phones runs inside one deterministic test; [`http`] is the one place with sockets.
//!
//! The replica is locked only between requests, never while one is under way: a person can go on
//! writing during a slow sync.

mod exchange;
pub mod http;
mod membership;
mod offer;
mod report;
mod round;

use std::sync::Arc;

pub(crate) use exchange::{Line, Signer, lock as lock_replica, sign_request};
pub(crate) use membership::{enter, extend_with, read_chain, statements_from};
pub(crate) use offer::{may_have_left, push};
pub use report::{SyncProblem, SyncReport, Warning, WarningCode};
pub(crate) use round::{GRANT, ensure_on_server, pull_quietly, rotate_if_wanted, run, turn_key_if};

use companion_protocol::api::Hint;

use crate::ports::{Request, Transport, TransportError};

/// Makes a signed request for the stream of hints; called anew for each connection.
pub type HintRequest = Arc<dyn Fn() -> Option<Request> + Send + Sync>;
/// Receives hints.
pub type OnHint = Box<dyn Fn(Hint) + Send + Sync>;

/// The way to servers.
pub trait Network: Send + Sync {
    /// A way to the server at this base address.
    fn transport(&self, server: &str) -> Result<Arc<dyn Transport>, TransportError>;

    /// Host and port as they are signed: lower case, the scheme's own port left out.
    fn authority(&self, server: &str) -> Result<String, TransportError>;

    /// Listens for hints until the handle is dropped, connecting again with jitter when the
    /// connection ends. Nothing depends on a hint arriving.
    fn listen(
        &self,
        server: &str,
        request: HintRequest,
        on_hint: OnHint,
    ) -> Result<WatchHandle, TransportError>;
}

/// Dropping it stops the listening.
pub struct WatchHandle(#[allow(dead_code)] Box<dyn std::any::Any + Send + Sync>);

impl WatchHandle {
    /// Keeps `guard` alive for as long as somebody listens.
    pub fn new(guard: impl std::any::Any + Send + Sync) -> Self {
        Self(Box::new(guard))
    }
}

impl std::fmt::Debug for WatchHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WatchHandle")
    }
}
