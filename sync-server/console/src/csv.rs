//! What a patient shared as tables, for a spreadsheet: comma-separated values (RFC 4180) in UTF-8, with a row of names
//! first.
//!
//! A spreadsheet takes a cell that begins like a formula for one, and a formula can fetch and send. So such a cell gets
//! an apostrophe before it: whoever opens the file reads what the patient wrote, and nothing runs. The mark of UTF-8
//! stands first, since without it spreadsheets take letters with accents for something else.

mod tables;
#[cfg(test)]
mod tests;

pub use tables::Table;

/// The mark that tells spreadsheets that what follows is UTF-8.
const UTF_8: char = '\u{feff}';

/// A table as it is put together.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    text: String,
}

impl Rows {
    /// With the names of its columns.
    fn named(names: &[&str]) -> Self {
        let mut rows = Self {
            text: UTF_8.to_string(),
        };
        rows.add(names);
        rows
    }

    /// One more row.
    fn add<T: AsRef<str>>(&mut self, cells: &[T]) {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.text.push_str(&cell_of(cell.as_ref()));
        }
        self.text.push_str("\r\n");
    }

    /// The file.
    fn done(self) -> String {
        self.text
    }
}

/// A cell as the file has it: no formula, no control characters, and in quotation marks where it must be.
fn cell_of(said: &str) -> String {
    let said = said.replace("\r\n", "\n");
    let mut cell = String::with_capacity(said.len() + 2);
    if is_formula(&said) {
        cell.push('\'');
    }
    let plain = said.chars();
    cell.extend(
        plain.filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t' | '\r')),
    );
    if cell.contains([',', '"', '\n', '\r', '\t', ';', '\'']) || cell.trim() != cell {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

/// Whether a spreadsheet could take it for a formula. Spaces and signs that no screen shows may stand before one, and
/// the wide letters of East Asian keyboards count like the narrow ones.
fn is_formula(said: &str) -> bool {
    if said.starts_with(['\t', '\r']) {
        return true;
    }
    let is_unseen = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    let begin = said.trim_start_matches(is_unseen);
    begin.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '−', '|', '%'])
}
