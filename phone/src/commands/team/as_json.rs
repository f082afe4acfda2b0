//! The care team for programs.

use companion_core::domain::{Access, EmergencyAccess, RecordSection, RecordSections};
use companion_core::patient::{
    CareTeam, OutsideProvider, ReleaseView, RequestAnswer, RequestView, TeamPerson, Told,
    WHO_CAN_READ,
};
use serde_json::{Value, json};

fn words(sections: &RecordSections) -> Vec<&'static str> {
    sections.iter().map(RecordSection::as_str).collect()
}

pub(super) fn team(team: &CareTeam, open_requests: usize) -> Value {
    json!({
        "clinic": team.clinic,
        "people": team.people.iter().map(person).collect::<Vec<_>>(),
        "outside": team.outside.iter().map(outside).collect::<Vec<_>>(),
        "open_requests": open_requests,
        "who_can_read": WHO_CAN_READ,
    })
}

fn person(person: &TeamPerson) -> Value {
    json!({
        "name": person.name,
        "role": person.role,
        "part": person.part,
        "sections": person.sections.as_ref().map(words),
        "last_looked": person.last_looked,
        "listed": person.is_listed,
    })
}

fn outside(provider: &OutsideProvider) -> Value {
    json!({
        "name": provider.name,
        "what": provider.what,
        "contact": provider.contact,
        "releases": provider.releases.iter().map(release).collect::<Vec<_>>(),
    })
}

pub(super) fn release(view: &ReleaseView) -> Value {
    let terms = &view.release.terms;
    json!({
        "id": view.id.to_string(),
        "provider": terms.provider,
        "what": terms.what,
        "contact": terms.contact,
        "sections": words(&view.sections),
        "purpose": terms.purpose,
        "from": view.release.from,
        "until": view.until,
        "at_programme_end": terms.at_programme_end.as_str(),
        "standing": view.standing.as_str(),
        "given_at": view.release.at,
        "answers": view.release.request.map(|id| id.to_string()),
    })
}

pub(super) fn request(one: &RequestView) -> Value {
    let terms = &one.request.terms;
    let (answer, release) = match &one.answer {
        RequestAnswer::Open => ("open", None),
        RequestAnswer::Given(id) => ("given", Some(id.to_string())),
        RequestAnswer::Declined(_) => ("declined", None),
        RequestAnswer::TakenBack(_) => ("taken_back", None),
    };
    json!({
        "id": one.id.to_string(),
        "by": one.request.by,
        "at": one.request.at,
        "provider": terms.provider,
        "what": terms.what,
        "contact": terms.contact,
        "sections": words(&terms.sections),
        "purpose": terms.purpose,
        "until": terms.until,
        "at_programme_end": terms.at_programme_end.as_str(),
        "answer": answer,
        "release": release,
    })
}

fn emergency(one: &EmergencyAccess) -> Value {
    let looks = one.looks.iter();
    let looks = looks.map(|(section, at)| json!({"section": section.as_str(), "at": at}));
    json!({
        "begun": one.begun,
        "until": one.until,
        "ended": one.ended,
        "opened": looks.collect::<Vec<_>>(),
    })
}

pub(super) fn log(looks: &[Access], told: &[Told]) -> Value {
    let look = |day: &Access| {
        let sections = day.first.iter().map(|(section, first)| {
            json!({
                "section": section.as_str(),
                "first": first,
                "last": day.last.get(section).unwrap_or(first),
            })
        });
        json!({
            "day": day.day.to_string(),
            "by": day.by,
            "role": day.role,
            "emergencies": day.emergencies.values().map(emergency).collect::<Vec<_>>(),
            "sections": sections.collect::<Vec<_>>(),
        })
    };
    let line = |told: &Told| {
        let documents = told.documents.iter();
        let documents = documents
            .map(|(id, revision)| json!({"id": id.to_string(), "revision": revision.to_string()}));
        json!({
            "at": told.at,
            "by": told.by,
            "provider": told.provider,
            "release": told.release.to_string(),
            "sections": words(&told.sections),
            "documents": documents.collect::<Vec<_>>(),
        })
    };
    json!({
        "looks": looks.iter().map(look).collect::<Vec<_>>(),
        "told": told.iter().map(line).collect::<Vec<_>>(),
    })
}
