//! A programme over a real server: both sides see where it stands, and no path leads past the outcome of
//! the assessment or past what it costs.

use companion_core::clinic::NewPatient;
use companion_core::clinic::PlannedNumber;
use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::goal::Became;
use companion_core::domain::programme::{Gate, Standing};
use companion_core::domain::readiness::{Appropriate, Timing};
use companion_core::domain::{
    CostAcknowledgement, CostSheet, CostWalkthrough, DocumentId, DosingSession, Entry, EntryKind,
    Goal, ItemId, Phase, Programme, Readiness, Visibility,
};
use companion_core::records::{Query, View};
use companion_core::{CoreError, NotNow};

use companion_tests::{Phone, World};

const BY: &str = "Dr Moss";

fn line(label: &str) -> CostLine {
    CostLine {
        label: label.to_owned(),
        provider: String::new(),
        payer: Payer::Cash,
        is_medicine: false,
        hsa_fsa: true,
        amount: "12000 USD".parse().ok(),
    }
}

fn acknowledge(phone: &Phone) {
    let sheets = phone.page(&Query::<CostSheet>::all()).unwrap().items;
    let sheet: &View<CostSheet> = sheets.first().unwrap();
    phone
        .create(CostAcknowledgement {
            about: sheet.id,
            revision: sheet.revision.clone(),
            planned: None,
            by: "Ada".to_owned(),
            at: phone.now(),
        })
        .unwrap();
}

#[test]
fn sessions_begin_only_after_the_outcome_and_after_both_stand_by_the_costs() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    let gate = |phase| match clinic.enter(patient, phase, BY) {
        Err(CoreError::Gate(gate)) => gate,
        other => panic!("{phase:?}: {other:?}"),
    };
    assert!(matches!(
        clinic.enter(patient, Phase::Assessment, BY),
        Err(CoreError::NotNow(NotNow::NoProgramme))
    ));
    clinic.begin_programme(patient, BY).unwrap();
    for phase in [Phase::Preparation, Phase::Session, Phase::Integration] {
        assert_eq!(gate(phase), Gate::NoOutcome);
    }
    let later = Readiness {
        appropriate: Appropriate::Yes,
        timing: Timing::Later,
        explanation: "After the move.".to_owned(),
        revisit_on: "2027-03-01".parse().ok(),
        ..Readiness::ready(BY, world.now())
    };
    let revisit_on = later.revisit_on;
    clinic.create(patient, later).unwrap();
    assert_eq!(gate(Phase::Preparation), Gate::NotYet { revisit_on });
    world.minutes_pass(1);
    clinic
        .create(patient, Readiness::ready(BY, world.now()))
        .unwrap();
    clinic.enter(patient, Phase::Preparation, BY).unwrap();
    assert_eq!(gate(Phase::Session), Gate::NoCostSheet);
    let mut sheet = CostSheet::new(world.now());
    sheet.lines.push(ItemId::new([1; 16]), line("Session"));
    let sheet = clinic.create(patient, sheet).unwrap();
    assert_eq!(gate(Phase::Session), Gate::NotWalkedThrough);
    let walk_through = || {
        let costs = clinic.costs(patient).unwrap().unwrap();
        clinic.walk_through_costs(patient, &costs, BY).unwrap();
    };
    walk_through();
    assert_eq!(gate(Phase::Session), Gate::NotAcknowledged);

    // The clinic cannot acknowledge for the patient.
    let forged = CostAcknowledgement {
        about: sheet.id,
        revision: sheet.revision.clone(),
        planned: None,
        by: "Ada".to_owned(),
        at: world.now(),
    };
    assert!(matches!(
        clinic.create(patient, forged),
        Err(CoreError::NotYours { .. })
    ));
    clinic.sync_cleanly();
    ada.sync_cleanly();
    acknowledge(&ada);
    ada.sync_cleanly();
    clinic.sync_cleanly();
    clinic.enter(patient, Phase::Session, BY).unwrap();
    assert_eq!(clinic.patient(patient).unwrap().phase, Phase::Session);
    assert_eq!(clinic.caseload().unwrap()[0].phase, Phase::Session);

    // A change of the sheet asks both again.
    clinic.enter(patient, Phase::Integration, BY).unwrap();
    let sheet = clinic
        .edit::<CostSheet>(patient, sheet.id, &sheet.revision, |sheet| {
            sheet.revise(|lines| lines.push(ItemId::new([2; 16]), line("One more")));
        })
        .unwrap();
    assert_eq!(sheet.content.version, 2);
    assert_eq!(gate(Phase::Session), Gate::NotWalkedThrough);
    walk_through();
    assert_eq!(gate(Phase::Session), Gate::ChangedSince);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    acknowledge(&ada);
    ada.sync_cleanly();
    clinic.sync_cleanly();
    clinic.enter(patient, Phase::Session, BY).unwrap();

    // The patient's phone holds the same programme.
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let programmes = ada.page(&Query::<Programme>::all()).unwrap().items;
    let [programme] = &programmes[..] else {
        panic!("{programmes:?}");
    };
    assert_eq!(programme.content.phase(), Phase::Session);
    assert_eq!(programme.content.therapists().collect::<Vec<_>>(), [BY]);
    let walked = Query::<CostWalkthrough>::about(sheet.id);
    assert_eq!(ada.count(&walked).unwrap(), 2, "each walkthrough is kept");
}

#[test]
fn a_patient_cannot_write_their_programme_outcome_or_costs() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let refused = |result: Result<(), CoreError>| {
        assert!(matches!(result, Err(CoreError::NotYours { .. })));
    };
    let programme = Programme::new("Ada", ItemId::new([1; 16]), world.now());
    refused(ada.create(programme).map(drop));
    refused(ada.create(Readiness::ready("Ada", world.now())).map(drop));
    refused(ada.create(CostSheet::new(world.now())).map(drop));
    let walked = CostWalkthrough {
        about: DocumentId::new([1; 16]),
        revision: "0a".repeat(32).parse().unwrap(),
        planned: None,
        by: "Ada".to_owned(),
        at: world.now(),
    };
    refused(ada.create(walked).map(drop));
}

#[test]
fn one_session_more_than_planned_needs_a_reason_that_is_kept() {
    let world = World::in_memory(4);
    let clinic = world.clinic("Riverbank");
    let patient = clinic
        .register(NewPatient {
            name: "Ada".to_owned(),
            therapist: BY.to_owned(),
            ..NewPatient::default()
        })
        .unwrap();
    let ahead = |days: i64| {
        let mut at = world.now();
        at.unix_ms += days * 86_400_000;
        at
    };
    let plan = |number: u32| {
        clinic.plan_session(patient, DosingSession::new(number, ahead(number.into())))
    };
    clinic
        .plan_sessions(patient, BY, |_| Some(PlannedNumber::new(2, "")))
        .unwrap();
    clinic
        .create(patient, Readiness::ready(BY, world.now()))
        .unwrap();
    let first = plan(1).unwrap();
    plan(2).unwrap();
    assert!(matches!(plan(3), Err(CoreError::BeyondPlan(beyond)) if beyond.planned == 2));
    // What was called off makes room, and can't come back into the room that another took.
    let off = clinic
        .call_off_session(patient, first.id, &first.revision, "", BY)
        .unwrap();
    plan(3).unwrap();
    assert!(matches!(
        clinic.put_back_session(patient, first.id, &off.revision, BY),
        Err(CoreError::BeyondPlan(_))
    ));
    assert!(matches!(
        clinic.move_session(patient, first.id, &off.revision, ahead(9), BY),
        Err(CoreError::BeyondPlan(_))
    ));
    let nameless = clinic.plan_sessions(patient, BY, |_| Some(PlannedNumber::new(3, " ")));
    assert!(matches!(nameless, Err(CoreError::Invalid(why)) if why.name.field == "plan_changes"));
    clinic
        .plan_sessions(patient, BY, |_| {
            Some(PlannedNumber::new(3, "To close well."))
        })
        .unwrap();
    clinic
        .put_back_session(patient, first.id, &off.revision, BY)
        .unwrap();
    let count = clinic.session_count(patient).unwrap();
    assert_eq!((count.ahead, count.planned), (3, Some(3)));
    let programme = clinic.programme(patient).unwrap().unwrap().content;
    assert_eq!(programme.plan_history()[0].reason, "To close well.");
}

#[test]
fn a_programme_has_a_therapist_and_only_one_goes_on_at_a_time() {
    let world = World::in_memory(4);
    let clinic = world.clinic("Riverbank");
    let named = |name: &str, therapist: &str| {
        clinic.register(NewPatient {
            name: name.to_owned(),
            therapist: therapist.to_owned(),
            ..NewPatient::default()
        })
    };
    let ada = named("Ada", BY).unwrap();
    let zoe = named("Zoe", "").unwrap();
    let long = named("Ben", &"x".repeat(121));
    assert!(matches!(long, Err(CoreError::Invalid(_))));
    assert_eq!(clinic.caseload().unwrap().len(), 2, "nothing half done");
    assert!(clinic.programme(zoe).unwrap().is_none());
    assert!(clinic.begin_programme(zoe, " ").is_err());
    assert!(matches!(
        clinic.begin_programme(ada, BY),
        Err(CoreError::NotNow(NotNow::ProgrammeIsOn))
    ));
    clinic
        .set_standing(
            ada,
            clinic.standing_seen(ada).unwrap(),
            Standing::Ended,
            "As agreed.",
            BY,
        )
        .unwrap();
    assert_eq!(clinic.patient(ada).unwrap().phase, Phase::Closed);
    world.minutes_pass(1);
    clinic.begin_programme(ada, "Dr Vega").unwrap();
    let view = clinic.patient(ada).unwrap();
    assert_eq!(view.phase, Phase::Assessment, "the new one counts");
    assert_eq!(
        view.programme.unwrap().therapists().collect::<Vec<_>>(),
        ["Dr Vega"]
    );
}

#[test]
fn a_dose_that_is_booked_before_integration_is_said_until_the_patient_shares_some() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    let ahead = |days: i64| {
        let mut at = world.now();
        at.unix_ms += days * 86_400_000;
        at
    };
    for (number, day) in [(1, 1), (2, 8)] {
        clinic.book(patient, DosingSession::new(number, ahead(day)));
    }
    let warned = || clinic.check_plan(patient).unwrap().before_integration.len();
    assert_eq!(warned(), 1);
    world.days_pass(3);
    let entry = |visibility| Entry {
        kind: EntryKind::Integration,
        visibility,
        body: "It stays with me.".to_owned(),
        ..Entry::new(ada.now())
    };
    ada.create(entry(Visibility::OnlyMe)).unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(warned(), 1, "what is private is not known here");
    ada.create(entry(Visibility::CareTeam)).unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(warned(), 0);
}

#[test]
fn a_goal_that_both_sides_edit_apart_says_what_both_wrote() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    let goal = ada
        .create(Goal {
            domain: "sleep".to_owned().into(),
            text: "Sleep through the night.".to_owned(),
            became: Became::Open,
            became_words: String::new(),
            at: ada.now(),
        })
        .unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let here = clinic.get::<Goal>(patient, goal.id).unwrap();
    clinic
        .edit::<Goal>(patient, goal.id, &here.revision, |goal| {
            goal.text.insert_str(0, "For a start: ");
        })
        .unwrap();
    ada.edit::<Goal>(goal.id, &goal.revision, |goal| {
        goal.text.push_str(" Without the phone.");
    })
    .unwrap();
    for _ in 0..2 {
        ada.sync_cleanly();
        clinic.sync_cleanly();
    }
    let here = clinic.get::<Goal>(patient, goal.id).unwrap().content;
    let there = ada.get::<Goal>(goal.id).unwrap().content;
    assert_eq!(here, there);
    assert_eq!(
        here.text,
        "For a start: Sleep through the night. Without the phone."
    );
}
