//! What a command prints: names come from people and the server's words from outside, and none of them moves a terminal.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use companion_core::domain::text::printable;

/// Prints a line. Where whoever reads it went away (`audit | head`), they have what they wanted: the command goes on
/// to its end, and its exit code says what became of it.
pub(super) fn say(line: impl Display) -> io::Result<()> {
    say_to(&mut io::stdout(), line)
}

/// Says on the error output what went wrong.
pub(super) fn complain(error: impl Display) {
    // Nobody can be told where that is gone, too; the exit code says it.
    let _ = say_to(&mut io::stderr(), format_args!("clinic-console: {error}"));
}

fn say_to(output: &mut impl Write, line: impl Display) -> io::Result<()> {
    match writeln!(output, "{}", printable(&line.to_string())) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_name_moves_no_terminal() {
        let mut said = Vec::new();
        say_to(&mut said, "Mira\u{1b}[2J\u{9b}2J\tcoordinator\nSam").unwrap();
        let said = String::from_utf8(said).unwrap();
        assert_eq!(said, "Mira\u{fffd}[2J\u{fffd}2J\tcoordinator\nSam\n");
    }

    #[test]
    fn a_reader_who_went_away_stops_no_command_and_a_full_disk_does() {
        say_to(&mut Failing(ErrorKind::BrokenPipe), "line").unwrap();
        let full = say_to(&mut Failing(ErrorKind::StorageFull), "line");
        assert_eq!(full.unwrap_err().kind(), ErrorKind::StorageFull);
    }
}
