//! What can be typed about the phone itself.

use std::path::PathBuf;

use companion_core::domain::guide::Language;

use super::care::{Shape, language};

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

/// The whole record, to take elsewhere.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The folder to make; nothing may be there yet
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// A record that was exported.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// The folder that `export` made
    pub(crate) folder: PathBuf,
    /// Import it without being asked
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// The end of the account.
#[derive(Debug, clap::Args)]
pub(crate) struct End {
    /// Take back what you chose to share; without it, it stays with your clinic as you shared it
    #[arg(long)]
    pub(crate) take_back: bool,
    /// End it without being asked: the word is END
    #[arg(long, value_name = "WORD")]
    pub(crate) yes: Option<String>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// The language to read in.
#[derive(Debug, clap::Args)]
pub(crate) struct ReadIn {
    /// Which, such as en, es or es-MX; alone, the command says which it is
    #[arg(value_parser = language, conflicts_with = "forget")]
    pub(crate) language: Option<Language>,
    /// Choose none any more; guides are in English then
    #[arg(long)]
    pub(crate) forget: bool,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What goes over a metered network.
#[derive(Debug, clap::Args)]
pub(crate) struct OnMetered {
    /// yes: they go over any network; no: beyond 1 MB they wait; alone, the command says which it is
    pub(crate) choice: Option<YesNo>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum YesNo {
    Yes,
    No,
}

/// Structure and costs.
#[derive(Debug, clap::Args)]
pub(crate) struct CostsAsked {
    /// Keep a summary to hand in, as Markdown, in this file
    #[arg(long, value_name = "FILE")]
    pub(crate) summary: Option<PathBuf>,
    /// Replace the file where there is one
    #[arg(long, requires = "summary")]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) shape: Shape,
}
