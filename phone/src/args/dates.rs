//! What can be typed about sessions and visits.

use std::path::PathBuf;

/// Sessions and visits.
#[derive(Debug, clap::Args)]
pub(crate) struct Dates {
    /// Keep them in this file, for the calendar of this phone; it tells no more than "Appointment"
    #[arg(long, value_name = "FILE")]
    pub(crate) calendar: Option<PathBuf>,
    /// Also tell what each is, with whom and where; whoever sees the calendar reads it
    #[arg(long, requires = "calendar")]
    pub(crate) everything: bool,
    /// Replace the file where there is one
    #[arg(long, requires = "calendar")]
    pub(crate) force: bool,
}
