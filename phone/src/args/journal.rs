//! Commands that write: entries, check-ins, and what hangs on an entry.

use std::path::PathBuf;

use companion_core::domain::{EntryKind, Rating};

use super::{Id, Share, care};

/// What to attach to an entry, or to take off it.
#[derive(Debug, clap::Args)]
pub(crate) struct Attach {
    #[command(flatten)]
    pub(crate) what: Id,
    /// A picture (JPEG, PNG, WebP) or a recording (M4A, Ogg Opus, WAV), at most 60 MB. Where it was made is not kept
    pub(crate) file: Option<PathBuf>,
    /// What it shows or says, also for whoever can't see or hear it
    #[arg(long, value_name = "WORDS")]
    pub(crate) caption: Option<String>,
    /// Give the attachment of this number another caption
    #[arg(
        long,
        value_name = "NUMBER",
        requires = "caption",
        conflicts_with = "file"
    )]
    pub(crate) number: Option<usize>,
    /// Take the attachment of this number off
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["file", "caption", "number"])]
    pub(crate) remove: Option<usize>,
    /// Take it off without being asked
    #[arg(long, requires = "remove")]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) shape: care::Shape,
}

/// Which attachment to open.
#[derive(Debug, clap::Args)]
pub(crate) struct Play {
    #[command(flatten)]
    pub(crate) what: Id,
    /// Its number, as `attach` and `show` list them
    #[arg(default_value_t = 1)]
    pub(crate) number: usize,
    /// Write it to this file, which is not encrypted
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// Put it in the place of a file that is there already
    #[arg(long, requires = "to")]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) shape: care::Shape,
}

/// A new entry.
#[derive(Debug, clap::Args)]
pub(crate) struct Write {
    #[command(flatten)]
    pub(crate) fields: EntryFields,
    /// Who may see it
    #[arg(long, value_enum, default_value_t = Share::OnlyMe)]
    pub(crate) share: Share,
    /// Write to one of today's prompts, by its name as `prompts` lists it: an entry of integration, with the
    /// prompt as its title
    #[arg(long, value_name = "NAME")]
    pub(crate) prompt: Option<String>,
    /// A recording or a picture that belongs to it, as `attach` takes them: an entry of your voice needs no text
    #[arg(long, value_name = "FILE")]
    pub(crate) attach: Option<PathBuf>,
    /// What the recording or the picture says or shows, also for whoever can't hear or see it
    #[arg(long, value_name = "WORDS", requires = "attach")]
    pub(crate) caption: Option<String>,
    /// The text; from standard input where it is left out and nothing is attached; `-` reads it from there
    pub(crate) text: Vec<String>,
}

/// A change of an entry or a check-in.
#[derive(Debug, clap::Args)]
pub(crate) struct Edit {
    #[command(flatten)]
    pub(crate) what: Id,
    /// An entry's new text; `-` reads it from standard input
    pub(crate) text: Vec<String>,
    #[command(flatten, next_help_heading = "Of an entry")]
    pub(crate) entry: EntryFields,
    #[command(flatten, next_help_heading = "Of a check-in")]
    pub(crate) check_in: CheckInFields,
    /// 1 (very unpleasant) to 7 (very pleasant)
    #[arg(long, value_parser = rating, value_name = "1..7")]
    pub(crate) valence: Option<Rating>,
}

/// What an entry has besides its text.
#[derive(Debug, Default, PartialEq, clap::Args)]
pub(crate) struct EntryFields {
    /// One line
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// reflection, preparation, after-session, integration or dream
    #[arg(long, value_parser = kind)]
    pub(crate) kind: Option<EntryKind>,
    /// 1 (very unpleasant) to 7 (very pleasant)
    #[arg(long, value_parser = rating, value_name = "1..7")]
    pub(crate) mood: Option<Rating>,
    /// A word to find it by; can be given again
    #[arg(long = "tag", value_name = "WORD")]
    pub(crate) tags: Vec<String>,
    /// The number of the dosing session that it belongs to
    #[arg(long, value_name = "NUMBER")]
    pub(crate) session: Option<u32>,
}

/// A check-in.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckIn {
    /// 1 (very unpleasant) to 7 (very pleasant)
    #[arg(long, value_parser = rating, value_name = "1..7")]
    pub(crate) valence: Rating,
    #[command(flatten)]
    pub(crate) fields: CheckInFields,
    /// Let the care team see it
    #[arg(long, value_enum, num_args = 0..=1, default_value_t = Share::OnlyMe,
          default_missing_value = "care-team")]
    pub(crate) share: Share,
}

/// What a check-in has besides its valence.
#[derive(Debug, Default, PartialEq, clap::Args)]
pub(crate) struct CheckInFields {
    /// 1 (drained) to 7 (very high)
    #[arg(long, value_parser = rating, value_name = "1..7")]
    pub(crate) energy: Option<Rating>,
    /// 1 (not anxious at all) to 7 (extremely anxious)
    #[arg(long, value_parser = rating, value_name = "1..7")]
    pub(crate) anxiety: Option<Rating>,
    /// 1 (hardly at all) to 7 (very well)
    #[arg(long, value_parser = rating, value_name = "1..7")]
    pub(crate) sleep: Option<Rating>,
    /// A word for it; can be given again
    #[arg(long = "feeling", value_name = "WORD")]
    pub(crate) feelings: Vec<String>,
    /// Anything to add
    #[arg(long)]
    pub(crate) note: Option<String>,
}

fn rating(text: &str) -> Result<Rating, String> {
    let number = text
        .parse::<u8>()
        .ok()
        .and_then(|number| Rating::new(number).ok());
    number.ok_or_else(|| "give a whole number from 1 to 7".to_owned())
}

fn kind(text: &str) -> Result<EntryKind, String> {
    let word = text.trim().to_lowercase().replace('-', "_");
    EntryKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == word)
        .ok_or_else(|| {
            let words = EntryKind::ALL.map(|kind| kind.as_str().replace('_', "-"));
            format!("give one of: {}", words.join(", "))
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn ratings_and_kinds_outside_their_lists_are_refused_in_plain_words() {
        for text in ["0", "8", "-1", "seven", "3.5", ""] {
            assert_eq!(
                rating(text).unwrap_err(),
                "give a whole number from 1 to 7",
                "{text}"
            );
        }
        assert_eq!(kind("After-Session").unwrap(), EntryKind::AfterSession);
        assert!(kind("trip report").unwrap_err().contains("after-session"));
    }
}
