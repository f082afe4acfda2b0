//! Visits without a dose, on both sides: planned, moved, called off, and what a phone reminds of.

use companion_core::CoreError;
use companion_core::domain::reminder::{About, Notification};
use companion_core::domain::visit::VisitPurpose;
use companion_core::domain::{DocumentId, DosingSession, Moment, Visit, Zone};
use companion_tests::{Node, Phone, World};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn days_ahead(world: &World, days: i64) -> Moment {
    let mut at = world.now();
    at.unix_ms += days * DAY_MS;
    at
}

fn reminder_of(phone: &Phone, visit: DocumentId) -> Option<Notification> {
    let plan = phone.reminders(&Zone::utc(), phone.now(), &[]).unwrap();
    let mut all = plan.notifications.into_iter();
    all.find(|one| one.about == About::Visit(visit))
}

fn exchange(clinic: &Node, phone: &Phone) {
    clinic.sync_cleanly();
    phone.sync_cleanly();
}

#[test]
fn a_visit_is_on_the_phone_with_its_reminder_wherever_the_clinic_moves_it() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    let visit = Visit {
        place: "Room 4".into(),
        ..Visit::new(VisitPurpose::Integration, days_ahead(&world, 6))
    };
    let planned = clinic.plan_visit(patient, visit).unwrap();
    exchange(&clinic, &ada);
    let first = reminder_of(&ada, planned.id).unwrap();
    assert!(first.words.contains("Room 4"), "{}", first.words);
    assert!(first.at.unix_ms > planned.content.at.unix_ms - 2 * DAY_MS);

    let later = days_ahead(&world, 13);
    let moved = clinic
        .move_visit(patient, planned.id, &planned.revision, later)
        .unwrap();
    exchange(&clinic, &ada);
    let seen = ada.visits().unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (seen[0].content.at, seen[0].content.moved_from),
        (later, Some(planned.content.at))
    );
    let then = reminder_of(&ada, planned.id).unwrap();
    assert_eq!(then.at.unix_ms - first.at.unix_ms, 7 * DAY_MS);

    let stale = clinic.call_off_visit(patient, planned.id, &planned.revision);
    assert!(
        matches!(stale, Err(CoreError::ChangedMeanwhile)),
        "it was moved"
    );
    let off = clinic
        .call_off_visit(patient, planned.id, &moved.revision)
        .unwrap();
    clinic
        .call_off_visit(patient, planned.id, &moved.revision)
        .unwrap();
    let stale = clinic.move_visit(patient, planned.id, &moved.revision, planned.content.at);
    assert!(
        matches!(stale, Err(CoreError::ChangedMeanwhile)),
        "nobody revives what a colleague called off"
    );
    exchange(&clinic, &ada);
    assert!(!ada.visits().unwrap()[0].content.takes_place());
    assert_eq!(reminder_of(&ada, planned.id), None);
    clinic
        .put_back_visit(patient, planned.id, &off.revision)
        .unwrap();
    exchange(&clinic, &ada);
    assert_eq!(reminder_of(&ada, planned.id), Some(then));
}

#[test]
fn a_visit_for_integration_between_two_doses_is_integration() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    for (number, days) in [(1, 7), (2, 21)] {
        let session = DosingSession::new(number, days_ahead(&world, days));
        clinic.book(patient, session);
    }
    let warned = || clinic.check_plan(patient).unwrap().before_integration.len();
    assert_eq!(warned(), 1);
    let at = days_ahead(&world, 10);
    clinic
        .plan_visit(patient, Visit::new(VisitPurpose::CheckUp, at))
        .unwrap();
    assert_eq!(warned(), 1, "a check-up is something else");
    let visit = clinic
        .plan_visit(patient, Visit::new(VisitPurpose::Integration, at))
        .unwrap();
    assert_eq!(warned(), 0);
    clinic
        .call_off_visit(patient, visit.id, &visit.revision)
        .unwrap();
    assert_eq!(warned(), 1);
}
