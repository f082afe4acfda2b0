//! The steps of CI, and the table at their end.

use std::time::Instant;

use crate::count::Count;
use crate::step::{Counts, Outcome, Step, free_gib, minutes, root};

/// All steps. The first is the README's own command, so that what a stranger is told is what is
/// proven, from a clean clone, before anything else has been built.
pub(crate) fn everything(often: Often) -> Result<Vec<Step>, String> {
    let mut steps = vec![
        // All that fails, and not the first program alone.
        Step::cargo("tests", &["test", "--workspace", "--no-fail-fast"]).counted(Counts::Tests),
        Step::cargo(
            "lock",
            &["metadata", "--locked", "--format-version", "1", "--no-deps"],
        )
        .quiet(),
        format(Format::Check)?,
        lints(),
        deny(),
        smoke(),
        language("kotlin"),
        language("swift"),
        language("ios"),
        android("android", "test").counted(Counts::Tests),
        android("android lint", "lint"),
    ];
    if often == Often::EachNight {
        steps.push(android("android smoke", "smoke").counted(Counts::Tests));
        steps.push(android("android apk", "apk"));
    }
    steps.extend(fhir());
    steps.extend(browser());
    Ok(steps)
}

/// How often this CI is run. A clean clone can't tell what of it is new, so that what takes long and says the same of
/// most changes is asked for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Often {
    /// For each change.
    EachTime,
    /// Once a day, and before a release: with what takes long.
    EachNight,
}

impl Often {
    /// As it was asked for: by the flag, or by `COMPANION_NIGHTLY=1` for who can't give one.
    pub(crate) fn asked(nightly: bool) -> Often {
        let named = std::env::var("COMPANION_NIGHTLY");
        match nightly || named.is_ok_and(|its| its == "1") {
            true => Often::EachNight,
            false => Often::EachTime,
        }
    }
}

/// The library around the core in another language: its tests, and the contract in it; or the iOS app over it. Whoever
/// lacks the language hears of it there.
fn language(name: &'static str) -> Step {
    let arguments = ["run", "--quiet", "--bin", "xtask", "--", "test", name];
    Step::cargo(name, &arguments).counted(Counts::Tests)
}

/// The Android app, built and tested without Gradle.
fn android(name: &'static str, task: &'static str) -> Step {
    let arguments = ["run", "--quiet", "--bin", "xtask", "--", "android", task];
    Step::cargo(name, &arguments)
}

/// What to do about the formatting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Say where it is not as it should be.
    Check,
    /// Mend it.
    Write,
}

/// The formatter over everything. The kinds of the domain are declared by a macro, behind which the
/// formatter does not look: they are named to it one by one.
pub(crate) fn format(format: Format) -> Result<Step, String> {
    let folder = root().join("core/src/domain");
    let files = std::fs::read_dir(&folder)
        .map_err(|error| format!("read {}: {error}", folder.display()))?;
    let paths = files.filter_map(Result::ok).map(|file| file.path());
    let mut kinds: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| path.display().to_string())
        .collect();
    kinds.sort_unstable();
    let mut arguments = vec!["fmt", "--all"];
    arguments.extend((format == Format::Check).then_some("--check"));
    arguments.push("--");
    arguments.extend(kinds.iter().map(String::as_str));
    Ok(Step::cargo("format", &arguments))
}

/// Clippy over everything, the browser tests included.
fn lints() -> Step {
    let features = ["--features", "companion-browser-tests/chromium"];
    let arguments = ["clippy", "--workspace", "--all-targets"];
    Step::cargo(
        "lints",
        &[&arguments[..], &features, &["--", "-D", "warnings"]].concat(),
    )
}

/// What may enter the build. Advisories need a database that CI cannot fetch: see `deny.toml`.
pub(crate) fn deny() -> Step {
    let arguments = ["deny", "--locked", "check", "licenses", "bans", "sources"];
    let hint = "cargo install cargo-deny --locked --version 0.20.2";
    Step::cargo("licenses, sources, bans", &arguments).needs("cargo-deny", hint)
}

/// The demo's own check, by the command that the README prints.
pub(crate) fn smoke() -> Step {
    Step::cargo("demo smoke", &["demo", "--", "--smoke"])
}

/// The demo's patients as FHIR bundles, and what HL7's schema and a validator that is not ours say of them.
pub(crate) fn fhir() -> Vec<Step> {
    let folder = root().join("target/fhir");
    // What an earlier run left; where it can't go, the step that makes the folder anew says so.
    drop(std::fs::remove_dir_all(&folder));
    let bundles = folder.display().to_string();
    let hint = "apt-get install nodejs npm (Node 20 or later)";
    let install = ["ci", "--no-audit", "--no-fund", "--prefix", "xtask/fhir"];
    vec![
        Step::cargo("bundles", &["demo", "--", "--fhir", &bundles]),
        Step::program("fhir validators", "npm", &install).needs("npm", hint),
        Step::program("fhir", "node", &["xtask/fhir/check.mjs", &bundles])
            .counted(Counts::Tests)
            .needs("node", hint),
    ]
}

/// A step that needs a browser, and says so where there is none.
pub(crate) fn in_chromium(step: Step) -> Step {
    let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let hint = "apt-get install chromium fonts-dejavu-core, or name a Chromium in CHROMIUM";
    step.needs(&browser, hint)
}

/// The programs that the pages are about, and then the pages.
pub(crate) fn browser() -> Vec<Step> {
    let programs = ["build", "--bin", "demo", "--bin", "phone"];
    let tests = [
        "test",
        "-p",
        "companion-browser-tests",
        "--features",
        "chromium",
    ];
    vec![
        Step::cargo("programs for the browser", &programs),
        in_chromium(Step::cargo("browser", &tests).counted(Counts::Tests)),
    ]
}

/// The programs that are flooded, and the flood. No part of CI: it takes minutes and judges nothing.
pub(crate) fn flood(arguments: &[String]) -> [Step; 2] {
    let programs = [
        "build",
        "--bin",
        "sync-server",
        "--bin",
        "clinic-console",
        "--bin",
        "flood",
    ];
    let mut run = vec!["run", "--quiet", "--bin", "flood", "--"];
    run.extend(arguments.iter().map(String::as_str));
    [
        Step::cargo("programs for the flood", &programs),
        Step::cargo("flood", &run),
    ]
}

/// What is left of the disk, in words behind a step's time.
fn room() -> String {
    free_gib().map_or_else(String::new, |free| {
        format!("; {free} GiB of the disk are free")
    })
}

/// Runs each step, the ones after a failure too: one run tells everything that is wrong. True when
/// nothing was.
pub(crate) fn run(steps: &[Step]) -> Result<bool, String> {
    let began = Instant::now();
    let mut done: Vec<(&Step, Outcome)> = Vec::new();
    for step in steps {
        println!("\n=== {}: {step}", step.name);
        let outcome = step.run()?;
        if let Some(problem) = &outcome.problem {
            println!("=== {}: {problem}", step.name);
        }
        println!("=== {} took {}{}", step.name, minutes(outcome.took), room());
        done.push((step, outcome));
    }

    println!(
        "\n{:<28} {:>8} {:>7} {:>7} {:>7}",
        "step", "took", "passed", "failed", "skipped"
    );
    let mut sum = Count::default();
    for (step, outcome) in &done {
        let Count {
            passed,
            failed,
            skipped,
        } = outcome.count;
        let took = minutes(outcome.took);
        println!(
            "{:<28} {took:>8} {passed:>7} {failed:>7} {skipped:>7}",
            step.name
        );
        sum += outcome.count;
    }
    println!("{:<28} {:>8}\n", "all", minutes(began.elapsed()));
    // Once more at the end, where the last lines of a long log are read.
    for (step, outcome) in &done {
        for line in &outcome.failures {
            println!("failed in {}: {line}", step.name);
        }
    }
    println!("{sum}");
    Ok(sum.failed == 0)
}
