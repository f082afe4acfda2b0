//! The end of a process while other threads write, open and close records: what an app does whose system has it exit,
//! or a program whose main thread returns first. A process ends once, so each try is one.

#![allow(clippy::unwrap_used)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Sender, channel};

use companion_core::StoreKey;
use companion_core::domain::{CheckIn, Rating};
use companion_core::patient::Patient;
use companion_core::ports::testing::offline;
use companion_core::records::Query;

/// Set in the processes that this test starts: the folder for their records.
const CHILD: &str = "COMPANION_PROCESS_END_CHILD";
/// Without the rule the first one ended by a signal.
const PROCESSES: usize = 40;
/// Threads that open and close a record of their own, as a pause does.
const PAUSING: u8 = 3;
/// What each thread has done before the process ends.
const BEFORE_THE_END: u64 = 3;

#[test]
fn a_process_may_end_while_records_are_written_opened_and_closed() {
    if let Some(folder) = std::env::var_os(CHILD) {
        return end_in_the_middle(&PathBuf::from(folder));
    }
    let program = std::env::current_exe().unwrap();
    for process in 0..PROCESSES {
        let folder = tempfile::tempdir().unwrap();
        let ended = Command::new(&program)
            .args([
                "--exact",
                "a_process_may_end_while_records_are_written_opened_and_closed",
                "--nocapture",
            ])
            .env(CHILD, folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stdout);
        assert!(
            ended.status.success(),
            "process {process}: {}, {said}",
            ended.status
        );
        let saved = said
            .lines()
            .find_map(|line| line.strip_prefix("saved ")?.parse::<u64>().ok());
        let record = open(&folder.path().join("written.db"), 0);
        record.check_record().unwrap();
        assert!(
            record.count(&Query::<CheckIn>::all()).unwrap() >= saved.unwrap(),
            "process {process}: {said}"
        );
    }
}

/// Ends this process by what a program's end calls, while four threads go on.
fn end_in_the_middle(folder: &Path) {
    let (done, each) = channel();
    let written = folder.join("written.db");
    let writes = done.clone();
    std::thread::spawn(move || {
        let record = open(&written, 0);
        each_time(&writes, || {
            record
                .create(CheckIn::new(Rating::MIDDLE, record.now()))
                .unwrap();
        });
    });
    for number in 1..=PAUSING {
        let file = folder.join(format!("{number}.db"));
        let done = done.clone();
        std::thread::spawn(move || each_time(&done, || drop(open(&file, number))));
    }
    for _ in 0..=PAUSING {
        each.recv().unwrap();
    }
    let said = format!("\nsaved {BEFORE_THE_END}\n");
    std::io::stdout().write_all(said.as_bytes()).unwrap();
    std::process::exit(0);
}

/// Does it for ever, and says once that it was done often enough.
fn each_time(done: &Sender<()>, mut act: impl FnMut()) {
    for _ in 0..BEFORE_THE_END {
        act();
    }
    done.send(()).unwrap();
    loop {
        act();
    }
}

fn open(file: &Path, number: u8) -> Patient {
    Patient::open(file, &StoreKey::new([number; 32]), offline()).unwrap()
}
