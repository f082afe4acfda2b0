//! Check-ins. No published code says what these seven steps ask, so the codes are this program's own.

use companion_core::domain::{CheckIn, Rating, Scale};
use companion_core::records::View;
use serde_json::{Value, json};

use super::Bundle;
use super::name::Name;
use super::origin::{self, happened};
use super::value::{instant, narrative, note, ours, survey};

pub(super) fn put(bundle: &mut Bundle<'_>) {
    for view in &bundle.record.check_ins {
        let name = Name::of("check-in", view.id);
        let resource = observation(bundle, view);
        bundle.add(&name, resource);
        origin::put(bundle, &name, origin::Origin::patients(view));
    }
}

/// What a check-in is.
pub(super) fn code() -> Value {
    ours("check-in", "Check-in")
}

/// What one scale of it asks.
pub(super) fn scale(scale: Scale) -> Value {
    let word = match scale {
        Scale::Valence => "mood",
        Scale::Energy => "energy",
        Scale::Anxiety => "anxiety",
        Scale::Sleep => "sleep",
    };
    ours(word, scale.name())
}

/// The words of a rating, with its number of seven.
pub(super) fn rating(scale: Scale, rating: Rating) -> Value {
    let words = scale.label(rating);
    json!({ "text": format!("{} of 7: {words}", rating.number()) })
}

fn observation(bundle: &Bundle<'_>, view: &View<CheckIn>) -> Value {
    let said = &view.content;
    let given = Scale::ALL.into_iter();
    let given = given.filter_map(|one| Some((one, said.rating(one)?)));
    let components = given.map(
        |(one, given)| json!({ "code": scale(one), "valueCodeableConcept": rating(one, given) }),
    );
    let mut components: Vec<Value> = components.collect();
    for feeling in &said.feelings {
        components.push(json!({
            "code": ours("feeling", "Feeling"),
            "valueString": super::value::text(feeling),
        }));
    }
    let mood = format!("Mood: {}", Scale::Valence.label(said.valence));
    json!({
        "resourceType": "Observation",
        "text": narrative([&*mood]),
        "status": origin::amended_or(view, "final"),
        "category": survey(),
        "code": code(),
        "subject": bundle.patient.reference(),
        "effectiveDateTime": instant(happened(view, said.at)),
        "performer": [bundle.patient.reference()],
        "component": components,
        "note": note(&said.note),
    })
}
