//! What the machine itself does at this moment: bare commits and bare round trips. Disks and
//! neighbors change from minute to minute, so only ratios to these can be compared between runs.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::echo::Echo;
use crate::meter::Spread;
use crate::report::per_second;

/// Lengths of sealed changes, as they came from real phones.
pub(crate) struct Sizes(Vec<usize>);

impl Sizes {
    pub(crate) fn of(lengths: &[usize]) -> Self {
        assert!(!lengths.is_empty());
        Self(lengths.to_vec())
    }

    /// That of the change number `index`.
    pub(crate) fn at(&self, index: usize) -> usize {
        self.0[index % self.0.len()]
    }
}

/// Rows per second that are durable when the loop goes on, `each` of them in a commit.
pub(crate) fn bare_sqlite(sizes: &Sizes, each: usize, at_most: Duration) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = Connection::open(folder.path().join("bare.db")).unwrap();
    connection
        .execute_batch(
            "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE changes (row INTEGER PRIMARY KEY, bytes BLOB NOT NULL);",
        )
        .unwrap();
    let row = vec![7_u8; 1024 * 1024];
    let (mut count, began) = (0, Instant::now());
    while began.elapsed() < at_most {
        let transaction = connection.transaction().unwrap();
        for _ in 0..each {
            transaction
                .prepare_cached("INSERT INTO changes (bytes) VALUES (?1)")
                .unwrap()
                .execute([&row[..sizes.at(count)]])
                .unwrap();
            count += 1;
        }
        transaction.commit().unwrap();
    }
    per_second(count, began.elapsed())
}

/// One kilobyte there and back over loopback, from a thread to another: the middle time.
pub(crate) fn echo(rounds: usize) -> Duration {
    let mut echo = Echo::start();
    let mut times = Vec::new();
    for _ in 0..rounds {
        let began = Instant::now();
        echo.round_trip();
        times.push(began.elapsed());
    }
    Spread::of(times).p50
}
