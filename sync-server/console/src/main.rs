//! The console's command line: see [`clinic_console::command`].

use std::process::ExitCode;

use clap::Parser as _;
use clinic_console::command::Arguments;

fn main() -> ExitCode {
    clinic_console::command::run(Arguments::parse())
}
