//! One function for each thing that can be typed.

mod devices;
mod exchange;
mod journal;

use std::path::Path;

use companion_core::Ports;
use companion_core::domain::{DocumentId, Moment};
use companion_core::patient::{CheckInView, EntryView, Patient};

use crate::args::{Args, Command, DeviceAction};
use crate::crisis;
use crate::error::PhoneError;
use crate::folder::Folder;
use crate::{MakePorts, Terminal};

type Done = Result<(), PhoneError>;

/// Does what was typed.
pub(crate) fn run(args: Args, terminal: &mut Terminal<'_>, ports: MakePorts<'_>) -> Done {
    if matches!(args.command, Command::Crisis) {
        writeln!(terminal.output, "{}", crisis::UNITED_STATES)?;
        writeln!(
            terminal.output,
            "\nSource: {}. Checked {}.",
            crisis::SOURCE,
            crisis::CHECKED
        )?;
        return Ok(());
    }
    let data = args.data.ok_or_else(|| {
        PhoneError::Usage("say where the phone's folder is: --data DIR".to_owned())
    })?;
    if matches!(args.command, Command::Watch) {
        return exchange::watch(&data, &ports()?, terminal);
    }
    let mut phone = Phone::open(&data, ports()?, terminal)?;
    match args.command {
        Command::Pair { link } => exchange::pair(&mut phone, link),
        Command::Write(write) => journal::write(&mut phone, write),
        Command::Edit(edit) => journal::edit(&mut phone, edit),
        Command::CheckIn(check_in) => journal::check_in(&mut phone, check_in),
        Command::List(list) => journal::list(&mut phone, &list),
        Command::Show { id } => journal::show(&mut phone, &id),
        Command::Share { id, talk } => journal::share(&mut phone, &id, talk),
        Command::Withdraw { id } => journal::withdraw(&mut phone, &id),
        Command::Search { words } => journal::search(&mut phone, &words.join(" ")),
        Command::Replies => journal::replies(&mut phone),
        Command::Sync => exchange::sync(&mut phone),
        Command::Devices { action: None } => devices::list(&mut phone),
        Command::Devices {
            action: Some(DeviceAction::Remove { member }),
        } => devices::remove(&mut phone, &member),
        Command::InvitePhone => devices::invite_phone(&mut phone),
        Command::RecoveryCode => devices::recovery_code(&mut phone),
        Command::Recover { server } => devices::recover(&mut phone, &server),
        Command::Status => exchange::status(&mut phone),
        Command::Check => exchange::check(&mut phone),
        Command::Rebuild => {
            phone.patient.rebuild()?;
            phone.say("Everything that is shown was made anew from the log.")
        }
        Command::Watch | Command::Crisis => Ok(()),
    }
}

/// An open phone and the terminal that it talks to.
struct Phone<'a, 'b> {
    patient: Patient,
    now: Moment,
    terminal: &'a mut Terminal<'b>,
    /// Held until the command is done.
    _folder: Folder,
}

impl<'a, 'b> Phone<'a, 'b> {
    fn open(data: &Path, ports: Ports, terminal: &'a mut Terminal<'b>) -> Result<Self, PhoneError> {
        let folder = Folder::open(data)?;
        let now = ports.clock.now();
        let patient = folder.patient(ports)?;
        Ok(Self {
            patient,
            now,
            terminal,
            _folder: folder,
        })
    }

    fn say(&mut self, words: &str) -> Done {
        Ok(writeln!(self.terminal.output, "{words}")?)
    }

    /// Asks a person; says nothing where the answer is piped in.
    fn ask(&mut self, question: &str) -> Done {
        if self.terminal.asks {
            writeln!(self.terminal.errors, "{question}")?;
        }
        Ok(())
    }

    fn read_line(&mut self) -> Result<String, PhoneError> {
        let mut line = String::new();
        self.terminal.input.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    fn read_all(&mut self) -> Result<String, PhoneError> {
        let mut text = String::new();
        self.terminal
            .input
            .read_to_string(&mut text)
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::InvalidData => {
                    PhoneError::NotDone("the text is not written in UTF-8".to_owned())
                }
                _ => error.into(),
            })?;
        Ok(text)
    }

    /// The entry or check-in whose id begins with what was typed.
    fn find(&self, prefix: &str) -> Result<Found, PhoneError> {
        let entries = self.patient.entries()?;
        let check_ins = self.patient.check_ins()?;
        let ids = entries
            .iter()
            .map(|view| view.id)
            .chain(check_ins.iter().map(|view| view.id));
        let id = match by_prefix(prefix, ids) {
            // Copies that were shared or taken back are in no list; whoever knows the whole id may
            // still look.
            Err(PhoneError::NoSuchId(_)) if prefix.len() == DocumentId::LENGTH * 2 => {
                let id = prefix
                    .parse()
                    .map_err(|_| PhoneError::NoSuchId(prefix.to_owned()))?;
                return Ok(Found::Entry(Box::new(self.patient.entry(id)?)));
            }
            found => found?,
        };
        let entry = entries
            .into_iter()
            .find(|view| view.id == id)
            .map(Box::new)
            .map(Found::Entry);
        let check_in = || {
            check_ins
                .into_iter()
                .find(|view| view.id == id)
                .map(Found::CheckIn)
        };
        entry
            .or_else(check_in)
            .ok_or_else(|| PhoneError::NoSuchId(prefix.to_owned()))
    }

    fn find_entry(&self, prefix: &str) -> Result<EntryView, PhoneError> {
        match self.find(prefix)? {
            Found::Entry(view) => Ok(*view),
            Found::CheckIn(_) => Err(PhoneError::NotDone(
                "that is a check-in; this can be done with entries only".to_owned(),
            )),
        }
    }
}

/// What an id named.
enum Found {
    Entry(Box<EntryView>),
    CheckIn(CheckInView),
}

/// The one id that begins with what was typed.
fn by_prefix<T: Copy + Ord + std::fmt::Display>(
    prefix: &str,
    ids: impl Iterator<Item = T>,
) -> Result<T, PhoneError> {
    let prefix = prefix.trim().to_lowercase();
    if prefix.is_empty() {
        return Err(PhoneError::Usage(
            "give an id, or the beginning of one".to_owned(),
        ));
    }
    let fitting: std::collections::BTreeSet<T> = ids
        .filter(|id| id.to_string().starts_with(&prefix))
        .collect();
    let count = fitting.len();
    match fitting.first() {
        Some(id) if count == 1 => Ok(*id),
        Some(_) => Err(PhoneError::AmbiguousId { prefix, count }),
        None => Err(PhoneError::NoSuchId(prefix)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_short_id_is_taken_only_if_it_fits_one_thing() {
        let id = |byte| DocumentId::new([byte; 16]);
        let ids = || [id(0xab), id(0xac), id(0xab)].into_iter();
        assert_eq!(by_prefix("AB", ids()).unwrap(), id(0xab));
        let both = by_prefix("a", ids()).unwrap_err();
        assert!(
            matches!(both, PhoneError::AmbiguousId { count: 2, .. }),
            "{both}"
        );
        assert!(matches!(
            by_prefix("b", ids()).unwrap_err(),
            PhoneError::NoSuchId(_)
        ));
        assert!(matches!(
            by_prefix(" ", ids()).unwrap_err(),
            PhoneError::Usage(_)
        ));
    }
}
