//! No path goes around the outcome of an assessment: not an earlier programme's, and none that can't be read.

use companion_core::CoreError;
use companion_core::domain::programme::Gate;
use companion_core::domain::readiness::{Appropriate, Timing};
use companion_core::domain::{CostSheet, DocumentId, Phase, Readiness};
use companion_core::{NotNow, domain::Content as _};
use companion_tests::{Insider, new_payload_with};

use crate::provenance::{clinic_and_ada, plant};

#[test]
fn a_programme_after_another_one_waits_for_an_outcome_of_its_own() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, "Maya").unwrap();
    let ready = || clinic.create(patient, Readiness::ready("Dr. Vega", clinic.now()));
    ready().unwrap();
    clinic
        .set_phase(patient, Phase::Preparation, "Maya")
        .unwrap();
    world.days_pass(10);
    clinic
        .end_programme(patient, "As agreed.", "", "Maya")
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
    let early = clinic.set_phase(patient, Phase::Preparation, "Jo");
    assert!(matches!(early, Err(CoreError::Gate(Gate::NoOutcome))));
    ready().unwrap();
    exchange();
    assert!(offered().preparation && offered().dosing_reminders);
    clinic.set_phase(patient, Phase::Preparation, "Jo").unwrap();
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
