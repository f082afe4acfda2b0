//! The demo: server, console and simulated phones in one process.

/// What the demo can be told.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Runs the whole path once and ends.
    #[arg(long)]
    pub smoke: bool,
}

/// Runs the demo on a runtime of its own.
///
/// # Errors
///
/// Whatever stopped it.
pub fn run(_args: &Args) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    Err("the demo is not built in yet".into())
}
