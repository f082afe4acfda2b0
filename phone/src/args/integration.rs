//! What can be typed about the time between sessions: prompts, commitments, the list for the next session, and
//! what the clinic sees at a glance.

use chrono::NaiveDate;
use clap::Subcommand;

use super::care::{Shape, day};
use super::{Gone, Id, Share, Talk};

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
        #[command(flatten)]
        talk: Talk,
    },
    /// Take one back from the care team
    Withdraw(Gone),
    /// Delete one; what is shared is taken back with it
    Delete(Gone),
}

/// The list for the next session.
#[derive(Debug, clap::Args)]
pub(crate) struct Next {
    #[command(subcommand)]
    pub(crate) action: Option<NextAction>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What to do with the list for the next session.
#[derive(Debug, Subcommand)]
pub(crate) enum NextAction {
    /// Add a line; only you see it until you share it
    Add {
        /// Who may see it
        #[arg(long, value_enum, default_value_t = Share::OnlyMe)]
        share: Share,
        /// What it is
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// Show the list; the same as `next` alone
    List,
    /// Let the care team see one of your lines before the session
    Share(Id),
    /// Take one of your lines back from the care team; it stays on your own list
    Withdraw(Gone),
    /// It was talked about: it leaves the list, and the care team can still read what was shared
    Done(Id),
    /// Remove one of your lines; a shared one is taken back
    Remove(Gone),
}

/// What to write about, for whoever wants to.
#[derive(Debug, clap::Args)]
pub(crate) struct Prompts {
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What the clinic sees at a glance.
#[derive(Debug, clap::Args)]
pub(crate) struct Glance {
    /// From that day on, such as 2026-11-23; since the last session where it is left out, or for seven days
    #[arg(long, value_parser = day, value_name = "DAY")]
    pub(crate) since: Option<NaiveDate>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}
