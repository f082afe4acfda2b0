//! Dosing sessions that are moved and called off, on both sides.

use companion_core::CoreError;
use companion_core::domain::{DosingSession, Moment};
use companion_core::records::{Query, View};
use companion_tests::{Phone, World, attended};

const BY: &str = "Dr Moss";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn days_ahead(world: &World, days: i64) -> Moment {
    let mut at = world.now();
    at.unix_ms += days * DAY_MS;
    at
}

fn on_the_phone(phone: &Phone) -> Vec<DosingSession> {
    let sessions = phone.all(Query::<DosingSession>::all()).into_iter();
    sessions.map(|view| view.content).collect()
}

#[test]
fn a_session_that_is_moved_is_one_session_at_its_new_time_on_both_sides() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    let (first, later) = (days_ahead(&world, 6), days_ahead(&world, 13));
    let session = clinic.book(patient, DosingSession::new(1, first));
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let twice = clinic.plan_session(patient, DosingSession::new(1, later));
    assert!(matches!(
        twice,
        Err(CoreError::SessionExists { number: 1, session: found }) if found == session.id
    ));
    clinic
        .move_session(patient, session.id, &session.revision, later, BY)
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let seen = on_the_phone(&ada);
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].at, seen[0].moved_from), (later, Some(first)));
    let row = clinic.caseload().unwrap().remove(0);
    assert_eq!(row.next_session.unwrap().at, later);
}

#[test]
fn a_session_that_is_called_off_is_not_next_and_comes_back_when_it_is_put_back() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    let plan = |number, days| {
        let session = DosingSession::new(number, days_ahead(&world, days));
        clinic.book(patient, session)
    };
    let (first, second) = (plan(1, 6), plan(2, 20));
    let next = || {
        let row = clinic.caseload().unwrap().remove(0);
        row.next_session.map(|session| session.number)
    };
    assert_eq!(next(), Some(1));
    let call_off = |session: &View<DosingSession>, reason: &str| {
        clinic
            .call_off_session(patient, session.id, &session.revision, reason, BY)
            .unwrap()
    };
    let off = call_off(&first, "");
    assert_eq!(call_off(&first, ""), off, "said once");
    assert_eq!(next(), Some(2));
    call_off(&second, "");
    assert_eq!(next(), None);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert!(
        on_the_phone(&ada)
            .iter()
            .all(|session| !session.takes_place())
    );
    let first = clinic
        .put_back_session(patient, first.id, &off.revision, BY)
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(next(), Some(1));
    let seen = on_the_phone(&ada);
    assert_eq!(
        seen.iter().filter(|session| session.takes_place()).count(),
        1
    );
    // One that was and was called off is not the last session either.
    world.days_pass(7);
    assert_eq!(
        clinic.caseload().unwrap()[0]
            .last_session
            .as_ref()
            .map(|s| s.number),
        Some(1)
    );
    call_off(&first, "She was ill.");
    assert!(clinic.caseload().unwrap()[0].last_session.is_none());
}

#[test]
fn two_sessions_of_one_number_that_were_planned_apart_are_both_shown_and_named() {
    let world = World::over_http();
    let mut clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    // The same act on two copies of the node, which do not know of each other.
    let copy = clinic.copy();
    let session = |days| DosingSession::new(1, days_ahead(&world, days));
    clinic.book(patient, session(6));
    clinic.sync_cleanly();
    clinic.put_back(&copy);
    clinic.book(patient, session(13));
    clinic.sync().unwrap();
    let sessions = clinic.sessions(patient).unwrap();
    assert_eq!(sessions.len(), 2);
    assert!(sessions.iter().all(|session| session.number_is_double));
    let first = &sessions[0].view;
    clinic
        .call_off_session(patient, first.id, &first.revision, "Twice.", BY)
        .unwrap();
    let sessions = clinic.sessions(patient).unwrap();
    assert!(sessions.iter().all(|session| !session.number_is_double));
    clinic.sync().unwrap();
    ada.sync().unwrap();
    assert_eq!(on_the_phone(&ada).len(), 2);
}

#[test]
fn a_session_in_a_year_that_nobody_plans_is_refused_in_plain_words() {
    let world = World::in_memory(1);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    let planned = clinic.book(patient, DosingSession::new(1, days_ahead(&world, 6)));
    for years in [-10, -2, 6, 10, 120] {
        let at = days_ahead(&world, years * 366);
        let new = clinic.plan_session(patient, DosingSession::new(2, at));
        let moved = clinic.move_session(patient, planned.id, &planned.revision, at, BY);
        for refused in [new, moved] {
            assert_eq!(
                refused.unwrap_err().to_string(),
                "the year of the session is not between 2025 and 2031",
                "{years}"
            );
        }
    }
    for years in [-1, 5] {
        let at = days_ahead(&world, years * 365);
        let number = if years < 0 { 3 } else { 4 };
        clinic
            .plan_session(patient, attended(DosingSession::new(number, at)))
            .unwrap();
    }
    assert_eq!(clinic.sessions(patient).unwrap().len(), 3);
}
