//! What can be typed about the phone itself.

use std::path::PathBuf;

use super::care::Shape;

/// A report on the health of the record.
#[derive(Debug, clap::Args)]
pub(crate) struct Report {
    /// Keep it in this file, to send it yourself
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    /// Replace the file where there is one
    #[arg(long, requires = "save")]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) shape: Shape,
}
