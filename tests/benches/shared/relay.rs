//! The server in a process of its own, so that its work does not count as the phone's. It is asked
//! through its standard input, and ends when that is closed.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use companion_core::protocol::id::MemberId;
use sync_server::config::{Limits, database};
use sync_server::storage::Clinic;
use sync_server::{Config, Server, SystemClock};

/// The argument that makes this program a server.
pub(crate) const SERVE: &str = "--serve";

/// Runs a server until standard input ends: as an operator would, but without limits on rates.
pub(crate) fn serve(folder: &Path) {
    // Every request is logged in production, so it is here; to nowhere.
    tracing_subscriber::fmt()
        .json()
        .with_writer(std::io::sink)
        .init();
    let mut config = Config::new(folder);
    config.limits = Limits::without_rates();
    let server = Server::start(config, Arc::new(SystemClock)).unwrap();
    println!("{}", server.address());
    for line in std::io::stdin().lines() {
        let clinic = Clinic {
            key: line.unwrap().parse().unwrap(),
            label: "bench".to_owned(),
            max_spaces: 10_000,
            max_bytes: 1 << 40,
        };
        server.storage().register_clinic(clinic).unwrap();
        println!("registered");
    }
    server.shutdown();
}

/// A server that runs.
pub(crate) struct Relay {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    address: SocketAddr,
    folder: PathBuf,
}

impl Relay {
    pub(crate) fn start(folder: &Path) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .arg(SERVE)
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let questions = process.stdin.take();
        let mut answers = BufReader::new(process.stdout.take().unwrap());
        let mut address = String::new();
        answers.read_line(&mut address).unwrap();
        Self {
            address: address.trim().parse().unwrap(),
            folder: folder.to_owned(),
            process,
            questions,
            answers,
        }
    }

    pub(crate) fn register(&mut self, clinic: MemberId) {
        let questions = self.questions.as_mut().unwrap();
        writeln!(questions, "{clinic}").unwrap();
        questions.flush().unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer.trim(), "registered");
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// As `/proc` names it.
    pub(crate) fn process(&self) -> String {
        self.process.id().to_string()
    }

    /// Stops it and gives its database file.
    pub(crate) fn stop(mut self) -> PathBuf {
        self.end();
        database(&self.folder)
    }

    fn end(&mut self) {
        self.questions = None;
        let _ = self.process.wait();
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.end();
    }
}
