//! What server and console log, into two files: the server's own lines apart, so that they can be
//! searched for what must never stand in them.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

/// The name that the server gives to its threads.
const SERVER_THREAD: &str = "sync-server";

/// Where the lines go.
pub(crate) struct Logs {
    server: PathBuf,
}

impl Logs {
    /// Starts to write down what is logged in this process, down to `level`.
    pub(crate) fn start(folder: &Path, level: Level) -> io::Result<Self> {
        let server = folder.join("server.log");
        let files = Files {
            server: append(&server)?,
            others: append(&folder.join("console.log"))?,
        };
        let logging = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_ansi(false)
            .with_writer(files)
            .try_init();
        // Fails only where somebody logs already; then the lines go there, and the check that wants
        // to see them says so.
        drop(logging);
        Ok(Self { server })
    }

    /// The server's lines.
    pub(crate) fn of_server(&self) -> &Path {
        &self.server
    }
}

fn append(path: &Path) -> io::Result<Arc<File>> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .map(Arc::new)
}

struct Files {
    server: Arc<File>,
    others: Arc<File>,
}

impl<'a> MakeWriter<'a> for Files {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        let by_server = std::thread::current().name() == Some(SERVER_THREAD);
        Line(Arc::clone(if by_server {
            &self.server
        } else {
            &self.others
        }))
    }
}

struct Line(Arc<File>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self.0).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        (&*self.0).flush()
    }
}
