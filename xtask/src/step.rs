//! One step: a program, run from the root of the workspace, timed, its tests counted.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::count::Count;

/// What a step's figures are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counts {
    /// The step is one check: it passed or it did not.
    Itself,
    /// The tests that it ran. To have run none is a failure.
    Tests,
}

/// A program and what is expected of it.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    counts: Counts,
    quiet: bool,
    needs: Option<(String, &'static str)>,
}

/// How a step went.
pub(crate) struct Outcome {
    pub(crate) count: Count,
    pub(crate) took: Duration,
    pub(crate) problem: Option<String>,
    /// What was said of each test that failed: its own line and the first ones after it, which often say why.
    pub(crate) failures: Vec<String>,
}

/// How many lines after a failed test's own are kept.
const LINES_AFTER: usize = 4;

impl Step {
    pub(crate) fn cargo(name: &'static str, arguments: &[&str]) -> Step {
        Step::program(name, cargo(), arguments)
    }

    pub(crate) fn program(
        name: &'static str,
        program: impl Into<PathBuf>,
        arguments: &[&str],
    ) -> Step {
        let arguments = arguments
            .iter()
            .map(|&argument| argument.to_owned())
            .collect();
        Step {
            name,
            program: program.into(),
            arguments,
            counts: Counts::Itself,
            quiet: false,
            needs: None,
        }
    }

    pub(crate) fn counted(mut self, counts: Counts) -> Step {
        self.counts = counts;
        self
    }

    /// Keeps the step's output from the terminal: it is for programs.
    pub(crate) fn quiet(mut self) -> Step {
        self.quiet = true;
        self
    }

    /// A tool that must be there. A step without its tool has failed, it is not skipped.
    pub(crate) fn needs(mut self, tool: &str, hint: &'static str) -> Step {
        self.needs = Some((tool.to_owned(), hint));
        self
    }

    pub(crate) fn run(&self) -> Result<Outcome, String> {
        let began = Instant::now();
        if let Some((tool, hint)) = &self.needs
            && !is_there(tool)
        {
            let problem = Some(format!("{tool} is missing: {hint}"));
            return Ok(Outcome {
                count: Count::one(false),
                took: began.elapsed(),
                problem,
                failures: Vec::new(),
            });
        }

        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .current_dir(root())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("start {self}: {error}"))?;
        let mut tests = Count::default();
        let mut failures = Failures::default();
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).split(b'\n') {
                let line = line.map_err(|error| format!("read from {self}: {error}"))?;
                let line = String::from_utf8_lossy(&line);
                if let Some(count) = Count::from_line(&line) {
                    tests += count;
                }
                failures.hear(&line);
                if !self.quiet {
                    println!("{line}");
                }
            }
        }
        let status = child
            .wait()
            .map_err(|error| format!("wait for {self}: {error}"))?;
        let (count, problem) = judge(self.counts, status.success(), tests);
        let problem = problem.map(|problem| format!("{problem} ({status})"));
        Ok(Outcome {
            count,
            took: began.elapsed(),
            problem,
            failures: failures.said,
        })
    }
}

/// Listens for tests that fail.
#[derive(Default)]
struct Failures {
    said: Vec<String>,
    more: usize,
}

impl Failures {
    fn hear(&mut self, line: &str) {
        if Count::is_failure(line) {
            self.more = LINES_AFTER;
            self.said.push(line.to_owned());
        } else if self.more > 0 && !line.starts_with("test ") {
            self.more -= 1;
            self.said.push(format!("    {}", line.trim()));
        } else {
            self.more = 0;
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let program = self.program.file_stem().unwrap_or_default().display();
        write!(f, "{program} {}", self.arguments.join(" "))
    }
}

/// A step's figures. A test command that fails without a failed test (it did not compile, say), or
/// that succeeds without having run one, is one failure more.
fn judge(counts: Counts, success: bool, tests: Count) -> (Count, Option<&'static str>) {
    let mut count = tests;
    match (counts, success) {
        (Counts::Itself, true) => (Count::one(true), None),
        (Counts::Itself, false) => (Count::one(false), Some("failed")),
        (Counts::Tests, true) if tests.ran() > 0 => (count, None),
        (Counts::Tests, true) => (Count::one(false), Some("ran no test")),
        (Counts::Tests, false) => {
            count.failed = count.failed.max(1);
            (count, Some("failed"))
        }
    }
}

/// Minutes and seconds.
pub(crate) fn minutes(time: Duration) -> String {
    format!("{}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}

/// The cargo that runs this, so that each step uses the same toolchain.
pub(crate) fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// Names another checkout to work on than the one that this program was built from: `prove` breaks copies.
pub(crate) const ROOT: &str = "COMPANION_ROOT";

pub(crate) fn root() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let own = here.parent().unwrap_or(here).to_path_buf();
        std::env::var_os(ROOT).map_or(own, PathBuf::from)
    })
}

/// Where everything is built: this program was built there too.
pub(crate) fn target() -> PathBuf {
    let own = std::env::current_exe().ok();
    let target = own.as_deref().and_then(Path::parent).and_then(Path::parent);
    target.map_or_else(|| root().join("target"), Path::to_path_buf)
}

/// How many GiB are free where everything is built; nothing where that can't be told. A full disk shows itself as
/// failures of everything else.
pub(crate) fn free_gib() -> Option<u64> {
    let told = Command::new("df").arg("-Pk").arg(target()).output().ok()?;
    let told = String::from_utf8(told.stdout).ok()?;
    let kib: u64 = told
        .lines()
        .nth(1)?
        .split_whitespace()
        .nth(3)?
        .parse()
        .ok()?;
    Some(kib >> 20)
}

/// Whether a program stands at this path or, when it is a bare name, on the search path or among
/// cargo's own.
pub(crate) fn is_there(tool: &str) -> bool {
    if tool.contains('/') {
        return Path::new(tool).exists();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    std::env::split_paths(&path).chain(home).any(|folder| {
        folder
            .join(tool)
            .with_extension(std::env::consts::EXE_EXTENSION)
            .exists()
    })
}

/// Removes a folder, if it is there.
pub(crate) fn clear(folder: &Path) -> Result<(), String> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("clear {}: {error}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Runs a program to its end, which must be a good one.
pub(crate) fn succeed(command: &mut Command) -> Result<(), String> {
    let name = Path::new(command.get_program()).to_path_buf();
    let name = name.file_name().unwrap_or_default().display().to_string();
    let status = command.current_dir(root()).status();
    let status = status.map_err(|error| format!("start {name}: {error}"))?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("run {name} ({status})")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Failures, judge, minutes};
    use crate::count::Count;

    const FIVE: Count = Count {
        passed: 5,
        failed: 0,
        skipped: 0,
    };

    #[test]
    fn a_test_command_that_ran_nothing_has_failed() {
        assert_eq!(
            judge(Counts::Tests, true, Count::default()).0,
            Count::one(false)
        );
        assert_eq!(judge(Counts::Tests, true, FIVE), (FIVE, None));
    }

    #[test]
    fn a_test_command_that_breaks_off_counts_as_a_failure() {
        let (count, problem) = judge(Counts::Tests, false, FIVE);
        assert_eq!((count.passed, count.failed), (5, 1));
        assert!(problem.is_some());
        let two = Count { failed: 2, ..FIVE };
        assert_eq!(judge(Counts::Tests, false, two).0, two);
    }

    #[test]
    fn of_a_failed_test_its_line_is_kept_and_why_it_failed() {
        let mut failures = Failures::default();
        for line in [
            "test one ... ok",
            "noise",
            "test two ... FAILED (9 ms)",
            "  it was 3",
            "test three ... ok",
            "noise",
        ] {
            failures.hear(line);
        }
        assert_eq!(
            failures.said,
            ["test two ... FAILED (9 ms)", "    it was 3"]
        );
    }

    #[test]
    fn a_step_that_is_one_check_counts_once() {
        assert_eq!(
            judge(Counts::Itself, true, Count::default()).0,
            Count::one(true)
        );
        assert_eq!(judge(Counts::Itself, false, FIVE).0, Count::one(false));
    }

    #[test]
    fn times_read_as_minutes_and_seconds() {
        assert_eq!(minutes(std::time::Duration::from_secs(125)), "2:05");
    }
}
