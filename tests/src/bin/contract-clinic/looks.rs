//! Who at the clinic looks at what, and what it asks a patient to allow.

use companion_core::CoreError;
use companion_core::clinic::Clinic;
use companion_core::domain::release::{AtProgrammeEnd, ReleaseTerms};
use companion_core::domain::{
    DocumentId, EmergencyAccess, Moment, Person, RecordSection, RecordSections,
};
use serde_json::{Value, json};

use crate::text;

const BY: &str = "Maya Lindqvist";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub(crate) fn answer(
    clinic: &Clinic,
    patient: DocumentId,
    asked: &Value,
) -> Result<Value, CoreError> {
    match text(asked, "do") {
        "look" => look(clinic, patient)?,
        "ask_for_release" => ask_for_release(clinic, patient)?,
        _ => {
            clinic.sync()?;
            let releases = clinic.releases(patient)?;
            let standings = releases.iter().map(|its| format!("{:?}", its.standing));
            return Ok(json!({ "standings": standings.collect::<Vec<_>>() }));
        }
    }
    clinic.sync()?;
    Ok(json!({}))
}

/// The therapist looks at the journal, and somebody of the front desk at the safety plan, in an emergency.
fn look(clinic: &Clinic, patient: DocumentId) -> Result<(), CoreError> {
    clinic.set_people([Person {
        name: BY.to_owned(),
        role: "therapist".to_owned(),
        sections: RecordSections::all(),
    }])?;
    clinic.note_look(patient, BY, "therapist", &[RecordSection::Journal])?;
    let emergency = EmergencyAccess::opened(clinic.now(), in_days(clinic, 1));
    let looked = [RecordSection::Safety];
    clinic.note_emergency(patient, "Noor", "coordinator", ("1", &emergency), &looked)?;
    Ok(())
}

fn ask_for_release(clinic: &Clinic, patient: DocumentId) -> Result<(), CoreError> {
    let sections = [RecordSection::Measures, RecordSection::Medicines];
    let terms = ReleaseTerms {
        provider: "Dr. Ortiz".to_owned(),
        what: "psychiatrist".to_owned(),
        contact: String::new(),
        sections: sections.into_iter().collect(),
        purpose: "so that prescriptions fit together".to_owned(),
        until: in_days(clinic, 30),
        at_programme_end: AtProgrammeEnd::GoesOn,
    };
    clinic.ask_for_release(patient, terms, BY).map(drop)
}

fn in_days(clinic: &Clinic, days: i64) -> Moment {
    let now = clinic.now();
    Moment {
        unix_ms: now.unix_ms + days * DAY_MS,
        ..now
    }
}
