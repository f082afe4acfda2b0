//! Sessions as they are booked: past the outcome, within one programme, by whoever saw what they are; and what
//! was said for one day of them.

use companion_core::clinic::PlannedNumber;
use companion_core::domain::anything_new::{AnythingNew, News};
use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::programme::{Gate, Standing};
use companion_core::domain::readiness::{Appropriate, Timing};
use companion_core::domain::reminder::Task;
use companion_core::domain::session_details::SessionDetails;
use companion_core::domain::session_preparation::ReadinessItem;
use companion_core::domain::{DosingSession, Moment, Readiness, Screening, Zone};
use companion_core::records::View;
use companion_core::{CoreError, NotNow, Result};
use companion_tests::{Node, Phone, World, attended};

const BY: &str = "Dr Moss";

pub(super) fn in_days(world: &World, days: i64) -> Moment {
    let mut at = world.now();
    at.unix_ms += days * 24 * 60 * 60 * 1000;
    at
}

pub(super) fn clinic_and_ada() -> (World, Node, Phone) {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    (world, clinic, ada)
}

fn gate<T: std::fmt::Debug>(refused: Result<T>) -> Gate {
    match refused {
        Err(CoreError::Gate(gate)) => gate,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_session_that_is_still_to_come_is_booked_only_past_the_outcome() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let session = |number, days| attended(DosingSession::new(number, in_days(&world, days)));
    let plan = |number, days| clinic.plan_session(patient, session(number, days));
    assert_eq!(gate(plan(1, 7)), Gate::NoOutcome);
    let around = clinic.create(patient, session(1, 7));
    assert!(matches!(around, Err(CoreError::HasOwnVerbs { .. })));
    // What took place is a fact, and no way around: it does not become one that is to come.
    let held = plan(1, -7).unwrap();
    let forward = clinic.move_session(patient, held.id, &held.revision, in_days(&world, 7), BY);
    assert!(matches!(
        forward,
        Err(CoreError::NotNow(NotNow::SessionBegan))
    ));
    let off = clinic
        .call_off_session(patient, held.id, &held.revision, "She was ill.", BY)
        .unwrap();
    let forward = clinic.move_session(patient, held.id, &off.revision, in_days(&world, 7), BY);
    assert_eq!(gate(forward), Gate::NoOutcome);

    world.minutes_pass(1);
    let said = |appropriate, timing| {
        let readiness = Readiness {
            appropriate,
            timing,
            explanation: "Blood pressure first.".to_owned(),
            revisit_on: "2027-03-01".parse().ok(),
            ..Readiness::ready(BY, world.now())
        };
        clinic.create(patient, readiness).unwrap();
        world.minutes_pass(1);
    };
    said(Appropriate::Yes, Timing::Now);
    let booked = plan(2, 7).unwrap();
    let called_off = plan(3, 14).unwrap();
    let called_off = clinic
        .call_off_session(patient, called_off.id, &called_off.revision, "", BY)
        .unwrap();
    said(Appropriate::Yes, Timing::Later);
    assert!(matches!(
        gate(plan(4, 21)),
        Gate::NotYet {
            revisit_on: Some(_)
        }
    ));
    let back = clinic.put_back_session(patient, called_off.id, &called_off.revision, BY);
    assert!(matches!(gate(back), Gate::NotYet { .. }));
    said(Appropriate::No, Timing::Later);
    let moved = clinic.move_session(patient, booked.id, &booked.revision, in_days(&world, 9), BY);
    assert_eq!(gate(moved), Gate::NotAFit);
    let seen = (booked.id, &booked.revision);
    let around = clinic.edit::<DosingSession>(patient, seen.0, seen.1, |it| it.number = 5);
    assert!(matches!(around, Err(CoreError::HasOwnVerbs { .. })));
    // What is booked says so, to both.
    let mut sessions = clinic.sessions(patient).unwrap().into_iter();
    let seen = sessions.find(|one| one.view.id == booked.id).unwrap();
    assert_eq!(seen.closed, Some(Gate::NotAFit));
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(ada.plan().unwrap().closed, Some(Gate::NotAFit));
}

#[test]
fn a_session_can_be_booked_before_both_stand_by_the_costs_and_that_is_said() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.book(patient, DosingSession::new(1, in_days(&world, 7)));
    let closed = || {
        ada.sync_cleanly();
        clinic.sync_cleanly();
        ada.sync_cleanly();
        let seen = clinic.sessions(patient).unwrap().remove(0).closed;
        let digest = clinic.digest(patient, world.now()).unwrap();
        assert_eq!(digest.next_session.unwrap().closed, seen, "the digest");
        let glance = ada.at_a_glance(world.now()).unwrap().digest;
        assert_eq!(glance.next_session.unwrap().closed, seen, "on the phone");
        assert_eq!(ada.plan().unwrap().closed, seen, "the plan");
        seen
    };
    clinic.sync_cleanly();
    assert_eq!(closed(), Some(Gate::NoCostSheet));
    clinic.add_cost_line(patient, line()).unwrap();
    clinic.sync_cleanly();
    assert_eq!(closed(), Some(Gate::NotWalkedThrough));
    let costs = clinic.costs(patient).unwrap().unwrap();
    clinic.walk_through_costs(patient, &costs, BY).unwrap();
    clinic.sync_cleanly();
    assert_eq!(closed(), Some(Gate::NotAcknowledged));
    let costs = ada.plan().unwrap().costs.unwrap();
    ada.acknowledge_costs(&costs, "Ada").unwrap();
    assert_eq!(closed(), None);
    clinic.add_cost_line(patient, line()).unwrap();
    clinic.sync_cleanly();
    assert_eq!(closed(), Some(Gate::NotWalkedThrough));
}

fn line() -> CostLine {
    CostLine {
        label: "Session".to_owned(),
        provider: String::new(),
        payer: Payer::Cash,
        is_medicine: false,
        hsa_fsa: false,
        amount: None,
    }
}

#[test]
fn a_session_that_was_held_stays_counted_until_somebody_says_why_it_did_not_take_place() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, BY).unwrap();
    clinic
        .plan_sessions(patient, BY, |_| Some(PlannedNumber::new(2, "")))
        .unwrap();
    let session = clinic.book(patient, DosingSession::new(1, in_days(&world, 1)));
    world.days_pass(3);
    let held = || clinic.session_count(patient).unwrap().held;
    assert_eq!(held(), 1);
    let call_off = |reason: &str, by: &str| {
        clinic.call_off_session(patient, session.id, &session.revision, reason, by)
    };
    for (reason, by) in [(" ", BY), ("She was ill.", " ")] {
        assert!(matches!(
            call_off(reason, by),
            Err(CoreError::Invalid(why)) if why.name.field == "steps"
        ));
    }
    let away = clinic.move_session(
        patient,
        session.id,
        &session.revision,
        in_days(&world, 7),
        BY,
    );
    assert!(matches!(away, Err(CoreError::NotNow(NotNow::SessionBegan))));
    assert_eq!(held(), 1);
    let off = call_off("She was ill.", BY).unwrap();
    assert_eq!(held(), 0);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let seen = ada.get::<DosingSession>(session.id).unwrap().content;
    let said = seen.called_off().unwrap();
    assert!(said.is_not_held());
    assert_eq!((&*said.reason, &*said.by), ("She was ill.", BY));
    let back = clinic
        .put_back_session(patient, session.id, &off.revision, "Jo")
        .unwrap();
    assert_eq!(held(), 1);
    let said = back.content.steps.iter().map(|(_, step)| &*step.by);
    assert_eq!(said.collect::<Vec<_>>(), [BY, "Jo"], "who said what stays");
}

#[test]
fn a_programme_after_another_one_has_sessions_and_costs_of_its_own() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let exchange = || {
        ada.sync_cleanly();
        clinic.sync_cleanly();
        ada.sync_cleanly();
    };
    let stand_by_the_costs = || {
        let costs = clinic.costs(patient).unwrap().unwrap();
        clinic.walk_through_costs(patient, &costs, BY).unwrap();
        clinic.sync_cleanly();
        exchange();
        let costs = ada.plan().unwrap().costs.unwrap();
        ada.acknowledge_costs(&costs, "Ada").unwrap();
        exchange();
    };
    clinic.begin_programme(patient, BY).unwrap();
    clinic
        .plan_sessions(patient, BY, |_| Some(PlannedNumber::new(2, "")))
        .unwrap();
    clinic.add_cost_line(patient, line()).unwrap();
    stand_by_the_costs();
    let first = clinic.book(patient, DosingSession::new(1, in_days(&world, 1)));
    let second = clinic.book(patient, DosingSession::new(2, in_days(&world, 10)));
    world.days_pass(3);
    let early = clinic.end_programme(
        patient,
        clinic.standing_seen(patient).unwrap(),
        "As agreed.",
        "",
        BY,
    );
    assert!(matches!(&early, Err(CoreError::StillAhead(ahead)) if ahead.numbers == [2].into()));
    let early = clinic.set_standing(
        patient,
        clinic.standing_seen(patient).unwrap(),
        Standing::Ended,
        "As agreed.",
        BY,
    );
    assert!(matches!(early, Err(CoreError::StillAhead(_))));
    assert!(matches!(
        clinic.archive_patient(patient, clinic.to_archive(patient).unwrap(), BY),
        Err(CoreError::StillAhead(_))
    ));
    let second = clinic
        .call_off_session(patient, second.id, &second.revision, "", BY)
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
    let after =
        |number: u32| DosingSession::new(number, in_days(&world, 10 + 10 * i64::from(number)));
    assert!(matches!(
        clinic.plan_session(patient, after(3)),
        Err(CoreError::NotNow(NotNow::ProgrammeEnded))
    ));

    world.minutes_pass(1);
    clinic.begin_programme(patient, "Jo").unwrap();
    assert_eq!(
        gate(clinic.plan_session(patient, after(1))),
        Gate::NoOutcome
    );
    let count = || clinic.session_count(patient).unwrap();
    assert_eq!((count().held, count().ahead, count().planned), (0, 0, None));
    clinic
        .plan_sessions(patient, BY, |_| Some(PlannedNumber::new(2, "")))
        .unwrap();
    // The same sheet and the same number: what was said of them belonged to the earlier programme.
    clinic
        .create(patient, Readiness::ready(BY, world.now()))
        .unwrap();
    assert_eq!(
        clinic.before_sessions(patient).unwrap(),
        Some(Gate::NotWalkedThrough)
    );
    stand_by_the_costs();
    assert_eq!(clinic.before_sessions(patient).unwrap(), None);
    // Numbers begin anew, and a plan is of this programme's sessions alone.
    clinic.plan_session(patient, after(1)).unwrap();
    clinic.plan_session(patient, after(2)).unwrap();
    assert!(
        matches!(
            clinic.put_back_session(patient, second.id, &second.revision, BY),
            Err(CoreError::SessionExists { number: 2, .. }),
        ),
        "it would be one of the present programme"
    );
    assert_eq!((count().held, count().ahead), (0, 2));
    let check = clinic.check_plan(patient).unwrap();
    assert_eq!(check.before_integration.len(), 1, "between these two alone");
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let plan = ada.plan().unwrap();
    let shown = plan.shown().unwrap().sessions;
    assert_eq!((shown.held, shown.ahead, plan.sessions.len()), (0, 2, 4));
    let seen = clinic.sessions(patient).unwrap();
    let of_earlier = seen.iter().filter(|one| one.is_of_earlier);
    let of_earlier: Vec<_> = of_earlier.map(|one| one.view.id).collect();
    assert_eq!(of_earlier, [first.id, second.id]);
    assert!(seen.iter().all(|one| !one.number_is_double));
}

#[test]
fn of_two_who_change_one_session_the_second_is_told_what_it_is_now() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let seen = clinic.book(patient, DosingSession::new(1, in_days(&world, 7)));
    let at = in_days(&world, 9);
    let moved = clinic
        .move_session(patient, seen.id, &seen.revision, at, BY)
        .unwrap();
    let told = SessionDetails {
        place: "Pier 1".to_owned(),
        ..SessionDetails::of(&seen.content)
    };
    let late: [Result<View<DosingSession>>; 3] = [
        clinic.move_session(patient, seen.id, &seen.revision, in_days(&world, 11), BY),
        clinic.call_off_session(patient, seen.id, &seen.revision, "", BY),
        clinic.tell_session(patient, seen.id, &seen.revision, told.clone(), "Maya"),
    ];
    for refused in late {
        match refused {
            Err(CoreError::SessionChanged { now }) => {
                assert_eq!((now.at, now.takes_place), (at, true));
            }
            other => panic!("{other:?}"),
        }
    }
    // Who asks for what is so already is not refused: the same form sent twice.
    let again = clinic.move_session(patient, seen.id, &seen.revision, at, BY);
    assert_eq!(again.unwrap(), moved);
    let told = clinic.tell_session(patient, seen.id, &moved.revision, told, "Maya");
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let on_the_phone = ada.get::<DosingSession>(seen.id).unwrap().content;
    assert_eq!(on_the_phone, told.unwrap().content);
    assert_eq!((&*on_the_phone.place, on_the_phone.at), ("Pier 1", at));
}

#[test]
fn what_was_said_for_one_day_of_a_session_is_asked_again_for_another() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let session = clinic.book(patient, DosingSession::new(1, in_days(&world, 7)));
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let begins = session.content.at;
    let about_the_day = [ReadinessItem::ClearTheDay, ReadinessItem::WhatChanged];
    let is_told = || {
        let facts = ada.reminder_facts(&Zone::utc()).unwrap();
        facts.sessions[0].done.contains(&Task::CHANGES)
    };
    let open = |begins| {
        let said = ada.preparation(session.id).unwrap().unwrap();
        let items = ReadinessItem::ALL.iter();
        let open = items.filter(|item| !said.is_done(item, begins));
        open.cloned().collect::<Vec<_>>()
    };
    ada.prepare(session.id, |it| {
        for item in ReadinessItem::ALL {
            if *item != ReadinessItem::WhatChanged {
                it.tick(item, begins);
            }
        }
    })
    .unwrap();
    assert!(!is_told());
    let answer = AnythingNew::new(session.id, begins, News::Nothing, ada.now());
    ada.create(answer).unwrap();
    assert!(is_told());
    ada.prepare(session.id, |it| {
        it.tick(&ReadinessItem::WhatChanged, begins);
    })
    .unwrap();
    assert_eq!(open(begins), []);
    ada.sync_cleanly();
    clinic.sync_cleanly();

    // Later on the same day nothing is asked again; on another day what is about the day is.
    let later = Moment {
        unix_ms: begins.unix_ms + 60_000,
        ..begins
    };
    let moved = clinic
        .move_session(patient, session.id, &session.revision, later, BY)
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert!(is_told() && open(later).is_empty());
    let another = in_days(&world, 9);
    clinic
        .move_session(patient, session.id, &moved.revision, another, BY)
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert!(!is_told());
    assert_eq!(open(another), about_the_day);
    let answer = AnythingNew::new(session.id, another, News::Nothing, ada.now());
    ada.create(answer).unwrap();
    assert!(is_told());
}

#[test]
fn what_is_missing_before_a_session_is_said_until_it_is_over_and_no_way_leads_around_it() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, BY).unwrap();
    // It began, and the medicine is still to come: that is no session which was held.
    let mut begun = world.now();
    begun.unix_ms -= 60_000;
    let plan = |number, at| clinic.plan_session(patient, attended(DosingSession::new(number, at)));
    assert_eq!(gate(plan(1, begun)), Gate::NoOutcome);
    clinic
        .create(patient, Readiness::ready(BY, world.now()))
        .unwrap();
    world.minutes_pass(1);
    plan(1, begun).unwrap();
    let sessions = clinic.sessions(patient).unwrap();
    assert_eq!(sessions[0].closed, Some(Gate::NoCostSheet));
    let told = clinic.digest(patient, world.now()).unwrap().next_session;
    assert_eq!(told.unwrap().closed, Some(Gate::NoCostSheet));
    let row = clinic.caseload().unwrap().remove(0);
    assert!(row.soon.unwrap().is_closed && row.next_session.is_some());
    let ended = clinic.end_programme(
        patient,
        clinic.standing_seen(patient).unwrap(),
        "Moves away.",
        "",
        BY,
    );
    assert!(matches!(ended, Err(CoreError::StillAhead(_))), "{ended:?}");

    world.days_pass(1);
    assert_eq!(clinic.sessions(patient).unwrap()[0].closed, None);
    assert_eq!(clinic.caseload().unwrap()[0].next_session, None);
    clinic
        .end_programme(
            patient,
            clinic.standing_seen(patient).unwrap(),
            "Moves away.",
            "",
            BY,
        )
        .unwrap();
}

#[test]
fn a_programme_that_follows_has_a_screening_of_its_own() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, BY).unwrap();
    let first = clinic.add_screening_item(patient, "QTc").unwrap();
    assert!(clinic.screening(patient).unwrap().is_some());
    world.minutes_pass(1);
    clinic
        .end_programme(
            patient,
            clinic.standing_seen(patient).unwrap(),
            "All done.",
            "",
            BY,
        )
        .unwrap();
    world.minutes_pass(1);
    clinic.begin_programme(patient, BY).unwrap();
    assert_eq!(clinic.screening(patient).unwrap(), None);
    let second = clinic.add_screening_item(patient, "Pregnancy").unwrap();
    assert_ne!(first.id, second.id);
    let kept = clinic.get::<Screening>(patient, first.id).unwrap();
    assert_eq!(
        kept.content, first.content,
        "the earlier one stays as it was"
    );
}
