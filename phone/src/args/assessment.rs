//! What can be typed about the assessment: its sections, medicines, what is new before a session, and goals.

use clap::{Subcommand, ValueEnum};
use companion_core::domain::assessment_section::Section;

use super::care::Shape;
use super::{Id, Sure, Talk};

/// The assessment in the patient's own words.
#[derive(Debug, clap::Args)]
pub(crate) struct Assessment {
    #[command(subcommand)]
    pub(crate) action: Option<AssessmentAction>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What to do with a section.
#[derive(Debug, Subcommand)]
pub(crate) enum AssessmentAction {
    /// Show what you wrote in one
    Show {
        /// Which
        #[arg(value_enum)]
        section: Part,
    },
    /// Write one, or write it anew; only you see it until you share it, and of a shared one your care team gets
    /// the change
    Write {
        /// Which
        #[arg(value_enum)]
        section: Part,
        /// The text; from standard input where it is left out
        text: Vec<String>,
    },
    /// Let the care team see one
    Share {
        /// Which
        #[arg(value_enum)]
        section: Part,
        #[command(flatten)]
        talk: Talk,
    },
    /// Take one back from the care team
    Withdraw {
        /// Which
        #[arg(value_enum)]
        section: Part,
        #[command(flatten)]
        sure: Sure,
    },
    /// Delete one; what is shared is taken back with it
    Delete {
        /// Which
        #[arg(value_enum)]
        section: Part,
        #[command(flatten)]
        sure: Sure,
    },
}

/// A section of the assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    MedicalHistory,
    PsychiatricHistory,
    Hopes,
    Tried,
    LifeNow,
}

impl From<Part> for Section {
    fn from(part: Part) -> Self {
        match part {
            Part::MedicalHistory => Section::MedicalHistory,
            Part::PsychiatricHistory => Section::PsychiatricHistory,
            Part::Hopes => Section::Hopes,
            Part::Tried => Section::Tried,
            Part::LifeNow => Section::LifeNow,
        }
    }
}

/// Medicines and supplements.
#[derive(Debug, clap::Args)]
pub(crate) struct Medicines {
    #[command(subcommand)]
    pub(crate) action: Option<MedicineAction>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What to do with the list.
#[derive(Debug, Subcommand)]
pub(crate) enum MedicineAction {
    /// Add something that you take
    Add {
        /// It is a supplement, and no medicine
        #[arg(long)]
        supplement: bool,
        /// What it is for
        #[arg(long = "for", value_name = "WHAT")]
        what_for: Option<String>,
        /// What it is called
        #[arg(required = true)]
        name: Vec<String>,
    },
    /// Say that you stopped taking something; it stays on the list as stopped
    Stop {
        /// Its number in the list, or what it is called
        #[arg(required = true)]
        what: Vec<String>,
    },
    /// Say that you take something again
    Resume {
        /// Its number in the list, or what it is called
        #[arg(required = true)]
        what: Vec<String>,
    },
}

/// Whether anything is new before a session.
#[derive(Debug, clap::Args)]
pub(crate) struct News {
    #[command(subcommand)]
    pub(crate) action: Option<NewsAction>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What to answer.
#[derive(Debug, Subcommand)]
pub(crate) enum NewsAction {
    /// Nothing is new
    Nothing,
    /// Something is new
    Something {
        /// What
        #[arg(required = true)]
        words: Vec<String>,
    },
}

/// Goals of the work.
#[derive(Debug, clap::Args)]
pub(crate) struct Goals {
    #[command(subcommand)]
    pub(crate) action: Option<GoalAction>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What to do with a goal.
#[derive(Debug, Subcommand)]
pub(crate) enum GoalAction {
    /// Add one
    Add {
        /// The part of life: sleep, relationships, work, body, mood, everyday-life, or a word of your own
        #[arg(long = "in", value_name = "PART", default_value = "everyday-life")]
        part: String,
        /// What it is
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// Word one anew
    Edit {
        #[command(flatten)]
        what: Id,
        /// What it says from now on
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// What became of one
    Became {
        #[command(flatten)]
        what: Id,
        /// open, reached, partly, changed or let-go; none of them is a failure
        became: String,
        /// More about it
        words: Vec<String>,
    },
}
