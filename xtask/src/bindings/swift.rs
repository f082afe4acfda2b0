//! Swift: the generated code laid into the package of `bindings/swift`, the package's tests and the contract in it on
//! Linux, and the library for Apple's systems on a Mac.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Build, Given, Language, built, generate, library};
use crate::ci;
use crate::step::{Counts, Step, cargo, clear, root, succeed, target};

const ARCHIVE: &str = "libcompanion_ffi.a";

/// What the generator writes, and where the package has it.
const LAID: [(&str, &str); 3] = [
    ("CompanionCore.swift", "CompanionCore/CompanionCore.swift"),
    ("CompanionCoreFFI.h", "CompanionCoreFFI/CompanionCoreFFI.h"),
    (
        "CompanionCoreFFI.modulemap",
        "CompanionCoreFFI/module.modulemap",
    ),
];

/// Builds everything and runs the tests whose names hold one of these words, or all.
pub(super) fn test(given: &Given, only: &[String]) -> Result<bool, String> {
    let swift = Toolchain::find()?;
    let built = built(Build::Contract, given)?;
    lay(&built)?;
    clear_linked("debug")?;
    let contract = root().join("bindings/contract");
    let mut run = swift.run(&[&built]);
    run.extend([
        "env".to_owned(),
        format!("COMPANION_PROGRAMS={}", built.display()),
        format!("COMPANION_CONTRACT={}", contract.display()),
    ]);
    run.extend(package("test", &["-Xswiftc", "-warnings-as-errors"]));
    run.extend(
        only.iter()
            .flat_map(|word| ["--filter".to_owned(), word.clone()]),
    );
    ci::run(&[step("swift", &run).counted(Counts::Tests)])
}

/// Measures, and prints what it measured as lines of JSON. `BENCH_FOLDER` has the record, which the Rust benchmark of
/// the same name made.
pub(super) fn bench(given: &Given) -> Result<bool, String> {
    let swift = Toolchain::find()?;
    let record = std::env::var("BENCH_FOLDER")
        .map_err(|_| "find the record to measure: BENCH_FOLDER is not set".to_owned())?;
    let record =
        std::path::absolute(record).map_err(|error| format!("find the record: {error}"))?;
    lay(&built(Build::Measured, given)?)?;
    clear_linked("release")?;
    let mut build = swift.run(&[]);
    build.extend(package(
        "build",
        &["--configuration", "release", "--product", "CompanionBench"],
    ));
    let mut run = swift.run(&[&record]);
    run.extend([
        "env".to_owned(),
        format!("BENCH_FOLDER={}", record.display()),
    ]);
    run.extend(std::env::var("BENCH_ROUNDS").map(|rounds| format!("BENCH_ROUNDS={rounds}")));
    run.push(
        scratch()
            .join("release/CompanionBench")
            .display()
            .to_string(),
    );
    ci::run(&[
        step("swift for figures", &build),
        step("swift figures", &run),
    ])
}

/// Writes the code around a library and lays it into the package, with the library. What is the same as before is not
/// touched, so that nothing is compiled again for it.
pub(crate) fn lay(built: &Path) -> Result<PathBuf, String> {
    let written = generated_twice(built)?;
    let folder = generated();
    for (from, to) in LAID {
        let from = written.join(from);
        let bytes = fs::read(&from).map_err(|error| format!("read {}: {error}", from.display()))?;
        let to = folder.join(to);
        if !fs::read(&to).is_ok_and(|before| before == bytes) {
            make_folder_of(&to)?;
            fs::write(&to, bytes).map_err(|error| format!("write {}: {error}", to.display()))?;
        }
    }
    // As it was just built, and none of an earlier build. Apple's systems take it from the xcframework.
    let from = library(built);
    clear(&folder.join("lib"))?;
    let to = folder
        .join("lib")
        .join(from.file_name().unwrap_or_default());
    make_folder_of(&to)?;
    fs::hard_link(&from, &to)
        .or_else(|_| fs::copy(&from, &to).map(|_| ()))
        .map_err(|error| format!("copy {}: {error}", from.display()))?;
    Ok(folder)
}

/// Writes the code twice: it must be the same both times, down to the byte.
fn generated_twice(built: &Path) -> Result<PathBuf, String> {
    let (first, second) = (
        target().join("bindings/swift"),
        target().join("bindings/swift again"),
    );
    for folder in [&first, &second] {
        generate(Language::Swift, built, folder)?;
    }
    for (file, _) in LAID {
        let [one, other] = [&first, &second].map(|folder| fs::read(folder.join(file)).ok());
        if one.is_none() || one != other {
            return Err(format!("write the same {file} twice"));
        }
    }
    clear(&second).map(|()| first)
}

/// Where the package has what is built. It is ignored by Git.
fn generated() -> PathBuf {
    root().join("bindings/swift/Generated")
}

/// Where the package is built.
fn scratch() -> PathBuf {
    target().join("bindings/swift-build")
}

/// Swift's own builder does not see that the library is another one: what it linked is linked anew.
fn clear_linked(configuration: &str) -> Result<(), String> {
    let folder = scratch().join(configuration);
    for name in ["CompanionBench", "CompanionKitPackageTests.xctest"] {
        let linked = folder.join(name);
        match fs::remove_file(&linked) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("remove {}: {error}", linked.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A command of Swift's package manager about our package.
fn package(verb: &str, arguments: &[&str]) -> Vec<String> {
    let folder = root().join("bindings/swift").display().to_string();
    let scratch = scratch().display().to_string();
    let common = [
        "swift",
        verb,
        "--disable-sandbox",
        "--package-path",
        &folder,
        "--scratch-path",
        &scratch,
    ];
    common
        .iter()
        .chain(arguments)
        .map(|&argument| argument.to_owned())
        .collect()
}

fn step(name: &'static str, run: &[String]) -> Step {
    let (program, arguments) = run
        .split_first()
        .map_or(("", &[][..]), |(one, more)| (one.as_str(), more));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    Step::program(name, program, &arguments)
}

/// Swift on this machine.
pub(crate) enum Toolchain {
    /// On the search path.
    Here,
    /// In a folder of its own, by this script.
    Root(String),
}

impl Toolchain {
    /// The Swift that is installed, or Debian's, fetched where it is not here yet.
    pub(crate) fn find() -> Result<Toolchain, String> {
        if cfg!(target_os = "macos") {
            return Err("test on a Mac: the Swift tests are written for Linux. The library for apps is made by \
                        `cargo xtask ios-framework`"
                .to_owned());
        }
        // OpenStack has a program of the same name.
        let version = Command::new("swift").arg("--version").output();
        if version.is_ok_and(|it| String::from_utf8_lossy(&it.stdout).contains("Swift version")) {
            println!("=== swift: the one on the search path");
            return Ok(Toolchain::Here);
        }
        let script = root().join("xtask/swift-root.sh").display().to_string();
        println!(
            "=== swift: Debian's, in a folder of its own (made now if it is not there; minutes)"
        );
        succeed(Command::new(&script).arg("make"))
            .map_err(|error| format!("{error}: NOTHING OF SWIFT WAS RUN"))?;
        Ok(Toolchain::Root(script))
    }

    /// How a command is begun that finds the clone, the target folder and these.
    pub(crate) fn run(&self, folders: &[&Path]) -> Vec<String> {
        let Toolchain::Root(script) = self else {
            return Vec::new();
        };
        let target = target();
        let mut binds = root().display().to_string();
        for folder in [&[target.as_path()], folders].concat() {
            if !folder.starts_with(root()) {
                let _ = write!(binds, ":{}", folder.display());
            }
        }
        [
            "env".to_owned(),
            format!("COMPANION_SWIFT_BIND={binds}"),
            script.clone(),
            "run".to_owned(),
        ]
        .into()
    }
}

/// What Apple's systems call the processors that are built for: phones, their simulator, and Macs for the package's
/// own build.
const APPLE: [&str; 3] = [
    "aarch64-apple-ios",
    "aarch64-apple-ios-sim",
    "aarch64-apple-darwin",
];

/// The library for Apple's systems. **It was never run**: there was no Mac to run it on.
pub(super) fn framework() -> Result<bool, String> {
    println!(
        "=== This command was written without a Mac, and was never run. Mend it where it is wrong."
    );
    if !cfg!(target_os = "macos") {
        return Err(
            "make an xcframework: only a Mac with Xcode can, so NOTHING WAS BUILT".to_owned(),
        );
    }
    lay(&built(Build::Shipped, &Given { built: None })?)?;
    let headers = generated().join("CompanionCoreFFI");
    let framework = generated().join("CompanionCoreFFI.xcframework");
    clear(&framework)?;
    let mut join = Command::new("xcodebuild");
    join.arg("-create-xcframework");
    for system in APPLE {
        let mut build = Command::new(cargo());
        // Only here is it an archive: 370 MB that nobody else has a use for.
        build.args([
            "rustc",
            "--profile=phone",
            "--package=companion-ffi",
            "--lib",
            "--crate-type=staticlib",
            "--target",
            system,
        ]);
        // As `Package.swift` says.
        build
            .env("IPHONEOS_DEPLOYMENT_TARGET", "17.0")
            .env("MACOSX_DEPLOYMENT_TARGET", "14.0");
        succeed(build.arg("--target-dir").arg(target()))
            .map_err(|error| format!("{error} (is it there? rustup target add {system})"))?;
        join.arg("-library")
            .arg(target().join(system).join("phone").join(ARCHIVE));
        join.arg("-headers").arg(&headers);
    }
    succeed(join.arg("-output").arg(&framework))?;
    println!("{}", framework.display());
    Ok(true)
}

fn make_folder_of(file: &Path) -> Result<(), String> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).map_err(|error| format!("make {}: {error}", folder.display()))
}
