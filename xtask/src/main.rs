//! What CI runs, and what a developer runs by hand: the same steps, from the same list.
//!
//! Every step is a program started with its arguments (no shell), timed, and loud when it is missing.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it talks to a person at a terminal"
)]

mod ci;
mod count;
mod step;
mod strings;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What CI runs, and what a developer runs by hand.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Everything that CI runs, in CI's order: the tests, the formatting, the lints, and the rest.
    Ci,
    /// Formats everything, the kinds behind the registry's macro included.
    Format,
    /// Licenses, sources and unwanted crates (deny.toml). Needs cargo-deny.
    Deny,
    /// The console in Debian's Chromium (tests/browser).
    Browser,
    /// The demo's own check: written on a phone, read on the page, unreadable in between.
    Smoke,
    /// Floods the server and the console from one address, and says who else was answered.
    Flood {
        /// Passed on: `--quick`, `--only NAME`, `--programs DIR`, `--descriptors N`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Looks for words in every file under a folder; fails if they are found.
    Strings {
        /// The folder, a server's data folder say.
        folder: PathBuf,
        /// Words that were written into an entry and must be found nowhere.
        #[arg(required = true)]
        words: Vec<String>,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Ci => ci::everything().and_then(|steps| ci::run(&steps)),
        Task::Format => ci::format(ci::Format::Write).and_then(|step| ci::run(&[step])),
        Task::Deny => ci::run(&[ci::deny()]),
        Task::Browser => ci::run(&ci::browser()),
        Task::Smoke => ci::run(&[ci::smoke()]),
        Task::Flood { arguments } => ci::run(&ci::flood(&arguments)),
        Task::Strings { folder, words } => strings::search(&folder, &words),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask failed to {error}");
            ExitCode::FAILURE
        }
    }
}
