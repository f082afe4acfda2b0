//! A report on the health of the record: shown whole, and sent by nobody but the person.

use std::path::Path;

use companion_core::patient::Patient;
use companion_core::{CoreError, HealthReport};

use super::{Done, Phone};
use crate::Terminal;
use crate::args::upkeep::Report;
use crate::error::PhoneError;
use crate::save::{Existing, save};

pub(super) fn report(phone: &mut Phone<'_, '_>, asked: &Report) -> Done {
    let report = phone.patient.health_report()?;
    tell(&report, asked, phone.terminal)
}

/// Where the record can't be opened: why, and what can be said of it all the same.
pub(super) fn on_unopened(
    record: &Path,
    why: &CoreError,
    asked: &Report,
    terminal: &mut Terminal<'_>,
) -> Done {
    tell(&Patient::report_on_unopened(record, why), asked, terminal)
}

fn tell(report: &HealthReport, asked: &Report, terminal: &mut Terminal<'_>) -> Done {
    let text = if asked.shape.json {
        let value = serde_json::to_string_pretty(report);
        let text = value.map_err(|error| {
            PhoneError::NotDone(format!("this can't be written as JSON: {error}"))
        })?;
        format!("{text}\n")
    } else {
        report.to_string()
    };
    writeln!(terminal.output, "{}", text.trim_end())?;
    if let Some(path) = &asked.save {
        let existing = match asked.force {
            true => Existing::Replace,
            false => Existing::Keep,
        };
        save(path, &text, existing)?;
    }
    if asked.shape.json {
        return Ok(());
    }
    let kept = match &asked.save {
        Some(path) => format!(
            "It is in {}; send it yourself if you want to.",
            path.display()
        ),
        None => "`report --save FILE` keeps it in a file, for you to send.".to_owned(),
    };
    let all = "\nThis is all that it says. Nothing was sent.";
    Ok(writeln!(terminal.output, "{all}\n{kept}")?)
}
