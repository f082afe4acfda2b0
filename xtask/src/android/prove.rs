//! Shows that the checks notice: breaks a copy of the app on purpose, in many places at once, and runs over it what CI
//! runs. Each fault has to be named by the check that is there for it; and where nothing is broken, all is green.

mod faults;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use faults::{Edit, Fault, LINT, SMOKE, TESTS};

use crate::bindings::{Given, built_for_contract, copy, copy_folder, copy_sources, link};
use crate::step::{ROOT, clear, target};

/// What this program keeps between two runs and what does not depend on the app's sources.
const KEPT: [&str; 4] = ["maven", "android/aars", "android/compiled", "bindings/jvm"];

/// How long a test waits for what never comes: on a machine that does nothing else, and in front of which somebody sits.
const HURRY: &[Edit] = &[
    (
        "android/app/src/test/kotlin/org/kapcompanion/app/Phone.kt",
        "PATIENCE_MS = 120_000L",
        "PATIENCE_MS = 30_000L",
    ),
    (
        "android/app/src/test/kotlin/org/kapcompanion/app/Work.kt",
        "LONGEST_MS = 60_000L",
        "LONGEST_MS = 30_000L",
    ),
];

/// Breaks, runs, and prints what was noticed.
pub(super) fn run(given: &Given, only: &[String]) -> Result<bool, String> {
    let built = built_for_contract(given)?;
    let place = Place::new(&built)?;
    let mut rows = Vec::new();
    let mut all_noticed = true;
    for (check, faults) in [
        (Check::Lint, LINT.iter().collect::<Vec<_>>()),
        (Check::Test, TESTS.into_iter().flatten().collect()),
        (Check::Smoke, SMOKE.iter().collect()),
    ] {
        let is_asked = |fault: &&Fault| {
            only.is_empty() || only.iter().any(|word| fault.what.contains(&**word))
        };
        let faults: Vec<&Fault> = faults.into_iter().filter(is_asked).collect();
        if faults.is_empty() {
            continue;
        }
        println!("\n=== prove: nothing is broken: {}", check.name());
        let whole = place.run(check, &faults, "whole")?;
        let seen = faults.iter().find(|fault| fault.is_noticed(&whole.text));
        all_noticed &= whole.passed && seen.is_none();
        let how = match (whole.passed, seen) {
            (true, None) => "green".to_owned(),
            (_, Some(fault)) => format!("**says what it should of: {}**", fault.what),
            (false, None) => format!("**red**: {}", whole.last()),
        };
        rows.push(format!("| nothing | {} | {how} |", check.name()));

        println!("\n=== prove: broken: {}", check.name());
        let before = place.break_all(&faults)?;
        let broken = place.run(check, &faults, "broken")?;
        place.mend(before)?;
        for fault in faults {
            let is_noticed = !broken.passed && fault.is_noticed(&broken.text);
            all_noticed &= is_noticed;
            let how = match is_noticed {
                true => format!("red: {}", fault.told()),
                false => format!("**not noticed**: {}", broken.last()),
            };
            rows.push(format!("| {} | {} | {how} |", fault.what, check.name()));
        }
    }
    println!("\n| what was broken | check | what it said |\n|---|---|---|");
    println!("{}", rows.join("\n"));
    match all_noticed {
        true => Ok(true),
        false => Err("find each fault noticed, and nothing where nothing is broken".to_owned()),
    }
}

/// What CI runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    Lint,
    Test,
    Smoke,
}

impl Check {
    fn name(self) -> &'static str {
        match self {
            Check::Lint => "lint",
            Check::Test => "test",
            Check::Smoke => "smoke",
        }
    }
}

/// A copy of the sources, with a target folder of its own.
struct Place {
    source: PathBuf,
    /// This program, where that target folder is its own.
    program: PathBuf,
    built: PathBuf,
}

/// A file, and what it was before.
type Before = Vec<(PathBuf, String)>;

impl Place {
    fn new(built: &Path) -> Result<Place, String> {
        let folder = target().join("android-prove");
        let source = folder.join("source");
        clear(&source)?;
        copy_sources(&source)?;
        for kept in KEPT {
            let (from, to) = (target().join(kept), folder.join("target").join(kept));
            // Of what was compiled there the last time most is as it was.
            if from.exists() && !to.exists() {
                copy_folder(&from, &to, &link)?;
            }
        }
        let own = std::env::current_exe().map_err(|error| format!("find this program: {error}"))?;
        // A program's target folder is the one that it lies in.
        let program = folder.join("target/debug/xtask");
        copy(&own, &program)?;
        Ok(Place {
            source,
            program,
            built: built.to_path_buf(),
        })
    }

    fn run(&self, check: Check, faults: &[&Fault], how: &str) -> Result<Said, String> {
        let mut command = Command::new(&self.program);
        command
            .env(ROOT, &self.source)
            .args(["android", check.name()]);
        command.arg("--built").arg(&self.built);
        if check == Check::Test {
            command.args(faults.iter().filter_map(|fault| fault.test_name()));
        }
        let output = command.current_dir(&self.source).output();
        let output = output.map_err(|error| format!("start the checks: {error}"))?;
        let text = [output.stdout, output.stderr].concat();
        let whole = target().join(format!("android-prove/{}-{how}.txt", check.name()));
        fs::write(&whole, &text).map_err(|error| format!("write {}: {error}", whole.display()))?;
        println!("=== prove: all that it said: {}", whole.display());
        Ok(Said {
            passed: output.status.success(),
            text: String::from_utf8_lossy(&text).into_owned(),
        })
    }

    fn break_all(&self, faults: &[&Fault]) -> Result<Before, String> {
        let mut before = Vec::new();
        let edits = faults.iter().flat_map(|fault| fault.edits);
        for (file, from, to) in edits.chain(HURRY) {
            let path = self.source.join(file);
            let failed = |error| format!("change {}: {error}", path.display());
            let text = fs::read_to_string(&path).map_err(failed)?;
            if text.matches(from).count() != 1 {
                return Err(format!("find once in {file} what is to be broken: {from}"));
            }
            fs::write(&path, text.replace(from, to)).map_err(failed)?;
            before.push((path, text));
        }
        Ok(before)
    }

    fn mend(&self, before: Before) -> Result<(), String> {
        // In the order in which it was changed, backwards: a file can have been changed twice.
        for (path, text) in before.into_iter().rev() {
            fs::write(&path, text)
                .map_err(|error| format!("change {} back: {error}", path.display()))?;
        }
        Ok(())
    }
}

/// What a check said, and how it ended.
struct Said {
    passed: bool,
    text: String,
}

impl Said {
    fn last(&self) -> &str {
        self.text.trim().lines().last().unwrap_or_default()
    }
}
