//! `clinic-console clinician …`: who may sign in, and with which role.

use std::io::{BufRead as _, IsTerminal as _};

use clap::{Args, Subcommand, ValueEnum};
use zeroize::Zeroizing;

use super::say::say;
use super::{DataDir, Outcome, accounts};
use crate::accounts::{Accounts, Role};

/// What is done about people.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Adds somebody. The first one is clinic lead.
    Add(Add),
    /// Sets a new passphrase and ends that person's sessions.
    Passphrase(WithPassphrase),
    /// Gives somebody another role.
    Role(SetRole),
    /// Ends somebody's access and their sessions. Their name stays with what they did.
    End(Person),
    /// Lets somebody sign in again whose access was ended.
    Again(Person),
    /// Lists everybody with their role.
    List(DataDir),
}

#[derive(Debug, Args)]
pub(super) struct Person {
    #[command(flatten)]
    data_dir: DataDir,
    /// Their name, as patients and colleagues will see it.
    #[arg(long)]
    name: String,
}

#[derive(Debug, Args)]
pub(super) struct WithPassphrase {
    #[command(flatten)]
    person: Person,
    /// Reads the passphrase from the first line of standard input instead of asking.
    #[arg(long)]
    passphrase_stdin: bool,
}

#[derive(Debug, Args)]
pub(super) struct Add {
    #[command(flatten)]
    new: WithPassphrase,
    /// What they may see and change; without it `lead` for the first one, and `therapist` for everybody after.
    #[arg(long, value_enum)]
    role: Option<Role>,
}

#[derive(Debug, Args)]
pub(super) struct SetRole {
    #[command(flatten)]
    person: Person,
    /// The role.
    #[arg(long, value_enum)]
    role: Role,
}

impl ValueEnum for Role {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.as_str()))
    }
}

/// Whoever acts at the clinic's computer, as the audit record calls them.
const HERE: &str = "clinic-console";

pub(super) fn act(command: Command) -> Outcome {
    match command {
        Command::Add(add) => self::add(&add),
        Command::Passphrase(person) => passphrase(&person),
        Command::Role(set) => {
            let accounts = open(&set.person.data_dir)?;
            let name = accounts.known_name(&set.person.name)?;
            accounts.set_role(&name, set.role, HERE)?;
            say(format_args!("{name} is {} now.", set.role.label()))?;
            Ok(())
        }
        Command::End(person) => {
            let accounts = open(&person.data_dir)?;
            let name = accounts.known_name(&person.name)?;
            accounts.end_access(&name, HERE)?;
            say(format_args!(
                "{name} can’t sign in any more; open sessions have ended."
            ))?;
            Ok(())
        }
        Command::Again(person) => {
            let accounts = open(&person.data_dir)?;
            let name = accounts.known_name(&person.name)?;
            accounts.give_access_again(&name, HERE)?;
            say(format_args!(
                "{name} can sign in again, with the passphrase that they had."
            ))?;
            Ok(())
        }
        Command::List(data_dir) => list(&data_dir),
    }
}

fn open(data_dir: &DataDir) -> Result<Accounts, Box<dyn std::error::Error + Send + Sync>> {
    let folder = data_dir.clone().folder();
    let key = folder.key()?;
    Ok(accounts(&folder, &key)?)
}

fn add(add: &Add) -> Outcome {
    let person = &add.new.person;
    let accounts = open(&person.data_dir)?;
    // What is wrong with the name is said before anybody thinks of a passphrase.
    let name = accounts.new_name(&person.name)?;
    let usual = match accounts.clinicians()? {
        0 => Role::Lead,
        _ => Role::Therapist,
    };
    let role = add.role.unwrap_or(usual);
    let passphrase = ask(add.new.passphrase_stdin)?;
    accounts.add_clinician(&name, &passphrase, role)?;
    say(format_args!("{name} can sign in now, as {}.", role.label()))?;
    Ok(())
}

fn passphrase(person: &WithPassphrase) -> Outcome {
    let accounts = open(&person.person.data_dir)?;
    let name = accounts.known_name(&person.person.name)?;
    let passphrase = ask(person.passphrase_stdin)?;
    accounts.set_passphrase(&name, &passphrase)?;
    say(format_args!(
        "{name} has a new passphrase; open sessions have ended."
    ))?;
    Ok(())
}

fn list(data_dir: &DataDir) -> Outcome {
    for person in open(data_dir)?.people()? {
        let ended = match person.ended_ms {
            Some(_) => ", access ended",
            None => "",
        };
        say(format_args!(
            "{}: {}{ended}",
            person.name,
            person.role.label()
        ))?;
    }
    Ok(())
}

fn ask(from_stdin: bool) -> Result<Zeroizing<String>, Box<dyn std::error::Error + Send + Sync>> {
    if from_stdin {
        let mut line = Zeroizing::new(String::new());
        std::io::stdin().lock().read_line(&mut line)?;
        let end = line.trim_end_matches(['\r', '\n']).len();
        line.truncate(end);
        Accounts::check_passphrase(&line)?;
        return Ok(line);
    }
    if !std::io::stdin().is_terminal() {
        return Err("no terminal to ask for the passphrase: use --passphrase-stdin".into());
    }
    let first = Zeroizing::new(rpassword::prompt_password(
        "Passphrase (15 characters or more): ",
    )?);
    Accounts::check_passphrase(&first)?;
    let second = Zeroizing::new(rpassword::prompt_password("The same again: ")?);
    if first != second {
        return Err("the two passphrases differ".into());
    }
    Ok(first)
}
