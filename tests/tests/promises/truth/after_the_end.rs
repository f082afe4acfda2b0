//! What is not done any more once a programme has ended, and what still is.

use companion_core::clinic::PlannedNumber;
use companion_core::domain::visit::VisitPurpose;
use companion_core::domain::{Readiness, Visit};
use companion_core::records::View;
use companion_core::{CoreError, NotNow, Result};

use super::booking::{clinic_and_ada, in_days};

const BY: &str = "Dr Moss";

fn why<T: std::fmt::Debug>(refused: Result<T>) -> NotNow {
    match refused {
        Err(CoreError::NotNow(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_is_decided_or_booked_in_a_programme_that_has_ended_but_a_follow_up() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, BY).unwrap();
    let visit = |purpose, days| Visit::new(purpose, in_days(&world, days));
    let plan = |purpose, days| clinic.plan_visit(patient, visit(purpose, days));
    let off = plan(VisitPurpose::Integration, 3).unwrap();
    let off = clinic
        .call_off_visit(patient, off.id, &off.revision)
        .unwrap();
    clinic
        .end_programme(
            patient,
            clinic.standing_seen(patient).unwrap(),
            "As agreed.",
            "",
            BY,
        )
        .unwrap();

    let ready = || Readiness::ready(BY, clinic.now());
    let record = || {
        let seen = clinic.outcome_seen(patient).unwrap();
        clinic.record_outcome(patient, &seen, ready())
    };
    assert_eq!(why(record()), NotNow::ProgrammeEnded);
    assert_eq!(clinic.readiness(patient).unwrap(), None);
    let number = clinic.plan_sessions(patient, BY, |_| Some(PlannedNumber::new(6, "")));
    assert!(matches!(number, Err(CoreError::StandsOtherwise(_))));

    assert_eq!(why(plan(VisitPurpose::CheckUp, 2)), NotNow::ProgrammeEnded);
    assert_eq!(
        why(clinic.put_back_visit(patient, off.id, &off.revision)),
        NotNow::ProgrammeEnded
    );
    let later = in_days(&world, 5);
    let moved = clinic.move_visit(patient, off.id, &off.revision, later);
    assert_eq!(why(moved), NotNow::ProgrammeEnded);
    let stands: View<Visit> = clinic.get(patient, off.id).unwrap();
    assert_eq!(stands.revision, off.revision, "nothing was done");

    // What was held can be written down, and a follow-up belongs to the time after the end.
    plan(VisitPurpose::CheckUp, -1).unwrap();
    let follow_up = plan(VisitPurpose::FollowUp, 10).unwrap();
    clinic
        .move_visit(patient, follow_up.id, &follow_up.revision, later)
        .unwrap();

    clinic.begin_programme(patient, "Jo").unwrap();
    record().unwrap();
    clinic
        .put_back_visit(patient, off.id, &off.revision)
        .unwrap();
}

#[test]
fn a_visit_is_moved_only_to_what_is_still_to_come() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let visit = Visit::new(VisitPurpose::Integration, in_days(&world, 3));
    let planned = clinic.plan_visit(patient, visit).unwrap();
    let to = |days| {
        clinic.move_visit(
            patient,
            planned.id,
            &planned.revision,
            in_days(&world, days),
        )
    };
    assert_eq!(why(to(-1)), NotNow::VisitMovedIntoThePast);
    let stands: View<Visit> = clinic.get(patient, planned.id).unwrap();
    assert_eq!(stands.revision, planned.revision, "nothing was done");
    assert!(to(4).is_ok());
}
