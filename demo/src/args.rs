//! The demo's command line.

use clap::Parser as _;

/// Server, console and simulated phones in one process, with invented people.
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "demo")]
pub(crate) struct Args {
    /// Runs the whole path once, says what was checked, and ends; fails if anything is broken.
    #[arg(long)]
    pub(crate) smoke: bool,
    /// Makes this folder, writes the record of each patient into it as a FHIR bundle, and ends.
    #[arg(long, value_name = "FOLDER", conflicts_with = "smoke")]
    pub(crate) fhir: Option<std::path::PathBuf>,
    /// The console's port; 8788 or the next free one where it is left out.
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// The sync server's port; a free one where it is left out.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) server_port: u16,
    /// Leaves the demo's folder where it is when the demo ends.
    #[arg(long)]
    pub(crate) keep: bool,
}

impl Args {
    /// What this process was told; ends it where that can't be understood.
    pub(crate) fn read() -> Self {
        // `cargo demo -- --smoke` hands on its dashes too, right behind the alias's own.
        let heard = std::env::args_os().enumerate();
        let meant = heard.filter(|(at, argument)| *at != 1 || argument != "--");
        Self::parse_from(meant.map(|(_, argument)| argument))
    }
}
