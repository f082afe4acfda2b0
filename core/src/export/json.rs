//! Every document with every field, for programs. `docs/export.md` says what each field is.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::document::RecordDocument;
use super::{EXPORT_FORMAT, ExportMedia, Head};
use crate::domain::Response;
use crate::domain::measure::{Asked, Instrument, Item, LOINC_NOTICE};
use crate::records::Taken;

/// The whole record as one value.
pub(super) fn record(head: &Head, taken: &[Taken], media: &[ExportMedia]) -> String {
    let documents = taken.iter().map(|one| RecordDocument::of(one, media));
    // Fields of a record and times that were read can always be written.
    let documents = documents.filter_map(|one| serde_json::to_value(one).ok());
    let documents: Vec<Value> = documents.collect();
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
