//! Whoever says that a programme rests, goes on or has ended had before them how it stands: nobody undoes what they have
//! not read.

use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::programme::Standing;
use companion_core::domain::readiness::{Appropriate, Timing};
use companion_core::domain::visit::VisitPurpose;
use companion_core::domain::{DosingSession, Readiness, Visit};
use companion_core::{CoreError, Result};
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
    clinic.record_outcome(patient, None, not_a_fit).unwrap();
    assert!(!asked());
    let plan = clinic.plan_sessions(patient, BY, |_| {
        Some(companion_core::clinic::PlannedNumber::new(5, ""))
    });
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
        .record_outcome(patient, None, Readiness::ready(BY, clinic.now()))
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
fn an_entry_with_a_session_to_come_is_not_put_away_by_merging_it() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let twice = clinic.invite("Ada twice").patient;
    clinic.begin_programme(twice, BY).unwrap();
    clinic
        .record_outcome(twice, None, Readiness::ready(BY, clinic.now()))
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
