//! Entries of the journal, as documents that the patient wrote. Their words are in the bundle; of a recording or a
//! picture only its description is, since the bytes are too large for one.

use std::collections::BTreeSet;

use companion_core::domain::measure::Loinc;
use companion_core::domain::{DocumentId, Entry, Scale};
use companion_core::records::View;
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::Bundle;
use super::check_in;
use super::loinc;
use super::name::Name;
use super::origin::{self, happened};
use super::plan;
use super::value::{instant, narrative, survey, text, us_core};

/// What a patient wrote themselves.
const PATIENT_NOTE: Loinc = Loinc("51855-5");

pub(super) fn put(bundle: &mut Bundle<'_>) {
    let begun: BTreeSet<DocumentId> = plan::begun(bundle.record);
    for view in &bundle.record.entries {
        let name = Name::of("entry", view.id);
        let resource = reference(bundle, view, &begun);
        bundle.add(&name, resource);
        origin::put(bundle, &name, origin::Origin::patients(view));
        if let Some(mood) = view.content.mood {
            let resource = json!({
                "resourceType": "Observation",
                "text": narrative([Scale::Valence.label(mood)]),
                "status": origin::amended_or(view, "final"),
                "category": survey(),
                "code": check_in::scale(Scale::Valence),
                "subject": bundle.patient.reference(),
                "effectiveDateTime": instant(happened(view, view.content.at)),
                "performer": [bundle.patient.reference()],
                "valueCodeableConcept": check_in::rating(Scale::Valence, mood),
                "derivedFrom": [name.reference()],
            });
            bundle.add(&Name::of("mood", view.id), resource);
        }
    }
}

/// What kind of thing it is, for entries that are shown and for those that were taken back.
pub(super) fn kind() -> Value {
    json!({ "coding": [loinc::coding(PATIENT_NOTE)], "text": "Journal entry" })
}

fn reference(bundle: &Bundle<'_>, view: &View<Entry>, begun: &BTreeSet<DocumentId>) -> Value {
    let said = &view.content;
    let at = instant(happened(view, said.at));
    let words = [&*said.title, &*said.body].into_iter();
    let words: Vec<&str> = words.filter(|part| !part.is_empty()).collect();
    let words = words.join("\n\n");
    let written = json!({
        "attachment": {
            "contentType": "text/plain; charset=utf-8",
            "data": BASE64.encode(words.as_bytes()),
            "size": words.len(),
            "title": text(&said.title),
            "creation": at,
        },
    });
    let mut content: Vec<Value> = (!words.is_empty()).then_some(written).into_iter().collect();
    for (_, one) in said.attachments.iter() {
        let title = match text(&one.caption) {
            caption if caption.is_empty() => one.label().to_owned(),
            caption => format!("{}: {caption}", one.label()),
        };
        content.push(json!({
            "attachment": { "contentType": one.media.as_str(), "title": title, "creation": at },
        }));
    }
    if content.is_empty() {
        content.push(json!({ "attachment": { "title": "An entry without words" } }));
    }
    // The profile asks that all content is there, and a recording's is not.
    let is_whole = said.attachments.iter().next().is_none() && !words.is_empty();
    let session = said.session.filter(|session| begun.contains(session));
    let two = (!view.apart.is_empty())
        .then_some("Parts of this were rewritten in two places; one of the wordings is shown.");
    json!({
        "resourceType": "DocumentReference",
        "meta": if is_whole { us_core("documentreference") } else { Value::Null },
        "text": narrative([said.kind.label(), &*said.title]),
        "identifier": [{ "system": "urn:ietf:rfc:3986", "value": Name::of("entry", view.id).address() }],
        "status": "current",
        "docStatus": origin::amended_or(view, "final"),
        "type": kind(),
        "category": [{
            "coding": [{
                "system": "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
                "code": "clinical-note",
                "display": "Clinical Note",
            }],
            "text": text(said.kind.label()),
        }],
        "subject": bundle.patient.reference(),
        "date": at,
        "author": [bundle.patient.reference()],
        "custodian": bundle.clinic.reference(),
        "description": two,
        "content": content,
        "context": { "related": [session.map(|session| plan::procedure(session).reference())] },
    })
}
