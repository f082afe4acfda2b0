//! A program that runs, and what the system says of it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};

/// Sets the limit of open files, for this program and for those that it starts from now on.
pub(crate) fn limit_descriptors(wanted: u64) {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = Some(limit.maximum.map_or(wanted, |most| most.min(wanted)));
    setrlimit(Resource::Nofile, limit).unwrap();
}

/// Kilobytes in memory, and open sockets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) memory: u64,
    pub(crate) sockets: usize,
}

/// A running program; dropping it ends it.
pub(crate) struct Process {
    child: Child,
    folder: PathBuf,
}

impl Process {
    /// Starts a program and gives what it prints first after `mark`.
    pub(crate) fn start(command: &mut Command, mark: &str) -> (Self, String) {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|why| panic!("{command:?}: {why}"));
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let folder = PathBuf::from(format!("/proc/{}", child.id()));
        let mut line = String::new();
        let found = loop {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "{command:?} ended");
            if let Some((_, rest)) = line.split_once(mark) {
                break rest.trim().to_owned();
            }
        };
        // Whatever it says later is read, so that it never waits for us.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        (Self { child, folder }, found)
    }

    pub(crate) fn sample(&self) -> Sample {
        let sockets = std::fs::read_dir(self.folder.join("fd"))
            .unwrap()
            .filter_map(Result::ok)
            .filter_map(|file| std::fs::read_link(file.path()).ok())
            .filter(|to| to.to_string_lossy().starts_with("socket:"))
            .count();
        Sample {
            memory: resident(&self.folder),
            sockets,
        }
    }

    /// Watches memory from now on.
    pub(crate) fn watch(&self) -> Watch {
        let (ended, peak) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicU64::new(0)),
        );
        let (end, most, folder) = (Arc::clone(&ended), Arc::clone(&peak), self.folder.clone());
        let watching = std::thread::spawn(move || {
            while !end.load(Ordering::Relaxed) {
                most.fetch_max(resident(&folder), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        Watch {
            ended,
            peak,
            watching,
        }
    }

    /// A sample once the flood's connections are gone, or after some seconds.
    pub(crate) async fn settled(&self, sockets: usize) -> Sample {
        for _ in 0..50 {
            if self.sample().sockets <= sockets {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        self.sample()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Memory, looked at again and again.
pub(crate) struct Watch {
    ended: Arc<AtomicBool>,
    peak: Arc<AtomicU64>,
    watching: JoinHandle<()>,
}

impl Watch {
    /// The most that was seen, in kilobytes.
    pub(crate) fn end(self) -> u64 {
        self.ended.store(true, Ordering::Relaxed);
        self.watching.join().unwrap();
        self.peak.load(Ordering::Relaxed)
    }
}

fn resident(folder: &std::path::Path) -> u64 {
    let status = std::fs::read_to_string(folder.join("status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.unwrap().trim().trim_end_matches(" kB");
    number.parse().unwrap()
}
