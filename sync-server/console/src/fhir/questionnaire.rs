//! The measures that were answered, in their published words.

use std::collections::BTreeMap;

use companion_core::domain::Response;
use companion_core::domain::measure::{Asked, Choice, Instrument, Item, LOINC_NOTICE};
use serde_json::{Value, json};

use super::Bundle;
use super::loinc;
use super::name::Name;
use super::value::{LOINC, narrative};

/// What stands before the number of an answer that LOINC has no code for.
const ANSWERS: &str = "urn:x-kap-companion:answer";
const ORDINAL: &str = "http://hl7.org/fhir/StructureDefinition/ordinalValue";

/// Each measure once, however often it was answered.
pub(super) fn put(bundle: &mut Bundle<'_>) {
    let mut used = BTreeMap::new();
    for view in &bundle.record.responses {
        let Response {
            measure, version, ..
        } = &view.content;
        if let Ok(instrument) = view.content.instrument() {
            used.insert((measure.clone(), *version), instrument);
        }
    }
    for instrument in used.into_values() {
        let name = Name::of("questionnaire", canonical(instrument));
        bundle.add(&name, questionnaire(instrument));
    }
}

/// What a response says that it answers: name and version of the measure.
pub(super) fn canonical(instrument: &Instrument) -> String {
    format!("{}|{}", url(instrument), instrument.version.0)
}

fn url(instrument: &Instrument) -> String {
    format!("urn:x-kap-companion:measure:{}", instrument.id.as_str())
}

fn questionnaire(instrument: &'static Instrument) -> Value {
    let panel = instrument.loinc.map(|codes| loinc::coding(codes.panel));
    let items: Vec<Value> = instrument
        .items
        .iter()
        .map(|one| item(instrument, one))
        .collect();
    let name: String = instrument.id.as_str().split('-').map(capital).collect();
    json!({
        "resourceType": "Questionnaire",
        "text": narrative([instrument.name]),
        "url": url(instrument),
        "version": instrument.version.0.to_string(),
        "name": name,
        "title": instrument.name,
        "status": "active",
        "subjectType": ["Patient"],
        "description": instrument.instructions,
        "copyright": format!("{} {LOINC_NOTICE}", instrument.permission.notice),
        "code": [panel],
        "item": items,
    })
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn item(instrument: &Instrument, item: &'static Item) -> Value {
    let options = item.choices.iter().map(|choice| {
        let mut coding = answer(instrument, choice);
        if let Some(fields) = coding.as_object_mut() {
            let ordinal = json!([{ "url": ORDINAL, "valueDecimal": choice.points.0 }]);
            fields.insert("extension".to_owned(), ordinal);
        }
        json!({ "valueCoding": coding })
    });
    json!({
        "linkId": item.number.to_string(),
        "code": [item.loinc.map(loinc::coding)],
        "text": item.text,
        "type": "choice",
        "required": item.asked == Asked::ForTheTotal,
        "answerOption": options.collect::<Vec<_>>(),
    })
}

/// An answer of a measure. LOINC's names of answers are their words on the form.
pub(super) fn answer(instrument: &Instrument, choice: &Choice) -> Value {
    match choice.loinc {
        Some(code) => json!({ "system": LOINC, "code": code.0, "display": choice.text }),
        None => json!({
            "system": format!("{ANSWERS}:{}", instrument.id.as_str()),
            "code": choice.points.to_string(),
            "display": choice.text,
        }),
    }
}
