//! The rules of a programme.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod gates;

use super::*;
use crate::domain::Visit;
use crate::domain::medicine::KETAMINE;
use crate::domain::readiness::{Appropriate, Readiness, Timing};
use crate::domain::visit::VisitPurpose;
use crate::domain::{
    ChangeHash, CostAcknowledgement, CostWalkthrough, DocumentId, DosingSession, Revision,
};

const DAY: i64 = 86_400_000;

fn day(day: i64) -> Moment {
    Moment::utc(1_795_465_113_000 + day * DAY)
}

fn id(n: u8) -> ItemId {
    ItemId::new([n; 16])
}

fn programme() -> Programme {
    Programme::new("Maya Lindqvist", id(1), day(0))
}

fn ready() -> Readiness {
    Readiness::ready("Dr. Vega", day(1))
}

fn not_yet() -> Readiness {
    Readiness {
        timing: Timing::Later,
        ..ready()
    }
}

#[test]
fn no_programme_is_without_a_named_therapist() {
    assert!(programme().checked().is_ok());
    let nameless = Programme::new(" ", id(1), day(0));
    assert_eq!(
        nameless.checked().unwrap_err().to_string(),
        "a name on the care team is empty"
    );
    let mut led_by_nobody = programme();
    led_by_nobody
        .team
        .update(id(1), |member| member.role = TeamRole::medical_provider());
    let error = led_by_nobody.checked().unwrap_err();
    assert_eq!(error.to_string(), "the therapist's name is empty");
    assert_eq!(error.name.field, "team");
}

#[test]
fn the_medicine_is_data_and_has_the_name_that_the_clinic_gives_it() {
    let mut programme = programme();
    assert_eq!(programme.medicine.pack(), Some(&KETAMINE));
    assert_eq!(programme.medicine_name(), "Ketamine");
    programme.medicine = "mdma".to_owned().into();
    assert_eq!(programme.medicine_name(), "mdma");
    programme.medicine_name = "Our study medicine".to_owned();
    assert_eq!(programme.medicine_name(), "Our study medicine");
}

#[test]
fn the_number_of_sessions_changes_only_with_a_reason_and_a_name() {
    let mut programme = programme();
    assert_eq!(programme.planned_sessions(), None);
    programme.planned = Some(6);
    let why = "One more to close well.";
    programme.change_plan(id(2), 7, why, "Maya", day(3));
    assert_eq!(programme.planned_sessions(), Some(7));
    assert_eq!(programme.planned, Some(6), "what was agreed first stays");
    assert!(programme.clone().checked().is_ok());
    for (reason, by) in [(" ", "Maya"), (why, " ")] {
        let mut wrong = programme.clone();
        wrong.change_plan(id(3), 8, reason, by, day(4));
        assert_eq!(wrong.checked().unwrap_err().name.field, "plan_changes");
    }
    for number in [0, 1_000] {
        let mut wrong = programme.clone();
        wrong.change_plan(id(3), number, why, "Maya", day(4));
        assert_eq!(
            wrong.checked().unwrap_err().to_string(),
            "the number of sessions is not between 1 and 999"
        );
        let wrong = Programme {
            planned: Some(number),
            ..programme.clone()
        };
        assert_eq!(wrong.checked().unwrap_err().name.field, "planned");
    }
}

#[test]
fn a_change_that_was_entered_twice_is_shown_once_and_kept_twice() {
    let mut programme = programme();
    programme.planned = Some(6);
    programme.change_plan(id(2), 7, "To close well.", "Maya", day(3));
    programme.change_plan(id(3), 7, "To close well.", "Maya", day(4));
    assert_eq!(programme.plan_history().len(), 1);
    assert_eq!(programme.plan_changes.len(), 2);
    programme.change_plan(id(4), 8, "To close well.", "Maya", day(5));
    assert_eq!(programme.plan_history().len(), 2);
}

#[test]
fn a_clock_that_was_put_right_undoes_nothing() {
    let mut programme = programme();
    programme.move_to(id(2), Phase::Preparation, "Maya", day(90));
    programme.move_to(id(3), Phase::Integration, "Maya", day(1));
    assert_eq!(programme.phase(), Phase::Integration);
}

#[test]
fn the_phases_come_round_and_each_step_is_kept() {
    let mut programme = programme();
    assert_eq!(programme.phase(), Phase::Assessment);
    let round = [
        Phase::Preparation,
        Phase::Session,
        Phase::Integration,
        Phase::Preparation,
    ];
    for (n, phase) in (2..).zip(round) {
        programme.move_to(id(n), phase, "Maya", day(n.into()));
        assert_eq!(programme.phase(), phase);
    }
    programme.move_to(id(9), Phase::Preparation, "Maya", day(9));
    let kept: Vec<_> = programme
        .phases
        .iter()
        .map(|(_, step)| step.phase)
        .collect();
    assert_eq!(kept, round, "a phase that it is in already is no step");
    assert!(programme.checked().is_ok());
}

#[test]
fn an_end_stands_in_one_place_and_may_be_taken_back() {
    let mut programme = programme();
    programme.move_to(id(2), Phase::Integration, "Maya", day(2));
    programme.move_to(id(3), Phase::Closed, "Maya", day(3));
    assert_eq!(programme.phase(), Phase::Closed);
    assert_eq!(programme.standing(), Standing::Ended);
    assert_eq!(programme.phases.len(), 1, "the end is no phase");
    programme.move_to(id(4), Phase::Integration, "Maya", day(4));
    assert_eq!(programme.phase(), Phase::Integration);
    assert_eq!(programme.standing(), Standing::Running);
    assert_eq!(programme.standings.len(), 2);
    let wrong = PhaseStep {
        phase: Phase::Closed,
        by: "Maya".to_owned(),
        at: day(5),
    };
    programme.phases.add(id(5), wrong);
    assert_eq!(programme.checked().unwrap_err().name.field, "phases");
}

#[test]
fn a_pause_keeps_the_phase_its_reason_and_its_moment() {
    let mut programme = programme();
    programme.move_to(id(2), Phase::Preparation, "Maya", day(2));
    programme.set_standing(id(3), Standing::Paused, "Away in June.", "Maya", day(3));
    programme.set_standing(id(4), Standing::Paused, "Again.", "Maya", day(4));
    assert_eq!(programme.standing(), Standing::Paused);
    assert_eq!(programme.phase(), Phase::Preparation);
    let last = programme.standings.last().unwrap();
    assert_eq!((&*last.reason, last.at), ("Away in June.", day(3)));
}

#[test]
fn a_session_is_held_once_it_was_and_not_when_it_was_called_off() {
    let mut programme = programme();
    programme.planned = Some(3);
    let mut called_off = DosingSession::new(2, day(4));
    called_off.call_off(id(9), "", "Maya", day(1));
    // The third was planned twice apart, before and after now.
    let sessions = [
        DosingSession::new(1, day(2)),
        called_off,
        DosingSession::new(3, day(6)),
        DosingSession::new(3, day(12)),
        DosingSession::new(4, day(20)),
    ];
    let count = programme.count_sessions(&sessions, day(10));
    let expected = SessionCount {
        held: 2,
        ahead: 1,
        planned: Some(3),
    };
    assert_eq!(count, expected);
    assert_eq!(count.beyond_plan(), None);
}

#[test]
fn one_more_than_planned_needs_a_reason() {
    let mut programme = programme();
    let sessions: Vec<_> = (1..=3)
        .map(|n| DosingSession::new(n, day(i64::from(n) * 7)))
        .collect();
    let beyond = |programme: &Programme| programme.check_plan(&sessions, &[], day(0)).beyond_plan;
    assert_eq!(beyond(&programme), None, "no number was agreed on");
    programme.planned = Some(2);
    let found = beyond(&programme).unwrap();
    assert_eq!(
        found.to_string(),
        "2 sessions are planned, and one more needs a reason"
    );
    programme.change_plan(id(2), 3, "To close well.", "Maya", day(1));
    assert_eq!(beyond(&programme), None);
}

#[test]
fn a_dose_that_is_booked_before_integration_is_noticed_and_what_is_over_is_not() {
    let programme = programme();
    let sessions: Vec<_> = (1..=3)
        .map(|n| DosingSession::new(n, day(i64::from(n) * 7)))
        .collect();
    let warned = |integrations: &[Moment], now| {
        let check = programme.check_plan(&sessions, integrations, now);
        assert_eq!(check.beyond_plan, None, "a warning is no bar");
        check.before_integration
    };
    let (first, second) = ((day(7), day(14)), (day(14), day(21)));
    assert_eq!(warned(&[], day(0)), [first, second]);
    assert_eq!(warned(&[day(9)], day(0)), [second]);
    assert_eq!(warned(&[day(9), day(16)], day(0)), []);
    // Neither at the session itself nor after the next one is between the two.
    assert_eq!(warned(&[day(7), day(14), day(22)], day(0)), [first, second]);
    assert_eq!(warned(&[], day(15)), [second]);
    assert_eq!(warned(&[], day(30)), []);
}

#[test]
fn a_visit_while_the_medicine_works_is_no_integration() {
    let programme = programme();
    let sessions: Vec<_> = (1..=2)
        .map(|n| DosingSession::new(n, day(i64::from(n) * 7)))
        .collect();
    let warned = |minutes: i64| {
        let mut at = sessions[0].at;
        at.unix_ms += minutes * 60_000;
        let check = programme.check_plan(&sessions, &[at], day(0));
        !check.before_integration.is_empty()
    };
    let ends = (sessions[0].block().ends.unix_ms - sessions[0].at.unix_ms) / 60_000;
    assert!(ends > 60);
    assert!(warned(15) && warned(ends - 1));
    assert!(!warned(ends));
}

#[test]
fn sessions_out_of_order_and_visits_at_one_time_are_to_be_thought_of() {
    let programme = programme();
    let sessions = [
        DosingSession::new(1, day(3)),
        DosingSession::new(3, day(10)),
        DosingSession::new(2, day(20)),
    ];
    let check = |now| programme.check_plan(&sessions, &[], now).out_of_order;
    assert_eq!(check(day(0)), [(3, 2)]);
    assert_eq!(check(day(15)), []);
    let visit = |minutes: i64| {
        let mut at = day(5);
        at.unix_ms += minutes * 60_000;
        Visit::new(VisitPurpose::Integration, at)
    };
    let length = (visit(0).ends_ms() - visit(0).at.unix_ms) / 60_000;
    let beside = |minutes, now| {
        let visits = [visit(minutes), visit(0)];
        PlanCheck::default()
            .with_visits(&visits, now)
            .visits_at_one_time
    };
    assert_eq!(
        beside(length - 1, day(0)),
        [(visit(0).at, visit(length - 1).at)]
    );
    assert_eq!(beside(length, day(0)), []);
    assert_eq!(beside(length - 1, day(6)), []);
}

#[test]
fn what_is_on_waits_for_ready_and_stops_with_a_pause_and_an_end() {
    let mut programme = programme();
    let on = |programme: &Programme, readiness: Option<&Readiness>| {
        let offered = Offered::by(Some(programme), readiness);
        assert_eq!(offered.preparation, offered.dosing_reminders);
        assert_eq!(offered.preparation, offered.integration);
        offered.dosing_reminders
    };
    let not_a_fit = Readiness {
        appropriate: Appropriate::No,
        ..ready()
    };
    assert!(!on(&programme, None));
    assert!(!on(&programme, Some(&not_yet())));
    assert!(!on(&programme, Some(&not_a_fit)));
    assert!(on(&programme, Some(&ready())));
    programme.set_standing(id(2), Standing::Paused, "", "Maya", day(2));
    assert!(!on(&programme, Some(&ready())));
    programme.set_standing(id(3), Standing::Running, "", "Maya", day(3));
    assert!(on(&programme, Some(&ready())));
    programme.set_standing(id(4), Standing::Ended, "", "Maya", day(4));
    assert!(!on(&programme, Some(&ready())));
    assert!(Offered::by(Some(&programme), Some(&ready())).looking_back);
    assert_eq!(Offered::by(None, Some(&ready())), Offered::default());
}

#[test]
fn a_patient_sees_where_they_are_and_a_clinician_how_it_came_to_be_so() {
    let mut programme = programme();
    programme.planned = Some(1);
    programme.change_plan(id(2), 2, "To close well.", "Maya", day(1));
    programme.move_to(id(3), Phase::Session, "Maya", day(2));
    programme.closing_summary = "What stays.".to_owned();
    let sessions = [
        DosingSession::new(1, day(2)),
        DosingSession::new(2, day(9)),
        DosingSession::new(3, day(16)),
    ];
    let readiness = ready();
    let view = ProgrammeView {
        programme: &programme,
        readiness: Some(&readiness),
        sessions: &sessions,
        since: Since::default(),
        integrations: &[],
        now: day(4),
    };
    let patient = view.for_patient();
    assert_eq!(patient.phase, Phase::Session);
    assert_eq!(patient.next_session.unwrap().number, 2);
    assert_eq!((patient.sessions.held, patient.sessions.ahead), (1, 2));
    assert_eq!(patient.team[0].name, "Maya Lindqvist");
    assert!(patient.offered.preparation);
    assert_eq!(patient.closing_summary, None, "it has not ended");
    let clinician = view.for_clinician();
    assert_eq!(clinician.patient, patient);
    assert_eq!(clinician.first_planned, Some(1));
    assert_eq!(clinician.plan_history.len(), 1);
    assert_eq!(
        clinician.plan_check.beyond_plan,
        Some(BeyondPlan { planned: 2 })
    );
    assert_eq!(clinician.plan_check.before_integration.len(), 2);
    assert_eq!(clinician.closing_summary, "What stays.");
    let mut ended = programme.clone();
    ended.set_standing(id(9), Standing::Ended, "As agreed.", "Maya", day(3));
    let view = ProgrammeView {
        programme: &ended,
        ..view
    };
    let patient = view.for_patient();
    assert_eq!(patient.closing_summary, Some("What stays."));
    assert_eq!(patient.reason, "As agreed.");
}
