//! The program itself: a command over a data folder, and a server as a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

pub(crate) fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_sync-server"))
}

/// Runs a command over a data folder; gives its output, or its complaint.
pub(crate) fn run(data: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = program()
        .args(arguments)
        .arg("--data")
        .arg(data)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() {
        Ok(text(output.stdout))
    } else {
        Err(text(output.stderr))
    }
}

/// A server over a data folder, on a free port of this machine.
pub(crate) struct Server {
    pub(crate) process: Child,
    /// Held open: what it says after its address must find somebody who could read it.
    _said: BufReader<ChildStdout>,
    /// Host and port.
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(data: &Path, more: &[&str]) -> Self {
        let mut process = program()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(more)
            .arg("--data")
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("serving http://").unwrap();
        Self {
            process,
            address: address.to_owned(),
            _said: said,
        }
    }

    /// Stops it as an operator does, by its own number; gives what it logged.
    pub(crate) fn stop(mut self) -> String {
        let stopped = Command::new("kill")
            .arg(self.process.id().to_string())
            .status()
            .unwrap();
        assert!(stopped.success());
        let mut logs = String::new();
        let mut errors = self.process.stderr.take().unwrap();
        errors.read_to_string(&mut logs).unwrap();
        assert!(self.process.wait().unwrap().success());
        logs
    }
}
