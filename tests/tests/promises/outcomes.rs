//! No path goes around the outcome of an assessment: not an earlier programme's, and none that can't be read.

use companion_core::CoreError;
use companion_core::clinic::PlannedNumber;
use companion_core::domain::programme::Gate;
use companion_core::domain::programme::Standing;
use companion_core::domain::readiness::{Appropriate, Outcome, Timing};
use companion_core::domain::{CostSheet, DocumentId, Phase, Programme, Readiness};
use companion_core::{NotNow, domain::Content as _};
use companion_tests::{Insider, new_payload_with};

use crate::provenance::{clinic_and_ada, plant};

const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;

#[test]
fn a_programme_after_another_one_waits_for_an_outcome_of_its_own() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, "Maya").unwrap();
    let ready = || clinic.create(patient, Readiness::ready("Dr. Vega", clinic.now()));
    ready().unwrap();
    clinic.enter(patient, Phase::Preparation, "Maya").unwrap();
    world.days_pass(10);
    clinic
        .end_programme(
            patient,
            clinic.standing_seen(patient).unwrap(),
            "As agreed.",
            "",
            "Maya",
        )
        .unwrap();
    world.days_pass(300);
    clinic.begin_programme(patient, "Jo").unwrap();
    let exchange = || {
        clinic.sync_cleanly();
        ada.sync_cleanly();
    };
    exchange();
    let offered = || ada.plan().unwrap().shown().unwrap().offered;
    assert!(!offered().preparation && !offered().dosing_reminders);
    let early = clinic.enter(patient, Phase::Preparation, "Jo");
    assert!(matches!(early, Err(CoreError::Gate(Gate::NoOutcome))));
    ready().unwrap();
    exchange();
    assert!(offered().preparation && offered().dosing_reminders);
    clinic.enter(patient, Phase::Preparation, "Jo").unwrap();
}

#[test]
fn an_outcome_in_words_of_a_newer_version_is_not_passed_over() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, "Maya").unwrap();
    clinic
        .create(patient, Readiness::ready("Dr. Vega", clinic.now()))
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    world.days_pass(1);
    let newer = Readiness {
        appropriate: Appropriate::No,
        timing: Timing::Later,
        explanation: "Stop for now.".into(),
        ..Readiness::ready("Dr. Vega", clinic.now())
    };
    let id = DocumentId::random(&*world.rng());
    let newer = new_payload_with(&world, id, &newer, |fields| {
        fields.insert("appropriate".into(), "after_review".into());
    });
    assert_eq!(newer.kind, Readiness::KIND);
    plant(&mut Insider::of_clinic(&clinic, &ada), &[newer]);
    ada.sync().unwrap();
    let offered = ada.plan().unwrap().shown().unwrap().offered;
    assert!(!offered.preparation && !offered.dosing_reminders);
    clinic.sync().unwrap();
    assert!(clinic.readiness(patient).unwrap().is_none());
}

#[test]
fn an_outcome_dated_a_year_ahead_gives_way_to_what_is_said_after_it() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, "Maya").unwrap();
    clinic.clock().be_wrong_by(YEAR_MS);
    clinic
        .create(patient, Readiness::ready("Dr. Vega", clinic.now()))
        .unwrap();
    clinic.sync_cleanly();
    clinic.clock().be_wrong_by(0);
    world.minutes_pass(60);
    let not_a_fit = Readiness {
        appropriate: Appropriate::No,
        explanation: "Not this way.".into(),
        ..Readiness::ready("Dr. Vega", clinic.now())
    };
    clinic.create(patient, not_a_fit).unwrap();
    clinic.sync_cleanly();
    // The phone takes in both at one moment.
    ada.sync_cleanly();
    let told = |phone: &companion_tests::Phone| {
        let outcome = phone.plan().unwrap().readiness.unwrap();
        assert_eq!(outcome.outcome(), Outcome::NotAFit);
    };
    told(&ada);
    // A phone that comes when that year is over takes the first for no time ahead.
    world.days_pass(400);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let tablet = ada.second_phone();
    tablet.sync_cleanly();
    told(&tablet);
    let at_the_clinic = clinic.readiness(patient).unwrap().unwrap();
    assert_eq!(at_the_clinic.content.outcome(), Outcome::NotAFit);
}

#[test]
fn an_outcome_dated_ahead_is_none_of_a_programme_that_began_after_it_was_written() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, "Maya").unwrap();
    clinic.clock().be_wrong_by(YEAR_MS);
    clinic
        .create(patient, Readiness::ready("Dr. Vega", clinic.now()))
        .unwrap();
    clinic.clock().be_wrong_by(0);
    clinic
        .end_programme(
            patient,
            clinic.standing_seen(patient).unwrap(),
            "As agreed.",
            "",
            "Maya",
        )
        .unwrap();
    world.days_pass(1);
    clinic.begin_programme(patient, "Jo").unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let early = clinic.enter(patient, Phase::Preparation, "Jo");
    assert!(matches!(early, Err(CoreError::Gate(Gate::NoOutcome))));
    assert!(ada.plan().unwrap().readiness.is_none());
}

#[test]
fn a_programme_of_a_newer_version_is_not_passed_over_and_said_in_plain_words() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, "Maya").unwrap();
    clinic
        .create(patient, Readiness::ready("Dr. Vega", clinic.now()))
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let present = clinic.programme(patient).unwrap().unwrap().content;
    assert_eq!(present.standing(), Standing::Running);
    let id = DocumentId::random(&*world.rng());
    let newer = new_payload_with(&world, id, &present, |fields| {
        fields.insert("at".into(), 17.into());
    });
    // Written by another node of the clinic's: neither knows which came first.
    plant(&mut Insider::of_clinic(&clinic, &ada), &[newer]);
    ada.sync().unwrap();
    let plan = ada.plan().unwrap();
    assert!(plan.programme.is_none() && plan.readiness.is_none());
    assert_eq!(plan.unreadable, [Programme::KIND]);
    clinic.sync().unwrap();
    assert_eq!(
        clinic.patient(patient).unwrap().unreadable,
        [Programme::KIND]
    );
    assert_eq!(clinic.caseload().unwrap()[0].unreadable, [Programme::KIND]);
    for refused in [
        clinic.begin_programme(patient, "Jo").map(drop),
        clinic.set_standing(
            patient,
            companion_core::records::Seen::of(""),
            Standing::Paused,
            "Away.",
            "Jo",
        ),
        clinic.plan_sessions(patient, "Jo", |_| Some(PlannedNumber::new(9, ""))),
    ] {
        assert!(matches!(refused, Err(CoreError::NotNow(NotNow::Newer))));
    }
    // One more outcome would help nobody: what is missing is another version of the program.
    let missing = Gate::UnreadableOutcome;
    assert_eq!(clinic.before_sessions(patient).unwrap(), Some(missing));
    assert_eq!(plan.closed, Some(missing));
    assert_eq!(
        missing.to_string(),
        "what the assessment came to was written by a newer version of this program: bring this one up to date"
    );
}

#[test]
fn a_phase_that_is_refused_names_the_programme_that_is_missing_or_over_before_the_outcome() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let to_preparation = || clinic.enter(patient, Phase::Preparation, "Maya");
    assert!(matches!(
        to_preparation(),
        Err(CoreError::NotNow(NotNow::NoProgramme))
    ));
    clinic.begin_programme(patient, "Maya").unwrap();
    assert!(matches!(
        to_preparation(),
        Err(CoreError::Gate(Gate::NoOutcome))
    ));
    clinic
        .end_programme(
            patient,
            clinic.standing_seen(patient).unwrap(),
            "As agreed.",
            "",
            "Maya",
        )
        .unwrap();
    world.days_pass(1);
    assert!(matches!(
        to_preparation(),
        Err(CoreError::StandsOtherwise(_))
    ));
}

#[test]
fn nobody_stands_by_structure_and_costs_without_a_line() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic
        .create(patient, CostSheet::new(clinic.now()))
        .unwrap();
    let empty = clinic.costs(patient).unwrap().unwrap();
    let refused = clinic.walk_through_costs(patient, &empty, "Maya");
    assert!(matches!(
        refused,
        Err(CoreError::NotNow(NotNow::NoCostLines))
    ));
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let refused = ada.acknowledge_costs(&ada.plan().unwrap().costs.unwrap(), "Ada");
    assert!(matches!(
        refused,
        Err(CoreError::NotNow(NotNow::NoCostLines))
    ));
}
