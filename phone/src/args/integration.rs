//! What can be typed about the time between sessions: commitments, the list for the next session, and what the
//! clinic sees at a glance.

use chrono::NaiveDate;
use clap::Subcommand;

use super::care::{Shape, day};
use super::{Id, Share};

/// What you want to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Commitments {
    #[command(subcommand)]
    pub(crate) action: Option<CommitAction>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What to do with a commitment.
#[derive(Debug, Subcommand)]
pub(crate) enum CommitAction {
    /// One small thing that you want to do
    Add {
        /// The day to look at it again
        #[arg(long, value_parser = day)]
        review_on: Option<NaiveDate>,
        /// Who may see it
        #[arg(long, value_enum, default_value_t = Share::OnlyMe)]
        share: Share,
        /// What it is
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// What became of one
    Became {
        #[command(flatten)]
        what: Id,
        /// kept, partly, not or changed; none of them is a failure
        became: String,
        /// More about it
        words: Vec<String>,
    },
    /// Let the care team see one
    Share {
        #[command(flatten)]
        what: Id,
        /// Also ask to talk about it in session
        #[arg(long)]
        talk: bool,
    },
}
