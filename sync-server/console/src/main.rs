//! The console's command line: see [`clinic_console::command`].

use std::process::ExitCode;

use clap::Parser as _;
use clinic_console::command::Arguments;

fn main() -> ExitCode {
    // `cargo demo -- --smoke` hands on its dashes too, right behind the alias's own `demo`.
    let heard = std::env::args_os().enumerate();
    let meant = heard.filter(|(at, argument)| *at != 2 || argument != "--");
    clinic_console::command::run(Arguments::parse_from(meant.map(|(_, argument)| argument)))
}
