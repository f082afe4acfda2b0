//! What can be typed.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use companion_core::domain::{EntryKind, Step, Visibility};

/// A patient's phone in the terminal. What you write is saved on this phone first, encrypted, and
/// needs no network.
#[derive(Debug, Parser)]
#[command(name = "phone", version, disable_help_subcommand = true)]
pub(crate) struct Args {
    /// The phone's folder; it is made on first use.
    #[arg(long, value_name = "DIR", global = true, env = "KAP_PHONE_DATA")]
    pub(crate) data: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Pair with a clinic, or as a second phone, by a link
    Pair {
        /// The link; from standard input where it is left out, so that no shell remembers it
        link: Option<String>,
    },
    /// Write a journal entry
    Write(Write),
    /// Change an entry; what is not given stays
    Edit(Edit),
    /// Note how you are
    CheckIn(CheckIn),
    /// Show entries and check-ins, newest first
    List(List),
    /// Show one entry or check-in with its replies
    Show {
        /// Its id, or the beginning of it
        id: String,
    },
    /// Let the clinic see an entry
    Share {
        /// Its id, or the beginning of it
        id: String,
        /// Also ask to talk about it in session
        #[arg(long)]
        talk: bool,
    },
    /// Take an entry back from the clinic
    Withdraw {
        /// Its id, or the beginning of it
        id: String,
    },
    /// Find entries by their words
    Search {
        /// Words; the last one may be unfinished
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Show what the clinic replied
    Replies,
    /// Exchange everything with the clinic now
    Sync,
    /// Stay connected and say what arrives, until Ctrl-C
    Watch,
    /// Show who can read what you share, or remove a device
    Devices {
        #[command(subcommand)]
        action: Option<DeviceAction>,
    },
    /// Make a link for your second phone
    InvitePhone,
    /// Make twelve recovery words, replacing those made before
    RecoveryCode,
    /// Come back on a new phone with the recovery words
    Recover {
        /// The sync server's address
        #[arg(long, value_name = "URL")]
        server: String,
    },
    /// Show the phone at a glance
    Status,
    /// Compare everything shown with the documents behind it
    Check,
    /// Make everything shown anew from the log
    Rebuild,
    /// Where to find help right now; works offline
    Crisis,
}

/// What to do with devices.
#[derive(Debug, Subcommand)]
pub(crate) enum DeviceAction {
    /// Remove a device; it gets nothing that is written from now on
    Remove {
        /// Its name, or the beginning of it
        member: String,
    },
}

/// A new entry.
#[derive(Debug, clap::Args)]
pub(crate) struct Write {
    #[command(flatten)]
    pub(crate) fields: EntryFields,
    /// Who may see it
    #[arg(long, value_enum, default_value_t = Share::OnlyMe)]
    pub(crate) share: Share,
    /// The text; from standard input where it is left out
    pub(crate) text: Vec<String>,
}

/// A change of an entry.
#[derive(Debug, clap::Args)]
pub(crate) struct Edit {
    /// Its id, or the beginning of it
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) fields: EntryFields,
    /// The new text; `-` reads it from standard input
    pub(crate) text: Vec<String>,
}

/// What an entry has besides its text.
#[derive(Debug, clap::Args)]
pub(crate) struct EntryFields {
    /// One line
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// reflection, preparation, after-session, integration or dream
    #[arg(long, value_parser = kind)]
    pub(crate) kind: Option<EntryKind>,
    /// 1 (very unpleasant) to 7 (very pleasant)
    #[arg(long, value_parser = step, value_name = "1..7")]
    pub(crate) mood: Option<Step>,
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
    #[arg(long, value_parser = step, value_name = "1..7")]
    pub(crate) valence: Step,
    /// 1 (drained) to 7 (very high)
    #[arg(long, value_parser = step, value_name = "1..7")]
    pub(crate) energy: Option<Step>,
    /// 1 (not anxious at all) to 7 (extremely anxious)
    #[arg(long, value_parser = step, value_name = "1..7")]
    pub(crate) anxiety: Option<Step>,
    /// 1 (hardly at all) to 7 (very well)
    #[arg(long, value_parser = step, value_name = "1..7")]
    pub(crate) sleep: Option<Step>,
    /// A word for it; can be given again
    #[arg(long = "feeling", value_name = "WORD")]
    pub(crate) feelings: Vec<String>,
    /// Anything to add
    #[arg(long, default_value = "")]
    pub(crate) note: String,
    /// Let the care team see it
    #[arg(long, value_enum, num_args = 0..=1, default_value_t = Share::OnlyMe,
          default_missing_value = "care-team")]
    pub(crate) share: Share,
}

/// What to list.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Entries only
    #[arg(long, conflicts_with = "check_ins")]
    pub(crate) entries: bool,
    /// Check-ins only
    #[arg(long)]
    pub(crate) check_ins: bool,
}

/// Who may see something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Share {
    /// Stays on your own devices
    OnlyMe,
    /// The care team may read it
    CareTeam,
    /// The care team may read it, and you want to talk about it in session
    Talk,
}

impl From<Share> for Visibility {
    fn from(share: Share) -> Self {
        match share {
            Share::OnlyMe => Visibility::OnlyMe,
            Share::CareTeam => Visibility::CareTeam,
            Share::Talk => Visibility::TalkInSession,
        }
    }
}

fn step(text: &str) -> Result<Step, String> {
    let number = text
        .parse::<u8>()
        .ok()
        .and_then(|number| Step::new(number).ok());
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

    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Args::command().debug_assert();
    }

    #[test]
    fn steps_and_kinds_outside_their_lists_are_refused_in_plain_words() {
        for text in ["0", "8", "-1", "seven", "3.5", ""] {
            assert_eq!(
                step(text).unwrap_err(),
                "give a whole number from 1 to 7",
                "{text}"
            );
        }
        assert_eq!(kind("After-Session").unwrap(), EntryKind::AfterSession);
        assert!(kind("trip report").unwrap_err().contains("after-session"));
    }

    #[test]
    fn nothing_is_shared_unless_it_is_said() {
        let parse = |words: &[&str]| Args::try_parse_from(words).unwrap().command;
        let Command::Write(write) = parse(&["phone", "write", "hello"]) else {
            unreachable!()
        };
        assert_eq!(write.share, Share::OnlyMe);
        let Command::CheckIn(bare) = parse(&["phone", "check-in", "--valence", "4"]) else {
            unreachable!()
        };
        assert_eq!(bare.share, Share::OnlyMe);
        let shared = parse(&["phone", "check-in", "--valence", "4", "--share"]);
        let Command::CheckIn(shared) = shared else {
            unreachable!()
        };
        assert_eq!(shared.share, Share::CareTeam);
    }
}
