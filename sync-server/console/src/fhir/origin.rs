//! Where each thing comes from: who wrote it, when this system took it in, and whether it was changed or taken back.

use companion_core::domain::{CheckIn, Content as _, Entry, Moment, Response};
use companion_core::records::{View, Withdrawn};
use serde_json::{Value, json};

use super::name::Name;
use super::value::{instant, narrative, of_hl7, survey, us_core};
use super::{Bundle, check_in, document};

/// Who wrote something, and what was last done with it.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    patient: bool,
    clinic: bool,
    recorded: Moment,
    act: (&'static str, &'static str),
}

impl Origin {
    /// The patient's word.
    pub(super) fn patients<T>(view: &View<T>) -> Self {
        Self::of(view, (true, false))
    }

    /// The clinic's word.
    pub(super) fn clinics<T>(view: &View<T>) -> Self {
        Self::of(view, (false, true))
    }

    /// What both sides may write.
    pub(super) fn both<T>(view: &View<T>) -> Self {
        Self::of(view, (true, true))
    }

    fn of<T>(view: &View<T>, (patient, clinic): (bool, bool)) -> Self {
        Self {
            patient,
            clinic,
            recorded: Moment::utc(view.received_ms),
            act: match view.edited_at {
                Some(_) => ("UPDATE", "revise"),
                None => ("CREATE", "create"),
            },
        }
    }
}

/// When something happened, as far as that is known: a clock that was ahead is not believed.
pub(super) fn happened<T>(view: &View<T>, said: Moment) -> Moment {
    view.when.filter(|_| view.clock_ahead).unwrap_or(said)
}

/// `amended` for what was changed since it was written.
pub(super) fn amended_or<T>(view: &View<T>, otherwise: &'static str) -> &'static str {
    match view.edited_at {
        Some(_) => "amended",
        None => otherwise,
    }
}

/// Writes down where a resource comes from.
pub(super) fn put(bundle: &mut Bundle<'_>, target: &Name, of: Origin) {
    let agent = |who: &Name| {
        json!({
            "type": of_hl7("provenance-participant-type", "author", "Author"),
            "who": who.reference(),
        })
    };
    let writers = [(of.patient, &bundle.patient), (of.clinic, &bundle.clinic)];
    let writers = writers.into_iter().filter(|(wrote, _)| *wrote);
    let agents: Vec<Value> = writers.map(|(_, who)| agent(who)).collect();
    let (code, display) = of.act;
    let resource = json!({
        "resourceType": "Provenance",
        "meta": us_core("provenance"),
        "text": narrative([display]),
        "target": [target.reference()],
        "recorded": instant(of.recorded),
        "activity": of_hl7("v3-DataOperation", code, display),
        "agent": agents,
    });
    bundle.add(&Name::of("origin", target.as_str()), resource);
}

/// What the patient took back. The clinic keeps that they did and no word of it, so there is nothing to give but that;
/// it is given so that a system that had it from an earlier export lets go of it.
pub(super) fn put_taken_back(bundle: &mut Bundle<'_>) {
    for gone in &bundle.record.taken_back {
        let patient = bundle.patient.reference();
        let (part, resource) = if gone.kind == Entry::KIND {
            ("entry", of_entry(&patient))
        } else if gone.kind == CheckIn::KIND {
            ("check-in", of_check_in(&patient))
        } else if gone.kind == Response::KIND {
            ("response", of_response(&patient))
        } else {
            continue;
        };
        let name = Name::of(part, gone.id);
        bundle.add(&name, resource);
        put(bundle, &name, taken_back(gone));
    }
}

fn taken_back(gone: &Withdrawn) -> Origin {
    Origin {
        patient: true,
        clinic: false,
        recorded: gone.at,
        act: ("NULLIFY", "nullify"),
    }
}

const GONE: &str = "Taken back by the patient";

fn of_entry(patient: &Value) -> Value {
    json!({
        "resourceType": "DocumentReference",
        "text": narrative([GONE]),
        "status": "entered-in-error",
        "type": document::kind(),
        "subject": patient,
        "content": [{ "attachment": { "title": GONE } }],
    })
}

fn of_check_in(patient: &Value) -> Value {
    json!({
        "resourceType": "Observation",
        "text": narrative([GONE]),
        "status": "entered-in-error",
        "category": survey(),
        "code": check_in::code(),
        "subject": patient,
    })
}

fn of_response(patient: &Value) -> Value {
    json!({
        "resourceType": "QuestionnaireResponse",
        "text": narrative([GONE]),
        "status": "entered-in-error",
        "subject": patient,
    })
}
