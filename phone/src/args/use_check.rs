//! What can be typed about craving, use outside the plan and the bladder.

use clap::{Subcommand, ValueEnum};
use companion_core::domain::use_check::UseAnswer;

use super::care::Shape;
use super::{Gone, Id, Talk};

/// The three questions.
#[derive(Debug, clap::Args)]
pub(crate) struct Use {
    #[command(subcommand)]
    pub(crate) action: Option<UseAction>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What to do with them.
#[derive(Debug, Subcommand)]
pub(crate) enum UseAction {
    /// Answer them; each is asked where none is answered here
    Answer {
        /// On craving
        #[arg(long, value_enum)]
        craving: Option<Answer>,
        /// On use outside the plan
        #[arg(long, value_enum)]
        outside_plan: Option<Answer>,
        /// On the bladder
        #[arg(long, value_enum)]
        bladder: Option<Answer>,
        /// More about it
        words: Vec<String>,
    },
    /// Let the care team see your answers
    Share {
        #[command(flatten)]
        what: Id,
        #[command(flatten)]
        talk: Talk,
    },
    /// Take answers back from the care team
    Withdraw(Gone),
    /// Delete answers; what is shared is taken back with them
    Delete(Gone),
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Answer {
    Yes,
    No,
    RatherNotSay,
}

impl From<Answer> for UseAnswer {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Yes => UseAnswer::Yes,
            Answer::No => UseAnswer::No,
            Answer::RatherNotSay => UseAnswer::RatherNotSay,
        }
    }
}
