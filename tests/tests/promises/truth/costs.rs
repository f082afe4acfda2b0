//! Structure and costs line by line: whoever stood by them is asked again after each change and after
//! nothing else, and nobody stands by what they did not see.

use companion_core::clinic::PlannedNumber;
use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::programme::{Gate, Standing};
use companion_core::domain::readiness::{Appropriate, Timing};
use companion_core::domain::{Phase, Readiness};
use companion_core::patient::Costs;
use companion_core::records::Seen;
use companion_core::{CoreError, Missing, NotNow};

use companion_tests::{Phone, World};

const BY: &str = "Dr Moss";

fn line(label: &str) -> CostLine {
    CostLine {
        label: label.to_owned(),
        provider: "Harbor Street".to_owned(),
        payer: Payer::Either,
        is_medicine: false,
        hsa_fsa: true,
        amount: "12000 USD".parse().ok(),
    }
}

fn costs(ada: &Phone) -> Costs {
    ada.plan().unwrap().costs.unwrap()
}

#[test]
fn each_change_of_a_line_asks_both_again_and_the_same_words_ask_nobody() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    let exchange = || {
        clinic.sync_cleanly();
        ada.sync_cleanly();
        clinic.sync_cleanly();
    };
    let stands = || {
        let review = clinic.cost_review(patient).unwrap().unwrap();
        (
            review.walked_through.is_some(),
            review.acknowledged.is_some(),
        )
    };
    let both_agree = || {
        let seen = clinic.costs(patient).unwrap().unwrap();
        clinic.walk_through_costs(patient, &seen, BY).unwrap();
        exchange();
        let said = ada.acknowledge_costs(&costs(&ada), "Ada").unwrap();
        assert_eq!((&*said.by, &said.revision), ("Ada", &seen.sheet.revision));
        ada.sync_cleanly();
        exchange();
        assert_eq!(stands(), (true, true));
    };
    clinic.add_cost_line(patient, line("Session")).unwrap();
    both_agree();
    // Adding, changing and removing each ask again.
    let sheet = clinic.add_cost_line(patient, line("Ketamine")).unwrap();
    assert_eq!((stands(), sheet.content.version), ((false, false), 2));
    both_agree();
    let (item, present) = sheet.content.lines.iter().nth(1).unwrap();
    let change = |line| clinic.change_cost_line(patient, sheet.id, item, |_| Some(line));
    assert_eq!(change(present.clone()).unwrap().content.version, 2);
    assert_eq!(stands(), (true, true), "nothing was changed");
    let nameless = change(line(" "));
    assert!(matches!(nameless, Err(CoreError::Invalid(why)) if why.name.field == "lines"));
    assert_eq!(change(line("The medicine")).unwrap().content.version, 3);
    assert_eq!(stands(), (false, false));
    both_agree();
    let seen = Seen::of(&line("The medicine"));
    let stale = clinic.remove_cost_line(patient, sheet.id, item, Seen::of(&present));
    assert!(
        matches!(stale, Err(CoreError::ChangedMeanwhile)),
        "somebody rewrote it"
    );
    let left = clinic
        .remove_cost_line(patient, sheet.id, item, seen)
        .unwrap();
    assert_eq!((left.content.version, left.content.lines.len()), (4, 1));
    assert_eq!(stands(), (false, false));
    both_agree();
    clinic
        .remove_cost_line(patient, sheet.id, item, seen)
        .unwrap();
    assert_eq!(stands(), (true, true), "it was removed already");
    let gone = change(line("The medicine"));
    assert!(matches!(gone, Err(CoreError::NotFound(Missing::CostLine))));
}

#[test]
fn nobody_stands_by_a_version_that_they_did_not_see() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    clinic.add_cost_line(patient, line("Session")).unwrap();
    let first = clinic.costs(patient).unwrap().unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let seen = costs(&ada);
    clinic.add_cost_line(patient, line("Ketamine")).unwrap();
    let walked = clinic.walk_through_costs(patient, &first, BY);
    let changed = |error| matches!(error, CoreError::NotNow(NotNow::CostsChanged));
    assert!(changed(walked.unwrap_err()));
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert!(changed(ada.acknowledge_costs(&seen, "Ada").unwrap_err()));
    let present = costs(&ada);
    assert!(ada.acknowledge_costs(&present, " ").is_err(), "by whom?");
    let said = ada.acknowledge_costs(&present, "Ada").unwrap();
    world.minutes_pass(1);
    let again = ada.acknowledge_costs(&present, "Somebody").unwrap();
    assert_eq!(said, again, "said once");
}

#[test]
fn another_number_of_planned_sessions_asks_both_again() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    let exchange = || {
        ada.sync_cleanly();
        clinic.sync_cleanly();
        ada.sync_cleanly();
    };
    clinic.begin_programme(patient, BY).unwrap();
    clinic
        .create(patient, Readiness::ready(BY, world.now()))
        .unwrap();
    clinic
        .plan_sessions(patient, BY, |_| Some(PlannedNumber::new(6, "")))
        .unwrap();
    clinic.add_cost_line(patient, line("Session")).unwrap();
    let seen = clinic.costs(patient).unwrap().unwrap();
    assert_eq!(seen.planned, Some(6));
    clinic.walk_through_costs(patient, &seen, BY).unwrap();
    clinic.sync_cleanly();
    exchange();
    ada.acknowledge_costs(&costs(&ada), "Ada").unwrap();
    exchange();
    assert_eq!(clinic.before_sessions(patient).unwrap(), None);
    let on_the_phone = costs(&ada);

    clinic
        .plan_sessions(patient, BY, |_| {
            Some(PlannedNumber::new(7, "To close well."))
        })
        .unwrap();
    assert_eq!(
        clinic.before_sessions(patient).unwrap(),
        Some(Gate::NotWalkedThrough)
    );
    let changed = |error| matches!(error, CoreError::NotNow(NotNow::CostsChanged));
    let stale = clinic.walk_through_costs(patient, &seen, BY);
    assert!(changed(stale.unwrap_err()), "with six before them");
    let seen = clinic.costs(patient).unwrap().unwrap();
    clinic.walk_through_costs(patient, &seen, BY).unwrap();
    assert_eq!(
        clinic.before_sessions(patient).unwrap(),
        Some(Gate::ChangedSince)
    );
    exchange();
    let stale = ada.acknowledge_costs(&on_the_phone, "Ada");
    assert!(changed(stale.unwrap_err()), "with six before them");
    let asked = costs(&ada);
    assert!(asked.review.acknowledged.is_none() && asked.review.acknowledged_another);
    ada.acknowledge_costs(&asked, "Ada").unwrap();
    exchange();
    assert_eq!(clinic.before_sessions(patient).unwrap(), None);
}

#[test]
fn a_pause_and_an_end_say_why_and_what_ended_goes_on_only_where_it_may_begin() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    let set = |standing, reason| {
        clinic.set_standing(
            patient,
            clinic.standing_seen(patient).unwrap(),
            standing,
            reason,
            BY,
        )
    };
    clinic.begin_programme(patient, BY).unwrap();
    clinic
        .create(patient, Readiness::ready(BY, world.now()))
        .unwrap();
    clinic.enter(patient, Phase::Preparation, BY).unwrap();
    for standing in [Standing::Paused, Standing::Ended] {
        let why = set(standing, " ").unwrap_err();
        assert!(matches!(why, CoreError::Invalid(why) if why.name.field == "standings"));
    }
    let unsaid = clinic.end_programme(
        patient,
        clinic.standing_seen(patient).unwrap(),
        "",
        "What stays.",
        BY,
    );
    assert!(matches!(unsaid, Err(CoreError::Invalid(_))));
    set(Standing::Paused, "Away in June.").unwrap();
    set(Standing::Running, "").unwrap();
    clinic
        .end_programme(
            patient,
            clinic.standing_seen(patient).unwrap(),
            "As agreed.",
            "What stays.",
            BY,
        )
        .unwrap();
    // Another's end neither takes the summary nor goes unsaid.
    for (reason, summary) in [("He moved.", ""), ("As agreed.", "")] {
        let late = clinic.end_programme(
            patient,
            clinic.standing_seen(patient).unwrap(),
            reason,
            summary,
            "Jo",
        );
        let Err(CoreError::StandsOtherwise(now)) = late else {
            panic!("{late:?}");
        };
        assert_eq!((&*now.by, &*now.reason), (BY, "As agreed."));
    }
    for late in [
        set(Standing::Paused, "Away."),
        set(Standing::Running, "Back."),
        clinic.enter(patient, Phase::Preparation, BY),
    ] {
        assert!(matches!(late, Err(CoreError::StandsOtherwise(_))));
    }
    clinic
        .write_closing_summary(patient, |now| Some(format!("{now} The lake.")))
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let plan = ada.plan().unwrap();
    let shown = plan.shown().unwrap();
    assert_eq!(
        (shown.phase, shown.reason, shown.closing_summary),
        (Phase::Closed, "As agreed.", Some("What stays. The lake."))
    );

    world.minutes_pass(1);
    let later = Readiness {
        appropriate: Appropriate::No,
        timing: Timing::Later,
        explanation: "Blood pressure first.".to_owned(),
        ..Readiness::ready(BY, world.now())
    };
    clinic.create(patient, later).unwrap();
    let back = || {
        clinic.take_up_again(
            patient,
            clinic.standing_seen(patient).unwrap(),
            "Back again.",
            BY,
        )
    };
    let refused = back();
    assert!(matches!(refused, Err(CoreError::Gate(Gate::NotAFit))));
    world.minutes_pass(1);
    clinic
        .create(patient, Readiness::ready(BY, world.now()))
        .unwrap();
    back().unwrap();
    let ended = clinic.write_closing_summary(patient, |_| Some(String::new()));
    assert!(matches!(ended, Err(CoreError::NotNow(NotNow::NotEnded))));
    assert_eq!(clinic.patient(patient).unwrap().phase, Phase::Preparation);
}
