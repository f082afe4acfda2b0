//! The two programs that are flooded, started as their operators would.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use companion_protocol::api::path;
use companion_protocol::id::SpaceId;
use tempfile::TempDir;

use crate::process::Process;

pub(crate) const CLINICIAN: &str = "Maya Lindqvist";
pub(crate) const PASSPHRASE: &str = "harbor lights at dusk";

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Server,
    Console,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Server => "sync-server",
            Self::Console => "clinic-console",
        }
    }
}

/// A program under attack.
pub(crate) struct Target {
    pub(crate) kind: Kind,
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    /// As clients call it.
    pub(crate) authority: String,
    _folder: TempDir,
}

impl Target {
    pub(crate) fn start(kind: Kind, programs: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let program = programs.join(kind.name());
        let (process, address) = match kind {
            Kind::Server => Process::start(
                Command::new(program)
                    .args(["serve", "--listen", "127.0.0.1:0", "--data"])
                    .arg(&data),
                "serving http://",
            ),
            Kind::Console => {
                make_clinic(&program, &data);
                Process::start(
                    Command::new(program)
                        .args(["run", "--listen", "127.0.0.1:0"])
                        .args(["--insecure-loopback-http", "--data"])
                        .arg(&data),
                    "The console is at http://",
                )
            }
        };
        let port = address.rsplit_once(':').unwrap().1.parse().unwrap();
        Self {
            kind,
            process,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            authority: address,
            _folder: folder,
        }
    }

    /// Where bodies are sent.
    pub(crate) fn takes_bodies(&self) -> String {
        match self.kind {
            Kind::Server => path::changes(SpaceId::new([7; 32])),
            Kind::Console => "/sign-in".to_owned(),
        }
    }

    /// How long an unfinished body is: as long as it can get before it is refused for its length.
    pub(crate) fn longest_body(&self) -> usize {
        match self.kind {
            Kind::Server => 4 * 1024 * 1024,
            Kind::Console => 300_000,
        }
    }

    /// The cheapest thing to ask, which needs nobody.
    pub(crate) fn cheapest(&self) -> &'static str {
        match self.kind {
            Kind::Server => "/livez",
            Kind::Console => "/sign-in",
        }
    }

    /// The stream of events.
    pub(crate) fn stream(&self) -> &'static str {
        match self.kind {
            Kind::Server => path::EVENTS,
            Kind::Console => "/live",
        }
    }
}

/// A clinic of its own with one clinician. Its sync server is one that nobody answers at: the pages do not
/// need it.
fn make_clinic(program: &Path, data: &Path) {
    let made = Command::new(program)
        .args([
            "init",
            "--name",
            "A clinic",
            "--server",
            "http://127.0.0.1:9",
            "--data",
        ])
        .arg(data)
        .stdout(Stdio::null())
        .status();
    assert!(made.unwrap().success());
    let mut adding = Command::new(program)
        .args([
            "clinician",
            "add",
            "--passphrase-stdin",
            "--name",
            CLINICIAN,
            "--data",
        ])
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(adding.stdin.take().unwrap(), "{PASSPHRASE}").unwrap();
    assert!(adding.wait().unwrap().success());
}
