//! The server, as its operator starts it.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running `sync-server`; dropping it ends it.
pub(crate) struct Server {
    child: Child,
    data: PathBuf,
    pub(crate) address: SocketAddr,
}

/// The program, which lies beside this one.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let beside = own.with_file_name("sync-server");
    assert!(
        beside.exists(),
        "there is no sync-server beside {}: `cargo build -p sync-server` first",
        own.display()
    );
    beside
}

impl Server {
    pub(crate) fn start(folder: &Path) -> Self {
        let data = folder.join("server");
        let mut child = Command::new(program())
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "sync-server ended");
            if let Some((_, rest)) = line.split_once("serving http://") {
                break rest.trim().parse().unwrap();
            }
        };
        // Whatever it says later is read, so that it never waits for us.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self {
            child,
            data,
            address,
        }
    }

    /// Lets a clinic found spaces.
    pub(crate) fn register(&self, key: &str) {
        let done = Command::new(program())
            .args(["clinic", "add", key, "--data"])
            .arg(&self.data)
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
