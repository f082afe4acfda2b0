//! Every document with every field, for programs. `docs/export.md` says what each field is.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{EXPORT_FORMAT, ExportMedia, Head};
use crate::domain::attachment::ATTACHMENTS;
use crate::domain::measure::{Asked, Instrument, Item, LOINC_NOTICE};
use crate::domain::{Projection, Response};
use crate::records::Taken;

/// The whole record as one value.
pub(super) fn record(head: &Head, taken: &[Taken], media: &[ExportMedia]) -> String {
    let documents: Vec<Value> = taken.iter().map(|one| document(one, media)).collect();
    let value = json!({
        "format": EXPORT_FORMAT,
        "program": env!("CARGO_PKG_VERSION"),
        "exported_at": head.now.to_string(),
        "clinic": head.clinic,
        "left_out_of_unknown_kinds": head.unknown,
        "documents": documents,
        "measures": measures(taken),
        "notice": LOINC_NOTICE,
    });
    format!("{value:#}\n")
}

fn document(one: &Taken, media: &[ExportMedia]) -> Value {
    let apart = one.apart.iter();
    let apart: BTreeMap<&str, &[String]> = apart
        .map(|apart| (&*apart.field, &*apart.wordings))
        .collect();
    let total = one
        .read::<Response>()
        .and_then(|response| response.score().ok());
    json!({
        "id": one.id.to_string(),
        "kind": one.kind.as_str(),
        "about": one.about.map(|about| about.to_string()),
        "space": if one.is_private { "private" } else { "care" },
        "when": one.when.map(|at| at.to_string()),
        "edited_at": one.edited_at.map(|at| at.to_string()),
        "written_by": one.by.iter().map(|by| by.as_str()).collect::<Vec<_>>(),
        "not_sent_yet": one.waits,
        "readable": one.is_readable,
        "wordings": apart,
        "total": total.map(|score| score.total()),
        "files": files(one, media),
        "fields": without_keys(&one.fields),
    })
}

/// What opens an attachment, and what its sealed bytes are called, is of use to devices alone: whoever takes a record
/// along has the bytes themselves. Also of one that was taken off.
fn without_keys(fields: &Projection) -> Projection {
    let mut fields = fields.clone();
    if let Some(Value::Object(all)) = fields.get_mut(ATTACHMENTS.field) {
        for one in all.values_mut().filter_map(Value::as_object_mut) {
            one.remove("key");
            one.remove("blob");
        }
    }
    fields
}

/// Which file of the folder is which attachment; `null` for one whose bytes were not on the phone.
fn files(one: &Taken, media: &[ExportMedia]) -> BTreeMap<String, Option<String>> {
    let of_it = media.iter().filter(|media| media.entry == one.id);
    let file = |media: &ExportMedia| media.is_here.then(|| media.name.clone());
    of_it
        .map(|media| (media.item.to_string(), file(media)))
        .collect()
}

/// The measures that were answered, in their words and with their codes: what an export for another system needs.
fn measures(taken: &[Taken]) -> Vec<Value> {
    let mut used = BTreeMap::new();
    for response in taken.iter().filter_map(Taken::read::<Response>) {
        if let Ok(instrument) = response.instrument() {
            used.insert((response.measure.clone(), response.version), instrument);
        }
    }
    used.into_values().map(measure).collect()
}

fn measure(instrument: &Instrument) -> Value {
    json!({
        "measure": instrument.id.as_str(),
        "version": instrument.version.0,
        "name": instrument.name,
        "recall": instrument.recall.label(),
        "loinc_panel": instrument.loinc.map(|codes| codes.panel.0),
        "loinc_total": instrument.loinc.map(|codes| codes.total.0),
        "permission": instrument.permission.notice,
        "items": instrument.items.iter().map(item).collect::<Vec<_>>(),
    })
}

fn item(item: &Item) -> Value {
    let choice = |choice: &crate::domain::measure::Choice| {
        json!({
            "points": choice.points.0,
            "text": choice.text,
            "loinc": choice.loinc.map(|code| code.0),
        })
    };
    json!({
        "number": item.number.number(),
        "text": item.text,
        "counts": item.asked == Asked::ForTheTotal,
        "loinc": item.loinc.map(|code| code.0),
        "choices": item.choices.iter().map(choice).collect::<Vec<_>>(),
    })
}
