//! One patient's record as a FHIR R4 bundle, for another system to read.
//!
//! Pure: the record goes in, JSON comes out, the same bytes for the same record. What may be in it is
//! decided by whoever gathers the record; here nothing is asked of a store, a clock or a role.
//!
//! A resource is named by a UUID that follows from the document that it is made of, so that a second
//! export names the same things alike. All references stay inside the bundle. What a record does not
//! say is left out and never guessed. `docs/fhir.md` says how each thing is mapped, and why.

mod care;
mod check_in;
mod document;
mod loinc;
mod measure;
mod name;
mod origin;
mod people;
mod plan;
mod questionnaire;
#[cfg(test)]
mod tests;
mod value;

use companion_core::domain::{
    CheckIn, DocumentId, DosingSession, Entry, Goal, Moment, Programme, Response, Visit,
};
use companion_core::records::{View, Withdrawn};
use serde_json::{Value, json};

use name::Name;
use value::{instant, pruned};

/// What of one patient's record leaves. A section that must not leave is left empty.
#[derive(Clone, Debug)]
pub struct Record {
    /// The clinic, as patients see it.
    pub clinic: String,
    /// The patient, as the register names them.
    pub patient: DocumentId,
    /// Their name in the register.
    pub name: String,
    /// When this is made.
    pub now: Moment,
    /// The programme, if there is one and it may leave.
    pub programme: Option<View<Programme>>,
    /// All dosing sessions, oldest first, those that were called off among them.
    pub sessions: Vec<View<DosingSession>>,
    /// All visits without a dose, in the same way.
    pub visits: Vec<View<Visit>>,
    /// What the patient hopes for.
    pub goals: Vec<View<Goal>>,
    /// What the patient wrote and shared.
    pub entries: Vec<View<Entry>>,
    /// How the patient felt.
    pub check_ins: Vec<View<CheckIn>>,
    /// What the patient answered to measures.
    pub responses: Vec<View<Response>>,
    /// Which entries, check-ins and answers the patient took back: that they did, and no word of them.
    pub taken_back: Vec<Withdrawn>,
}

/// The record as a bundle of type `collection`.
pub fn bundle(record: &Record) -> Value {
    let mut made = Bundle::of(record);
    people::put(&mut made);
    questionnaire::put(&mut made);
    care::put(&mut made);
    plan::put(&mut made);
    document::put(&mut made);
    check_in::put(&mut made);
    measure::put(&mut made);
    origin::put_taken_back(&mut made);
    made.done()
}

/// A bundle as it is put together.
struct Bundle<'a> {
    record: &'a Record,
    patient: Name,
    clinic: Name,
    entries: Vec<Value>,
}

impl<'a> Bundle<'a> {
    fn of(record: &'a Record) -> Self {
        Self {
            record,
            patient: Name::of("patient", record.patient),
            clinic: Name::of("clinic", &record.clinic),
            entries: Vec::new(),
        }
    }

    /// One more resource. What it leaves empty is taken out of it.
    fn add(&mut self, name: &Name, resource: Value) {
        let mut resource = pruned(resource).unwrap_or_default();
        if let Some(fields) = resource.as_object_mut() {
            fields.insert("id".to_owned(), json!(name.as_str()));
        }
        self.entries
            .push(json!({ "fullUrl": name.address(), "resource": resource }));
    }

    fn done(self) -> Value {
        let whole = json!({
            "resourceType": "Bundle",
            "type": "collection",
            "timestamp": instant(self.record.now),
            "entry": self.entries,
        });
        pruned(whole).unwrap_or_default()
    }
}
