//! The server under test: started, stopped, backed up and restored as an operator would.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use companion_core::ports::Clock as _;
use companion_core::ports::testing::ManualClock;
use companion_protocol::id::{MemberId, SpaceId};
use sync_server::config::{Limits, database};
use sync_server::storage::Clinic as Registration;
use sync_server::storage::rewinding::rewind_file;
use sync_server::storage::sqlite::{back_up_file, blobs_folder, replace_file};
use sync_server::{Config, Running, Server};

use crate::clock::ServerClock;
use crate::local::{Slot, URL};

enum Way {
    Http(Option<Running>),
    InMemory(Arc<Slot>, Option<sync_server::Service>),
}

/// A server on a data folder of its own.
pub struct TestServer {
    config: Mutex<Config>,
    clock: Arc<ManualClock>,
    way: Mutex<Way>,
    backups: Mutex<usize>,
}

impl TestServer {
    pub(crate) fn over_http(data: &Path, clock: &Arc<ManualClock>) -> Self {
        Self::start_as(data, clock, Way::Http(None))
    }

    pub(crate) fn in_memory(data: &Path, clock: &Arc<ManualClock>, slot: &Arc<Slot>) -> Self {
        Self::start_as(data, clock, Way::InMemory(Arc::clone(slot), None))
    }

    fn start_as(data: &Path, clock: &Arc<ManualClock>, way: Way) -> Self {
        let mut config = Config::new(data);
        config.limits = Limits::without_rates();
        config.metrics = None;
        let server = Self {
            config: Mutex::new(config),
            clock: Arc::clone(clock),
            way: Mutex::new(way),
            backups: Mutex::new(0),
        };
        server.start();
        server
    }

    /// Starts it where it was before: same folder, same port.
    pub fn start(&self) {
        let clock = Arc::new(ServerClock(Arc::clone(&self.clock)));
        let mut config = self.config.lock().unwrap();
        match &mut *self.way.lock().unwrap() {
            Way::Http(running) => {
                assert!(running.is_none(), "it runs already");
                let started = Server::start(config.clone(), clock).unwrap();
                config.listen = started.address();
                *running = Some(started);
            }
            Way::InMemory(slot, service) => {
                let started = sync_server::Service::open(config.clone(), clock).unwrap();
                slot.put(started.router());
                *service = Some(started);
            }
        }
    }

    /// Stops it; the data folder is free afterwards.
    pub fn stop(&self) {
        match &mut *self.way.lock().unwrap() {
            Way::Http(running) => running.take().unwrap().shutdown(),
            Way::InMemory(slot, service) => {
                slot.clear();
                drop(service.take().unwrap());
            }
        }
    }

    /// Stops and starts.
    pub fn restart(&self) {
        self.stop();
        self.start();
    }

    /// Gives each member the budget of statements that a server has by itself; in other tests there is none.
    pub fn with_usual_budget_of_statements(&self) {
        self.config.lock().unwrap().limits.statements = Limits::default().statements;
        self.restart();
    }

    /// The address that phones and clinics are given.
    pub fn url(&self) -> String {
        match &*self.way.lock().unwrap() {
            Way::Http(_) => format!("http://{}", self.config.lock().unwrap().listen),
            Way::InMemory(..) => URL.to_owned(),
        }
    }

    /// Host and port.
    pub fn authority(&self) -> String {
        self.url().trim_start_matches("http://").to_owned()
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.config.lock().unwrap().data.clone()
    }

    /// Registers a clinic with plenty of room.
    pub fn register(&self, key: MemberId) {
        self.register_with_room(key, 1_000, 1 << 40);
    }

    /// Registers a clinic.
    pub fn register_with_room(&self, key: MemberId, max_spaces: u64, max_bytes: u64) {
        let clinic = Registration {
            key,
            label: "a clinic".to_owned(),
            max_spaces,
            max_bytes,
        };
        match &*self.way.lock().unwrap() {
            Way::Http(running) => running.as_ref().unwrap().storage().register_clinic(clinic),
            Way::InMemory(_, service) => {
                service.as_ref().unwrap().storage().register_clinic(clinic)
            }
        }
        .unwrap();
    }

    /// Takes over from another server, as an operator says it by the command of that name.
    pub fn take_over(&self) {
        {
            let way = self.way.lock().unwrap();
            let storage = match &*way {
                Way::Http(running) => running.as_ref().unwrap().storage(),
                Way::InMemory(_, service) => service.as_ref().unwrap().storage(),
            };
            let life = sync_server::storage::Life {
                restored_at_ms: Some(self.clock.now().unix_ms),
                ..storage.life().unwrap()
            };
            storage.begin_life(life).unwrap();
        }
        self.restart();
    }

    /// Copies the database while it is in use.
    pub fn backup(&self) -> PathBuf {
        let mut count = self.backups.lock().unwrap();
        *count += 1;
        let data = self.data();
        let to = data.parent().unwrap().join(format!("backup-{count}.db"));
        back_up_file(&database(&data), &to).unwrap();
        to
    }

    /// Stops, puts a backup in the place of the database, starts again: a new incarnation.
    pub fn restore(&self, backup: &Path) {
        self.stop();
        replace_file(backup, &database(&self.data()), self.clock.now().unix_ms).unwrap();
        self.start();
    }

    /// Stops, cuts a space's chain back to so many statements, starts again.
    pub fn rewind(&self, space: SpaceId, length: u64) {
        self.stop();
        let file = database(&self.data());
        rewind_file(&file, space, length, self.clock.now().unix_ms).unwrap();
        self.start();
    }

    /// Puts a backup back without saying so: what an operator must not do, and a thief would.
    pub fn roll_back_in_secret(&self, backup: &Path) {
        self.stop();
        let database = database(&self.data());
        for ending in ["-wal", "-shm"] {
            let mut name = database.clone().into_os_string();
            name.push(ending);
            let _ = std::fs::remove_file(name);
        }
        std::fs::remove_file(&database).unwrap();
        let _ = std::fs::remove_dir_all(blobs_folder(&database));
        back_up_file(backup, &database).unwrap();
        self.start();
    }

    /// Stops, counts so many bytes more as stored in a space, starts again: what would take hours to send.
    pub fn as_if_stored(&self, space: SpaceId, bytes: u64) {
        let bytes = i64::try_from(bytes).unwrap();
        self.stop();
        let file = rusqlite::Connection::open(database(&self.data())).unwrap();
        for sql in [
            "UPDATE clinics SET used_bytes = used_bytes + ?2
             WHERE row = (SELECT clinic FROM spaces WHERE id = ?1)",
            "UPDATE spaces SET used_bytes = used_bytes + ?2 WHERE id = ?1",
        ] {
            let changed = file.execute(sql, rusqlite::params![space.as_bytes(), bytes]);
            assert_eq!(changed.unwrap(), 1);
        }
        drop(file);
        self.start();
    }

    /// Every change that the server holds, as its bytes, straight from its database.
    pub fn stored_changes(&self) -> Vec<Vec<u8>> {
        let open = rusqlite::Connection::open_with_flags(
            database(&self.data()),
            rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY,
        )
        .unwrap();
        let mut ask = open
            .prepare("SELECT bytes FROM changes ORDER BY row")
            .unwrap();
        let rows = ask.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Way::Http(Some(_)) | Way::InMemory(_, Some(_)) = &*self.way.lock().unwrap() {
        } else {
            return;
        }
        self.stop();
    }
}
