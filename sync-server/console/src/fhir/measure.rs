//! What was answered to a measure: the answers as they were given, and what they come to as observations, a panel with
//! its members.

use companion_core::domain::measure::{Answers, Instrument, Item, ItemState};
use companion_core::domain::{Moment, Response};
use companion_core::records::View;
use serde_json::{Value, json};

use super::Bundle;
use super::loinc;
use super::name::Name;
use super::origin::{self, happened};
use super::questionnaire::{answer, canonical};
use super::value::{instant, narrative, note, ours, survey, us_core};

const UCUM: &str = "http://unitsofmeasure.org";

pub(super) fn put(bundle: &mut Bundle<'_>) {
    for view in &bundle.record.responses {
        let response = Name::of("response", view.id);
        let read = view.content.read();
        let answered = read.as_ref().ok();
        let resource = questionnaire_response(bundle, view, answered);
        bundle.add(&response, resource);
        origin::put(bundle, &response, origin::Origin::patients(view));
        if let Some(answers) = answered {
            put_observations(bundle, view, answers, &response);
        }
    }
}

fn questionnaire_response(
    bundle: &Bundle<'_>,
    view: &View<Response>,
    answers: Option<&Answers<'_>>,
) -> Value {
    let at = happened(view, view.content.answered_at());
    let of = answers.map(|answers| answers.instrument());
    let items = of.map(|instrument| {
        let said = instrument.items.iter();
        let said = said.filter_map(|item| {
            let given = answers.and_then(|answers| given(answers, instrument, item));
            given.map(|coding| {
                json!({
                    "linkId": item.number.to_string(),
                    "text": item.text,
                    "answer": [{ "valueCoding": coding }],
                })
            })
        });
        said.collect::<Vec<_>>()
    });
    let name = of.map_or(view.content.measure.as_str(), |instrument| instrument.name);
    let mut resource = json!({
        "resourceType": "QuestionnaireResponse",
        "text": narrative([name]),
        "identifier": { "system": "urn:ietf:rfc:3986", "value": Name::of("response", view.id).address() },
        "status": status(view, answers),
        "subject": bundle.patient.reference(),
        "authored": instant(at),
        "author": bundle.patient.reference(),
        "source": bundle.patient.reference(),
        "item": items,
    });
    // A measure that this version does not know has no words to refer to.
    if let (Some(instrument), Some(fields)) = (of, resource.as_object_mut()) {
        fields.insert("meta".to_owned(), us_core("questionnaireresponse"));
        fields.insert("questionnaire".to_owned(), json!(canonical(instrument)));
    }
    resource
}

/// Whether it is finished, still being answered, or was changed after it was finished. Each answer is an edit, so that
/// only those after the end make it amended.
fn status(view: &View<Response>, answers: Option<&Answers<'_>>) -> &'static str {
    let finished = view.content.finished_at;
    let later = |finished: Moment| {
        let edited = view.edited_at.map(|at| at.unix_ms);
        edited.is_some_and(|edited| edited > finished.unix_ms)
    };
    match finished {
        Some(finished) if later(finished) => "amended",
        None if answers.is_some_and(|answers| answers.next().is_some()) => "in-progress",
        Some(_) | None => "completed",
    }
}

/// What was answered to an item; nothing where it was skipped, or answered otherwise in two places.
fn given(answers: &Answers<'_>, instrument: &Instrument, item: &'static Item) -> Option<Value> {
    match answers.state(item) {
        ItemState::Answered(points) => item.choice(points).map(|one| answer(instrument, one)),
        ItemState::Open | ItemState::Skipped | ItemState::Apart(_) | ItemState::Unreadable => None,
    }
}

/// The panel, with one observation for each answer and one for the total where there is one.
fn put_observations(
    bundle: &mut Bundle<'_>,
    view: &View<Response>,
    answers: &Answers<'_>,
    response: &Name,
) {
    let instrument = answers.instrument();
    let state = match status(view, Some(answers)) {
        "amended" => "amended",
        "in-progress" => "preliminary",
        _ => "final",
    };
    let patient = bundle.patient.reference();
    let at = instant(happened(view, view.content.answered_at()));
    let observation = |code: Value, words: &str| {
        json!({
            "resourceType": "Observation",
            "meta": us_core("observation-screening-assessment"),
            "text": narrative([words]),
            "status": state,
            "category": survey(),
            "code": code,
            "subject": patient,
            "effectiveDateTime": at,
            "performer": [patient],
            "derivedFrom": [response.reference()],
        })
    };
    let mut members = Vec::new();
    for item in instrument.items {
        let Some(coding) = given(answers, instrument, item) else {
            continue;
        };
        let name = Name::of(&format!("item {}", item.number), view.id);
        let code = match item.loinc {
            Some(code) => json!({ "coding": [loinc::coding(code)], "text": item.text }),
            None => {
                let code = format!("{}-{}", instrument.id.as_str(), item.number);
                ours(&code, item.text)
            }
        };
        let mut resource = observation(code, item.text);
        set(
            &mut resource,
            "valueCodeableConcept",
            json!({ "coding": [coding] }),
        );
        members.push(name.reference());
        bundle.add(&name, resource);
    }
    let total = answers.total();
    if let (Ok(score), Some(codes)) = (&total, instrument.loinc) {
        let name = Name::of("total", view.id);
        let words = format!("{}, total: {}", instrument.short_name, score.total());
        let code = json!({ "coding": [loinc::coding(codes.total)], "text": format!("{}, total", instrument.short_name) });
        let mut resource = observation(code, &words);
        let value =
            json!({ "value": score.total(), "unit": "{score}", "system": UCUM, "code": "{score}" });
        set(&mut resource, "valueQuantity", value);
        members.push(name.reference());
        bundle.add(&name, resource);
    }
    if members.is_empty() {
        return;
    }
    let code = match instrument.loinc {
        Some(codes) => json!({ "coding": [loinc::coding(codes.panel)], "text": instrument.name }),
        None => ours(instrument.id.as_str(), instrument.name),
    };
    let mut panel = observation(code, instrument.name);
    set(&mut panel, "hasMember", Value::Array(members));
    // Why there is no total is said, so that nobody takes the answers for all of it.
    if let Err(why) = total {
        set(&mut panel, "note", note(&format!("No total: {why}.")));
    }
    bundle.add(&Name::of("panel", view.id), panel);
}

fn set(resource: &mut Value, field: &str, value: Value) {
    if let Some(fields) = resource.as_object_mut() {
        fields.insert(field.to_owned(), value);
    }
}
