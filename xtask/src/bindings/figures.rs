//! What the boundary costs: the same work by the core alone, and through the boundary from Rust, Kotlin and Swift, over
//! one record of five years in one run, as ratios.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::step::{cargo, root, target};

/// Who is measured; the first is the floor.
const COLUMNS: [&str; 4] = ["core", "rust", "kotlin", "swift"];

/// One figure, as a line of JSON that every benchmark prints:
/// `{"language": "rust", "what": "page of 50", "nanoseconds": 412000}`.
#[derive(Debug, PartialEq, Eq)]
struct Figure<'a> {
    language: &'a str,
    what: &'a str,
    number: u64,
}

impl<'a> Figure<'a> {
    fn from_line(line: &'a str) -> Option<Figure<'a>> {
        let rest = line
            .trim()
            .strip_prefix("{\"language\": \"")?
            .strip_suffix('}')?;
        let (language, rest) = rest.split_once("\", \"what\": \"")?;
        let (what, rest) = rest.split_once("\", \"")?;
        let (_, number) = rest.split_once("\": ")?;
        Some(Figure {
            language,
            what,
            number: number.parse().ok()?,
        })
    }
}

/// All figures: what, by whom, and what each turn gave.
type Figures = BTreeMap<String, BTreeMap<String, Vec<u64>>>;

/// How often everybody has their turn. Each figure is the median of them: a machine that others use as well is slower
/// in one minute than in another, and everybody is to meet all of its moods.
const TURNS: usize = 3;

/// Measures everybody in turn, and prints the table.
pub(super) fn compare() -> Result<bool, String> {
    let folder = target().join("bench-bindings");
    let mut figures = Figures::new();
    let own = std::env::current_exe().map_err(|error| format!("find this program: {error}"))?;
    let mut loads = Vec::new();
    for turn in 1..=TURNS {
        println!("\n=== turn {turn} of {TURNS}");
        let mut rust = Command::new(cargo());
        rust.args(["bench", "--quiet", "-p", "companion-tests"]);
        rust.args(["--bench", "bindings", "--target-dir"]);
        collect(rust.arg(target()), &folder, &mut figures)?;
        for language in ["kotlin", "swift"] {
            let mut command = Command::new(&own);
            command.args(["bench", language]);
            collect(&mut command, &folder, &mut figures)?;
        }
        loads.extend(load());
    }
    println!("\n{}", table(&figures));
    println!(
        "\nMedians of {TURNS} turns on {} processors; what else ran on the machine: a load of {} after each turn.",
        std::thread::available_parallelism().map_or(1, usize::from),
        loads.join(", ")
    );
    Ok(true)
}

/// How many processes wanted a processor in the last minute, as Linux counts them.
fn load() -> Option<String> {
    let load = std::fs::read_to_string("/proc/loadavg").ok()?;
    load.split(' ').next().map(str::to_owned)
}

fn collect(command: &mut Command, folder: &Path, figures: &mut Figures) -> Result<(), String> {
    let name = format!("{command:?}");
    let failed = |error: &dyn std::fmt::Display| format!("run {name}: {error}");
    let mut child = command
        .current_dir(root())
        .env("BENCH_FOLDER", folder)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&error))?;
    let mut found = 0;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|error| failed(&error))?;
            println!("{line}");
            if let Some(figure) = Figure::from_line(&line) {
                let row = figures.entry(figure.what.to_owned()).or_default();
                let turns = row.entry(figure.language.to_owned()).or_default();
                turns.push(figure.number);
                found += 1;
            }
        }
    }
    let status = child.wait().map_err(|error| failed(&error))?;
    match (status.success(), found) {
        (true, 0) => Err(failed(&"it measured nothing")),
        (true, _) => Ok(()),
        (false, _) => Err(failed(&status)),
    }
}

/// The floor in microseconds, and how many times as long everybody else takes.
fn table(figures: &Figures) -> String {
    let mut lines = vec![
        format!("| what | {} |", COLUMNS.join(" | ")),
        format!("|---|{}", "---:|".repeat(COLUMNS.len())),
    ];
    for (what, by) in figures {
        let by: BTreeMap<&str, u64> = by
            .iter()
            .map(|(language, turns)| (language.as_str(), median(turns)))
            .collect();
        let floor = by.get("core").copied();
        let cells = COLUMNS.map(|column| match (by.get(column), floor) {
            (None, _) => "–".to_owned(),
            (Some(mebibytes), _) if what == "memory" => format!("{mebibytes} MiB"),
            (Some(nanoseconds), Some(floor)) if column != "core" && floor > 0 => {
                format!("{:.2}x", precise(*nanoseconds) / precise(floor))
            }
            (Some(nanoseconds), _) => format!("{:.1} µs", precise(*nanoseconds) / 1000.0),
        });
        lines.push(format!("| {what} | {} |", cells.join(" | ")));
    }
    lines.join("\n")
}

fn median(turns: &[u64]) -> u64 {
    let mut turns = turns.to_vec();
    turns.sort_unstable();
    turns.get(turns.len() / 2).copied().unwrap_or_default()
}

#[allow(clippy::cast_precision_loss, reason = "a figure in a table")]
fn precise(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::{Figure, Figures, table};

    #[test]
    fn a_line_of_a_benchmark_is_a_figure_and_no_other_is() {
        let line = r#"{"language": "rust", "what": "page of 50", "nanoseconds": 412000}"#;
        let figure = Figure {
            language: "rust",
            what: "page of 50",
            number: 412_000,
        };
        assert_eq!(Figure::from_line(line), Some(figure));
        assert_eq!(Figure::from_line("=== kotlin figures took 0:14"), None);
    }

    #[test]
    fn the_table_says_how_many_times_the_floor() {
        let mut figures = Figures::new();
        let page = figures.entry("page of 50".to_owned()).or_default();
        page.insert("core".to_owned(), vec![9000, 2000, 1000]);
        page.insert("kotlin".to_owned(), vec![5000, 4000, 70_000]);
        let row = "| page of 50 | 2.0 µs | – | 2.50x | – |";
        assert_eq!(table(&figures).lines().last(), Some(row));
    }
}
