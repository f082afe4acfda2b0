//! The embedded backend: one SQLite file in WAL mode, one writing thread, a few reading handles, and beside
//! it a folder with the bytes of blobs. None of it is encrypted by us: it holds ciphertext and public keys
//! only.

mod backup;
mod blobs;
mod forgetting;
mod reads;
mod restoring;
mod schema;
mod writer;
mod writes;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use companion_protocol::api::SpaceHead;
use companion_protocol::id::{ChangeId, LogNumber, MemberId, SpaceId, StatementHash};
use rusqlite::{Connection, ErrorCode};

pub use super::rewinding::rewind_file;
pub use backup::{back_up_file, recognize_file, verify_file};
pub use blobs::folder as blobs_folder;
pub use restoring::{BadBackup, RestoreError, recognize_backup, replace_file};

use super::{
    Append, Appended, BackupReport, Clinic, ClinicUsage, Day, EndedSpace, Ending, Extended,
    Extension, Founded, Founding, Life, Named, Rewind, SpaceUsage, Storage, StorageError, Stored,
};
use blobs::Blobs;
use writer::Writer;

/// Reading handles; each answers one question at a time.
const READERS: usize = 4;

/// A database in one file, and the blobs beside it.
pub struct SqliteStorage {
    path: PathBuf,
    // Closed before the writer: only the last handle folds the write-ahead log into the file, and a
    // reading handle can't.
    readers: Readers,
    writer: Writer,
    damaged: Arc<AtomicBool>,
    blobs: Blobs,
}

impl SqliteStorage {
    /// Opens the file, creating it or bringing it to the present format first.
    pub fn open(path: &Path) -> Result<Self, StorageError> {
        let damaged = Arc::new(AtomicBool::new(false));
        let writer = Writer::start(path, Arc::clone(&damaged))?;
        let readers = Readers::open(path)?;
        Ok(Self {
            path: path.to_owned(),
            writer,
            readers,
            damaged,
            blobs: Blobs::of(path),
        })
    }

    fn read<T>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let answer = self.readers.with(question);
        if matches!(answer, Err(StorageError::Corrupt)) {
            self.damaged.store(true, Ordering::Release);
        }
        answer
    }
}

impl Storage for SqliteStorage {
    fn life(&self) -> Result<Life, StorageError> {
        self.read(reads::life)
    }

    fn begin_life(&self, life: Life) -> Result<(), StorageError> {
        self.writer.run(move |to| writes::begin_life(to, life))
    }

    fn register_clinic(&self, clinic: Clinic) -> Result<(), StorageError> {
        self.writer
            .run(move |to| writes::register_clinic(to, &clinic))
    }

    fn clinics(&self) -> Result<Vec<ClinicUsage>, StorageError> {
        self.read(reads::clinics)
    }

    fn is_clinic(&self, key: MemberId) -> Result<bool, StorageError> {
        self.read(|from| reads::is_clinic(from, key))
    }

    fn is_vouched(&self, space: SpaceId) -> Result<bool, StorageError> {
        self.read(|from| reads::is_vouched(from, space))
    }

    fn vouch(&self, space: SpaceId, chain_head: StatementHash) -> Result<bool, StorageError> {
        self.writer
            .run(move |to| writes::vouch(to, space, chain_head))
    }

    fn rewind(&self, rewind: Rewind) -> Result<bool, StorageError> {
        self.writer.run(move |to| writes::rewind(to, &rewind))
    }

    fn create_space(&self, founding: Founding) -> Result<Founded, StorageError> {
        self.writer
            .run(move |to| writes::create_space(to, &founding))
    }

    fn head(&self, space: SpaceId) -> Result<Option<SpaceHead>, StorageError> {
        self.read(|from| reads::head(from, space))
    }

    fn chain(
        &self,
        space: SpaceId,
        from: u64,
        max_bytes: usize,
    ) -> Result<Vec<Vec<u8>>, StorageError> {
        self.read(|connection| reads::chain(connection, space, from, max_bytes))
    }

    fn extend_chain(&self, extension: Extension) -> Result<Extended, StorageError> {
        self.writer
            .run(move |to| writes::extend_chain(to, &extension))
    }

    fn known(
        &self,
        space: SpaceId,
        names: Vec<(u16, ChangeId)>,
    ) -> Result<Vec<Option<Stored>>, StorageError> {
        self.read(|from| reads::known(from, space, &names))
    }

    fn append(&self, append: Append) -> Result<Appended, StorageError> {
        let owed = self.writer.owed();
        self.writer.run(move |to| {
            if append.changes.iter().any(|change| !change.drops.is_empty()) {
                owed.store(true, Ordering::Release);
            }
            writes::append(to, &append)
        })
    }

    fn pull_each(
        &self,
        space: SpaceId,
        after: LogNumber,
        limit: usize,
        max_bytes: usize,
        take: &mut dyn FnMut(LogNumber, &[u8]),
    ) -> Result<Option<LogNumber>, StorageError> {
        self.read(|from| reads::pull_each(from, space, after, limit, max_bytes, take))
    }

    fn ending(&self, space: SpaceId) -> Result<Option<Ending>, StorageError> {
        self.read(|from| reads::ending(from, space))
    }

    fn ended_spaces(&self) -> Result<Vec<EndedSpace>, StorageError> {
        self.read(reads::ended_spaces)
    }

    fn is_forgotten(&self, space: SpaceId) -> Result<bool, StorageError> {
        self.read(|from| reads::is_forgotten(from, space))
    }

    fn forget_spaces(&self, today: Day) -> Result<u64, StorageError> {
        self.forget(today)
    }

    fn spaces_of(&self, member: MemberId) -> Result<Vec<SpaceHead>, StorageError> {
        self.read(|from| reads::spaces_of(from, member))
    }

    fn spaces(&self) -> Result<Vec<SpaceId>, StorageError> {
        self.read(reads::spaces)
    }

    fn authors(&self, space: SpaceId) -> Result<Vec<Named>, StorageError> {
        self.read(|from| reads::authors(from, space))
    }

    fn usage(&self, space: SpaceId) -> Result<Option<SpaceUsage>, StorageError> {
        self.read(|from| reads::usage(from, space))
    }

    fn probe(&self) -> Result<(), StorageError> {
        self.read(|from| reads::life(from).map(|_| ()))?;
        self.writer.run(writes::probe)
    }

    fn sound(&self) -> bool {
        !self.damaged.load(Ordering::Acquire)
    }

    fn backup(&self, to: &Path) -> Result<BackupReport, StorageError> {
        back_up_file(&self.path, to)
    }
}

/// A fixed number of reading handles, lent out one question at a time.
struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Readers {
    fn open(path: &Path) -> Result<Self, StorageError> {
        let idle = (0..READERS)
            .map(|_| schema::open_reader(path))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            path: path.to_owned(),
            idle: Mutex::new(idle),
            returned: Condvar::new(),
        })
    }

    fn with<T>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = loop {
            match idle.pop() {
                Some(connection) => break connection,
                None => {
                    idle = self
                        .returned
                        .wait(idle)
                        .unwrap_or_else(PoisonError::into_inner);
                }
            }
        };
        drop(idle);
        // Given back also when the question panics, or the pool would run dry.
        let lent = Lent {
            pool: self,
            connection: Some(connection),
        };
        match &lent.connection {
            Some(connection) => question(connection),
            None => Err(StorageError::Busy),
        }
    }
}

struct Lent<'a> {
    pool: &'a Readers,
    connection: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let healthy = self.connection.take().filter(Connection::is_autocommit);
        let connection = healthy.map_or_else(|| schema::open_reader(&self.pool.path).ok(), Some);
        if let Some(connection) = connection {
            self.pool
                .idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(connection);
            self.pool.returned.notify_one();
        }
    }
}

/// Sorts SQLite's errors into what a caller can do about them.
#[allow(clippy::needless_pass_by_value, reason = "made for `map_err`")]
fn error(why: rusqlite::Error) -> StorageError {
    match why.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StorageError::Corrupt,
        Some(ErrorCode::DiskFull) => StorageError::Full,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StorageError::Busy,
        _ => StorageError::Backend(why.to_string()),
    }
}

/// Bits of a number within a space.
const NUMBER_BITS: u32 = 24;
/// The largest number of a statement or change. Nobody gets there: it is 20 GB of the smallest ones.
const LAST_NUMBER: i64 = (1 << NUMBER_BITS) - 1;

/// The row of a statement or change: those of one space stand together, in their order.
fn under(space: i64, number: u64) -> i64 {
    // More than fits counts as the last that does: nothing stands there.
    (space << NUMBER_BITS) | signed(number).min(LAST_NUMBER)
}

fn last_under(space: i64) -> i64 {
    under(space, u64::MAX)
}

/// The number in such a row.
fn number_in(row: i64) -> u64 {
    unsigned(row & LAST_NUMBER)
}

/// SQLite's integers are signed; nothing of ours comes near the limit.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
