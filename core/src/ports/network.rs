//! The way to servers: one for requests, one for hints.

use std::sync::Arc;

use companion_protocol::api::Hint;

use super::{Request, Transport, TransportError};

/// Makes a signed request for the stream of hints; called anew for each connection. `None` while
/// nothing may go to the network.
pub type HintRequest = Arc<dyn Fn() -> Option<Request> + Send + Sync>;
/// Receives hints.
pub type OnHint = Box<dyn Fn(Hint) + Send + Sync>;

/// Which connections something goes over: one lane for each identity of an installation, so that no
/// connection tells the server that two of them are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane([u8; 16]);

impl Lane {
    /// A lane by its name.
    pub const fn new(name: [u8; 16]) -> Self {
        Self(name)
    }
}

/// What sending costs whoever holds the phone, as far as the shell knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NetworkKind {
    /// Nobody counts bytes, or the shell can't tell.
    #[default]
    Unmetered,
    /// The person pays by the amount, or has only so much of it.
    Metered,
}

/// The way to servers.
pub trait Network: Send + Sync {
    /// What the network is at this moment; asked at each exchange.
    fn kind(&self) -> NetworkKind {
        NetworkKind::default()
    }

    /// A way to the server at this base address. What goes by one lane shares no connection with what
    /// goes by another.
    ///
    /// # Errors
    ///
    /// [`TransportError::BadRequest`] for an address that could never work.
    fn transport(&self, server: &str, lane: &Lane) -> Result<Arc<dyn Transport>, TransportError>;

    /// Host and port as they are signed: lower case, the scheme's own port left out.
    ///
    /// # Errors
    ///
    /// [`TransportError::BadRequest`] for an address that could never work.
    fn authority(&self, server: &str) -> Result<String, TransportError>;

    /// Listens for hints until the handle is dropped, connecting again with jitter when the
    /// connection ends. Nothing depends on a hint arriving.
    ///
    /// # Errors
    ///
    /// [`TransportError::BadRequest`] for an address that could never work.
    fn listen(
        &self,
        server: &str,
        lane: &Lane,
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
