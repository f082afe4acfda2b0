//! The programme as a care plan, and each dosing session that has begun as a procedure. A session or visit that is
//! still to come is an activity of the plan: nothing was done yet.

use std::collections::BTreeSet;

use companion_core::domain::programme::Standing;
use companion_core::domain::{DocumentId, DosingSession, Moment, Phase, Visit};
use companion_core::records::View;
use serde_json::{Value, json};

use super::name::Name;
use super::origin;
use super::value::{instant, narrative, note, ours, text, us_core};
use super::{Bundle, Record, care};

pub(super) fn put(bundle: &mut Bundle<'_>) {
    let record = bundle.record;
    let plan = Name::of("plan", record.patient);
    let has_plan =
        record.programme.is_some() || !record.sessions.is_empty() || !record.visits.is_empty();
    if has_plan {
        let resource = care_plan(bundle);
        bundle.add(&plan, resource);
        if let Some(programme) = &record.programme {
            origin::put(bundle, &plan, origin::Origin::clinics(programme));
        }
    }
    for view in record
        .sessions
        .iter()
        .filter(|view| has_begun(view, record.now))
    {
        let name = procedure(view.id);
        let resource = session(bundle, view, &plan);
        bundle.add(&name, resource);
        origin::put(bundle, &name, origin::Origin::clinics(view));
    }
}

/// The name of a session that has begun.
pub(super) fn procedure(session: DocumentId) -> Name {
    Name::of("session", session)
}

/// Which sessions have begun, and so are procedures.
pub(super) fn begun(record: &Record) -> BTreeSet<DocumentId> {
    let all = record.sessions.iter();
    all.filter(|view| has_begun(view, record.now))
        .map(|view| view.id)
        .collect()
}

/// A session that was called off before its time never was a procedure.
fn has_begun(view: &View<DosingSession>, now: Moment) -> bool {
    let session = &view.content;
    match session.called_off() {
        Some(step) => step.is_not_held(),
        None => !session.is_ahead(now),
    }
}

fn care_plan(bundle: &Bundle<'_>) -> Value {
    let record = bundle.record;
    let programme = record.programme.as_ref().map(|view| &view.content);
    let status = programme.map_or("unknown", |programme| match programme.standing() {
        Standing::Running => "active",
        Standing::Paused => "on-hold",
        Standing::Ended => "completed",
    });
    let title = programme.map_or_else(
        || "Planned visits".to_owned(),
        |programme| format!("Psychotherapy with {}", programme.medicine_name()),
    );
    let ended = programme.and_then(|programme| {
        let last = programme.standings.last();
        last.filter(|step| step.standing == Standing::Ended)
            .and_then(|step| instant(step.at))
    });
    let mut activities: Vec<Value> = Vec::new();
    let (mut team, mut phase) = (Vec::new(), String::new());
    if let Some(programme) = programme {
        phase = format!("Phase: {}", programme.phase().label());
        for (_, member) in programme.team.iter() {
            let part = member.role.as_str().replace('_', " ");
            team.push(json!({ "display": text(&format!("{}, {part}", member.name)) }));
        }
        let last = programme.phases.last().map(|step| step.at);
        for (_, step) in programme.phases.iter() {
            let is_present = Some(step.at) == last && programme.phase() != Phase::Closed;
            activities.push(json!({ "detail": {
                "code": ours(step.phase.as_str(), step.phase.label()),
                "status": if is_present { "in-progress" } else { "completed" },
                "scheduledPeriod": { "start": instant(step.at) },
            }}));
        }
    }
    for view in &record.sessions {
        activities.push(planned_session(view, record.now));
    }
    activities.extend(
        record
            .visits
            .iter()
            .map(|view| planned_visit(&view.content, record.now)),
    );
    let goals: Vec<Value> = record
        .goals
        .iter()
        .map(|view| care::goal(view).reference())
        .collect();
    json!({
        "resourceType": "CarePlan",
        "meta": us_core("careplan"),
        "text": narrative([&*title, &*phase]),
        "status": status,
        "intent": "plan",
        "category": [{ "coding": [{
            "system": "http://hl7.org/fhir/us/core/CodeSystem/careplan-category",
            "code": "assess-plan",
            "display": "Assessment and Plan of Treatment",
        }]}],
        "title": text(&title),
        "subject": bundle.patient.reference(),
        "period": { "start": programme.and_then(|programme| instant(programme.at)), "end": ended },
        "author": bundle.clinic.reference(),
        "contributor": team,
        "goal": goals,
        "activity": activities,
        "note": programme.map_or(Value::Null, |programme| note(&programme.closing_summary)),
    })
}

fn planned_session(view: &View<DosingSession>, now: Moment) -> Value {
    if has_begun(view, now) {
        return json!({ "outcomeReference": [procedure(view.id).reference()] });
    }
    let (session, block) = (&view.content, view.content.block());
    let off = session.called_off();
    json!({ "detail": {
        "kind": "Appointment",
        "code": dosing_session(),
        "status": if off.is_some() { "cancelled" } else { "scheduled" },
        "statusReason": { "text": off.map(|step| text(&step.reason)) },
        "scheduledPeriod": { "start": instant(block.arrives), "end": instant(block.ends) },
        "location": { "display": text(&session.place) },
        "description": format!("Session {}", session.number),
    }})
}

fn planned_visit(visit: &Visit, now: Moment) -> Value {
    let status = match visit.takes_place() {
        false => "cancelled",
        true if visit.ends_ms() < now.unix_ms => "completed",
        true => "scheduled",
    };
    let with = json!([{ "display": text(&visit.with) }]);
    json!({ "detail": {
        "kind": "Appointment",
        "code": ours("visit", "Visit"),
        "status": status,
        "scheduledPeriod": { "start": instant(visit.at), "end": instant(visit.ends()) },
        "location": { "display": text(&visit.place_in_words()) },
        "performer": with,
        "description": text(visit.purpose.label()),
    }})
}

fn dosing_session() -> Value {
    ours("dosing-session", "Dosing session")
}

fn session(bundle: &Bundle<'_>, view: &View<DosingSession>, plan: &Name) -> Value {
    let (session, block) = (&view.content, view.content.block());
    let off = session.called_off();
    let status = match off {
        Some(_) => "not-done",
        None if session.is_over(bundle.record.now) => "completed",
        None => "in-progress",
    };
    let there = [
        ("Therapist", &session.therapist),
        ("Medical provider", &session.medical_provider),
    ];
    let there = there.into_iter().filter(|(_, name)| !text(name).is_empty());
    let there = there.map(
        |(part, name)| json!({ "function": { "text": part }, "actor": { "display": text(name) } }),
    );
    let title = format!("Session {}", session.number);
    let note = note(&session.note);
    json!({
        "resourceType": "Procedure",
        "text": narrative([&*title]),
        "basedOn": [plan.reference()],
        "status": status,
        "statusReason": { "text": off.map(|step| text(&step.reason)) },
        "code": dosing_session(),
        "subject": bundle.patient.reference(),
        "performedPeriod": { "start": instant(block.arrives), "end": instant(block.ends) },
        "performer": there.collect::<Vec<_>>(),
        "location": { "display": text(&session.place) },
        "note": note,
    })
}
