//! The patient, and the clinic that this comes from.

use serde_json::json;

use super::Bundle;
use super::value::{narrative, text, us_core};

/// A register knows no family name and no sex, and neither is guessed: both say that they are not known, in the way in
/// which US Core asks for it.
pub(super) fn put(bundle: &mut Bundle<'_>) {
    let record = bundle.record;
    let (patient, clinic) = (bundle.patient.clone(), bundle.clinic.clone());
    bundle.add(
        &clinic,
        json!({
            "resourceType": "Organization",
            "meta": us_core("organization"),
            "text": narrative([&*record.clinic]),
            "active": true,
            "name": text(&record.clinic),
        }),
    );
    bundle.add(
        &patient,
        json!({
            "resourceType": "Patient",
            "meta": us_core("patient"),
            "text": narrative([&*record.name]),
            "identifier": [{
                "system": "urn:ietf:rfc:3986",
                "value": patient.address(),
                "assigner": clinic.reference(),
            }],
            "name": [{
                "extension": [{
                    "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                    "valueCode": "unknown",
                }],
                "use": "usual",
                "text": text(&record.name),
            }],
            "gender": "unknown",
            "managingOrganization": clinic.reference(),
        }),
    );
}
