//! The command line: serving, registering clinics, and looking after the database.

mod arguments;
mod logs;
mod serve;
mod upkeep;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use companion_protocol::id::{MemberId, SpaceId};

use crate::StartError;
use crate::config::database;
use crate::storage::StorageError;
use crate::storage::rewinding::RewindError;
use crate::storage::sqlite::RestoreError;

/// The blind relay of KAP Companion: keeps sealed changes for a clinic and its patients, and can
/// read none of them.
#[derive(Debug, Parser)]
#[command(name = "sync-server", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until told to stop (SIGTERM or Ctrl-C).
    Serve(serve::Serve),
    /// Register clinics and see what they use. Works while the server runs.
    #[command(subcommand)]
    Clinic(ClinicCommand),
    /// Write a verified copy of the database to a new file, and its blobs into a folder beside that. Works
    /// while the server runs.
    Backup {
        #[command(flatten)]
        data: Data,
        /// The file to write; must not exist.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Put a backup in the place of the database. The server must not be running.
    Restore {
        #[command(flatten)]
        data: Data,
        /// The backup; the folder with its blobs stands beside it.
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
    },
    /// Let clinics and phones that come from another server bring what they hold. The server must not be
    /// running.
    TakeOver {
        #[command(flatten)]
        data: Data,
    },
    /// Cut a chain that was forked after a restore back to an earlier statement. The server must not be
    /// running.
    Rewind {
        /// The space: 64 hexadecimal digits, as the console or phone that noticed the fork names it.
        space: SpaceId,
        /// How many statements stay.
        #[arg(long, value_name = "LENGTH")]
        to: u64,
        #[command(flatten)]
        data: Data,
    },
    /// The spaces that were ended and are not forgotten yet. Works while the server runs.
    Ended {
        #[command(flatten)]
        data: Data,
    },
    /// Verify every page, chain, signature, counter, hash link and blob. Works while the server runs, but
    /// a push during the check may be reported as a difference.
    Check {
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Debug, Args)]
struct Data {
    /// The server's data folder.
    #[arg(long = "data", value_name = "DIR", env = "KAP_SYNC_DATA")]
    folder: PathBuf,
}

#[derive(Debug, Subcommand)]
enum ClinicCommand {
    /// Register a clinic's key, or change the label or limits of a registered one: what isn't given stays.
    Add {
        /// The clinic's public key: 64 hexadecimal digits, as `clinic-console init` prints it.
        #[arg(value_parser = arguments::key)]
        key: MemberId,
        #[command(flatten)]
        data: Data,
        /// Your own name for it.
        #[arg(long)]
        label: Option<String>,
        /// How many spaces it may found; a patient takes two or three. A new clinic's: 1000.
        #[arg(long, value_parser = clap::value_parser!(u64).range(arguments::COUNT))]
        spaces: Option<u64>,
        /// How many bytes its spaces may hold together. A new clinic's: 10 GiB.
        #[arg(long, value_parser = clap::value_parser!(u64).range(arguments::COUNT))]
        bytes: Option<u64>,
    },
    /// All clinics and what they use.
    List {
        #[command(flatten)]
        data: Data,
    },
}

/// Why a command did not do what it should.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Rewind(#[from] RewindError),
    #[error(transparent)]
    Restore(#[from] RestoreError),
    #[error(
        "there is no database {0}: is this the server's data folder? `sync-server serve` makes one at its \
         first start"
    )]
    NoDatabase(PathBuf),
    #[error("failed to open the database {0}: {1}")]
    Database(PathBuf, #[source] StorageError),
    #[error("there is no folder {0}")]
    NoFolder(PathBuf),
    #[error("failed to write: {0}")]
    Output(#[from] std::io::Error),
    #[error(
        "the backup is good but for {0} blob(s) that are damaged or missing here; `sync-server check` names \
         them"
    )]
    LostBlobs(u64),
    #[error("the check found {0} problem(s)")]
    Problems(usize),
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Serve(serve) => serve.run(),
        Command::Clinic(ClinicCommand::Add {
            key,
            data,
            label,
            spaces,
            bytes,
        }) => upkeep::add_clinic(&data.folder, key, label, spaces, bytes),
        Command::Clinic(ClinicCommand::List { data }) => upkeep::list_clinics(&data.folder),
        Command::Backup { data, to } => upkeep::back_up(&data.folder, &to),
        Command::Restore { data, from } => upkeep::restore(&data.folder, &from),
        Command::TakeOver { data } => upkeep::take_over(&data.folder),
        Command::Rewind { space, to, data } => upkeep::rewind(&data.folder, space, to),
        Command::Ended { data } => upkeep::list_ended(&data.folder),
        Command::Check { data } => upkeep::check(&data.folder),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "sync-server: {why}");
            ExitCode::FAILURE
        }
    }
}

/// The database of a data folder, which must be there: upkeep makes none where a folder was typed wrong.
fn existing(data: &Path) -> Result<PathBuf, Failure> {
    let file = database(data);
    if file.is_file() {
        Ok(file)
    } else {
        Err(Failure::NoDatabase(file))
    }
}

/// Prints a line. Where whoever reads it went away (`check | head`), they have what they wanted: the command goes on to
/// its end, and its exit code says what became of it.
fn say(line: impl std::fmt::Display) -> Result<(), Failure> {
    Ok(say_to(&mut std::io::stdout(), line)?)
}

fn say_to(output: &mut impl Write, line: impl std::fmt::Display) -> std::io::Result<()> {
    match writeln!(output, "{line}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_put_together_soundly() {
        Cli::command().debug_assert();
    }

    struct Failing(std::io::ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_who_went_away_stops_no_command_and_a_full_disk_does() {
        use std::io::ErrorKind;
        assert!(say_to(&mut Failing(ErrorKind::BrokenPipe), "line").is_ok());
        let full = say_to(&mut Failing(ErrorKind::StorageFull), "line");
        assert_eq!(full.map_err(|why| why.kind()), Err(ErrorKind::StorageFull));
    }
}
