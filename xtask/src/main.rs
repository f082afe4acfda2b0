//! What CI runs, and what a developer runs by hand: the same steps, from the same list.
//!
//! Every step is a program started with its arguments (no shell), timed, and loud when it is missing.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it talks to a person at a terminal"
)]

mod android;
mod bindings;
mod ci;
mod count;
mod ios;
mod jvm;
mod maven;
mod shots;
mod step;
mod strings;

use std::path::PathBuf;
use std::process::ExitCode;

use android::Android;
use bindings::{Given, Language, Measured};
use clap::{Parser, Subcommand, ValueEnum};

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
    Ci {
        /// With what takes long and says the same of most changes: the app shrunk, started and packed.
        #[arg(long)]
        nightly: bool,
    },
    /// Formats everything, the kinds behind the registry's macro included.
    Format,
    /// Licenses, sources and unwanted crates (deny.toml). Needs cargo-deny.
    Deny,
    /// The console in Debian's Chromium (tests/browser).
    Browser,
    /// The demo's own check: written on a phone, read on the page, unreadable in between.
    Smoke,
    /// Writes the demo’s patients as FHIR bundles and has them checked by validators that are not ours. Needs Node.
    Fhir,
    /// Floods the server and the console from one address, and says who else was answered.
    Flood {
        /// Passed on: `--quick`, `--only NAME`, `--programs DIR`, `--descriptors N`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Writes the code around the core for another language.
    Bindings {
        language: Language,
        #[command(flatten)]
        given: Given,
    },
    /// The Android app: built and tested without Gradle.
    Android {
        #[command(subcommand)]
        task: Android,
    },
    /// Lays the pictures of all of the Android app's pages out on sheets, in `target/android/shots`, and makes those of
    /// its README anew.
    Shots {
        #[command(flatten)]
        given: Given,
        /// Takes the pictures that the app's tests left there, and makes none.
        #[arg(long)]
        as_they_are: bool,
    },
    /// Builds a language's library around the core, and runs its tests and the contract; or tests the iOS app on Linux,
    /// and leaves pictures of its screens in `target/ios/screens`.
    Test {
        what: Tested,
        #[command(flatten)]
        given: Given,
        /// Only tests whose name holds one of these words.
        only: Vec<String>,
    },
    /// Measures the way into the core and back: `bindings` in every language, as ratios to the core alone.
    Bench {
        measured: Measured,
        #[command(flatten)]
        given: Given,
    },
    /// Shows that the suites of both languages notice: breaks a copy of the library on purpose, and runs them over it.
    /// No part of CI: it takes minutes.
    Prove,
    /// Says how large the library is that an app has, and which parts of it are.
    Size,
    /// Has Debian's Swift for a Linux machine that has none. Needs root, and takes minutes the first time.
    SwiftRoot,
    /// Builds the library for Apple's systems. Needs a Mac with Xcode.
    IosFramework,
    /// Looks for words in every file under a folder; fails if they are found.
    Strings {
        /// The folder, a server's data folder say.
        folder: PathBuf,
        /// Words that were written into an entry and must be found nowhere.
        #[arg(required = true)]
        words: Vec<String>,
    },
}

/// What is built around the core, and tested with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Tested {
    Kotlin,
    Swift,
    Ios,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Ci { nightly } => {
            ci::everything(ci::Often::asked(nightly)).and_then(|steps| ci::run(&steps))
        }
        Task::Format => ci::format(ci::Format::Write).and_then(|step| ci::run(&[step])),
        Task::Deny => ci::run(&[ci::deny()]),
        Task::Browser => ci::run(&ci::browser()),
        Task::Smoke => ci::run(&[ci::smoke()]),
        Task::Fhir => ci::run(&ci::fhir()),
        Task::Flood { arguments } => ci::run(&ci::flood(&arguments)),
        Task::Bindings { language, given } => bindings::write(language, &given),
        Task::Test { what, given, only } => match what {
            Tested::Kotlin => bindings::test(Language::Kotlin, &given, &only),
            Tested::Swift => bindings::test(Language::Swift, &given, &only),
            Tested::Ios => ios::test(&given, &only),
        },
        Task::Android { task } => android::run(&task),
        Task::Shots { given, as_they_are } => shots::run(&given, as_they_are),
        Task::Bench { measured, given } => bindings::bench(measured, &given),
        Task::Prove => bindings::prove(),
        Task::Size => bindings::size(),
        Task::SwiftRoot => bindings::swift_root(),
        Task::IosFramework => bindings::ios_framework(),
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
