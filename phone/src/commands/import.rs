//! Bringing back a record that was exported, and reading what a former clinic left in it.

use companion_core::folder::open_in_folder;
use companion_core::{ImportCounts, ImportPlan, ImportReport};
use serde_json::{Value, json};

use super::asked::Asked;
use super::{Done, Phone};
use crate::args::care::Shape;
use crate::args::upkeep::Import;
use crate::format::time;

pub(super) fn import(phone: &mut Phone<'_, '_>, asked: &Import) -> Done {
    let sure = Asked::by(asked.yes, asked.shape.json, "--yes")?;
    let folder = |name: &str| open_in_folder(&asked.folder, name);
    let plan = phone.patient.read_export(&folder)?;
    if asked.shape.json {
        let report = phone.patient.import(&plan, &folder)?;
        return phone.json(&as_value(&plan, &report));
    }
    describe(phone, &plan)?;
    if plan.would.own.is_empty() && plan.would.former.is_empty() {
        return phone.say("There is nothing in it to import.");
    }
    if !phone.is_meant(sure, "Import it?", "Nothing was imported.")? {
        return Ok(());
    }
    phone.patient.import(&plan, &folder)?;
    phone.say(
        "All of it was imported, and nothing was sent to any clinic. What is yours goes to your other phones with the \
         next sync; `share` shares something anew.",
    )?;
    if !plan.would.former.is_empty() {
        phone.say("`former` shows what your former clinic left.")?;
    }
    phone.say("The folder is still there, and not encrypted: delete it if you need it no more.")
}

/// What it is, and what importing it would do.
fn describe(phone: &mut Phone<'_, '_>, plan: &ImportPlan) -> Done {
    let clinic = match plan.clinic.as_deref() {
        Some(clinic) => format!("shared with {clinic}"),
        None => "shared with no clinic".to_owned(),
    };
    let exported = time(plan.exported_at, phone.now);
    phone.say(&format!(
        "A record, {clinic}, as it was exported {exported}."
    ))?;
    if let Some((from, to)) = plan.from_to {
        let (from, to) = (time(from, phone.now), time(to, phone.now));
        phone.say(&format!("Its documents are from {from} to {to}."))?;
    }
    let would = &plan.would;
    list(phone, "Yours again, on your own phones only:", &would.own)?;
    list(
        phone,
        "Kept to read, as your former clinic left it, and no part of the plan of any clinic now:",
        &would.former,
    )?;
    let numbers = [
        (would.files, "recordings and pictures"),
        (
            would.without_file,
            "recordings and pictures that were not on the phone that exported, so that their entries come without",
        ),
        (
            would.here_already,
            "here already, and left as they are here",
        ),
        (would.in_other_words, "of those in other words than here"),
        (would.deleted_here, "deleted here since, and left deleted"),
        (
            plan.left_out_of_unknown_kinds,
            "left out when it was exported, by a program that did not know what they are",
        ),
    ];
    for (number, what) in numbers.into_iter().filter(|(number, _)| *number > 0) {
        phone.say(&format!("  {what}: {number}"))?;
    }
    Ok(())
}

fn list(phone: &mut Phone<'_, '_>, heading: &str, counts: &ImportCounts) -> Done {
    if counts.is_empty() {
        return Ok(());
    }
    phone.say(heading)?;
    for (kind, number) in counts {
        phone.say(&format!("  {}: {number}", kind.in_words()))?;
    }
    Ok(())
}

fn as_value(plan: &ImportPlan, report: &ImportReport) -> Value {
    let counts = |counts: &ImportCounts| -> Value {
        let counts = counts.iter();
        counts
            .map(|(kind, number)| (kind.as_str().to_owned(), json!(number)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    json!({
        "clinic": plan.clinic,
        "exported_at": plan.exported_at.to_string(),
        "program": plan.program,
        "own": counts(&report.own),
        "former": counts(&report.former),
        "attachments": report.files,
        "attachments_without_file": report.without_file,
        "here_already": report.here_already,
        "in_other_words": report.in_other_words,
        "deleted_here": report.deleted_here,
        "left_out_of_unknown_kinds": plan.left_out_of_unknown_kinds,
        "sent": false,
    })
}

pub(super) fn former(phone: &mut Phone<'_, '_>, shape: &Shape) -> Done {
    let former = phone.patient.former_record()?;
    if shape.json {
        let documents = former.documents.iter().map(|one| {
            json!({
                "id": one.id.to_string(),
                "kind": one.kind.as_str(),
                "when": one.when.map(|at| at.to_string()),
                "clinic": one.clinic,
                "written_by": one.written_by.iter().map(|by| by.as_str()).collect::<Vec<_>>(),
                "readable": one.is_readable,
            })
        });
        return phone.json(&json!({ "documents": documents.collect::<Vec<_>>() }));
    }
    if former.documents.is_empty() {
        return phone.say("Nothing came here from a former clinic.");
    }
    phone.say(former.page.trim_end())?;
    phone.say("\nThis is how it was when it was exported. Nothing of it is kept up to date, and nothing reminds of it.")
}
