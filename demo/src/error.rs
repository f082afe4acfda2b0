//! Why the demo stopped, each in a plain sentence.

use std::path::{Path, PathBuf};

use crate::broken::Broken;

/// Why the demo stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    /// A file or folder.
    #[error("{path} cannot be used: {error}")]
    File {
        path: PathBuf,
        error: std::io::Error,
    },
    /// The core.
    #[error("the story could not be told: {0}")]
    Core(#[from] companion_core::CoreError),
    /// A row of the story.
    #[error("the story of {who} stops at day {day}: {error}")]
    Row {
        who: &'static str,
        day: i32,
        error: Box<DemoError>,
    },
    /// A row names what is not there.
    #[error("the story names {0}, which is not there")]
    Script(String),
    /// The words differ, though nobody else is there.
    #[error("the phone and the clinic show different words after pairing")]
    Words,
    /// The server.
    #[error("the sync server does not start: {0}")]
    Server(#[from] sync_server::StartError),
    /// The server's database.
    #[error("the sync server's database cannot be used: {0}")]
    Storage(#[from] sync_server::storage::StorageError),
    /// The server holds something that is no change.
    #[error("the sync server holds something that is no sealed change: {0}")]
    Change(String),
    /// The clinic's folder.
    #[error(transparent)]
    Folder(#[from] clinic_console::node::FolderError),
    /// The console.
    #[error("the console does not start: {0}")]
    Console(#[from] clinic_console::console::ConsoleError),
    /// The console's accounts.
    #[error(transparent)]
    Accounts(#[from] clinic_console::accounts::AccountsError),
    /// No console.
    #[error("the console does not run")]
    NoConsole,
    /// No threads.
    #[error("no threads can be started: {0}")]
    Threads(std::io::Error),
    /// Nobody reads what the demo says.
    #[error("the terminal cannot be written to: {0}")]
    Terminal(#[from] std::io::Error),
    /// The smoke test found something.
    #[error(transparent)]
    Broken(#[from] Broken),
}

/// Says which file it was.
pub(crate) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> DemoError {
    let path = path.to_owned();
    move |error| DemoError::File { path, error }
}
