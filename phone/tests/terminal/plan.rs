//! The programme on the patient's phone, and their word on what it costs.

use companion_core::CoreError;
use companion_core::clinic::{PhaseChange, PlannedNumber};
use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::programme::Standing;
use companion_core::domain::{DosingSession, Phase, Readiness};

use crate::paired::World;
use crate::person::Phone;

const BY: &str = "Dr Ruiz";

fn line(label: &str) -> CostLine {
    CostLine {
        label: label.to_owned(),
        provider: "Harbor Clinic".to_owned(),
        payer: Payer::Either,
        is_medicine: label == "Ketamine",
        hsa_fsa: true,
        amount: "45050 USD".parse().ok(),
    }
}

impl World {
    fn exchange(&self, phone: &Phone) {
        self.clinic.sync().unwrap();
        phone.run(&["sync"]).done();
        self.clinic.sync().unwrap();
    }

    /// Whether the clinic sees the patient's word on the present costs.
    fn is_acknowledged(&self) -> bool {
        let review = self.clinic.cost_review(self.patient).unwrap();
        review.unwrap().acknowledged.is_some()
    }
}

#[test]
fn a_phone_shows_where_its_patient_is_with_whom_and_what_is_to_come() {
    let world = World::new();
    let (clinic, patient) = (&world.clinic, world.patient);
    let phone = world.paired_phone();
    let nothing = phone.run(&["plan"]).done();
    assert!(nothing.starts_with("The clinic has not begun a programme on this phone yet."));

    clinic.begin_programme(patient, "Maya Lindqvist").unwrap();
    clinic
        .plan_sessions(patient, BY, |_| Some(PlannedNumber::new(6, "")))
        .unwrap();
    let ready = Readiness {
        explanation: "You can begin.".to_owned(),
        ..Readiness::ready(BY, clinic.now())
    };
    clinic.create(patient, ready).unwrap();
    let step = PhaseChange {
        stood: world.clinic.standing_seen(world.patient).unwrap(),
        seen: Phase::Assessment,
        to: Phase::Preparation,
    };
    clinic.set_phase(patient, step, BY).unwrap();
    let mut at = clinic.now();
    at.unix_ms += 3 * 24 * 60 * 60 * 1000;
    clinic
        .plan_session(patient, DosingSession::new(1, at))
        .unwrap();
    world.exchange(&phone);
    let said = phone.run(&["plan"]).done();
    assert_eq!(
        said,
        "Programme with Ketamine: in the preparation phase.\n\
         With Maya Lindqvist, therapist\n\
         Dosing sessions: 0 of 6 planned held, 1 to come\n\
         The next one: number 1, 26 Nov 2026, 15:18\n\
         Before it, your clinic writes down structure and costs\n\
         \n\
         Outcome of the assessment: ready, said by Dr Ruiz on 23 Nov 2026, 15:18\n\
         You can begin.\n\
         \n\
         This is what the clinic had sent by the last exchange. Ask the clinic if something seems wrong.\n"
    );

    clinic
        .set_standing(
            patient,
            clinic.standing_seen(patient).unwrap(),
            Standing::Paused,
            "Away in June.",
            BY,
        )
        .unwrap();
    world.exchange(&phone);
    let said = phone.run(&["plan"]).done();
    assert!(
        said.contains("paused in the preparation phase.\nWhy: Away in June."),
        "{said}"
    );
    let booked = clinic.sessions(patient).unwrap().remove(0).view;
    let early = clinic.end_programme(
        patient,
        clinic.standing_seen(patient).unwrap(),
        "As agreed.",
        "",
        BY,
    );
    assert!(matches!(early, Err(CoreError::StillAhead(_))));
    clinic
        .call_off_session(patient, booked.id, &booked.revision, "", BY)
        .unwrap();
    clinic
        .end_programme(
            patient,
            clinic.standing_seen(patient).unwrap(),
            "As agreed.",
            "What stays: the lake.",
            BY,
        )
        .unwrap();
    world.exchange(&phone);
    let said = phone.run(&["plan"]).done();
    let end = [
        "it has ended.\nWhy: As agreed.",
        "Closing summary:\nWhat stays: the lake.",
    ];
    assert!(end.iter().all(|part| said.contains(part)), "{said}");
}

#[test]
fn costs_are_acknowledged_in_the_version_that_was_shown_and_asked_again_after_a_change() {
    let world = World::new();
    let (clinic, patient) = (&world.clinic, world.patient);
    let phone = world.paired_phone();
    let acknowledge =
        |version: &str| phone.run(&["plan", "acknowledge", version, "--as", "Ada S."]);
    let early = acknowledge("1").refused(1);
    assert_eq!(
        early,
        "The clinic has not sent structure and costs to this phone yet.\n"
    );
    clinic.add_cost_line(patient, line("Session")).unwrap();
    let costs = clinic.costs(patient).unwrap().unwrap();
    clinic.walk_through_costs(patient, &costs, BY).unwrap();
    world.exchange(&phone);
    let glance = phone.run(&["status"]).done();
    assert!(glance.contains("look at structure and costs: see `plan`"));
    let said = phone.run(&["plan"]).done();
    for part in [
        "Structure and costs, version 1\n  Session; 450.50 USD; by Harbor Clinic; paid by insurance or cash; HSA/FSA accepted\n",
        "Dr Ruiz went through this version with you on 23 Nov 2026, 15:18\n",
        "You have not acknowledged it. To acknowledge it: plan acknowledge 1 --as NAME\n",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(acknowledge("2").refused(1).contains("are version 1 now"));
    phone
        .run(&["plan", "acknowledge", "1", "--as", " "])
        .refused(1);
    phone.run(&["plan", "acknowledge", "1"]).refused(2);
    world.exchange(&phone);
    assert!(!world.is_acknowledged());
    let said = acknowledge("1").done();
    assert!(said.starts_with("Version 1 of structure and costs is acknowledged by Ada S."));
    assert!(!world.is_acknowledged(), "it is on the phone alone");
    world.exchange(&phone);
    assert!(world.is_acknowledged());
    let said = phone.run(&["plan"]).done();
    assert!(said.contains("Acknowledged by Ada S. on"), "{said}");
    let glance = phone.run(&["status"]).done();
    assert!(!glance.contains("structure and costs"), "{glance}");

    clinic.add_cost_line(patient, line("Ketamine")).unwrap();
    world.exchange(&phone);
    assert!(!world.is_acknowledged());
    let said = phone.run(&["plan"]).done();
    for part in [
        "  Ketamine; 450.50 USD; by Harbor Clinic; paid by insurance or cash; the medicine itself; ",
        "The clinic has not gone through this version with you yet\n",
        "You acknowledged another version or another number of sessions, so you are asked again. To acknowledge it: plan acknowledge 2",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(acknowledge("1").refused(1).contains("are version 2 now"));
    acknowledge("2").done();
    world.exchange(&phone);
    assert!(world.is_acknowledged());
}

#[test]
fn the_number_of_sessions_is_part_of_what_is_acknowledged() {
    let world = World::new();
    let (clinic, patient) = (&world.clinic, world.patient);
    let phone = world.paired_phone();
    clinic.begin_programme(patient, "Maya").unwrap();
    clinic
        .plan_sessions(patient, BY, |_| Some(PlannedNumber::new(6, "")))
        .unwrap();
    clinic.add_cost_line(patient, line("Session")).unwrap();
    world.exchange(&phone);
    let said = phone.run(&["plan"]).done();
    assert!(
        said.contains("Structure and costs, version 1, with 6 sessions\n"),
        "{said}"
    );
    assert!(
        said.contains("plan acknowledge 1 --sessions 6 --as NAME"),
        "{said}"
    );
    let plain = ["plan", "acknowledge", "1", "--as", "Ada"];
    let refused = phone.run(&plain).refused(1);
    assert!(
        refused.contains("the one that `plan` shows now"),
        "{refused}"
    );
    let six = ["plan", "acknowledge", "1", "--sessions", "6", "--as", "Ada"];
    phone.run(&six).done();
    world.exchange(&phone);
    clinic
        .plan_sessions(patient, BY, |_| {
            Some(PlannedNumber::new(7, "To close well."))
        })
        .unwrap();
    world.exchange(&phone);
    phone.run(&six).refused(1);
    let said = phone.run(&["plan"]).done();
    assert!(
        said.contains("another number of sessions, so you are asked again"),
        "{said}"
    );
}

#[test]
fn a_script_gets_the_same_as_json() {
    let world = World::new();
    let (clinic, patient) = (&world.clinic, world.patient);
    let phone = world.paired_phone();
    let json = || -> serde_json::Value {
        serde_json::from_str(&phone.run(&["plan", "--json"]).done()).unwrap()
    };
    let nothing = serde_json::json!({
        "programme": null, "assessment": null, "sessions": [], "visits": [], "costs": null,
        "unreadable": []
    });
    assert_eq!(json(), nothing);
    clinic.begin_programme(patient, "Maya").unwrap();
    clinic
        .create(patient, Readiness::ready(BY, clinic.now()))
        .unwrap();
    clinic
        .plan_session(patient, DosingSession::new(1, clinic.now()))
        .unwrap();
    clinic.add_cost_line(patient, line("Ketamine")).unwrap();
    world.exchange(&phone);
    phone
        .run(&["plan", "acknowledge", "1", "--as", "Ada"])
        .done();
    let at = "2026-11-23T15:18:33.123-05:00";
    let all = serde_json::json!({
        "programme": {
            "medicine": "Ketamine", "phase": "assessment", "standing": "running", "reason": "",
            "team": [{"name": "Maya", "role": "therapist"}],
            "sessions_held": 0, "sessions_to_come": 1, "sessions_planned": null, "next_session": 1,
            "next_session_waits_for": "not_walked_through",
            "closing_summary": null,
        },
        "assessment": {
            "outcome": "ready", "explanation": "", "orientation": [], "revisit_on": null,
            "by": BY, "at": at,
        },
        "sessions": [{
            "number": 1, "at": at, "moved_from": null, "called_off_at": null, "called_off_by": null,
            "called_off_reason": null, "of_this_programme": true, "note": "",
        }],
        "visits": [],
        "unreadable": [],
        "costs": {
            "version": 1,
            "sessions_planned": null,
            "lines": [{
                "label": "Ketamine", "provider": "Harbor Clinic", "payer": "either",
                "is_medicine": true, "hsa_fsa": true, "amount": "45050 USD",
            }],
            "walked_through": null,
            "acknowledged": {"by": "Ada", "at": at},
            "acknowledged_another_version": false,
        },
    });
    assert_eq!(json(), all);
    // A script that acknowledges gets words, so it is not promised JSON.
    phone
        .run(&["plan", "--json", "acknowledge", "1", "--as", "Ada"])
        .refused(2);
}

#[test]
fn a_summary_of_the_costs_is_kept_in_a_file_and_over_no_other_one() {
    let world = World::new();
    let phone = world.paired_phone();
    let file = phone.path().join("costs.md");
    let name = file.to_str().unwrap();
    let early = phone.run(&["plan", "costs", "--summary", name]).refused(1);
    assert!(
        early.starts_with("The clinic has not sent structure"),
        "{early}"
    );
    assert!(!file.exists());
    world
        .clinic
        .add_cost_line(world.patient, line("Session"))
        .unwrap();
    world
        .clinic
        .add_cost_line(world.patient, line("Ketamine"))
        .unwrap();
    let costs = world.clinic.costs(world.patient).unwrap().unwrap();
    world
        .clinic
        .walk_through_costs(world.patient, &costs, BY)
        .unwrap();
    world.exchange(&phone);
    phone
        .run(&["plan", "acknowledge", "2", "--as", "Ada S."])
        .done();
    let said = phone.run(&["plan", "costs"]).done();
    assert!(
        said.starts_with("Structure and costs, version 2\n  Session; 450.50 USD"),
        "{said}"
    );
    assert!(said.contains("`plan costs --summary FILE`"), "{said}");

    let said = phone.run(&["plan", "costs", "--summary", name]).done();
    assert!(said.contains("It is no receipt"), "{said}");
    let saved = std::fs::read_to_string(&file).unwrap();
    for part in [
        "Harbor Clinic. Version 2 of 23 Nov 2026. This summary was made on 23 Nov 2026.",
        "| Ketamine (the medicine itself) | Harbor Clinic | Insurance or cash | accepted | 450.50 USD |",
        "Each line says its sum once, however often it comes.",
        "Dr Ruiz of the clinic went through this version with the patient on 23 Nov 2026.\n\
         Ada S. acknowledged it on 23 Nov 2026.\n",
        "no receipt",
    ] {
        assert!(saved.contains(part), "{part}: {saved}");
    }
    std::fs::write(&file, "mine").unwrap();
    let refused = phone.run(&["plan", "costs", "--summary", name]).refused(1);
    assert!(refused.contains("is there already"), "{refused}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    let value = phone
        .run(&["plan", "costs", "--summary", name, "--force", "--json"])
        .done();
    let value: serde_json::Value = serde_json::from_str(&value).unwrap();
    assert_eq!(value["version"], 2);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), saved);
    let nowhere = phone.path().join("nowhere/costs.md");
    let refused = phone
        .run(&["plan", "costs", "--summary", nowhere.to_str().unwrap()])
        .refused(1);
    assert!(refused.contains("can't be saved"), "{refused}");
    phone.run(&["plan", "costs", "--force"]).refused(2);
}
