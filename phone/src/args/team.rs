//! What can be typed about the care team: who is in it, who looked, and what somebody outside may be told.

use chrono::NaiveDate;
use clap::Subcommand;
use companion_core::domain::RecordSection;

use super::Id;
use super::care::{Shape, day};

/// The care team.
#[derive(Debug, clap::Args)]
pub(crate) struct Team {
    #[command(subcommand)]
    pub(crate) action: Option<TeamAction>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What to do about the care team.
#[derive(Debug, Subcommand)]
pub(crate) enum TeamAction {
    /// Show who looked at your record and when, and what was told outside the clinic
    Log,
    /// Let the clinic tell somebody outside some sections of your record, until a day
    Release(Release),
    /// Leave less to be told by a release; for more, give another one
    Narrow {
        #[command(flatten)]
        what: Id,
        /// A section that is told no more
        #[arg(long, value_parser = section, value_name = "SECTION")]
        without: Vec<RecordSection>,
        /// An earlier last day, such as 2027-02-28
        #[arg(long, value_parser = day, value_name = "DAY")]
        until: Option<NaiveDate>,
    },
    /// Take a release back, at any hour and for good
    Revoke {
        #[command(flatten)]
        what: Id,
        /// Why, for the clinic; may be left out
        words: Vec<String>,
    },
    /// Show what the clinic asks to be allowed
    Requests,
    /// Allow what the clinic asks for, or less
    Accept {
        #[command(flatten)]
        what: Id,
        /// Only this section of those that it asks for; may be given several times
        #[arg(long = "section", value_parser = section, value_name = "SECTION")]
        sections: Vec<RecordSection>,
        /// An earlier last day than it asks for
        #[arg(long, value_parser = day, value_name = "DAY")]
        until: Option<NaiveDate>,
        /// It ends with the programme, also where the clinic asks for one that goes on
        #[arg(long)]
        ends_with_programme: bool,
    },
    /// Decline what the clinic asks for
    Decline {
        #[command(flatten)]
        what: Id,
        /// Why, for the clinic; may be left out
        words: Vec<String>,
    },
}

/// A release to give.
#[derive(Debug, clap::Args)]
pub(crate) struct Release {
    /// Whom: their name
    #[arg(long, value_name = "NAME")]
    pub(crate) to: String,
    /// What they are, such as psychiatrist
    #[arg(long, value_name = "WORDS")]
    pub(crate) what: String,
    /// How to reach them
    #[arg(long, value_name = "WORDS", default_value = "")]
    pub(crate) contact: String,
    /// A section that may be told; may be given several times
    #[arg(long = "section", value_parser = section, value_name = "SECTION", required = true)]
    pub(crate) sections: Vec<RecordSection>,
    /// The last day on which something may be told, such as 2027-02-28
    #[arg(long, value_parser = day, value_name = "DAY")]
    pub(crate) until: NaiveDate,
    /// What for
    #[arg(long, value_name = "WORDS")]
    pub(crate) purpose: String,
    #[command(flatten)]
    pub(crate) at_programme_end: AtProgrammeEnd,
}

/// What becomes of it when the programme ends: one of the two is needed.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct AtProgrammeEnd {
    /// It goes on when your programme ends, until its own last day
    #[arg(long)]
    pub(crate) goes_on: bool,
    /// It ends with your programme, if not earlier
    #[arg(long)]
    pub(crate) ends_with_programme: bool,
}

fn section(text: &str) -> Result<RecordSection, String> {
    let word = text.trim().to_lowercase().replace('-', "_");
    RecordSection::named(&word).ok_or_else(|| {
        let all = RecordSection::ALL.map(|one| one.as_str().replace('_', "-"));
        format!("give one of {}", all.join(", "))
    })
}
