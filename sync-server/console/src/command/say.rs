//! What a command prints.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

/// Prints a line. Where whoever reads it went away (`audit | head`), they have what they wanted: the command goes on
/// to its end, and its exit code says what became of it.
pub(super) fn say(line: impl Display) -> io::Result<()> {
    say_to(&mut io::stdout(), line)
}

fn say_to(output: &mut impl Write, line: impl Display) -> io::Result<()> {
    match writeln!(output, "{line}") {
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
    fn a_reader_who_went_away_stops_no_command_and_a_full_disk_does() {
        say_to(&mut Failing(ErrorKind::BrokenPipe), "line").unwrap();
        let full = say_to(&mut Failing(ErrorKind::StorageFull), "line");
        assert_eq!(full.unwrap_err().kind(), ErrorKind::StorageFull);
    }
}
