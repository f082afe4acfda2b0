//! What has to be seen soon, end to end: a request to be contacted says truthfully how far it got, a flag
//! is closed by people, and a safety plan loses nothing of what two wrote.

use companion_core::clinic::NewFlag;
use companion_core::domain::flag::{FlagAct, FlagError};
use companion_core::domain::risk::asked_to_be_contacted;
use companion_core::domain::safety_plan::{PlanLine, PlanStep};
use companion_core::domain::{ContactRequest, Flag, ItemId, ReadReceipt, SafetyPlan, Visibility};
use companion_core::records::{DeliveryState, Query};
use companion_core::{CoreError, NotNow};

use crate::clinic_and_ada;

#[test]
fn a_request_to_be_contacted_says_how_far_it_got_and_promises_nothing() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let request = ada.create(ContactRequest::new(ada.now())).unwrap();
    assert_eq!(request.delivery, DeliveryState::OnThisDevice);
    ada.sync_cleanly();
    let delivery = || ada.get::<ContactRequest>(request.id).unwrap().delivery;
    assert_eq!(delivery(), DeliveryState::Sent);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert!(matches!(delivery(), DeliveryState::Delivered { .. }));
    assert_eq!(clinic.caseload().unwrap()[0].new, 1);
    clinic
        .open_shared::<ContactRequest>(patient, request.id, "Dr Moss")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert!(matches!(delivery(), DeliveryState::Opened { by, .. } if by == "Dr Moss"));
    assert_eq!(ada.all(Query::<ReadReceipt>::about(request.id)).len(), 1);
}

#[test]
fn one_request_raises_one_flag_which_only_people_close() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let request = ada.create(ContactRequest::new(ada.now())).unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let new = || NewFlag::from(asked_to_be_contacted(request.id, request.content.at));
    let flag = clinic.raise_flag(patient, new()).unwrap();
    assert_eq!(clinic.raise_flag(patient, new()).unwrap().id, flag.id);
    let step = |act, words| clinic.step(patient, flag.id, act, "Dr Moss", words);
    assert!(matches!(
        step(FlagAct::Closed, "Called."),
        Err(CoreError::NotNow(NotNow::Flag(FlagError::NotAcknowledged)))
    ));
    step(FlagAct::Acknowledged, "").unwrap();
    // The patient takes the request back: somebody still has to look.
    ada.edit::<ContactRequest>(request.id, &request.revision, |it| {
        it.taken_back_at = Some(it.at);
    })
    .unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(clinic.open_flags(patient).unwrap().len(), 1);
    assert!(matches!(
        step(FlagAct::Closed, " "),
        Err(CoreError::Invalid(_))
    ));
    step(FlagAct::Closed, "Called, and talked for an hour.").unwrap();
    assert!(clinic.open_flags(patient).unwrap().is_empty());
    step(FlagAct::Reopened, "Called again.").unwrap();
    assert_eq!(clinic.open_flags(patient).unwrap().len(), 1);
    // Another patient's flags are no one else's, and no phone holds any.
    let bo = clinic.with_patient("Bo");
    assert!(clinic.open_flags(bo.record.unwrap()).unwrap().is_empty());
    ada.sync_cleanly();
    assert!(ada.all(Query::<Flag>::all()).is_empty());
}

#[test]
fn a_safety_plan_is_private_until_it_is_shared_and_then_loses_nothing_that_two_wrote() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let mut plan = SafetyPlan::new(ada.now());
    let walk = ItemId::new([1; 16]);
    plan.coping.push(walk, PlanLine::new("Walk to the lake."));
    let private = ada.create(plan).unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let at_clinic = || {
        clinic
            .page(patient, &Query::<SafetyPlan>::all())
            .unwrap()
            .items
    };
    assert!(at_clinic().is_empty());
    let shared = ada
        .share::<SafetyPlan>(private.id, Visibility::CareTeam)
        .unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let there = at_clinic().remove(0);
    // Both write apart: into one line, and lines of their own.
    ada.edit::<SafetyPlan>(shared.id, &shared.revision, |plan| {
        plan.coping.update(walk, |line| {
            line.text = "Walk to the lake. Take the dog.".to_owned();
        });
        let sleepless = PlanLine::new("Three nights without sleep.");
        plan.warning_signs.push(ItemId::new([2; 16]), sleepless);
    })
    .unwrap();
    clinic
        .edit::<SafetyPlan>(patient, there.id, &there.revision, |plan| {
            let lifeline = PlanLine {
                number: "988".to_owned(),
                ..PlanLine::new("Suicide & Crisis Lifeline")
            };
            plan.lines_mut(PlanStep::Professionals)
                .push(ItemId::new([3; 16]), lifeline);
        })
        .unwrap();
    for _ in 0..2 {
        ada.sync_cleanly();
        clinic.sync_cleanly();
    }
    let on_phone = ada.get::<SafetyPlan>(shared.id).unwrap().content;
    assert_eq!(on_phone, at_clinic()[0].content);
    assert_eq!(
        on_phone.coping.get(walk).unwrap().text,
        "Walk to the lake. Take the dog."
    );
    assert_eq!(
        (on_phone.warning_signs.len(), on_phone.professionals.len()),
        (1, 1)
    );
    // Who sees it stays the patient's to say.
    let private_one = SafetyPlan::new(clinic.now());
    let refused = clinic.create(patient, private_one);
    assert!(matches!(refused, Err(CoreError::NotYours { .. })));
    let back = ada.withdraw::<SafetyPlan>(shared.id).unwrap();
    assert_eq!(back.content.professionals.len(), 1);
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert!(at_clinic().is_empty());
}
