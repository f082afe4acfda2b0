//! Whoever says that a programme rests, goes on or has ended had before them how it stands: nobody undoes what they have
//! not read.

use companion_core::clinic::{PhaseChange, PlannedNumber};
use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::programme::{Gate, Standing, TeamRole};
use companion_core::domain::readiness::{Appropriate, Timing};
use companion_core::domain::session_block::Minutes;
use companion_core::domain::session_details::SessionDetails;
use companion_core::domain::session_step::SessionAct;
use companion_core::domain::visit::VisitPurpose;
use companion_core::domain::{DosingSession, Phase, Readiness, Visit};
use companion_core::records::View;
use companion_core::{CoreError, NotNow, Result};
use companion_tests::attended;

use super::booking::{clinic_and_ada, in_days};

const BY: &str = "Dr Moss";
const JO: &str = "Jo";

fn stands(refused: Result<()>) -> (Standing, String) {
    match refused {
        Err(CoreError::StandsOtherwise(now)) => (now.standing, now.reason),
        other => panic!("{other:?}"),
    }
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
fn nobody_ends_or_lifts_a_pause_that_they_have_not_read() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, BY).unwrap();
    let seen = || clinic.standing_seen(patient).unwrap();
    let set = |seen, standing, reason, by| clinic.set_standing(patient, seen, standing, reason, by);
    set(seen(), Standing::Paused, "Holiday.", BY).unwrap();
    let old = seen();
    set(seen(), Standing::Running, "", BY).unwrap();
    set(seen(), Standing::Paused, "In hospital.", BY).unwrap();
    let paused = (Standing::Paused, "In hospital.".to_owned());
    assert_eq!(stands(set(old, Standing::Running, "Back.", JO)), paused);
    let end = |seen, by| clinic.end_programme(patient, seen, "As agreed.", "", by);
    assert_eq!(stands(end(old, JO)), paused);
    // The same once more from the same page is no other word.
    set(old, Standing::Paused, "In hospital.", BY).unwrap();

    let old = seen();
    end(old, BY).unwrap();
    end(old, BY).unwrap();
    clinic
        .take_up_again(patient, seen(), "She came back.", BY)
        .unwrap();
    let running = (Standing::Running, "She came back.".to_owned());
    assert_eq!(
        stands(clinic.end_programme(patient, old, "Moved away.", "", JO)),
        running
    );
}

#[test]
fn what_was_said_of_a_programme_is_not_said_of_the_one_that_began_since() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, BY).unwrap();
    let seen = clinic.standing_seen(patient).unwrap();
    clinic
        .end_programme(patient, seen, "As agreed.", "", BY)
        .unwrap();
    let old = clinic.standing_seen(patient).unwrap();
    clinic.begin_programme(patient, BY).unwrap();
    for late in [
        clinic.take_up_again(patient, old, "Welcome back.", JO),
        clinic.set_standing(patient, old, Standing::Running, "", JO),
        clinic.end_programme(patient, old, "As agreed.", "", JO),
    ] {
        assert!(matches!(late, Err(CoreError::ChangedMeanwhile)), "{late:?}");
    }
    let programme = clinic.programme(patient).unwrap().unwrap().content;
    assert!(programme.standings.is_empty());
}

#[test]
fn after_the_end_and_where_it_is_not_a_fit_nobody_is_asked_about_costs() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, BY).unwrap();
    let sheet = clinic.add_cost_line(patient, line()).unwrap();
    let (item, shown) = sheet.content.lines.iter().next().unwrap();
    let asked = || {
        clinic.sync_cleanly();
        ada.sync_cleanly();
        ada.plan().unwrap().costs.unwrap().waits_for_the_patient()
    };
    assert!(asked());
    let not_a_fit = Readiness {
        appropriate: Appropriate::No,
        timing: Timing::Now,
        explanation: "Your heart.".to_owned(),
        ..Readiness::ready(BY, clinic.now())
    };
    let seen = clinic.outcome_seen(patient).unwrap();
    clinic.record_outcome(patient, &seen, not_a_fit).unwrap();
    assert!(!asked());
    let costs = ada.plan().unwrap().costs.unwrap();
    let late = [
        clinic.add_cost_line(patient, line()).map(drop),
        clinic.walk_through_costs(patient, &costs, BY).map(drop),
        ada.acknowledge_costs(&costs, "Ada").map(drop),
    ];
    for late in late {
        assert!(
            matches!(late, Err(CoreError::Gate(Gate::NotAFit))),
            "{late:?}"
        );
    }
    let plan = clinic.plan_sessions(patient, BY, |_| Some(PlannedNumber::new(5, "")));
    assert!(matches!(plan, Err(CoreError::Gate(_))), "{plan:?}");
    let seen = clinic.standing_seen(patient).unwrap();
    clinic
        .end_programme(patient, seen, "As agreed.", "", BY)
        .unwrap();
    assert!(!asked());
    let costs = clinic.costs(patient).unwrap().unwrap();
    let late = [
        clinic.add_cost_line(patient, line()).map(drop),
        clinic
            .change_cost_line(patient, sheet.id, item, |_| Some(line()))
            .map(drop),
        clinic
            .remove_cost_line(
                patient,
                sheet.id,
                item,
                companion_core::records::Seen::of(shown),
            )
            .map(drop),
        clinic.walk_through_costs(patient, &costs, BY).map(drop),
        ada.acknowledge_costs(&ada.plan().unwrap().costs.unwrap(), "Ada")
            .map(drop),
    ];
    for late in late {
        assert_eq!(stands(late).0, Standing::Ended);
    }
}

#[test]
fn no_visit_takes_place_during_a_session() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, BY).unwrap();
    clinic
        .record_outcome(
            patient,
            &clinic.outcome_seen(patient).unwrap(),
            Readiness::ready(BY, clinic.now()),
        )
        .unwrap();
    let at = in_days(&world, 7);
    let session = attended(DosingSession::new(1, at));
    let session = clinic.plan_session(patient, session).unwrap().content;
    let visit = |unix_ms| {
        let mut begins = at;
        begins.unix_ms = unix_ms;
        clinic.plan_visit(patient, Visit::new(VisitPurpose::Integration, begins))
    };
    let block = session.block();
    for during in [block.arrives.unix_ms, at.unix_ms, block.ends.unix_ms - 1] {
        let refused = visit(during);
        assert!(
            matches!(refused, Err(CoreError::SessionsOverlap { .. })),
            "{refused:?}"
        );
    }
    let planned = visit(block.ends.unix_ms).unwrap();
    let moved = clinic.move_visit(patient, planned.id, &planned.revision, at);
    assert!(
        matches!(moved, Err(CoreError::SessionsOverlap { .. })),
        "{moved:?}"
    );
}

#[test]
fn no_session_is_booked_moved_or_made_longer_over_a_visit() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, BY).unwrap();
    let seen = clinic.outcome_seen(patient).unwrap();
    clinic
        .record_outcome(patient, &seen, Readiness::ready(BY, clinic.now()))
        .unwrap();
    let at = in_days(&world, 7);
    let visit = Visit::new(VisitPurpose::CheckUp, at);
    let visit = clinic.plan_visit(patient, visit).unwrap();
    let met = |done: companion_core::Result<View<DosingSession>>| match done {
        Err(CoreError::VisitAtThatTime { visit }) => visit.at,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        met(clinic.plan_session(patient, DosingSession::new(1, at))),
        at
    );
    let mut just_before = at;
    just_before.unix_ms -= 150 * 60_000;
    let session = DosingSession::new(1, just_before);
    let session = clinic.plan_session(patient, session).unwrap();
    let moved = clinic.move_session(patient, session.id, &session.revision, at, BY);
    assert_eq!(met(moved), at);
    let mut longer = SessionDetails::of(&session.content);
    longer.grounding_minutes = Minutes(31);
    let tell = || {
        let longer = longer.clone();
        clinic.tell_session(patient, session.id, &session.revision, longer, BY)
    };
    assert_eq!(met(tell()), at);
    clinic
        .call_off_visit(patient, visit.id, &visit.revision)
        .unwrap();
    let told = tell().unwrap().content;
    let said: Vec<_> = told
        .steps
        .iter()
        .map(|(_, step)| (step.act, &*step.by))
        .collect();
    assert_eq!(said, [(SessionAct::PartsChanged, BY)]);
}

#[test]
fn nothing_is_planned_in_an_entry_that_was_put_away() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let twice = clinic.invite("Ada twice").patient;
    clinic.begin_programme(twice, BY).unwrap();
    let stood = clinic.standing_seen(twice).unwrap();
    let seen = clinic.outcome_seen(twice).unwrap();
    clinic
        .merge_patients(patient, twice, clinic.entry_of(twice))
        .unwrap();
    let ready = || Readiness::ready(BY, clinic.now());
    let step = PhaseChange {
        seen: Phase::Assessment,
        stood,
        to: Phase::Preparation,
    };
    let held = DosingSession::new(1, in_days(&world, -2));
    let visit = Visit::new(VisitPurpose::FollowUp, in_days(&world, 2));
    let all = || {
        [
            clinic.record_outcome(twice, &seen, ready()).map(drop),
            clinic.set_phase(twice, step, BY),
            clinic.set_standing(twice, stood, Standing::Paused, "Away.", BY),
            clinic.end_programme(twice, stood, "As agreed.", "", BY),
            clinic.plan_sessions(twice, BY, |_| Some(PlannedNumber::new(6, ""))),
            clinic.plan_session(twice, attended(held.clone())).map(drop),
            clinic.plan_visit(twice, visit.clone()).map(drop),
            clinic.add_cost_line(twice, line()).map(drop),
            clinic.add_to_team(twice, "Jo", TeamRole::therapist()),
        ]
    };
    for refused in all() {
        assert!(
            matches!(refused, Err(CoreError::NotNow(NotNow::PutAway))),
            "{refused:?}"
        );
    }
    clinic
        .bring_back_patient(twice, clinic.entry_of(twice))
        .unwrap();
    // Nobody's entry goes under one that was archived meanwhile: both would leave the caseload.
    let archived = clinic.invite("Ada of old").patient;
    let shown = clinic.to_archive(archived).unwrap();
    clinic.archive_patient(archived, shown, BY).unwrap();
    let merged = clinic.merge_patients(archived, twice, clinic.entry_of(twice));
    assert!(
        matches!(merged, Err(CoreError::NotNow(NotNow::PutAway))),
        "{merged:?}"
    );
    for done in all() {
        assert!(
            !matches!(done, Err(CoreError::NotNow(NotNow::PutAway))),
            "{done:?}"
        );
    }
}

#[test]
fn a_phase_and_an_outcome_pass_over_no_end_that_was_taken_back_since() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, BY).unwrap();
    let ready = || Readiness::ready(BY, clinic.now());
    let seen = clinic.outcome_seen(patient).unwrap();
    clinic.record_outcome(patient, &seen, ready()).unwrap();
    let (stood, seen) = (
        clinic.standing_seen(patient).unwrap(),
        clinic.outcome_seen(patient).unwrap(),
    );
    let step = |to| PhaseChange {
        seen: Phase::Assessment,
        stood,
        to,
    };
    clinic
        .end_programme(patient, stood, "She stopped.", "", "Jo")
        .unwrap();
    let team = clinic.add_to_team(patient, "Sam", TeamRole::therapist());
    assert!(
        matches!(team, Err(CoreError::NotNow(NotNow::ProgrammeEnded))),
        "{team:?}"
    );
    let ended = clinic.standing_seen(patient).unwrap();
    clinic
        .take_up_again(patient, ended, "She came back.", "Jo")
        .unwrap();
    let late = clinic.set_phase(patient, step(Phase::Preparation), BY);
    assert_eq!(stands(late).0, Standing::Running);
    // What is so already is not refused.
    clinic
        .set_phase(patient, step(Phase::Assessment), BY)
        .unwrap();
    let late = clinic.record_outcome(patient, &seen, ready()).map(drop);
    assert_eq!(stands(late).0, Standing::Running);
    let seen = clinic.outcome_seen(patient).unwrap();
    clinic.record_outcome(patient, &seen, ready()).unwrap();
}

#[test]
fn an_entry_with_a_session_to_come_is_not_put_away_by_merging_it() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let twice = clinic.invite("Ada twice").patient;
    clinic.begin_programme(twice, BY).unwrap();
    clinic
        .record_outcome(
            twice,
            &clinic.outcome_seen(twice).unwrap(),
            Readiness::ready(BY, clinic.now()),
        )
        .unwrap();
    let session = attended(DosingSession::new(1, in_days(&world, 2)));
    let planned = clinic.plan_session(twice, session).unwrap();
    let merge = || clinic.merge_patients(patient, twice, clinic.entry_of(twice));
    let refused = merge();
    assert!(
        matches!(refused, Err(CoreError::StillAhead(_))),
        "{refused:?}"
    );
    assert!(clinic.merged_into(patient).unwrap().is_empty());
    clinic
        .call_off_session(twice, planned.id, &planned.revision, "Booked twice.", BY)
        .unwrap();
    merge().unwrap();
}
