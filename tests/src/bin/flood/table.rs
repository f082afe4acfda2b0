//! The table that is printed at the end.

use std::fmt;
use std::time::Duration;

/// One attack on one program.
pub(crate) struct Row {
    pub(crate) target: &'static str,
    pub(crate) attack: &'static str,
    pub(crate) tried: usize,
    /// Streams that were opened, or answers on warm connections.
    pub(crate) served: usize,
    /// Connections that the program held while it was asked by others.
    pub(crate) held: usize,
    /// The same after `patience`.
    pub(crate) held_late: usize,
    pub(crate) patience: Duration,
    /// Kilobytes.
    pub(crate) before: u64,
    pub(crate) peak: u64,
    pub(crate) after: u64,
    pub(crate) answered: usize,
    pub(crate) asked: usize,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} of {} |",
            self.target,
            self.attack,
            self.tried,
            self.held,
            self.held_late,
            self.served,
            megabytes(self.before),
            megabytes(self.peak),
            megabytes(self.after),
            self.answered,
            self.asked,
        )
    }
}

/// As Markdown.
pub(crate) fn print(rows: &[Row]) {
    let seconds = rows.first().map_or(0, |row| row.patience.as_secs());
    println!(
        "\n| program | flood | tried | connections held | held {seconds} s later | streams or answers given | \
         memory before | most | after | honest requests answered |\n\
         |---|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    );
    for row in rows {
        println!("{row}");
    }
}

fn megabytes(kilobytes: u64) -> String {
    format!("{}.{} MB", kilobytes / 1024, kilobytes % 1024 * 10 / 1024)
}
