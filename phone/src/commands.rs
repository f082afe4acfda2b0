//! One function for each thing that can be typed.

mod asked;
mod assessment;
mod attachments;
mod choose;
mod commitments;
mod contact;
mod deleted;
mod devices;
mod digest;
mod ending;
mod exchange;
mod export;
mod find;
mod goals;
mod guides;
mod import;
mod intention;
mod journal;
mod language;
mod list;
mod measures;
mod medicines;
mod metered;
mod news;
mod next;
mod own;
mod plan;
mod position;
mod prompts;
mod reminders;
mod report;
mod retracted;
mod safety;
mod server;
mod session;
mod session_day;
mod session_review;
mod sessions;
mod standing;
mod status;
mod support;
mod team;
mod timeline;
mod use_check;
mod visits;
mod watch;
mod words;

use std::path::Path;

use companion_core::Ports;
use companion_core::domain::Moment;
use companion_core::patient::Patient;

use crate::args::devices::{DeviceAction, RecoveryAction, WarningAction};
use crate::args::{Args, Command, PlanAction};
use crate::crisis;
use crate::error::PhoneError;
use crate::folder::Folder;
use crate::format::{Held, Here};
use crate::{MakePorts, Terminal, printed};

type Done = Result<(), PhoneError>;

/// Does what was typed.
pub(crate) fn run(args: Args, terminal: &mut Terminal<'_>, ports: MakePorts<'_>) -> Done {
    if let Command::Crisis(shape) = args.command {
        return help_now(args.data.as_deref(), shape.json, terminal);
    }
    let asks_for_help = match &args.command {
        Command::Safety(asked) if asked.action.is_none() => Some(asked.shape.json),
        _ => None,
    };
    let data = args.data.clone();
    match (open_and_act(args, terminal, ports), asks_for_help) {
        // Whom to call comes first, and then why the plan itself is not here.
        (Err(error @ PhoneError::Terminal(_)), _) => Err(error),
        (Err(error), Some(as_json)) => {
            help_now(data.as_deref(), as_json, terminal)?;
            Err(error)
        }
        (done, _) => done,
    }
}

/// Whether somebody may have come to this command in need, so that also its refusal says whom to call.
/// `safety` that only shows has said it by itself.
pub(crate) fn points_to_help(command: &Command) -> bool {
    match command {
        Command::Safety(asked) => asked.action.is_some(),
        Command::Contact(_)
        | Command::Measure(_)
        | Command::Use(_)
        | Command::Assessment(_)
        | Command::New(_)
        | Command::Write(_)
        | Command::CheckIn(_) => true,
        _ => false,
    }
}

fn open_and_act(args: Args, terminal: &mut Terminal<'_>, ports: MakePorts<'_>) -> Done {
    let data = args.data.ok_or_else(|| {
        PhoneError::Usage("say where the phone's folder is: --data DIR".to_owned())
    })?;
    let folder = if makes_a_phone(&args.command) {
        Folder::open(&data)?
    } else {
        Folder::existing(&data)?
    };
    let ports = ports()?;
    let patient = match (folder.record(&ports), &args.command) {
        (Err(PhoneError::Core(why)), Command::Report(asked)) => {
            report::on_unopened(&folder.record_path(), &why, asked, terminal)?;
            return Err(why.into());
        }
        (patient, _) => patient?,
    };
    let goes_on_to_the_end = matches!(
        &args.command,
        Command::End(_) | Command::Sync | Command::Watch
    );
    // It has said so as JSON, and says nothing else.
    let ends_as_json = matches!(&args.command, Command::End(asked) if asked.shape.json);
    let mut phone = Phone::of(patient, folder, ports, terminal);
    // What an end that broke off left behind goes before anybody reads in it.
    let was_over = ending::over_since(&phone).is_some();
    let done = match was_over {
        true => Ok(()),
        false => act(&mut phone, args.command),
    };
    let done = done.map_err(|error| standing::explain(&phone, error));
    let may_go = was_over || (done.is_ok() && goes_on_to_the_end);
    let over_since = ending::over_since(&phone).filter(|_| may_go);
    let over_since = phone.gone_since.or(over_since);
    let Phone {
        patient,
        folder,
        ports,
        ..
    } = phone;
    drop(patient);
    if let Some(at) = over_since {
        folder.removed_if_ended(&ports)?;
        if was_over || !ends_as_json {
            ending::say_gone(at, ports.clock.now(), terminal)?;
        }
    }
    done
}

/// Whom to call, by nothing that needs the record or its key.
fn help_now(data: Option<&Path>, as_json: bool, terminal: &mut Terminal<'_>) -> Done {
    let help = Folder::help(data);
    let said = if as_json {
        printed::json(&crisis::as_value(&help))
    } else {
        crisis::page(&help)
    };
    Ok(writeln!(terminal.output, "{said}")?)
}

fn act(phone: &mut Phone<'_, '_>, command: Command) -> Done {
    match command {
        Command::Pair { link, name, wait } => exchange::pair(phone, link, name, wait),
        Command::Write(write) => journal::write(phone, write),
        Command::Edit(edit) => journal::edit(phone, *edit),
        Command::Choose(asked) => choose::choose(phone, &asked),
        Command::CheckIn(check_in) => journal::check_in(phone, check_in),
        Command::List(list) => list::list(phone, &list),
        Command::Show(what) => list::show(phone, &what.id),
        Command::Attach(asked) => attachments::attach(phone, asked),
        Command::Play(asked) => attachments::play(phone, &asked),
        Command::Share { what, talk } => journal::share(phone, &what.id, talk),
        Command::Withdraw { gone, json } => journal::withdraw(phone, &gone, json),
        Command::Delete { gone, json } => journal::delete(phone, &gone, json),
        Command::Search(search) => list::search(phone, &search),
        Command::Replies(page) => list::replies(phone, &page),
        Command::Sessions(asked) => sessions::sessions(phone, &asked),
        Command::Guide(asked) => guides::guides(phone, asked),
        Command::AttachmentsOnMetered(asked) => metered::choose(phone, &asked),
        Command::Language(asked) => language::language(phone, &asked),
        Command::Session(asked) => session::session(phone, asked),
        Command::Safety(asked) => safety::safety(phone, asked),
        Command::Assessment(asked) => assessment::assessment(phone, asked),
        Command::Medicines(asked) => medicines::medicines(phone, asked),
        Command::New(asked) => news::news(phone, asked),
        Command::Goals(asked) => goals::goals(phone, asked),
        Command::Team(asked) => team::team(phone, asked),
        Command::Prompts(asked) => prompts::prompts(phone, &asked),
        Command::Commit(asked) => commitments::commitments(phone, asked),
        Command::Next(asked) => next::next(phone, asked),
        Command::Digest(asked) => digest::digest(phone, &asked),
        Command::Use(asked) => use_check::use_check(phone, asked),
        Command::Contact(asked) => contact::contact(phone, asked),
        Command::Measure(asked) => measures::measures(phone, asked),
        Command::Reminders(asked) => reminders::reminders(phone, &asked),
        Command::Plan {
            action: None,
            json,
            timeline: true,
        } => timeline::show(phone, json),
        Command::Plan {
            action: None, json, ..
        } => plan::show(phone, json),
        Command::Plan {
            action:
                Some(PlanAction::Acknowledge {
                    version,
                    sessions,
                    name,
                }),
            ..
        } => plan::acknowledge(phone, version, sessions, &name),
        Command::Plan {
            action: Some(PlanAction::Costs(asked)),
            ..
        } => plan::costs(phone, &asked),
        Command::Server { action } => server::server(phone, action),
        Command::Sync => exchange::sync(phone),
        Command::Watch => watch::watch(phone),
        Command::Devices { action: None } => devices::list(phone),
        Command::Devices {
            action: Some(DeviceAction::LetIn { member }),
        } => devices::let_in(phone, &member),
        Command::Devices {
            action: Some(DeviceAction::TurnAway { member }),
        } => devices::turn_away(phone, &member),
        Command::Devices {
            action: Some(DeviceAction::Remove { member, with_words }),
        } => devices::remove(phone, &member, with_words),
        Command::Devices {
            action: Some(DeviceAction::Leave),
        } => devices::leave(phone),
        Command::Devices {
            action: Some(DeviceAction::Name { name }),
        } => devices::rename(phone, &name),
        Command::InvitePhone => devices::invite_phone(phone),
        Command::Retracted => retracted::list(phone),
        Command::Deleted(shape) => deleted::list(phone, shape),
        Command::RecoveryCode { action: None } => words::make(phone),
        Command::RecoveryCode {
            action: Some(RecoveryAction::Confirm { word }),
        } => words::confirm(phone, &word),
        Command::RecoveryCode {
            action: Some(RecoveryAction::EndOthers),
        } => words::end_others(phone),
        Command::Recover { name, server } => words::recover(phone, name, &server),
        Command::Status(shape) => status::status(phone, shape),
        Command::Warnings { action: None } => status::warnings(phone),
        Command::Warnings {
            action: Some(WarningAction::Dismiss { id }),
        } => status::dismiss(phone, id),
        Command::Check => status::check(phone),
        Command::Report(asked) => report::report(phone, &asked),
        Command::Export(asked) => export::export(phone, &asked),
        Command::End(asked) => ending::end(phone, &asked),
        Command::Import(asked) => import::import(phone, &asked),
        Command::Former(shape) => import::former(phone, &shape),
        Command::Rebuild => {
            phone.patient.rebuild()?;
            phone.say("Everything that is shown was made anew from the log.")
        }
        Command::Crisis(_) => Ok(()),
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
        | Command::Import(_)
        | Command::Devices {
            action: Some(DeviceAction::Name { .. }),
        } => true,
        Command::Edit(_)
        | Command::Choose(_)
        | Command::List(_)
        | Command::Show(_)
        | Command::Attach(_)
        | Command::Play(_)
        | Command::Share { .. }
        | Command::Withdraw { .. }
        | Command::Delete { .. }
        | Command::Search(_)
        | Command::Replies(_)
        | Command::Sessions(_)
        | Command::Guide(_)
        | Command::Language(_)
        | Command::Session(_)
        | Command::Safety(_)
        | Command::Assessment(_)
        | Command::Medicines(_)
        | Command::New(_)
        | Command::Goals(_)
        | Command::Team(_)
        | Command::Prompts(_)
        | Command::Commit(_)
        | Command::Next(_)
        | Command::Digest(_)
        | Command::Use(_)
        | Command::Contact(_)
        | Command::Measure(_)
        | Command::Reminders(_)
        | Command::Plan { .. }
        | Command::Server { .. }
        | Command::Sync
        | Command::Watch
        | Command::Devices { .. }
        | Command::InvitePhone
        | Command::Retracted
        | Command::Deleted(_)
        | Command::RecoveryCode { .. }
        | Command::AttachmentsOnMetered(_)
        | Command::Status(_)
        | Command::Warnings { .. }
        | Command::Check
        | Command::Report(_)
        | Command::Export(_)
        | Command::End(_)
        | Command::Former(_)
        | Command::Rebuild
        | Command::Crisis(_) => false,
    }
}

/// An open phone and the terminal that it talks to.
struct Phone<'a, 'b> {
    patient: Patient,
    folder: Folder,
    ports: Ports,
    now: Moment,
    /// When the account was ended, where another command has taken away what was here.
    gone_since: Option<Moment>,
    terminal: &'a mut Terminal<'b>,
}

impl<'a, 'b> Phone<'a, 'b> {
    fn of(patient: Patient, folder: Folder, ports: Ports, terminal: &'a mut Terminal<'b>) -> Self {
        let now = ports.clock.now();
        Self {
            patient,
            folder,
            ports,
            now,
            gone_since: None,
            terminal,
        }
    }

    /// What the words about delivery depend on now.
    fn here(&self) -> Result<Here, PhoneError> {
        Ok(Here {
            now: self.now,
            held: Held::of(&self.patient.status()?.pairing),
        })
    }

    /// Whether nothing goes to the clinic from this phone any more.
    fn is_out(&self) -> Result<bool, PhoneError> {
        let held = self.here()?.held;
        Ok(matches!(
            held,
            Some(Held::NotLetIn | Held::Removed | Held::Ended(_) | Held::Forgotten)
        ))
    }

    /// Exchanges with the server once no other command does. What only reads and writes here waits for
    /// none of this.
    fn exchange<T>(
        &mut self,
        exchange: impl FnOnce(&Patient) -> companion_core::Result<T>,
    ) -> Result<T, PhoneError> {
        self.folder.must_have_record()?;
        let _turn = self.folder.take_turn()?;
        // Another command's exchange may have moved on what this one has in memory.
        self.patient = self.folder.record_again(&self.ports)?;
        Ok(exchange(&self.patient)?)
    }

    /// Does something that depends on whether a thing has ever left this phone. Where no other command
    /// exchanges, none begins before it is done; where one does, nobody waits for it.
    fn between_exchanges<T>(
        &mut self,
        act: impl FnOnce(&Patient) -> companion_core::Result<T>,
    ) -> Result<T, PhoneError> {
        self.folder.must_have_record()?;
        let _turn = self.folder.try_take_turn()?;
        self.patient = self.folder.record_again(&self.ports)?;
        Ok(act(&self.patient)?)
    }

    fn say(&mut self, words: &str) -> Done {
        Ok(writeln!(self.terminal.output, "{words}")?)
    }

    /// Says it to a program.
    fn json(&mut self, value: &serde_json::Value) -> Done {
        self.say(&printed::json(value))
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
