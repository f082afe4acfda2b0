//! The encrypted replica on disk, and the only place that knows SQL.
//!
//! What lives here: one SQLCipher file with chains, keys, the log of sealed changes, the outbox, the
//! read model and the search index; atomic verbs over them. What must not: HTTP, sealing, merging.
//! The log and the outbox are the truth, items and the search index are caches of them.
//!
//! [`Store::write`] returns only when the disk has what was written (`synchronous = FULL`): then
//! "saved" may be said.

mod backup;
mod begun;
mod blobs;
mod caches;
mod chain;
mod changes;
mod closed;
mod connection;
mod error;
mod exit;
mod health;
mod heard;
mod items;
mod key;
mod listing;
#[macro_use]
mod log;
mod deletion;
mod drafts;
mod lost;
mod migrations;
mod outbox;
mod rows;
mod search;
mod signal;
mod spaces;
mod transaction;
mod warnings;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, TransactionBehavior};

pub use begun::Begun;
pub use blobs::{BlobFiles, BlobRow, BlobStanding, BlobTurn, NamedBlob};
pub use caches::SummaryRow;
pub use changes::ChangedRow;
pub use closed::Closed;
pub use deletion::BodyToDrop;
pub use drafts::draft_name;
pub use error::StoreError;
pub use health::BlobNumbers;
pub use items::{Attention, ItemRow, Needing, Seen, Standing, WrittenBy};
pub use key::StoreKey;
pub use listing::{ItemQuery, Order};
pub use log::{AFTER_REMOVAL, Appended, AwaitedDrop, DELETED, DROPPED, LogPlace, LogRow};
pub use outbox::OutboxRow;
pub use signal::ChangeSignal;
pub use spaces::{SpaceRow, SpaceStanding};
pub use transaction::{Reader, Writer};
pub use warnings::WarningRow;

use connection::StoreLocation;

/// Idle connections kept for reading; more are opened while more threads read at once.
const IDLE_READERS: usize = 2;

/// One open store. Share it between threads: readers do not wait for the writer nor for each other,
/// writers take turns.
#[derive(Debug)]
pub struct Store {
    location: StoreLocation,
    /// Empty after a fault: the next use opens the file anew.
    writer: Mutex<Option<Connection>>,
    readers: Mutex<Vec<Connection>>,
    /// Whether the file was ever opened for writing, and so brought to the newest schema.
    is_prepared: AtomicBool,
    signal: Arc<ChangeSignal>,
    blob_files: BlobFiles,
    closed: Closed,
}

impl Store {
    /// Opens the store at `path`, creating it if there is no file and migrating an older one. One that
    /// can't be written opens for reading; writing then says why, and works once it can.
    ///
    /// # Errors
    ///
    /// [`StoreError::Lost`] where none is created, since other files of a store are there already.
    /// [`StoreError::WrongKeyOrNotOurs`], [`StoreError::Newer`] and [`StoreError::Damaged`] leave
    /// the file as it was.
    pub fn open(path: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        Store::is_there(path)?;
        Self::open_at(StoreLocation {
            path: path.to_owned(),
            key: key.clone(),
            vfs: None,
        })
    }

    fn open_at(location: StoreLocation) -> Result<Self, StoreError> {
        let _open = exit::using();
        let writer = match location.open() {
            Ok(writer) => Some(writer),
            // A read-only folder or a full disk must not keep anybody from reading what is there.
            Err(error) if error.forbids_writing_alone() => match location.reader() {
                Ok(_) => None,
                Err(StoreError::LeftOpen) => return Err(StoreError::LeftOpen),
                Err(_) => return Err(location.why(error)),
            },
            Err(error) => return Err(error),
        };
        Ok(Self {
            is_prepared: AtomicBool::new(writer.is_some()),
            blob_files: BlobFiles::of(&location.path),
            location,
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            signal: Arc::default(),
            closed: Closed::default(),
        })
    }

    /// What tells when it is closed.
    pub fn closed(&self) -> Closed {
        self.closed.clone()
    }

    /// Runs `f` over one consistent state of the store, whatever is written meanwhile.
    ///
    /// # Errors
    ///
    /// Whatever `f` gives, and [`StoreError`] when the file can't be read.
    pub fn read<T, E: From<StoreError>>(
        &self,
        f: impl FnOnce(&Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let _open = exit::using();
        let idle = lock(&self.readers).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => self.location.reader()?,
        };
        let (outcome, sound) = reading(&mut connection, f);
        // One that was opened where nothing can be written would not see what others write later.
        if sound && !connection.is_readonly("main").unwrap_or(true) {
            let mut idle = lock(&self.readers);
            if idle.len() < IDLE_READERS {
                idle.push(connection);
            }
        }
        outcome
    }

    /// Runs `f` in one transaction: when this returns `Ok`, all of it is on the disk and survives a
    /// power cut; when `f` fails, none of it happened. Not to be called from within itself.
    ///
    /// # Errors
    ///
    /// Whatever `f` gives, and [`StoreError`] when the transaction can't begin or end.
    pub fn write<T, E: From<StoreError>>(
        &self,
        f: impl FnOnce(&mut Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let _open = exit::using();
        let mut slot = lock(&self.writer);
        // Taken out, so that a panic in `f` leaves no half-used connection behind.
        let mut connection = match slot.take() {
            Some(connection) => connection,
            None => self
                .open_writer()
                .map_err(|error| self.location.why(error))?,
        };
        let (outcome, sound) = writing(&mut connection, f);
        if sound {
            *slot = Some(connection);
        }
        drop(slot);
        let (value, changed) = outcome?;
        if let Some(number) = changed {
            self.signal.advance(number);
        }
        Ok(value)
    }

    /// A connection to write: tried anew each time where nothing could be written before.
    fn open_writer(&self) -> Result<Connection, StoreError> {
        if self.is_prepared.load(Ordering::Acquire) {
            return self.location.reopen();
        }
        let connection = self.location.open()?;
        self.is_prepared.store(true, Ordering::Release);
        Ok(connection)
    }

    /// Tells when rows have changed.
    pub fn signal(&self) -> Arc<ChangeSignal> {
        Arc::clone(&self.signal)
    }

    /// Takes a store away for good, with its blobs, which go first: what says that it is to go stays until the end.
    /// Nobody may have it open.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it can't be opened with that key, or a file can't be removed.
    pub fn remove(path: &Path, key: &StoreKey) -> Result<(), StoreError> {
        let _open = exit::using();
        let store = Self::open(path, key)?;
        store.blob_files.remove_all()?;
        // The log beside it may hold what says that it is to go: into the file with it, before it goes.
        if let Some(connection) = lock(&store.writer).as_ref() {
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))?;
        }
        drop(store);
        for suffix in ["-wal", "-shm", ""] {
            match std::fs::remove_file(connection::with_suffix(path, suffix)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(StoreError::of_io(&error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Lets go of the file: nothing is open and no lock is held until somebody reads or writes again.
    /// A phone's system ends an app that sleeps on a locked file.
    pub fn release(&self) {
        let _open = exit::using();
        drop(lock(&self.writer).take());
        lock(&self.readers).clear();
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.release();
        self.closed.say();
    }
}

#[cfg(test)]
#[allow(clippy::panic)]
impl Store {
    /// How SQLite would run a statement.
    fn explain(&self, sql: &str) -> String {
        let connection = self
            .location
            .reader()
            .unwrap_or_else(|error| panic!("{error}"));
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap_or_else(|error| panic!("{error}"));
        let steps = statement.query_map((), |row| row.get::<_, String>(3));
        let steps = steps.unwrap_or_else(|error| panic!("{error}"));
        steps
            .map(Result::unwrap_or_default)
            .collect::<Vec<_>>()
            .join("\n")
    }
}

fn reading<T, E: From<StoreError>>(
    connection: &mut Connection,
    f: impl FnOnce(&Reader<'_>) -> Result<T, E>,
) -> (Result<T, E>, bool) {
    let transaction = match connection.transaction() {
        Ok(transaction) => transaction,
        Err(error) => return failed(error),
    };
    let reader = Reader::new(&transaction);
    let outcome = f(&reader);
    match reader.into_fault() {
        Some(fault) => (outcome.and(Err(fault.into())), false),
        None => match transaction.rollback() {
            Ok(()) => (outcome, true),
            Err(_) => (outcome, false),
        },
    }
}

/// What the work gave, and the number of its last changed row.
type Written<T> = (T, Option<i64>);

fn writing<T, E: From<StoreError>>(
    connection: &mut Connection,
    f: impl FnOnce(&mut Writer<'_>) -> Result<T, E>,
) -> (Result<Written<T>, E>, bool) {
    let transaction = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(error) => return failed(error),
    };
    let mut writer = Writer::new(&transaction);
    let outcome = f(&mut writer).and_then(|value| {
        let changed = writer.conclude()?;
        Ok((value, changed))
    });
    if let Some(fault) = writer.into_fault() {
        // Even if `f` overlooked it. Dropping the transaction rolls back.
        return (outcome.and(Err(fault.into())), false);
    }
    match outcome {
        Ok(written) => match transaction.commit() {
            Ok(()) => (Ok(written), true),
            Err(error) => failed(error),
        },
        Err(error) => {
            let sound = transaction.rollback().is_ok();
            (Err(error), sound)
        }
    }
}

fn failed<T, E: From<StoreError>>(error: rusqlite::Error) -> (Result<T, E>, bool) {
    let error = StoreError::from(error);
    let sound = !error.spoils_connection();
    (Err(error.into()), sound)
}

/// A panic elsewhere can't leave a connection half-used: whoever uses one has taken it out.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
