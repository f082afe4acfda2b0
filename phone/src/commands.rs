//! One function for each thing that can be typed.

mod devices;
mod exchange;
mod find;
mod journal;
mod list;
mod position;
mod server;
mod sessions;
mod status;
mod watch;

use companion_core::Ports;
use companion_core::domain::Moment;
use companion_core::patient::Patient;

use crate::args::{Args, Command, DeviceAction, WarningAction};
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
    let folder = if makes_a_phone(&args.command) {
        Folder::open(&data)?
    } else {
        Folder::existing(&data)?
    };
    let mut phone = Phone::open(folder, ports()?, terminal)?;
    match args.command {
        Command::Pair { link, name } => exchange::pair(&mut phone, link, name),
        Command::Write(write) => journal::write(&mut phone, write),
        Command::Edit(edit) => journal::edit(&mut phone, *edit),
        Command::Choose {
            what,
            field,
            number,
        } => journal::choose(&mut phone, &what.id, &field, number),
        Command::CheckIn(check_in) => journal::check_in(&mut phone, check_in),
        Command::List(list) => list::list(&mut phone, &list),
        Command::Show(what) => list::show(&mut phone, &what.id),
        Command::Share { what, talk } => journal::share(&mut phone, &what.id, talk),
        Command::Withdraw(what) => journal::withdraw(&mut phone, &what.id),
        Command::Delete(what) => journal::delete(&mut phone, &what.id),
        Command::Search(search) => list::search(&mut phone, &search),
        Command::Replies(page) => list::replies(&mut phone, &page),
        Command::Sessions => sessions::list(&mut phone),
        Command::Server { action } => server::server(&mut phone, action),
        Command::Sync => exchange::sync(&mut phone),
        Command::Watch => watch::watch(&mut phone),
        Command::Devices { action: None } => devices::list(&mut phone),
        Command::Devices {
            action: Some(DeviceAction::Remove { member }),
        } => devices::remove(&mut phone, &member),
        Command::Devices {
            action: Some(DeviceAction::Name { name }),
        } => devices::rename(&mut phone, &name),
        Command::InvitePhone => devices::invite_phone(&mut phone),
        Command::RecoveryCode => devices::recovery_code(&mut phone),
        Command::Recover { server } => devices::recover(&mut phone, &server),
        Command::Status => status::status(&mut phone),
        Command::Warnings { action: None } => status::warnings(&mut phone),
        Command::Warnings {
            action: Some(WarningAction::Dismiss { id }),
        } => status::dismiss(&mut phone, id),
        Command::Check => status::check(&mut phone),
        Command::Rebuild => {
            phone.patient.rebuild()?;
            phone.say("Everything that is shown was made anew from the log.")
        }
        Command::Crisis => Ok(()),
    }
}

/// Whether a command begins a phone where there is none. One that only looks must not: somebody who mistyped
/// the folder would take an empty phone for theirs.
fn makes_a_phone(command: &Command) -> bool {
    match command {
        Command::Write(_)
        | Command::CheckIn(_)
        | Command::Pair { .. }
        | Command::Recover { .. }
        | Command::Devices {
            action: Some(DeviceAction::Name { .. }),
        } => true,
        Command::Edit(_)
        | Command::Choose { .. }
        | Command::List(_)
        | Command::Show(_)
        | Command::Share { .. }
        | Command::Withdraw(_)
        | Command::Delete(_)
        | Command::Search(_)
        | Command::Replies(_)
        | Command::Sessions
        | Command::Server { .. }
        | Command::Sync
        | Command::Watch
        | Command::Devices { .. }
        | Command::InvitePhone
        | Command::RecoveryCode
        | Command::Status
        | Command::Warnings { .. }
        | Command::Check
        | Command::Rebuild
        | Command::Crisis => false,
    }
}

/// An open phone and the terminal that it talks to.
struct Phone<'a, 'b> {
    patient: Patient,
    folder: Folder,
    ports: Ports,
    now: Moment,
    terminal: &'a mut Terminal<'b>,
}

impl<'a, 'b> Phone<'a, 'b> {
    fn open(
        folder: Folder,
        ports: Ports,
        terminal: &'a mut Terminal<'b>,
    ) -> Result<Self, PhoneError> {
        let now = ports.clock.now();
        let patient = folder.record(&ports)?;
        Ok(Self {
            patient,
            folder,
            ports,
            now,
            terminal,
        })
    }

    /// Exchanges with the server once no other command does. What only reads and writes here waits for
    /// none of this.
    fn exchange<T>(
        &mut self,
        exchange: impl FnOnce(&Patient) -> companion_core::Result<T>,
    ) -> Result<T, PhoneError> {
        let _turn = self.folder.take_turn()?;
        // Another command's exchange may have moved on what this one has in memory.
        self.patient = self.folder.record(&self.ports)?;
        Ok(exchange(&self.patient)?)
    }

    /// Does something that depends on whether a thing has ever left this phone. Where no other command
    /// exchanges, none begins before it is done; where one does, nobody waits for it.
    fn between_exchanges<T>(
        &mut self,
        act: impl FnOnce(&Patient) -> companion_core::Result<T>,
    ) -> Result<T, PhoneError> {
        let _turn = self.folder.try_take_turn()?;
        self.patient = self.folder.record(&self.ports)?;
        Ok(act(&self.patient)?)
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
}
