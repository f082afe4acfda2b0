//! The table that is printed at the end.

use std::time::Duration;

/// Rows in sections.
#[derive(Default)]
pub(crate) struct Table(Vec<Line>);

enum Line {
    Section(String),
    Row(Row),
}

/// One figure, with what it is to be compared with.
#[derive(Default)]
pub(crate) struct Row {
    name: String,
    value: String,
    target: String,
    floor: String,
}

impl Table {
    pub(crate) fn section(&mut self, title: &str) {
        self.0.push(Line::Section(title.to_owned()));
    }

    pub(crate) fn row(&mut self, name: &str, value: String) -> &mut Row {
        self.0.push(Line::Row(Row {
            name: name.to_owned(),
            value,
            ..Row::default()
        }));
        match self.0.last_mut() {
            Some(Line::Row(row)) => row,
            _ => panic!("a row was just pushed"),
        }
    }

    /// As Markdown.
    pub(crate) fn print(&self) {
        for line in &self.0 {
            match line {
                Line::Section(title) => println!(
                    "\n{title}\n\n| {:<46} | {:>11} | {:<20} | {:<44} |\n|{:-<48}|{:->12}:|{:-<22}|{:-<46}|",
                    "what", "measured", "target", "against", "", "", "", ""
                ),
                Line::Row(row) => println!(
                    "| {:<46} | {:>11} | {:<20} | {:<44} |",
                    row.name, row.value, row.target, row.floor
                ),
            }
        }
        println!();
    }
}

impl Row {
    /// What was asked for, and whether this run reached it.
    pub(crate) fn target(&mut self, text: &str, reached: bool) -> &mut Self {
        let verdict = if reached { "reached" } else { "missed" };
        self.target = format!("{text} {verdict}");
        self
    }

    /// What it would take without us.
    pub(crate) fn floor(&mut self, what: &str, floor: Duration, ours: Duration) {
        let ratio = ours.as_secs_f64() / floor.as_secs_f64();
        self.floor = format!("{ratio:.1} x {what}");
    }

    /// As [`Row::floor`], for rates: how much of what would be possible.
    pub(crate) fn rate_floor(&mut self, what: &str, possible: f64, ours: f64) {
        self.floor = format!("{:.0} % of {what}", 100.0 * ours / possible);
    }
}

pub(crate) fn milliseconds(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    match ms {
        100.0.. => format!("{ms:.0} ms"),
        1.0.. => format!("{ms:.1} ms"),
        _ => format!("{ms:.3} ms"),
    }
}

pub(crate) fn amount(count: usize, time: Duration) -> String {
    format!("{:.0} /s", per_second(count, time))
}

pub(crate) fn per_second(count: usize, time: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / time.as_secs_f64()
}
