//! The one thread that writes. Requests queue up and share a commit: on a disk where a durable
//! commit takes 3 ms, one change at a time is 300 a second and 64 at a time is 2,500.
//!
//! What one request takes back does not sink its neighbors, and nobody is answered before the commit
//! that holds their work.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use super::{error, schema};
use crate::storage::StorageError;

/// Requests that share one commit at most.
const GROUP: usize = 64;
/// Requests that may wait; more are turned away, so that waiting stays short.
const QUEUE: usize = 1024;

/// What a piece of work wants done with its writes.
pub(super) enum Verdict<T> {
    /// Keep them.
    Keep(T),
    /// Take them back; the answer stands.
    Undo(T),
}

/// Answers the requester once it is known what became of the commit.
type Deliver = Box<dyn FnOnce(Result<(), StorageError>) + Send>;
type Job = Box<dyn FnOnce(&Connection) -> (Outcome, Deliver) + Send>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Keep,
    Undo,
    Failed,
}

/// The queue to the writing thread.
pub(super) struct Writer {
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    damaged: Arc<AtomicBool>,
    owed: Arc<AtomicBool>,
}

impl Writer {
    pub(super) fn start(path: &Path, damaged: Arc<AtomicBool>) -> Result<Self, StorageError> {
        let connection = schema::open_writer(path)?;
        let (queue, jobs) = sync_channel(QUEUE);
        let owed = Arc::new(AtomicBool::new(true));
        let state = State {
            path: path.to_owned(),
            connection: Some(connection),
            damaged: Arc::clone(&damaged),
            owed: Arc::clone(&owed),
        };
        let thread = std::thread::Builder::new()
            .name("storage-writer".into())
            .spawn(move || state.run(&jobs))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
            damaged,
            owed,
        })
    }

    /// To be set by work that lets go of something: the write-ahead log, which still holds it, is cut off once the
    /// work is committed.
    pub(super) fn owed(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.owed)
    }

    /// Runs `work` in the next group and waits until it is durable.
    pub(super) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<Verdict<T>, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        if self.damaged.load(Ordering::Acquire) {
            return Err(StorageError::Corrupt);
        }
        let (answer, wait) = sync_channel(1);
        let damaged = Arc::clone(&self.damaged);
        let job: Job = Box::new(move |connection| {
            let done = work(connection);
            if matches!(done, Err(StorageError::Corrupt)) {
                damaged.store(true, Ordering::Release);
            }
            let outcome = match &done {
                Ok(Verdict::Keep(_)) => Outcome::Keep,
                Ok(Verdict::Undo(_)) => Outcome::Undo,
                Err(_) => Outcome::Failed,
            };
            let deliver: Deliver = Box::new(move |committed| {
                let result = match (done, committed) {
                    (Err(own), _) => Err(own),
                    // A refusal wrote nothing, so the commit's fate does not change it.
                    (Ok(Verdict::Undo(value)), _) | (Ok(Verdict::Keep(value)), Ok(())) => Ok(value),
                    (Ok(Verdict::Keep(_)), Err(failed)) => Err(failed),
                };
                // Nobody waits any more where the requester's thread is gone.
                let _ = answer.send(result);
            });
            (outcome, deliver)
        });
        let queue = self.queue.as_ref().ok_or(StorageError::Busy)?;
        queue.try_send(job).map_err(|why| match why {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => StorageError::Busy,
        })?;
        wait.recv().map_err(|_| StorageError::Busy)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct State {
    path: PathBuf,
    connection: Option<Connection>,
    damaged: Arc<AtomicBool>,
    /// Whether the write-ahead log holds what somebody let go of.
    owed: Arc<AtomicBool>,
}

impl State {
    fn run(mut self, jobs: &Receiver<Job>) {
        while let Ok(first) = jobs.recv() {
            let more = std::iter::from_fn(|| jobs.try_recv().ok()).take(GROUP.saturating_sub(1));
            let mut waiting = Vec::new();
            let result = self.group(std::iter::once(first).chain(more), &mut waiting);
            if let Err(why) = &result {
                self.after(why);
            }
            metrics::histogram!("kap_commit_group_size").record(count(waiting.len()));
            for deliver in waiting {
                deliver(result.as_ref().copied().map_err(again));
            }
            self.cut_off();
        }
    }

    /// Once bodies were dropped, the write-ahead log that still has them is folded in and cut off, after whoever
    /// dropped them was answered. While somebody reads that is put off to the next group; a new process begins with
    /// it, for one that was killed may have owed it.
    fn cut_off(&self) {
        if !self.owed.swap(false, Ordering::AcqRel) {
            return;
        }
        let cut = self.connection.as_ref().is_some_and(|connection| {
            let usual = connection.busy_timeout(Duration::ZERO);
            let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, i64>(0)
            });
            usual.is_ok()
                && connection.busy_timeout(schema::PATIENCE).is_ok()
                && matches!(busy, Ok(0))
        });
        if !cut {
            self.owed.store(true, Ordering::Release);
        }
    }

    fn group(
        &mut self,
        jobs: impl Iterator<Item = Job>,
        waiting: &mut Vec<Deliver>,
    ) -> Result<(), StorageError> {
        let opened = self.open();
        let mut begun = match &opened {
            Ok(connection) => execute(connection, "BEGIN IMMEDIATE"),
            Err(why) => Err(again(why)),
        };
        let Ok(connection) = opened else {
            // Dropping a job closes its channel, which its requester reads as "busy".
            jobs.for_each(drop);
            return begun;
        };
        let mut failed = false;
        let mut next: Run = first;
        for job in jobs {
            if begun.is_err() {
                continue;
            }
            begun = next(connection, job, waiting).map(|outcome| {
                failed |= outcome == Outcome::Failed;
            });
            next = later;
        }
        let result = begun
            .and_then(|()| execute(connection, "COMMIT"))
            .inspect_err(|_| {
                if !connection.is_autocommit() {
                    let _ = connection.execute_batch("ROLLBACK");
                }
            });
        if failed {
            self.connection = None;
        }
        result
    }

    fn open(&mut self) -> Result<&Connection, StorageError> {
        if self.connection.is_none() {
            self.connection = Some(schema::open_writer(&self.path)?);
        }
        self.connection.as_ref().ok_or(StorageError::Busy)
    }

    /// A handle that met a full or failing disk may be unusable for good: the next group opens a
    /// new one. Damage is final.
    fn after(&mut self, why: &StorageError) {
        if matches!(why, StorageError::Corrupt) {
            self.damaged.store(true, Ordering::Release);
        }
        self.connection = None;
    }
}

/// A job in the open transaction. An error means that the whole transaction is gone.
type Run = fn(&Connection, Job, &mut Vec<Deliver>) -> Result<Outcome, StorageError>;

/// Runs the first job of a group. Nothing stands before it in the transaction, so that it needs no
/// savepoint: what it takes back is the transaction. Most groups are of one.
fn first(
    connection: &Connection,
    job: Job,
    waiting: &mut Vec<Deliver>,
) -> Result<Outcome, StorageError> {
    let outcome = run(connection, job, waiting)?;
    if outcome != Outcome::Keep {
        execute(connection, "ROLLBACK")?;
        execute(connection, "BEGIN IMMEDIATE")?;
    }
    Ok(outcome)
}

/// Runs a job behind others, in a savepoint.
fn later(
    connection: &Connection,
    job: Job,
    waiting: &mut Vec<Deliver>,
) -> Result<Outcome, StorageError> {
    execute(connection, "SAVEPOINT job")?;
    let outcome = run(connection, job, waiting)?;
    if outcome != Outcome::Keep {
        execute(connection, "ROLLBACK TO job")?;
    }
    execute(connection, "RELEASE job")?;
    Ok(outcome)
}

fn run(
    connection: &Connection,
    job: Job,
    waiting: &mut Vec<Deliver>,
) -> Result<Outcome, StorageError> {
    let (outcome, deliver) = job(connection);
    waiting.push(deliver);
    if connection.is_autocommit() {
        // SQLite rolls everything back by itself on some errors, such as a full disk.
        return Err(StorageError::Backend(
            "the transaction was rolled back".into(),
        ));
    }
    Ok(outcome)
}

fn execute(connection: &Connection, sql: &str) -> Result<(), StorageError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut run| run.execute([]))
        .map(|_| ())
        .map_err(error)
}

/// The same news for each of several requesters.
fn again(why: &StorageError) -> StorageError {
    match why {
        StorageError::Corrupt => StorageError::Corrupt,
        StorageError::Full => StorageError::Full,
        StorageError::Busy => StorageError::Busy,
        other => StorageError::Backend(other.to_string()),
    }
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Work that writes a row of its own, and then wants this done with it.
    fn job(row: u8, outcome: Outcome) -> Job {
        Box::new(move |connection| {
            let key = [row; 32];
            let sql = "INSERT INTO clinics (row, key) VALUES (?1, ?2)";
            connection
                .execute(sql, rusqlite::params![row, key])
                .unwrap();
            (outcome, Box::new(|_| {}))
        })
    }

    #[test]
    fn what_one_takes_back_sinks_no_neighbor_wherever_it_stands_in_the_group() {
        let wanted = [Outcome::Keep, Outcome::Undo, Outcome::Failed];
        for first in wanted {
            for second in wanted {
                let folder = tempfile::tempdir().unwrap();
                let mut state = State {
                    path: folder.path().join("sync.db"),
                    connection: None,
                    damaged: Arc::default(),
                    owed: Arc::default(),
                };
                let outcomes = [first, second, Outcome::Keep];
                let jobs = (1_u8..).zip(outcomes).map(|(row, wanted)| job(row, wanted));
                let mut waiting = Vec::new();
                state.group(jobs, &mut waiting).unwrap();
                assert_eq!(waiting.len(), 3);
                let kept: Vec<u8> = schema::open_reader(&state.path)
                    .unwrap()
                    .prepare("SELECT row FROM clinics ORDER BY row")
                    .unwrap()
                    .query_map([], |row| row.get(0))
                    .unwrap()
                    .collect::<Result<_, _>>()
                    .unwrap();
                let wanted = (1_u8..).zip(outcomes);
                let wanted = wanted.filter(|(_, wanted)| *wanted == Outcome::Keep);
                assert_eq!(kept, wanted.map(|(row, _)| row).collect::<Vec<_>>());
            }
        }
    }
}
