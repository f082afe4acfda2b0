//! `clinic-console init|run|clinician|key|audit|backup|restore|server`.
//!
//! Everything here talks to a person at a terminal; nothing else in the crate prints.
#![allow(clippy::print_stderr)]

mod people;
mod say;

use std::error::Error;
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use companion_core::clinic::{Announced, Clinic};
use companion_core::ports::{Clock, OsRng, Rng, SystemClock};
use companion_core::{HttpNetwork, Ports, StoreKey};

use crate::accounts::Accounts;
use crate::backup::{self, KeyInCopy};
use crate::console::{Config, Console, Limits, Name, Security};
use crate::node::Folder;
use say::{complain, say};

/// The clinic's node: what patients shared, on a page.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes a clinic's node in an empty folder, and says what the server's operator must enter.
    Init(Init),
    /// Serves the pages and keeps the record in step with the server.
    Run(Run),
    /// People who may sign in.
    Clinician {
        #[command(subcommand)]
        command: people::Command,
    },
    /// Prints the clinic's public key.
    Key(DataDir),
    /// Prints the audit record and says whether it is whole.
    Audit(DataDir),
    /// Copies the node to a new folder, while it runs or not. Without its key, unless asked.
    Backup(Backup),
    /// Moves to a sync server at another address, and says so to patients’ phones. Stop `run` first.
    Server(MoveServer),
    /// Say for how many days the server keeps what a patient shared after they ended their account. The console must
    /// not be running.
    KeepDays(KeepDays),
    /// Puts a copy into an empty folder, after checking all of it.
    Restore(Restore),
}

/// Where the node lives.
#[derive(Clone, Debug, Args)]
struct DataDir {
    /// The node's folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Where the key to the stores is kept, if not in the folder: a secret manager's mount, say.
    #[arg(long, value_name = "PATH")]
    store_key_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Init {
    #[command(flatten)]
    data_dir: DataDir,
    /// The sync server's address.
    #[arg(long, value_name = "URL")]
    server: String,
    /// The clinic's name, as patients will see it.
    #[arg(long)]
    name: String,
}

#[derive(Debug, Args)]
struct Backup {
    #[command(flatten)]
    data_dir: DataDir,
    /// The folder to make.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Puts the key into the copy as well. Whoever gets hold of it can then read all patients’ records.
    #[arg(long)]
    with_key: bool,
}

#[derive(Debug, Args)]
struct MoveServer {
    #[command(flatten)]
    data_dir: DataDir,
    /// The new server’s address.
    #[arg(value_name = "URL")]
    url: String,
    /// A certificate authority of the clinic's own that the servers' certificates come from.
    #[arg(long, value_name = "PEM")]
    server_ca: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct KeepDays {
    #[command(flatten)]
    data_dir: DataDir,
    /// How many, 0 to 366; the server may be set to keep no more than so many. Left out, they are shown.
    #[arg(value_name = "DAYS", value_parser = clap::value_parser!(u16).range(0..=366))]
    days: Option<u16>,
}

#[derive(Debug, Args)]
struct Restore {
    #[command(flatten)]
    data_dir: DataDir,
    /// The copy that `backup` made.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
}

#[derive(Debug, Args)]
struct Run {
    #[command(flatten)]
    data_dir: DataDir,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8788")]
    listen: SocketAddr,
    /// Certificate chain (PEM).
    #[arg(
        long,
        value_name = "PEM",
        requires = "tls_key",
        conflicts_with = "insecure_loopback_http"
    )]
    tls_cert: Option<PathBuf>,
    /// Its private key (PEM).
    #[arg(long, value_name = "PEM", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Browsers on this very machine use plain http, as http://localhost:PORT. Without this and
    /// without a certificate, a proxy on this machine is expected to speak TLS.
    #[arg(long)]
    insecure_loopback_http: bool,
    /// The name that browsers call the console by: host, or host:port for that port only; may be given
    /// again. Requests for other names are refused. Needed wherever browsers on other machines call.
    #[arg(
        long = "authority",
        value_name = "NAME",
        conflicts_with = "insecure_loopback_http"
    )]
    names: Vec<Name>,
    /// A certificate authority of the clinic's own that the sync server's certificate comes from.
    #[arg(long, value_name = "PEM")]
    server_ca: Option<PathBuf>,
}

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// Does what the arguments say, and says it where that is not possible.
pub fn run(arguments: Arguments) -> ExitCode {
    match act(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(error);
            ExitCode::FAILURE
        }
    }
}

fn act(arguments: Arguments) -> Outcome {
    match arguments.command {
        Command::Init(init) => self::init(init),
        Command::Run(run) => serve(run),
        Command::Clinician { command } => people::act(command),
        Command::Key(data_dir) => key(data_dir),
        Command::Audit(data_dir) => audit(data_dir),
        Command::Backup(backup) => back_up(backup),
        Command::Restore(restore) => put_back(restore),
        Command::Server(server) => move_server(server),
        Command::KeepDays(keep) => keep_days(keep),
    }
}

impl DataDir {
    fn folder(self) -> Folder {
        Folder::new(self.data, self.store_key_file)
    }
}

fn ports(server_ca: Option<&std::path::Path>) -> Result<Ports, Box<dyn Error + Send + Sync>> {
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    let root = server_ca
        .map(|path| {
            std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
        })
        .transpose()?;
    Ok(Ports {
        clock: Arc::new(SystemClock),
        network: Arc::new(HttpNetwork::with_root(Arc::clone(&rng), root.as_deref())?),
        rng,
    })
}

fn init(init: Init) -> Outcome {
    let folder = init.data_dir.folder();
    let key = folder.make(&OsRng)?;
    // First: the clinic's record in the folder is what says that a node is there.
    accounts(&folder, &key)?;
    let clinic = Clinic::init(
        &folder.replica(),
        &StoreKey::new(*key),
        ports(None)?,
        &init.name,
        &init.server,
    )?;
    say("The clinic’s node is ready. Its public key:\n")?;
    say(format_args!("    {}\n", clinic.public_key()))?;
    say("Next, on the sync server’s machine, let this clinic found spaces there:\n")?;
    say(format_args!(
        "    sync-server clinic add {} --label {} --data DIR\n",
        clinic.public_key(),
        quoted(&init.name)
    ))?;
    say("Then add the first clinician here:\n")?;
    say(format_args!(
        "    clinic-console clinician add --data {} --name NAME\n",
        quoted(&folder.data().display().to_string())
    ))?;
    say(format_args!(
        "Keep {} safe and apart from backups of the folder:",
        folder.key_file().display()
    ))?;
    say("without it nobody can open the clinic’s record, with it anybody can.")?;
    Ok(())
}

/// A word for a shell, in single quotes where it needs them.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn key(data_dir: DataDir) -> Outcome {
    let folder = data_dir.folder();
    let key = folder.key()?;
    let clinic = Clinic::open(&folder.replica(), &StoreKey::new(*key), ports(None)?)?;
    say(format_args!("{}", clinic.public_key()))?;
    Ok(())
}

fn accounts(folder: &Folder, key: &[u8; 32]) -> Result<Accounts, crate::accounts::AccountsError> {
    Accounts::open(
        &folder.accounts(),
        key,
        Arc::new(SystemClock),
        Arc::new(OsRng),
    )
}

fn audit(data_dir: DataDir) -> Outcome {
    let folder = data_dir.folder();
    let key = folder.key()?;
    let record = accounts(&folder, &key)?.audit()?;
    for line in record.lines.iter().rev() {
        say(format_args!(
            "{:>6}  {}  {}  {}  {}{}",
            line.number, line.at, line.actor, line.action, line.patient, line.detail
        ))?;
    }
    if record.unbroken {
        Ok(())
    } else {
        Err("the audit record was changed after it was written".into())
    }
}

fn back_up(backup: Backup) -> Outcome {
    let folder = backup.data_dir.folder();
    let key_in_copy = if backup.with_key {
        KeyInCopy::Included
    } else {
        KeyInCopy::LeftOut
    };
    backup::back_up(&folder, &backup.to, key_in_copy, ports(None)?)?;
    let key_file = folder.key_file().display();
    say(format_args!(
        "{} holds the record and the accounts as they were now.",
        backup.to.display()
    ))?;
    match key_in_copy {
        KeyInCopy::LeftOut => {
            say(format_args!(
                "The key is not in it. Keep a copy of {key_file} somewhere else:"
            ))?;
            say("without it nobody can open this copy.")?;
        }
        KeyInCopy::Included => {
            say("The key is in it: whoever has this folder can read all of it.")?;
        }
    }
    Ok(())
}

fn move_server(server: MoveServer) -> Outcome {
    let folder = server.data_dir.folder();
    let key = folder.key()?;
    let _held = folder.hold()?;
    let ports = ports(server.server_ca.as_deref())?;
    let clinic = Clinic::open(&folder.replica(), &StoreKey::new(*key), ports)?;
    let announced = clinic.move_to_server(&server.url)?;
    say(format_args!(
        "This node uses {} from now on.\n",
        clinic.server()?
    ))?;
    match announced {
        Announced::AtTheOldServer => {
            say("The old server holds the news for every phone. Keep it running until each has")?;
            say("exchanged with it: the phone then asks its owner whether to follow.")?;
        }
        Announced::NotEverywhere => {
            say("The old server did not take the news for every phone. Give patients the new")?;
            say("address by hand; each enters it on their phone.")?;
        }
    }
    say("\nThe new server needs the clinic’s key, and `sync-server take-over` if it is empty:\n")?;
    say(format_args!(
        "    sync-server clinic add {} --label LABEL --data DIR",
        clinic.public_key()
    ))?;
    say("    sync-server take-over --data DIR\n")?;
    say("Then start this node again; its first exchange gives the new server what it lacks.")?;
    Ok(())
}

fn keep_days(keep: KeepDays) -> Outcome {
    let folder = keep.data_dir.folder();
    let key = folder.key()?;
    let _held = folder.hold()?;
    let clinic = Clinic::open(&folder.replica(), &StoreKey::new(*key), ports(None)?)?;
    if let Some(days) = keep.days {
        clinic.set_keep_days(days)?;
    }
    say(format_args!(
        "The server is asked to keep what a patient shared for {} days after they ended their account.",
        clinic.keep_days()?
    ))?;
    if keep.days.is_some() {
        say(format_args!(
            "Phones say so before the end, once they heard of it by an exchange."
        ))?;
    }
    Ok(())
}

fn put_back(restore: Restore) -> Outcome {
    let folder = restore.data_dir.folder();
    let restored = backup::restore(&restore.from, &folder, ports(None)?)?;
    say(format_args!(
        "{}: the record and the accounts are back; the copy’s register names {} patients.",
        restored.clinic, restored.patients
    ))?;
    match restored.last_sync_ms {
        Some(ms) => say(format_args!(
            "Its last exchange with the server was at {}.",
            in_words(ms)
        ))?,
        None => say("It had not exchanged anything with the server yet.")?,
    }
    say("\nNext, start it as before:\n")?;
    say(format_args!(
        "    clinic-console run --data {} …\n",
        quoted(&folder.data().display().to_string())
    ))?;
    say("Its first exchange brings what came since, patients who were paired since included.")?;
    say("Whoever can’t be read yet is marked in the caseload, with what to do.")?;
    say("Everybody signs in again; accounts and passphrases are those of the copy.")?;
    say("Never run this node and the one that it replaces at the same time.")?;
    Ok(())
}

fn serve(run: Run) -> Outcome {
    let folder = run.data_dir.folder();
    let key = folder.key()?;
    let _held = folder.hold()?;
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let ports = ports(run.server_ca.as_deref())?;
    let (clock, rng): (Arc<dyn Clock>, Arc<dyn Rng>) =
        (Arc::clone(&ports.clock), Arc::clone(&ports.rng));
    let clinic = Arc::new(Clinic::open(
        &folder.replica(),
        &StoreKey::new(*key),
        ports,
    )?);
    let accounts = Arc::new(accounts(&folder, &key)?);
    if accounts.clinicians()? == 0 {
        eprintln!("Nobody can sign in yet: run `clinic-console clinician add` first.");
    }
    let security = match (run.tls_cert, run.tls_key) {
        (Some(certificate), Some(key)) => Security::Tls { certificate, key },
        _ if run.insecure_loopback_http => Security::LoopbackHttp,
        _ => Security::BehindProxy,
    };
    let config = Config {
        listen: run.listen,
        security,
        names: run.names,
        limits: Limits::default().within(open_files()),
        clock,
        rng,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let running = Console::start(config, Arc::clone(&clinic), accounts).await?;
        say(format_args!("The console is at {}", running.url()))?;
        stop_signal().await?;
        say("Stopping.")?;
        running.shutdown().await;
        Outcome::Ok(())
    })
}

/// How many files this process may have open.
fn open_files() -> u64 {
    use rustix::process::{Resource, getrlimit};
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// Ends when somebody at the terminal or the service manager asks.
async fn stop_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
    }
}

/// A time for somebody at a terminal.
fn in_words(unix_ms: i64) -> String {
    let at = companion_core::ports::Moment::utc(unix_ms);
    at.to_chrono().map_or_else(
        || at.to_string(),
        |at| at.format("%-d %b %Y, %H:%M UTC").to_string(),
    )
}

#[cfg(test)]
mod tests;
