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
        let (log, waiting) = (self.log, self.outbox.size);
        writeln!(f, "Log: {} changes, {} bytes", log.changes, log.bytes)?;
        writeln!(
            f,
            "Waiting to be sent: {} changes, {} bytes; hours: oldest {}, newest {}",
            waiting.changes,
            waiting.bytes,
            or_none(self.outbox.oldest_hours),
            or_none(self.outbox.newest_hours)
        )?;
        let since = or_none(self.hours_since_exchange);
        writeln!(f, "Hours since the last exchange: {since}")?;
        for spaces in &self.spaces {
            spaces.fmt(f)?;
        }
        counts(f, "Rows of each kind", &self.kinds)?;
        counts(f, "Changes put aside", &self.put_aside)?;
        counts(f, "Warnings", &self.warnings)?;
        match self.check {
            CheckHealth::Compared {
                documents,
                differing,
            } => writeln!(
                f,
                "Check: {documents} documents compared, {differing} differ"
            ),
            CheckHealth::Damaged => writeln!(f, "Check: the file is damaged"),
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

fn counts(f: &mut Formatter<'_>, name: &str, counts: &BTreeMap<&'static str, u64>) -> Result {
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
