//! The demo: server, console and simulated phones in one process, in a folder that goes with it.
//!
//! Nothing is pretended except the people and the dates: every entry is written by the core a phone
//! runs, sealed, sent over HTTP, and opened by the core the console runs. No other program links
//! this crate.

mod args;
mod broken;
mod bundles;
mod clock;
mod control;
mod data_dir;
mod ending;
mod error;
mod logs;
mod play;
mod script;
mod smoke;
mod stage;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use tracing::Level;

use args::Args;
use error::DemoError;
use stage::{SIGN_IN, Stage};

#[allow(
    clippy::print_stderr,
    reason = "says to a person at a terminal why the demo stopped"
)]
fn main() -> ExitCode {
    let args = Args::read();
    let mut output = std::io::stdout().lock();
    let outcome = match &args.fhir {
        Some(folder) => write_bundles(&args, folder, &mut output),
        None if args.smoke => run_smoke(&args, &mut output),
        None => run_demo(&args, &mut output),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write_bundles(args: &Args, folder: &Path, output: &mut dyn Write) -> Result<(), DemoError> {
    let stage = Stage::build(args, Level::INFO)?;
    play::tell(&stage)?;
    bundles::write(&stage, folder, output)
}

fn run_smoke(args: &Args, output: &mut dyn Write) -> Result<(), DemoError> {
    let began = Instant::now();
    // Every level: the server must not even whisper what it carries.
    let mut stage = Stage::build(args, Level::TRACE)?;
    play::tell(&stage)?;
    smoke::run(&mut stage, output, began)?;
    if args.keep {
        writeln!(output, "kept: {}", stage.root().display())?;
    }
    Ok(())
}

fn run_demo(args: &Args, output: &mut dyn Write) -> Result<(), DemoError> {
    let began = Instant::now();
    writeln!(
        output,
        "Making a clinic, ten patients and four months of their work …"
    )?;
    output.flush()?;
    let mut stage = Stage::build(args, Level::INFO)?;
    play::tell(&stage)?;
    let invitation = stage.invite(&script::NEWCOMER)?;
    stage.open_console(args.port)?;
    let phone = |folder: &str| quoted(&stage.phone_folder(folder));
    let console = stage.console()?.url();
    let server = stage.server_url();
    let data = stage.server_data().display();
    let took = began.elapsed().as_secs_f64();
    let (name, passphrase) = (SIGN_IN.name, SIGN_IN.passphrase);
    let newcomer = script::NEWCOMER.name;
    let robin = phone(script::NEWCOMER.folder);
    let link = &invitation.link;
    writeln!(
        output,
        "Ready after {took:.1} s. Everyone here is invented.

  Console     {console}
  Sign in     {name}
  Passphrase  {passphrase}

  Sync server {server}
              it holds sealed bytes only: {data}

Become a patient of your own, {newcomer}. In another terminal:

  cargo phone --data {robin} pair '{link}'
  cargo phone --data {robin} write --share care-team 'Hello from my phone.'
  cargo phone --data {robin} sync

The first command shows four words. {newcomer}'s invitation page in the console shows the same ones:
let the phone in there. Until then, what it shares waits on it.
Or go on as one of the ten:
"
    )?;
    for person in &script::PEOPLE {
        writeln!(
            output,
            "  cargo phone --data {} list   # {}",
            phone(person.who.folder),
            person.is
        )?;
    }
    let root = stage.root().display();
    let end = if args.keep {
        "and leaves"
    } else {
        "and removes"
    };
    writeln!(
        output,
        "
Type stop and Enter to stop the sync server, start to bring it back: what is written meanwhile
waits on the phones. Ctrl-C ends the demo {end} {root}"
    )?;
    output.flush()?;
    control::listen(&mut stage, output)?;
    writeln!(output, "\nStopping.")?;
    Ok(())
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    if text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_can_be_pasted_into_a_shell() {
        assert_eq!(quoted(Path::new("/tmp/kap-demo-01")), "/tmp/kap-demo-01");
        assert_eq!(quoted(Path::new("/tmp/o'k x")), r"'/tmp/o'\''k x'");
    }
}
