//! What can be typed.

pub(crate) mod assessment;
pub(crate) mod care;
pub(crate) mod dates;
pub(crate) mod devices;
pub(crate) mod integration;
pub(crate) mod journal;
pub(crate) mod team;
pub(crate) mod upkeep;
pub(crate) mod use_check;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use companion_core::domain::Visibility;
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
    Write(journal::Write),
    /// Change an entry or a check-in; what is not given stays
    Edit(Box<journal::Edit>),
    /// Note how you are
    CheckIn(journal::CheckIn),
    /// Show what stands in two wordings, since it was edited in two places apart, or choose one of them
    Choose(Choose),
    /// Show entries and check-ins, newest first
    List(List),
    /// Show one entry or check-in with its replies
    Show(Id),
    /// Attach a recording or a picture to an entry, or take one off; show what is attached
    Attach(journal::Attach),
    /// Say what an attachment of an entry is, or write it to a file
    Play(journal::Play),
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
        action: Option<devices::ServerAction>,
    },
    /// Exchange everything with the clinic now
    Sync,
    /// Stay connected and say what arrives, until Ctrl-C
    Watch,
    /// Show who can read what you share and who waits to be let in; let in, remove, or leave
    Devices {
        #[command(subcommand)]
        action: Option<devices::DeviceAction>,
    },
    /// Make a link for your second phone
    InvitePhone,
    /// Show what does not count any more, since the device that wrote it was removed
    Retracted,
    /// Make twelve recovery words, on your first phone; those made before end once the new ones are on paper
    RecoveryCode {
        #[command(subcommand)]
        action: Option<devices::RecoveryAction>,
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
        action: Option<devices::WarningAction>,
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

fn page_size(text: &str) -> Result<PageSize, String> {
    let number = text
        .parse::<i64>()
        .ok()
        .and_then(|number| PageSize::new(number).ok());
    number.ok_or_else(|| format!("give a whole number from 1 to {MAX_PAGE}"))
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
    fn numbers_outside_their_range_are_refused_in_plain_words() {
        for text in ["0", "501", "-1", "many", ""] {
            let refused = page_size(text).unwrap_err();
            assert_eq!(refused, "give a whole number from 1 to 500", "{text}");
        }
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
