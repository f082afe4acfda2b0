//! The beginning of every test: a time, a folder, a server, a network.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use companion_core::HttpNetwork;
use companion_core::ports::testing::{ManualClock, SeededRng};
use companion_core::ports::{Clock as _, Moment, Network, Rng};
use sync_server::storage::sqlite::back_up_file;
use tempfile::TempDir;

use crate::local::{LocalNetwork, Slot};
use crate::node::Node;
use crate::phone::Phone;
use crate::server::TestServer;

/// 2026-03-02 09:00 UTC, a Monday.
pub(crate) const START_MS: i64 = 1_772_442_000_000;
/// One minute.
pub(crate) const MINUTE_MS: i64 = 60 * 1000;

/// Everything that the participants of a test share. Cloning it gives the same world.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    seed: u64,
    clock: Arc<ManualClock>,
    // Before the folder, so that it is stopped before its files go.
    server: TestServer,
    network: Arc<dyn Network>,
    made: AtomicU64,
    open_files: AtomicBool,
    folder: TempDir,
}

impl World {
    /// A world with a real server behind real sockets on a free port.
    pub fn over_http() -> Self {
        let (folder, clock) = ground();
        let server = TestServer::over_http(&folder.path().join("server"), &clock);
        let network = Arc::new(HttpNetwork::new(Arc::new(SeededRng::new(1))).unwrap());
        Self::new(0, clock, server, network, folder)
    }

    /// A world whose server is called without sockets: everything in it follows from the seed.
    pub fn in_memory(seed: u64) -> Self {
        let (folder, clock) = ground();
        let slot = Arc::new(Slot::default());
        let server = TestServer::in_memory(&folder.path().join("server"), &clock, &slot);
        Self::new(seed, clock, server, Arc::new(LocalNetwork(slot)), folder)
    }

    fn new(
        seed: u64,
        clock: Arc<ManualClock>,
        server: TestServer,
        network: Arc<dyn Network>,
        folder: TempDir,
    ) -> Self {
        Self(Arc::new(Inner {
            seed,
            clock,
            server,
            network,
            made: AtomicU64::new(0),
            open_files: AtomicBool::new(false),
            folder,
        }))
    }

    /// The server.
    pub fn server(&self) -> &TestServer {
        &self.0.server
    }

    /// Another server, which holds nothing and takes over from this world's.
    pub fn another_server(&self) -> TestServer {
        let server = TestServer::over_http(&self.new_folder("server"), &self.0.clock);
        server.take_over();
        server
    }

    /// A server at another address that holds a copy of this world's data.
    pub fn server_with(&self, backup: &Path) -> TestServer {
        let folder = self.new_folder("server");
        back_up_file(backup, &sync_server::config::database(&folder)).unwrap();
        TestServer::over_http(&folder, &self.0.clock)
    }

    /// The right time.
    pub fn clock(&self) -> &Arc<ManualClock> {
        &self.0.clock
    }

    /// The right time, now.
    pub fn now(&self) -> Moment {
        self.0.clock.now()
    }

    /// Phones and nodes that are made from now on keep files without encryption, so that a test sees what is in them.
    pub fn open_files(&self) {
        self.0.open_files.store(true, Ordering::Relaxed);
    }

    pub(crate) fn has_open_files(&self) -> bool {
        self.0.open_files.load(Ordering::Relaxed)
    }

    /// Lets minutes pass.
    pub fn minutes_pass(&self, minutes: i64) {
        self.0.clock.advance_ms(minutes * MINUTE_MS);
    }

    /// Lets days pass.
    pub fn days_pass(&self, days: i64) {
        self.minutes_pass(days * 24 * 60);
    }

    /// A new clinic's node, registered at the server.
    pub fn clinic(&self, name: &str) -> Node {
        Node::init(self, name)
    }

    /// A clinic's node that the server's operator does not know.
    pub fn unregistered_clinic(&self, name: &str) -> Node {
        Node::init_unregistered(self, name)
    }

    /// A phone fresh out of the box, paired with nobody.
    pub fn phone(&self, name: &str) -> Phone {
        Phone::new(self, name)
    }

    /// A folder that nobody else uses; gone when the world ends.
    pub fn new_folder(&self, name: &str) -> PathBuf {
        let number = self.number();
        let folder = self.0.folder.path().join(format!("{number:03}-{name}"));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Randomness of its own: no two calls give the same, two runs do.
    pub fn rng(&self) -> Arc<dyn Rng> {
        Arc::new(SeededRng::new(
            self.0
                .seed
                .wrapping_mul(1_000_003)
                .wrapping_add(self.number()),
        ))
    }

    /// The network without faults.
    pub fn network(&self) -> Arc<dyn Network> {
        Arc::clone(&self.0.network)
    }

    /// Where everything of this world lives on disk.
    pub fn folder(&self) -> &Path {
        self.0.folder.path()
    }

    fn number(&self) -> u64 {
        self.0.made.fetch_add(1, Ordering::SeqCst)
    }
}

/// In memory where the machine allows it: whether bytes reach a platter is not what these tests
/// are about, and waiting for it is most of their time.
fn ground() -> (TempDir, Arc<ManualClock>) {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir())
    } else {
        tempfile::tempdir()
    }
    .unwrap();
    (
        folder,
        Arc::new(ManualClock::new(Moment {
            unix_ms: START_MS,
            offset_minutes: 60,
        })),
    )
}
