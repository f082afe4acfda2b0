//! The report in plain words.

use std::collections::BTreeMap;
use std::fmt::{Display, Formatter, Result};

use super::{CheckHealth, HealthReport, SpacesHealth};

impl Display for HealthReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "Report on the health of a record, form {}", self.format)?;
        writeln!(
            f,
            "Program {} of the {}, on {} {}",
            self.program, self.side, self.system, self.processor
        )?;
        let indexed = or_unknown(self.indexed.map(u64::from));
        writeln!(
            f,
            "Schema {}; index {}, rows indexed by {indexed}",
            self.schema, self.index
        )?;
        writeln!(
            f,
            "File: {} bytes, {} beside it",
            or_unknown(self.file_bytes),
            or_unknown(self.beside_bytes)
        )?;
        match self.log {
            Some(log) => writeln!(f, "Log: {} changes, {} bytes", log.changes, log.bytes)?,
            None => writeln!(f, "Log: {UNREADABLE}")?,
        }
        match self.outbox {
            Some(outbox) => writeln!(
                f,
                "Waiting to be sent: {} changes, {} bytes; hours: oldest {}, newest {}",
                outbox.size.changes,
                outbox.size.bytes,
                or_none(outbox.oldest_hours),
                or_none(outbox.newest_hours)
            )?,
            None => writeln!(f, "Waiting to be sent: {UNREADABLE}")?,
        }
        match self.files {
            Some(files) => writeln!(
                f,
                "Recordings and pictures: {} wait to be sent, {} bytes; {} are lost, {} bytes",
                files.waiting.files, files.waiting.bytes, files.lost.files, files.lost.bytes
            )?,
            None => writeln!(f, "Recordings and pictures: {UNREADABLE}")?,
        }
        let since = or_none(self.hours_since_exchange);
        writeln!(f, "Hours since the last exchange: {since}")?;
        for spaces in &self.spaces {
            spaces.fmt(f)?;
        }
        counts(f, "Rows of each kind", self.kinds.as_ref())?;
        counts(f, "Changes put aside", self.put_aside.as_ref())?;
        counts(f, "Warnings", self.warnings.as_ref())?;
        match self.check {
            CheckHealth::Compared {
                documents,
                differing,
                damaged_files,
            } => {
                writeln!(
                    f,
                    "Check: {documents} documents compared, {differing} differ"
                )?;
                match damaged_files {
                    0 => Ok(()),
                    _ => writeln!(
                        f,
                        "Files of recordings and pictures that were damaged: {damaged_files}"
                    ),
                }
            }
            CheckHealth::Damaged => writeln!(f, "Check: the file is damaged"),
            CheckHealth::NotOpened { why } => {
                writeln!(f, "Check: the file can't be opened ({why})")
            }
            CheckHealth::NotDone => writeln!(f, "Check: it could not be done"),
        }
    }
}

impl Display for SpacesHealth {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(
            f,
            "Spaces ({}): member {}, waiting {}, gone {}, on the server {}, chains {} to {}, gaps {}, \
             being given back {}, key to be changed {}",
            self.purpose,
            self.member,
            self.waiting,
            self.gone,
            self.on_server,
            self.lowest_chain,
            self.highest_chain,
            self.with_gaps,
            self.backfilling,
            self.rotation_due
        )
    }
}

/// What stands for a number that is not known, since what it would be counted from can't be read.
const UNREADABLE: &str = "can't be counted";

fn counts(
    f: &mut Formatter<'_>,
    name: &str,
    counts: Option<&BTreeMap<&'static str, u64>>,
) -> Result {
    let Some(counts) = counts else {
        return writeln!(f, "{name}: {UNREADABLE}");
    };
    let each = counts
        .iter()
        .map(|(word, number)| format!("{word} {number}"));
    let each: Vec<String> = each.collect();
    let said = if each.is_empty() {
        "none".to_owned()
    } else {
        each.join(", ")
    };
    writeln!(f, "{name}: {said}")
}

fn or_unknown(number: Option<u64>) -> String {
    number.map_or_else(|| "unknown".to_owned(), |number| number.to_string())
}

fn or_none(number: Option<u64>) -> String {
    number.map_or_else(|| "none".to_owned(), |number| number.to_string())
}
