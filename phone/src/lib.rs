//! A patient's phone as a command: every verb of [`companion_core::patient::Patient`], in plain
//! words. It is how demos, tests and papers play the patient.
//!
//! No rule of the product lives here, only what a screen would do: reading what was typed, and
//! saying truthfully what became of it.

mod args;
mod commands;
mod crisis;
mod error;
mod folder;
mod format;
mod printed;
mod save;

use std::ffi::OsString;
use std::io::{BufRead, Write};
use std::process::ExitCode;

use clap::Parser as _;
use companion_core::Ports;
use printed::Printed;

pub use error::PhoneError;

/// Where the phone reads and writes.
pub struct Terminal<'a> {
    /// What is typed or piped in.
    pub input: &'a mut dyn BufRead,
    /// What was asked for.
    pub output: &'a mut dyn Write,
    /// What went wrong, and questions.
    pub errors: &'a mut dyn Write,
    /// Whether a person sits there, who can be asked.
    pub asks: bool,
}

/// Makes the clock, the randomness and the network, when they are needed.
pub type MakePorts<'a> = &'a dyn Fn() -> Result<Ports, PhoneError>;

/// Runs one command. The code is 0 when it was done, 1 when it could not be done, and 2 when it was
/// not understood; then one sentence on `terminal.errors` says why.
pub fn run<I, T>(args: I, terminal: &mut Terminal<'_>, ports: MakePorts<'_>) -> ExitCode
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let terminal = &mut Terminal {
        input: &mut *terminal.input,
        output: &mut Printed(terminal.output),
        errors: &mut Printed(terminal.errors),
        asks: terminal.asks,
    };
    let args = match args::Args::try_parse_from(args) {
        Ok(args) => args,
        Err(answer) => {
            let asked_for = answer.exit_code() == 0;
            let to = if asked_for {
                &mut terminal.output
            } else {
                &mut terminal.errors
            };
            // Nowhere to complain to if the terminal itself is gone.
            let _ = write!(to, "{}", answer.render());
            return if asked_for {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(2)
            };
        }
    };
    let points_to_help = commands::points_to_help(&args.command);
    match commands::run(args, terminal, ports) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output went away (`phone list | head`): they have what they wanted.
        Err(PhoneError::Terminal(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(terminal.errors, "{}", format::sentence(&error.to_string()));
            if points_to_help {
                let _ = writeln!(terminal.errors, "{}", crisis::POINTER);
            }
            ExitCode::from(if matches!(error, PhoneError::Usage(_)) {
                2
            } else {
                1
            })
        }
    }
}
