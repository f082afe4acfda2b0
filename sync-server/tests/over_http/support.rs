//! A clinic, members, and a raw HTTP client that can also misbehave.

pub(crate) mod client;
pub(crate) mod papers;
pub(crate) mod people;
pub(crate) mod program;

use std::net::SocketAddr;
use std::sync::Arc;

use companion_protocol::api::{Info, path};
use companion_protocol::id::MemberId;
use sync_server::storage::Clinic;
use sync_server::{Config, ManualClock, Running, Server};

/// 2026-11-23 20:00 UTC.
pub(crate) const NOW_MS: i64 = 1_795_464_000_000;

/// A running server over a folder that goes away with it.
pub(crate) struct Relay {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) config: Config,
    pub(crate) running: Option<Running>,
    pub(crate) folder: tempfile::TempDir,
}

impl Relay {
    pub(crate) fn start() -> Self {
        Self::start_with(|_| {})
    }

    pub(crate) fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::new(&folder.path().join("data"));
        config.limits = sync_server::config::Limits::without_rates();
        change(&mut config);
        let clock = Arc::new(ManualClock::at(NOW_MS));
        let running = Server::start(config.clone(), clock.clone()).unwrap();
        Self {
            clock,
            config,
            running: Some(running),
            folder,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.running.as_ref().unwrap().address()
    }

    pub(crate) fn counts(&self) -> sync_server::Counts {
        self.running.as_ref().unwrap().counts()
    }

    /// Asserts that an honest request is answered.
    pub(crate) fn is_up(&self) {
        let _: Info = client::Request::new("GET", path::INFO, Vec::new())
            .send(self)
            .json();
    }

    /// Asks for the server's information from another address of this machine.
    pub(crate) fn from(&self, address: &str) -> client::Answer {
        client::asked_from(address, self.address())
    }

    pub(crate) fn register(&self, key: MemberId, max_spaces: u64, max_bytes: u64) {
        let clinic = Clinic {
            key,
            label: "Clinic".into(),
            max_spaces,
            max_bytes,
        };
        self.running
            .as_ref()
            .unwrap()
            .storage()
            .register_clinic(clinic)
            .unwrap();
    }

    /// Stops the server; the folder stays.
    pub(crate) fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.shutdown();
        }
    }

    /// Starts the server again over the same folder.
    pub(crate) fn start_again(&mut self) {
        self.stop();
        self.running = Some(Server::start(self.config.clone(), self.clock.clone()).unwrap());
    }
}
