//! What both sides edit, only the patient withdraws, makes private or shares anew: a clinic's device that
//! writes such a thing is named, and nothing is hidden.

use companion_core::domain::safety_plan::PlanLine;
use companion_core::domain::{
    Content as _, DocumentId, ItemId, Projection, SafetyPlan, Visibility,
};
use companion_core::records::Query;
use companion_core::testing::space::payload::Payload;
use companion_tests::{Insider, Node, Phone, World, edit_payload};
use serde_json::json;

use crate::provenance::{clinic_and_ada, named, plant};

/// A safety plan that both sides read.
fn shared_plan() -> (World, Node, Phone, DocumentId) {
    let (world, clinic, ada) = clinic_and_ada();
    let mut plan = SafetyPlan::new(ada.now());
    plan.coping
        .push(ItemId::new([1; 16]), PlanLine::new("Walk to the lake."));
    let private = ada.create(plan).unwrap();
    let shared = ada
        .share::<SafetyPlan>(private.id, Visibility::CareTeam)
        .unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    (world, clinic, ada, shared.id)
}

fn at_clinic(clinic: &Node, ada: &Phone) -> Vec<SafetyPlan> {
    let page = clinic.page(ada.record.unwrap(), &Query::<SafetyPlan>::all());
    let views = page.unwrap().items;
    views.into_iter().map(|view| view.content).collect()
}

/// A clinic's edit of the plan, sealed by its own key.
fn edit(
    world: &World,
    bad: &Insider,
    plan: DocumentId,
    how: impl FnOnce(&mut Projection),
) -> Payload {
    let known = bad.readable(&world.server().stored_changes());
    edit_payload(world, &known, plan, &SafetyPlan::SHAPE, how)
}

fn decisions() -> [(&'static str, serde_json::Value); 4] {
    let at = json!("2026-03-01T00:00:00Z");
    [
        ("withdrawn_at", at),
        ("shared_as", json!("00112233445566778899aabbccddeeff")),
        ("formerly", json!(["00112233445566778899aabbccddeeff"])),
        ("visibility", json!("private")),
    ]
}

/// The plan stands as it was on both sides, and may be edited and withdrawn by the patient.
fn stands(clinic: &Node, ada: &Phone, plan: DocumentId, before: &SafetyPlan) {
    let view = ada.get::<SafetyPlan>(plan).unwrap();
    assert_eq!(&view.content, before);
    assert_eq!(at_clinic(clinic, ada), std::slice::from_ref(before));
    assert!(ada.check_record().unwrap().differing.is_empty());
}

#[test]
fn a_clinic_that_withdraws_what_both_edit_is_named_and_hides_nothing() {
    for (field, value) in decisions() {
        let (world, clinic, ada, plan) = shared_plan();
        let before = ada.get::<SafetyPlan>(plan).unwrap().content;
        let mut bad = Insider::of_clinic(&clinic, &ada);
        let planted = edit(&world, &bad, plan, |fields| {
            fields.insert(field.to_owned(), value);
        });
        plant(&mut bad, &[planted]);
        named(&ada.sync().unwrap(), clinic.public_key());
        named(&clinic.sync().unwrap(), clinic.public_key());
        stands(&clinic, &ada, plan, &before);
        ada.rebuild().unwrap();
        clinic.rebuild().unwrap();
        stands(&clinic, &ada, plan, &before);
        ada.withdraw::<SafetyPlan>(plan).unwrap();
        ada.sync().unwrap();
        clinic.sync().unwrap();
        assert!(at_clinic(&clinic, &ada).is_empty(), "{field}");
    }
}

#[test]
fn a_row_that_claims_a_decision_which_its_edit_does_not_make_is_not_believed() {
    for (field, value) in decisions() {
        let (world, clinic, ada, plan) = shared_plan();
        let mut bad = Insider::of_clinic(&clinic, &ada);
        let mut planted = edit(&world, &bad, plan, |fields| {
            fields.insert("edited_at".to_owned(), json!("2026-03-01T00:00:00Z"));
        });
        let mut row: Projection = serde_json::from_str(&planted.projection).unwrap();
        row.insert(field.to_owned(), value);
        planted.projection = serde_json::Value::Object(row).to_string();
        plant(&mut bad, &[planted]);
        // The edit itself is an honest one.
        let report = ada.sync().unwrap();
        assert!(report.warnings.is_empty(), "{report:#?}");
        clinic.sync().unwrap();
        let before = ada.get::<SafetyPlan>(plan).unwrap().content;
        stands(&clinic, &ada, plan, &before);
    }
}

#[test]
fn a_row_cannot_take_back_that_the_patient_withdrew() {
    let (world, clinic, ada, plan) = shared_plan();
    ada.withdraw::<SafetyPlan>(plan).unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let mut bad = Insider::of_clinic(&clinic, &ada);
    let mut planted = edit(&world, &bad, plan, |fields| {
        fields.insert("edited_at".to_owned(), json!("2026-03-01T00:00:00Z"));
    });
    let mut row: Projection = serde_json::from_str(&planted.projection).unwrap();
    row.remove("withdrawn_at");
    planted.projection = serde_json::Value::Object(row).to_string();
    plant(&mut bad, &[planted]);
    ada.sync().unwrap();
    clinic.sync().unwrap();
    assert!(at_clinic(&clinic, &ada).is_empty());
    // An edit that takes the decision away.
    let planted = edit(&world, &bad, plan, |fields| {
        fields.remove("withdrawn_at");
    });
    plant(&mut bad, &[planted]);
    named(&ada.sync().unwrap(), clinic.public_key());
    named(&clinic.sync().unwrap(), clinic.public_key());
    assert!(at_clinic(&clinic, &ada).is_empty());
}
