//! Shows that the suites notice: breaks a copy of `companion-ffi` on purpose, and has the suites of Kotlin and Swift
//! run over it. What stays green then is an error.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Build, Given, Language, built, library, swift};
use crate::step::{cargo, clear, root, succeed, target};

/// Text of a file, and what stands there instead.
type Edit = (&'static str, &'static str, &'static str);

/// What a suite must do.
enum Must {
    /// Not compile, and name this.
    NotCompile(&'static str),
    /// Run, and have a test fail.
    Fail,
    /// Pass, with this scenario among what passed.
    Pass(&'static str),
}

/// A change of the library, and what the suites must make of it.
struct Proof {
    what: &'static str,
    edits: &'static [Edit],
    /// Words of the tests that are run; none for all.
    only: &'static [&'static str],
    must: Must,
}

/// Delivers two changes that come close together the other way round, and none too late.
const SWAPPED: &str = r"    let mut held: Option<RecordChange> = None;
    loop {
        let next = from.recv_timeout(std::time::Duration::from_millis(500));
        let mut change = match (next, held.take()) {
            (Ok(change), Some(older)) => {
                let _ = catch_unwind(AssertUnwindSafe(|| listener.on_change(change)));
                older
            }
            (Ok(change), None) if sequence == i64::MIN => change,
            (Ok(change), None) => {
                held = Some(change);
                continue;
            }
            (Err(std::sync::mpsc::RecvTimeoutError::Timeout), Some(late)) => late,
            (Err(std::sync::mpsc::RecvTimeoutError::Timeout), None) => continue,
            (Err(std::sync::mpsc::RecvTimeoutError::Disconnected), _) => return,
        };
";

/// What changes the generated code comes last: everything is compiled anew for it.
const PROOFS: [Proof; 3] = [
    Proof {
        what: "nothing is broken, and the core panics as the scenario `panic_in_the_core` has it",
        edits: &[],
        only: &["panic_in_the_core", "listener_order"],
        must: Must::Pass("panic_in_the_core"),
    },
    Proof {
        what: "of two changes that come close together a listener hears the second first",
        edits: &[("src/listen.rs", "    for mut change in from {\n", SWAPPED)],
        only: &["listener_order", "ChangesTest", "ChangeTests"],
        must: Must::Fail,
    },
    Proof {
        what: "`BadAnswer` is taken out of `CompanionError`",
        edits: &[
            (
                "src/error.rs",
                "    /// The server answered what no honest server answers.\n    #[error(\"{words}\")]\n    BadAnswer {\n        \
                 /// For a person.\n        words: String,\n    },\n",
                "",
            ),
            (
                "src/error.rs",
                "CompanionError::BadAnswer { words }",
                "CompanionError::Other { words }",
            ),
        ],
        only: &[],
        must: Must::NotCompile("BadAnswer"),
    },
];

/// Breaks the library in each way, and prints what the suites said.
pub(crate) fn prove() -> Result<bool, String> {
    let right = built(Build::Contract, &Given { built: None })?;
    let folder = target().join("prove");
    let programs = folder.join("programs");
    clear(&folder)?;
    copy_programs(&right, &programs)?;
    let mut rows = Vec::new();
    let mut all_noticed = true;
    for proof in &PROOFS {
        println!("\n=== prove: {}", proof.what);
        let lib = match proof.edits {
            [] => library(&right),
            edits => broken(&folder, edits)?,
        };
        let to = library(&programs);
        fs::copy(&lib, &to).map_err(|error| format!("copy {}: {error}", lib.display()))?;
        for language in [Language::Kotlin, Language::Swift] {
            let said = suite(language, &programs, proof.only)?;
            let (is_noticed, line) = judge(&proof.must, &said);
            all_noticed &= is_noticed;
            println!("=== prove: {}: {line}", language.name());
            rows.push(format!("| {} | {} | {line} |", proof.what, language.name()));
        }
    }
    // Whoever builds the package next finds the true library there.
    swift::lay(&right)?;
    println!("\n| what was done | suite | what it said |\n|---|---|---|");
    println!("{}", rows.join("\n"));
    match all_noticed {
        true => Ok(true),
        false => Err(
            "find each suite red where it must be, and green where nothing was broken".to_owned(),
        ),
    }
}

/// The library of a copy of the sources with these changes.
fn broken(folder: &Path, edits: &[Edit]) -> Result<PathBuf, String> {
    let (source, build) = (folder.join("source"), folder.join("target"));
    if !source.exists() {
        copy_sources(&source)?;
        copy_build(&build)?;
    }
    let mut before = Vec::new();
    for (file, from, to) in edits {
        let path = source.join("bindings/ffi").join(file);
        let failed = |error| format!("change {}: {error}", path.display());
        let text = fs::read_to_string(&path).map_err(failed)?;
        if text.matches(from).count() != 1 {
            return Err(format!("find once in {file} what is to be broken: {from}"));
        }
        fs::write(&path, text.replace(from, to)).map_err(failed)?;
        before.push((path, text));
    }
    let mut command = Command::new(cargo());
    command.args(["build", "--quiet", "--workspace", "--lib"]);
    command.args(["--features=companion-ffi/contract", "--manifest-path"]);
    command.arg(source.join("Cargo.toml"));
    succeed(command.arg("--target-dir").arg(&build))?;
    // In the order in which it was changed, backwards: a file can have been changed twice.
    for (path, text) in before.into_iter().rev() {
        fs::write(&path, text)
            .map_err(|error| format!("change {} back: {error}", path.display()))?;
    }
    Ok(library(&build.join("debug")))
}

/// What Git knows of, as it lies here.
pub(crate) fn copy_sources(to: &Path) -> Result<(), String> {
    let files = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output();
    let files = files.map_err(|error| format!("start git: {error}"))?;
    for name in String::from_utf8_lossy(&files.stdout).split_terminator('\0') {
        copy(&root().join(name), &to.join(name))?;
    }
    Ok(())
}

/// What is built already, so that of the copy only what was broken is built anew: to cargo the copy is the same
/// workspace, for nothing in it is older or newer. A folder of its own, or what was broken would be found there later.
fn copy_build(to: &Path) -> Result<(), String> {
    let (from, to) = (target().join("debug"), to.join("debug"));
    copy_folder(&from.join(".fingerprint"), &to.join(".fingerprint"), &copy)?;
    for name in ["build", "deps"] {
        copy_folder(&from.join(name), &to.join(name), &link)?;
    }
    Ok(())
}

/// Gigabytes, of which cargo writes none in place but what is of the library that is broken.
pub(crate) fn link(from: &Path, to: &Path) -> Result<(), String> {
    if to.to_string_lossy().contains("companion_ffi") {
        return copy(from, to);
    }
    make_folder_of(to)?;
    fs::hard_link(from, to).map_err(|error| format!("link {}: {error}", from.display()))
}

pub(crate) fn copy_folder(
    from: &Path,
    to: &Path,
    file: &dyn Fn(&Path, &Path) -> Result<(), String>,
) -> Result<(), String> {
    let entries = fs::read_dir(from);
    let entries = entries.map_err(|error| format!("read {}: {error}", from.display()))?;
    for entry in entries.filter_map(Result::ok) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match from.is_dir() {
            true => copy_folder(&from, &to, file)?,
            false => file(&from, &to)?,
        }
    }
    Ok(())
}

/// The programs that a suite needs beside the library.
fn copy_programs(from: &Path, to: &Path) -> Result<(), String> {
    for name in ["sync-server", "contract-clinic", "companion-bindgen"] {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        copy(&from.join(&name), &to.join(&name))?;
    }
    Ok(())
}

/// With the time at which it was changed, by which cargo tells what is new.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    make_folder_of(to)?;
    let changed = fs::metadata(from).and_then(|it| it.modified());
    let copied = fs::copy(from, to).and_then(|_| {
        let file = fs::File::options().write(true).open(to)?;
        file.set_modified(changed?)
    });
    copied.map_err(|error| format!("copy {}: {error}", from.display()))
}

fn make_folder_of(file: &Path) -> Result<(), String> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).map_err(|error| format!("make {}: {error}", folder.display()))
}

/// What a suite said, and how it ended.
struct Said {
    passed: bool,
    lines: Vec<String>,
}

/// Runs a suite as anybody does, by this program.
fn suite(language: Language, programs: &Path, only: &[&str]) -> Result<Said, String> {
    let own = std::env::current_exe().map_err(|error| format!("find this program: {error}"))?;
    let mut command = Command::new(own);
    command
        .args(["test", language.name(), "--built"])
        .arg(programs)
        .args(only);
    let output = command.current_dir(root()).output();
    let output = output.map_err(|error| format!("start the suite: {error}"))?;
    let text = [output.stdout, output.stderr].concat();
    let lines = String::from_utf8_lossy(&text);
    Ok(Said {
        passed: output.status.success(),
        lines: lines.lines().map(|line| line.trim().to_owned()).collect(),
    })
}

/// Whether a suite said what it must, and the line that shows it.
fn judge(must: &Must, said: &Said) -> (bool, String) {
    let shown = |line: Option<&String>| line.map(|line| line.chars().take(200).collect::<String>());
    let find = |test: &dyn Fn(&str) -> bool| shown(said.lines.iter().find(|line| test(line)));
    let (found, expected) = match must {
        Must::NotCompile(name) => {
            let is_error = |line: &str| line.contains("error:") && line.contains(name);
            (
                find(&is_error).filter(|_| !said.passed),
                "did not fail to compile",
            )
        }
        Must::Fail => {
            let failed: Vec<&str> = said
                .lines
                .iter()
                .filter_map(|line| failed_test(line))
                .collect();
            let all = (!failed.is_empty() && !said.passed)
                .then(|| format!("failed: {}", failed.join(", ")));
            (all, "stayed green")
        }
        Must::Pass(name) => {
            let is_passed = |line: &str| {
                line.contains(name) && (line.contains("... ok") || line.contains("passed"))
            };
            (find(&is_passed).filter(|_| said.passed), "is red")
        }
    };
    match found {
        Some(line) => (true, line),
        None => (
            false,
            format!(
                "**{expected}**: {}",
                said.lines.last().map_or("", String::as_str)
            ),
        ),
    }
}

/// The name of a test that failed, as the runner of Kotlin or Swift says it.
fn failed_test(line: &str) -> Option<&str> {
    let kotlin = line
        .strip_prefix("test ")
        .and_then(|rest| rest.split_once(" ... FAILED"));
    let swift = line
        .split_once(" Test ")
        .and_then(|(_, rest)| rest.split_once("() failed after"));
    kotlin.or(swift).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::{Must, Said, failed_test, judge};

    fn said(passed: bool, line: &str) -> Said {
        Said {
            passed,
            lines: vec![line.to_owned()],
        }
    }

    #[test]
    fn a_suite_that_stays_green_is_not_taken_for_one_that_noticed() {
        let passed = "test RecordTest.panics ... ok (3 ms)";
        assert!(!judge(&Must::Fail, &said(true, passed)).0);
        // It failed for another reason: a program that is missing, say.
        assert!(!judge(&Must::Fail, &said(false, passed)).0);
        assert!(!judge(&Must::NotCompile("BadAnswer"), &said(false, passed)).0);
        assert!(judge(&Must::Pass("panics"), &said(true, passed)).0);
        assert!(!judge(&Must::Pass("panics"), &said(false, passed)).0);
    }

    #[test]
    fn what_a_compiler_says_of_a_missing_variant_is_noticed() {
        let line = "Names.kt:41:29: error: unresolved reference 'BadAnswer'.";
        assert!(judge(&Must::NotCompile("BadAnswer"), &said(false, line)).0);
        assert!(!judge(&Must::NotCompile("Offline"), &said(false, line)).0);
    }

    #[test]
    fn a_failed_test_of_either_language_has_its_name() {
        let kotlin =
            "test ChangesTest.each change comes after the ones before it ... FAILED (12 ms)";
        let name = "ChangesTest.each change comes after the ones before it";
        assert_eq!(failed_test(kotlin), Some(name));
        let swift = "✘ Test listener_order() failed after 1.2 seconds with 1 issue.";
        assert_eq!(failed_test(swift), Some("listener_order"));
        assert_eq!(
            failed_test("✔ Test merge() passed after 1.2 seconds."),
            None
        );
    }
}
