//! What can be typed.

pub(crate) mod assessment;
pub(crate) mod care;
pub(crate) mod dates;
pub(crate) mod integration;
pub(crate) mod team;
pub(crate) mod upkeep;
pub(crate) mod use_check;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use companion_core::domain::{EntryKind, Rating, Visibility};
use companion_core::records::{MAX_PAGE, PageSize};

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
        /// What this phone is called, for your list of devices
        #[arg(long)]
        name: Option<String>,
        /// How long to wait for the words to compare, in seconds; they also come with a later sync
        #[arg(long, value_name = "SECONDS", default_value_t = 20,
              value_parser = clap::value_parser!(u16).range(0..=600))]
        wait: u16,
    },
    /// Write a journal entry
    Write(Write),
    /// Change an entry or a check-in; what is not given stays
    Edit(Box<Edit>),
    /// Note how you are
    CheckIn(CheckIn),
    /// Show what stands in two wordings, since it was edited in two places apart, or choose one of them
    Choose(Choose),
    /// Show entries and check-ins, newest first
    List(List),
    /// Show one entry or check-in with its replies
    Show(Id),
    /// Attach a recording or a picture to an entry, or take one off; show what is attached
    Attach(Attach),
    /// Say what an attachment of an entry is, or write it to a file
    Play(Play),
    /// Let the clinic see an entry or a check-in
    Share {
        #[command(flatten)]
        what: Id,
        #[command(flatten)]
        talk: Talk,
    },
    /// Take an entry or a check-in back from the clinic
    Withdraw {
        #[command(flatten)]
        gone: Gone,
        /// Print your own copy's id, and what the clinic may keep, as JSON
        #[arg(long)]
        json: bool,
    },
    /// Delete an entry or a check-in; what is shared is taken back with it
    Delete {
        #[command(flatten)]
        gone: Gone,
        /// Print what was deleted, and what of it remains where, as JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what was shared once and deleted since, and what the clinic may keep of it
    Deleted(care::Shape),
    /// Find entries and check-ins by their words, best match first
    Search(Search),
    /// Show what the clinic replied, newest first
    Replies(Page),
    /// Show dosing sessions and visits, and what the clinic moved or called off; or keep them for a calendar
    Sessions(dates::Dates),
    /// Show the guides to read, read one, or tick what is done
    Guide(care::Guides),
    /// Show or choose the language to read in, for this phone
    Language(upkeep::ReadIn),
    /// Show or choose whether large recordings and pictures go over a network that you pay by the amount
    AttachmentsOnMetered(upkeep::OnMetered),
    /// Show the next session, settle what it needs, or say where you are on its day
    Session(care::Session),
    /// Show your safety plan, or change it
    Safety(care::Safety),
    /// Show the five sections of the assessment, write one, or share it
    Assessment(assessment::Assessment),
    /// Show the list of what you take, or change it
    Medicines(assessment::Medicines),
    /// Say before a session whether anything is new
    New(assessment::News),
    /// Show your goals, or change them
    Goals(assessment::Goals),
    /// Show who is in your care team and who looked, and decide what somebody outside may be told
    Team(team::Team),
    /// Show what you could write about today, in the days after a session
    Prompts(integration::Prompts),
    /// Show what you want to do and what became of it
    Commit(integration::Commitments),
    /// Show the list for your next session, or change it
    Next(integration::Next),
    /// Show what your clinic sees at a glance of what you shared
    Digest(integration::Glance),
    /// Show and answer the questions on craving, use outside the plan and the bladder
    Use(use_check::Use),
    /// Ask the clinic to contact you, and see how far that got
    Contact(care::Contact),
    /// Show the questionnaires, answer one, or share it
    Measure(care::Measures),
    /// Show what this phone would remind of, or choose about it
    Reminders(care::Reminders),
    /// Show your programme: phase, team, sessions, outcome of the assessment, structure and costs
    #[command(args_conflicts_with_subcommands = true)]
    Plan {
        /// As JSON, for a script
        #[arg(long)]
        json: bool,
        /// As one line of all steps, sessions, visits and what is due, with dates and lengths
        #[arg(long)]
        timeline: bool,
        #[command(subcommand)]
        action: Option<PlanAction>,
    },
    /// Show the sync server, follow the clinic to another, or enter an address by hand
    Server {
        #[command(subcommand)]
        action: Option<ServerAction>,
    },
    /// Exchange everything with the clinic now
    Sync,
    /// Stay connected and say what arrives, until Ctrl-C
    Watch,
    /// Show who can read what you share and who waits to be let in; let in, remove, or leave
    Devices {
        #[command(subcommand)]
        action: Option<DeviceAction>,
    },
    /// Make a link for your second phone
    InvitePhone,
    /// Show what does not count any more, since the device that wrote it was removed
    Retracted,
    /// Make twelve recovery words, on your first phone; those made before end once the new ones are on paper
    RecoveryCode {
        #[command(subcommand)]
        action: Option<RecoveryAction>,
    },
    /// Come back on a new phone with the recovery words
    Recover {
        /// What this phone is called, for your list of devices
        #[arg(long)]
        name: Option<String>,
        /// The sync server's address
        #[arg(long, value_name = "URL")]
        server: String,
    },
    /// Show the phone at a glance
    Status(care::Shape),
    /// Show what you should know about this record, or show something of it no longer
    Warnings {
        #[command(subcommand)]
        action: Option<WarningAction>,
    },
    /// Compare everything shown with the documents behind it
    Check,
    /// Say how this record is, without anything that is in it, for whoever helps you
    Report(upkeep::Report),
    /// Take the whole record along: a folder to read, not encrypted
    Export(upkeep::Export),
    /// End your account, from your first phone: says what remains where, and asks first
    End(upkeep::End),
    /// Bring back a record that was exported, into a new phone; asks first
    Import(upkeep::Import),
    /// Read what a former clinic left in a record that was imported
    Former(care::Shape),
    /// Make everything shown anew from the log
    Rebuild,
    /// Where to find help right now; works offline, and without the record or its key
    #[command(visible_alias = "help")]
    Crisis(care::Shape),
}

/// What to show of what stands in two wordings, or what to choose.
#[derive(Debug, clap::Args)]
pub(crate) struct Choose {
    #[command(flatten)]
    pub(crate) shape: care::Shape,
    /// Which thing: its id, or the beginning of it; all of them where it is left out
    pub(crate) id: Option<String>,
    /// Which field, as the list names it
    #[arg(value_name = "FIELD", requires = "number")]
    pub(crate) field: Option<String>,
    /// Which wording: its number, as the list has it
    #[arg(value_name = "NUMBER")]
    pub(crate) number: Option<usize>,
}

/// What to do with recovery words.
#[derive(Debug, Subcommand)]
pub(crate) enum RecoveryAction {
    /// The new words are on paper: give back the one that was asked for, and the earlier words end
    Confirm {
        /// That word
        word: String,
    },
    /// End all recovery words but those that `status` shows as good
    EndOthers,
}

/// What to do with devices.
#[derive(Debug, Subcommand)]
pub(crate) enum DeviceAction {
    /// Call this phone something that you and the clinic know it by
    Name {
        /// Its name
        #[arg(required = true)]
        name: Vec<String>,
    },
    /// Let in a phone that came by your link, once it shows the same words
    LetIn {
        /// Its eight digits from the list, or the beginning of them
        member: String,
    },
    /// Turn away a phone that came by your link and shows other words
    TurnAway {
        /// Its eight digits from the list, or the beginning of them
        member: String,
    },
    /// Remove a device; it gets nothing that is written from now on
    Remove {
        /// Its eight digits from the list, or the beginning of them
        member: String,
        /// Remove a phone that was there before this one, by the recovery words; they are asked for
        #[arg(long)]
        with_words: bool,
    },
    /// Leave the record with this phone; what is on it stays on it
    Leave,
}

/// What to do with the programme.
#[derive(Debug, Subcommand)]
pub(crate) enum PlanAction {
    /// Show structure and costs alone, or keep a summary of them to hand in
    Costs(upkeep::CostsAsked),
    /// Acknowledge structure and costs in the version that `plan` shows
    Acknowledge {
        /// The number of that version
        version: u32,
        /// How many sessions `plan` shows with it, where it shows a number: that is part of what you acknowledge
        #[arg(long, value_name = "NUMBER")]
        sessions: Option<u32>,
        /// The name under which you say so
        #[arg(long = "as", value_name = "NAME")]
        name: String,
    },
}

/// Where to go with the record.
#[derive(Debug, Subcommand)]
pub(crate) enum ServerAction {
    /// Go to the server that the clinic says it moved to
    Follow,
    /// Go to an address that the clinic gave you by hand, when the old server is gone
    Use {
        /// The address
        #[arg(value_name = "URL")]
        address: String,
    },
}

/// What to do with warnings.
#[derive(Debug, Subcommand)]
pub(crate) enum WarningAction {
    /// Show a warning no longer, unless it comes back with other words
    Dismiss {
        /// The number in front of it
        id: i64,
    },
}

/// What something is named by.
#[derive(Debug, clap::Args)]
pub(crate) struct Id {
    /// Its id, or the beginning of it
    pub(crate) id: String,
}

/// What is to be taken back or deleted.
#[derive(Debug, clap::Args)]
pub(crate) struct Gone {
    #[command(flatten)]
    pub(crate) what: Id,
    #[command(flatten)]
    pub(crate) sure: Sure,
}

/// Whether a person said beforehand that they mean it.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Sure {
    /// Do it without being asked
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Whether what is shared is to be talked about. Without a word of it, what stands stays.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(crate) struct Talk {
    /// Also ask to talk about it in session
    #[arg(long)]
    pub(crate) talk: bool,
    /// To be read, and not to talk about in session any more
    #[arg(long, conflicts_with = "talk")]
    pub(crate) no_talk: bool,
}

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

/// What to list.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Entries only
    #[arg(long, conflicts_with = "check_ins")]
    pub(crate) entries: bool,
    /// Check-ins only
    #[arg(long)]
    pub(crate) check_ins: bool,
    #[command(flatten)]
    pub(crate) page: Page,
}

/// Which page of a list.
#[derive(Debug, clap::Args)]
pub(crate) struct Page {
    #[command(flatten)]
    pub(crate) limit: Limit,
    /// Where the page before this one ended, as it was said there
    #[arg(long, value_name = "POSITION")]
    pub(crate) after: Option<String>,
}

/// How much to show.
#[derive(Debug, clap::Args)]
pub(crate) struct Limit {
    /// How many to show at most, 1 to 500
    #[arg(long = "limit", value_parser = page_size, value_name = "NUMBER", default_value = "30")]
    pub(crate) size: PageSize,
}

/// What to look for.
#[derive(Debug, clap::Args)]
pub(crate) struct Search {
    #[command(flatten)]
    pub(crate) limit: Limit,
    /// Words; the last one may be unfinished
    #[arg(required = true)]
    pub(crate) words: Vec<String>,
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

fn rating(text: &str) -> Result<Rating, String> {
    let number = text
        .parse::<u8>()
        .ok()
        .and_then(|number| Rating::new(number).ok());
    number.ok_or_else(|| "give a whole number from 1 to 7".to_owned())
}

fn page_size(text: &str) -> Result<PageSize, String> {
    let number = text
        .parse::<i64>()
        .ok()
        .and_then(|number| PageSize::new(number).ok());
    number.ok_or_else(|| format!("give a whole number from 1 to {MAX_PAGE}"))
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
    fn numbers_and_kinds_outside_their_lists_are_refused_in_plain_words() {
        for text in ["0", "8", "-1", "seven", "3.5", ""] {
            assert_eq!(
                rating(text).unwrap_err(),
                "give a whole number from 1 to 7",
                "{text}"
            );
        }
        for text in ["0", "501", "-1", "many", ""] {
            let refused = page_size(text).unwrap_err();
            assert_eq!(refused, "give a whole number from 1 to 500", "{text}");
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
