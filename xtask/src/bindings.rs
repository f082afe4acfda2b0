//! The code around `companion-ffi` for other languages: written, and tested in each of them. It is a build product: it
//! lies in the target folder, is the same bytes each time, and is never committed.

mod figures;
mod kotlin;
mod prove;
mod size;
mod swift;

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Args, ValueEnum};

pub(crate) use kotlin::Ready as KotlinLibrary;
pub(crate) use prove::{copy, copy_folder, copy_sources, link, prove};
pub(crate) use size::{mib, phone_library, size};
pub(crate) use swift::{Toolchain as SwiftToolchain, lay as lay_swift};

use crate::step::{cargo, clear, succeed, target};

/// A language that speaks to the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    Kotlin,
    Swift,
}

impl Language {
    fn name(self) -> &'static str {
        match self {
            Language::Kotlin => "kotlin",
            Language::Swift => "swift",
        }
    }
}

/// What there is already.
#[derive(Args)]
pub(crate) struct Given {
    /// A folder with the library and the programs, built already; nothing is built then.
    #[arg(long, value_name = "DIR")]
    built: Option<PathBuf>,
}

/// Which library the code is written around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Build {
    /// The one that apps have.
    Shipped,
    /// With what only the contract suites call (feature `contract`), and with the server and the clinic that they
    /// need.
    Contract,
    /// The one that apps have, optimized: for figures.
    Measured,
}

/// Writes the code around the library.
pub(crate) fn write(language: Language, given: &Given) -> Result<bool, String> {
    let built = built(Build::Shipped, given)?;
    let folder = match language {
        Language::Kotlin => kotlin::lay(&built)?,
        Language::Swift => swift::lay(&built)?,
    };
    println!("{}", folder.display());
    Ok(true)
}

/// Has Swift for a machine that has none, and says where.
pub(crate) fn swift_root() -> Result<bool, String> {
    swift::Toolchain::find().map(|_| true)
}

/// The library for Apple's systems, on a Mac.
pub(crate) fn ios_framework() -> Result<bool, String> {
    swift::framework()
}

/// Runs the tests of a language's library, and the contract in it.
pub(crate) fn test(language: Language, given: &Given, only: &[String]) -> Result<bool, String> {
    match language {
        Language::Kotlin => kotlin::test(given, only),
        Language::Swift => swift::test(given, only),
    }
}

/// The Kotlin library, compiled around a core that has the contract's calls, with the server and the clinic: what the
/// app's tests run against.
pub(crate) fn kotlin_library(given: &Given) -> Result<KotlinLibrary, String> {
    KotlinLibrary::new(Build::Contract, given)
}

/// The folder with a core that has the contract's calls, the server and the clinic.
pub(crate) fn built_for_contract(given: &Given) -> Result<PathBuf, String> {
    built(Build::Contract, given)
}

/// Whose way into the core and back is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measured {
    /// Everybody's, as ratios to the core alone.
    Bindings,
    Kotlin,
    Swift,
}

/// Measures the way into the core and back.
pub(crate) fn bench(measured: Measured, given: &Given) -> Result<bool, String> {
    match measured {
        Measured::Bindings => figures::compare(),
        Measured::Kotlin => kotlin::bench(given),
        Measured::Swift => swift::bench(given),
    }
}

/// The folder with the library and the programs.
fn built(build: Build, given: &Given) -> Result<PathBuf, String> {
    if let Some(folder) = &given.built {
        let folder = std::path::absolute(folder);
        return folder.map_err(|error| format!("find the built library: {error}"));
    }
    // As the whole workspace is built for its tests, so that CI builds nothing twice.
    let with_contract = [
        "--workspace",
        "--features=companion-ffi/contract",
        "--bin=sync-server",
        "--bin=contract-clinic",
    ];
    let (arguments, folder): (&[&str], _) = match build {
        Build::Shipped => (
            &["--package=companion-ffi", "--package=companion-bindgen"],
            "debug",
        ),
        Build::Contract => (&with_contract, "debug"),
        Build::Measured => (
            &[
                "--package=companion-ffi",
                "--package=companion-bindgen",
                "--release",
            ],
            "release",
        ),
    };
    let mut command = Command::new(cargo());
    command
        .args(["build", "--quiet", "--lib", "--bin=companion-bindgen"])
        .args(arguments);
    succeed(command.arg("--target-dir").arg(target()))?;
    Ok(target().join(folder))
}

/// The library itself, as this system names it.
fn library(built: &Path) -> PathBuf {
    let (before, after) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    built.join(format!("{before}companion_ffi{after}"))
}

/// Writes the code into a folder, which holds nothing else afterwards.
fn generate(language: Language, built: &Path, folder: &Path) -> Result<(), String> {
    clear(folder)?;
    let mut command = Command::new(built.join("companion-bindgen"));
    command
        .arg("generate")
        .arg(library(built))
        .args(["--language", language.name()]);
    succeed(command.arg("--out-dir").arg(folder).arg("--no-format"))
}
