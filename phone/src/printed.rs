//! What reaches a terminal. Names and words come from servers, clinics, links, files and whoever types a command; where one
//! of them holds what a terminal obeys, it is shown as something that was there and is obeyed by nobody. All that the
//! phone says goes through here.

use std::io::{self, Write};

use companion_core::domain::text::printable;
use serde_json::Value;

/// A terminal, or what stands for one, that is given text alone.
pub(crate) struct Printed<'a>(pub(crate) &'a mut dyn Write);

impl Write for Printed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The phone writes whole strings, so no character is cut in two.
        let text = std::str::from_utf8(bytes)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        self.0.write_all(printable(text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// JSON as it is printed: what a terminal would obey is escaped, so that a script reads all of it as it was.
pub(crate) fn json(value: &Value) -> String {
    let text = format!("{value:#}");
    let mut printed = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_control() && c != '\n' {
            // Line breaks stand between values, and everything else within a string.
            true => printed.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => printed.push(c),
        }
    }
    printed
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// What clears a screen, and what the same is in one character.
    const ODD: &str = "a\u{1b}[2J\u{9b}2J\u{7f}\rb\tc\nd";

    #[test]
    fn what_a_terminal_obeys_is_shown_to_it_as_something_else() {
        let mut printed = Vec::new();
        write!(Printed(&mut printed), "{ODD}").unwrap();
        let printed = String::from_utf8(printed).unwrap();
        assert_eq!(printed, "a\u{fffd}[2J\u{fffd}2J\u{fffd}\u{fffd}b\tc\nd");
    }

    #[test]
    fn a_script_reads_every_character_and_a_terminal_obeys_none() {
        let value = serde_json::json!({ ODD: [ODD] });
        let printed = json(&value);
        assert!(
            !printed.chars().any(|c| c.is_control() && c != '\n'),
            "{printed:?}"
        );
        assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), value);
    }
}
