//! What the patient hopes for.

use companion_core::domain::goal::{Became, Goal};
use companion_core::records::View;
use serde_json::{Value, json};

use super::Bundle;
use super::name::Name;
use super::origin::{self, happened};
use super::value::{day, narrative, note, of_hl7, text, us_core};

pub(super) fn put(bundle: &mut Bundle<'_>) {
    for view in &bundle.record.goals {
        let name = goal(view);
        let resource = resource(bundle, view);
        bundle.add(&name, resource);
        origin::put(bundle, &name, origin::Origin::both(view));
    }
}

/// The name of a goal.
pub(super) fn goal(view: &View<Goal>) -> Name {
    Name::of("goal", view.id)
}

fn resource(bundle: &Bundle<'_>, view: &View<Goal>) -> Value {
    let said = &view.content;
    let (lifecycle, achieved, words) = match said.became {
        Became::Open => ("active", Value::Null, ""),
        Became::Reached => ("completed", achievement("achieved", "Achieved"), ""),
        Became::Partly => (
            "active",
            achievement("improving", "Improving"),
            "Reached in part",
        ),
        Became::Changed => ("cancelled", Value::Null, "It became another goal"),
        Became::LetGo => ("cancelled", Value::Null, "The patient let go of it"),
    };
    json!({
        "resourceType": "Goal",
        "meta": us_core("goal"),
        "text": narrative([&*said.text]),
        "lifecycleStatus": lifecycle,
        "achievementStatus": achieved,
        "category": [{ "text": text(&said.domain.as_str().replace('_', " ")) }],
        "description": { "text": text(&said.text) },
        "subject": bundle.patient.reference(),
        "startDate": day(happened(view, said.at)),
        "statusReason": words,
        "expressedBy": bundle.patient.reference(),
        "note": note(&said.became_words),
    })
}

fn achievement(code: &str, display: &str) -> Value {
    of_hl7("goal-achievement", code, display)
}
