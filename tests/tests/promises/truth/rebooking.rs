//! Sessions that are moved, corrected and called off: to what is to come, with the reason of each who said it, and
//! never two at one time.

use companion_core::domain::visit::VisitPurpose;
use companion_core::domain::{DosingSession, Visit};
use companion_core::records::View;
use companion_core::{CoreError, NotNow, Result};

use super::booking::{clinic_and_ada, in_days};

const BY: &str = "Dr Moss";

#[test]
fn a_session_is_moved_to_what_is_to_come_and_a_time_that_was_wrong_is_corrected_with_a_reason() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let booked = clinic.book(patient, DosingSession::new(1, in_days(&world, 7)));
    let (past, ahead) = (in_days(&world, -7), in_days(&world, 9));
    let mistyped = clinic.move_session(patient, booked.id, &booked.revision, past, BY);
    assert!(matches!(
        mistyped,
        Err(CoreError::NotNow(NotNow::MovedIntoThePast))
    ));
    let correct = |seen: &View<DosingSession>, at, why: &str| {
        clinic.correct_session(patient, seen.id, &seen.revision, at, why, BY)
    };
    assert!(matches!(
        correct(&booked, past, " "),
        Err(CoreError::Invalid(why)) if why.name.field == "steps"
    ));
    // It was held at another time than planned; and that was wrong as well.
    let held = correct(&booked, past, "It was held a week ago.").unwrap();
    assert_eq!(clinic.session_count(patient).unwrap().held, 1);
    let right = correct(&held, ahead, "That was the other patient.").unwrap();
    let count = clinic.session_count(patient).unwrap();
    assert_eq!((count.held, count.ahead), (0, 1));
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let seen = ada.get::<DosingSession>(right.id).unwrap().content;
    let said: Vec<_> = seen.steps.iter().map(|(_, step)| &*step.reason).collect();
    assert_eq!(
        said,
        ["It was held a week ago.", "That was the other patient."]
    );
    assert_eq!((seen.at, seen.takes_place()), (ahead, true));
}

#[test]
fn on_its_day_a_session_waits_for_a_patient_who_is_late() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let session = clinic.book(patient, DosingSession::new(1, world.now()));
    world.minutes_pass(20);
    let later = |minutes: i64| {
        let mut at = world.now();
        at.unix_ms += minutes * 60_000;
        at
    };
    let to = |seen: &View<DosingSession>, at| {
        clinic.move_session(patient, seen.id, &seen.revision, at, BY)
    };
    let began = |refused| matches!(refused, Err(CoreError::NotNow(NotNow::SessionBegan)));
    assert!(began(to(&session, in_days(&world, 2))), "another day");
    let moved = to(&session, later(15)).unwrap();
    assert_eq!(moved.content.at, later(15));
    world.minutes_pass(15 + 200);
    assert!(began(to(&moved, later(15))), "it is over");
}

#[test]
fn no_two_sessions_of_a_patient_are_at_one_time_and_a_number_left_out_is_said() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let first = clinic.book(patient, DosingSession::new(1, in_days(&world, 7)));
    let mut at = first.content.at;
    at.unix_ms += 30 * 60_000;
    let overlaps = |refused: Result<View<DosingSession>>| match refused {
        Err(CoreError::SessionsOverlap { other }) => other.number,
        other => panic!("{other:?}"),
    };
    let second = clinic.plan_session(patient, DosingSession::new(2, at));
    assert_eq!(overlaps(second), 1);
    let third = clinic
        .plan_session(patient, DosingSession::new(3, in_days(&world, 14)))
        .unwrap();
    let moved = clinic.move_session(patient, third.id, &third.revision, at, BY);
    assert_eq!(overlaps(moved), 1);
    let seen = clinic.sessions(patient).unwrap();
    let skipped: Vec<_> = seen.iter().map(|one| one.skipped).collect();
    assert_eq!(skipped, [None, Some(2)]);
    assert!(seen.iter().all(|one| one.overlaps.is_none()));
    // Called off, it is in nobody's way, until it is put back.
    let off = clinic
        .call_off_session(patient, first.id, &first.revision, "", BY)
        .unwrap();
    clinic
        .plan_session(patient, DosingSession::new(2, at))
        .unwrap();
    let back = clinic.put_back_session(patient, first.id, &off.revision, BY);
    assert_eq!(overlaps(back), 2);
}

#[test]
fn of_two_who_call_a_session_off_both_reasons_are_read() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let seen = clinic.book(patient, DosingSession::new(1, in_days(&world, 7)));
    let off = |reason: &str, by: &str| {
        clinic
            .call_off_session(patient, seen.id, &seen.revision, reason, by)
            .unwrap()
    };
    off("Snow.", "Maya");
    let both = off("She is ill.", "Jo");
    assert_eq!(off("Snow.", "Maya"), both, "said once");
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let on_the_phone = ada.get::<DosingSession>(seen.id).unwrap().content;
    let reasons: Vec<_> = on_the_phone
        .call_offs()
        .iter()
        .map(|step| (&*step.reason, &*step.by))
        .collect();
    assert_eq!(reasons, [("Snow.", "Maya"), ("She is ill.", "Jo")]);
}

#[test]
fn a_programme_ends_once_no_visit_but_a_follow_up_is_still_to_come() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, BY).unwrap();
    let visit = |purpose, days| {
        let visit = Visit::new(purpose, in_days(&world, days));
        clinic.plan_visit(patient, visit).unwrap()
    };
    let ahead = visit(VisitPurpose::Integration, 7);
    visit(VisitPurpose::FollowUp, 60);
    let end = || {
        clinic.end_programme(
            patient,
            clinic.standing_seen(patient).unwrap(),
            "All is done.",
            "",
            BY,
        )
    };
    assert!(matches!(
        end(),
        Err(CoreError::StillAhead(still)) if still.visits == [ahead.content.at].into()
    ));
    clinic
        .call_off_visit(patient, ahead.id, &ahead.revision)
        .unwrap();
    end().unwrap();
}
