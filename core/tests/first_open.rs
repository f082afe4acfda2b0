//! The first stores of a process, opened by many threads at once: what an app does that opens its
//! record while a reminder wakes it. SQLite is set up once for each process, so each try is one.

#![allow(clippy::unwrap_used)]

use std::process::Command;
use std::sync::{Arc, Barrier};

use companion_core::StoreKey;
use companion_core::patient::Patient;
use companion_core::ports::testing::offline;

/// Set in the processes that this test starts.
const CHILD: &str = "COMPANION_FIRST_OPEN_CHILD";
/// Without the rule about one process in two hundred met it.
const PROCESSES: usize = 200;
const THREADS: u8 = 4;

#[test]
fn the_first_stores_of_a_process_may_be_opened_at_once() {
    if std::env::var_os(CHILD).is_some() {
        return open_at_once();
    }
    let program = std::env::current_exe().unwrap();
    for process in 0..PROCESSES {
        let ended = Command::new(&program)
            .args([
                "--exact",
                "the_first_stores_of_a_process_may_be_opened_at_once",
            ])
            .env(CHILD, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stdout);
        assert!(ended.status.success(), "process {process}: {said}");
        assert!(said.contains("1 passed"), "process {process}: {said}");
    }
}

fn open_at_once() {
    let barrier = Arc::new(Barrier::new(usize::from(THREADS)));
    let folder = tempfile::tempdir().unwrap();
    let threads: Vec<_> = (0..THREADS)
        .map(|number| {
            let barrier = Arc::clone(&barrier);
            let file = folder.path().join(format!("{number}.db"));
            std::thread::spawn(move || {
                barrier.wait();
                Patient::open(&file, &StoreKey::new([number; 32]), offline()).map(drop)
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
}
