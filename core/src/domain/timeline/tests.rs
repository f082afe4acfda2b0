#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::domain::ItemId;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn item(n: u8) -> ItemId {
    ItemId::new([n; 16])
}

fn id(n: u8) -> DocumentId {
    DocumentId::new([n; 16])
}

/// From the assessment to the first session, with a pause between.
fn programme() -> Programme {
    let mut programme = Programme::new("Maya", item(1), at("2026-10-01T09:00:00Z"));
    programme.planned = Some(3);
    programme.move_to(
        item(2),
        Phase::Preparation,
        "Maya",
        at("2026-10-12T09:00:00Z"),
    );
    programme.set_standing(
        item(3),
        Standing::Paused,
        "Away.",
        "Maya",
        at("2026-10-20T09:00:00Z"),
    );
    programme.set_standing(
        item(4),
        Standing::Running,
        "",
        "Maya",
        at("2026-10-27T09:00:00Z"),
    );
    programme.change_plan(
        item(5),
        4,
        "To close well.",
        "Dr. Vega",
        at("2026-10-28T09:00:00Z"),
    );
    programme
}

fn lines(steps: &[Step]) -> Vec<String> {
    let line = |step: &Step| {
        let day = step.from.day().unwrap();
        let length = step
            .length()
            .map_or(String::new(), |it| format!(" ({})", it.in_words()));
        format!("{day} {}{length}", step.what.in_words())
    };
    steps.iter().map(line).collect()
}

#[test]
fn steps_sessions_visits_and_what_is_due_stand_on_one_line_with_dates_and_lengths() {
    let programme = programme();
    let mut not_yet = Readiness::ready("Dr. Vega", at("2026-10-05T09:00:00Z"));
    not_yet.timing = crate::domain::readiness::Timing::Later;
    not_yet.revisit_on = Day::new(2026, 10, 11);
    let outcomes = [
        Readiness::ready("Dr. Vega", at("2026-10-12T08:00:00Z")),
        not_yet,
    ];
    let session = DosingSession {
        place: "Harbor Clinic".into(),
        ..DosingSession::new(1, at("2026-11-10T09:00:00Z"))
    };
    let visit = Visit {
        with: "Maya".into(),
        way: VisitWay::Video,
        ..Visit::new(VisitPurpose::Integration, at("2026-11-12T09:00:00Z"))
    };
    let due = [
        Due {
            what: Task::Costs { version: 2 },
            on: None,
        },
        Due {
            what: Task::Commitment {
                text: "Walk to the lake.".into(),
            },
            on: Day::new(2026, 11, 12),
        },
    ];
    let material = Material {
        programme: Some(&programme),
        outcomes: &outcomes,
        counts: outcomes.first(),
        sessions: &[(id(1), session)],
        visits: &[(id(2), visit)],
        due: &due,
    };
    let now = at("2026-11-01T12:00:00Z");
    let patient = material.for_patient(now);
    let line = [
        "2026-10-01 Phase of assessment (11 days)",
        "2026-10-05 Outcome of the assessment: not yet",
        "2026-10-12 Outcome of the assessment: ready",
        "2026-10-12 Phase of preparation",
        "2026-10-20 Pause; Away. (7 days)",
        "2026-10-27 The programme goes on",
        "2026-11-01 To do: look at structure and costs, version 2",
        "2026-11-10 Dosing session 1; Harbor Clinic (2 h 30 min)",
        "2026-11-12 To look at again: Walk to the lake.",
        "2026-11-12 Visit: integration, with Maya; by video (1 h)",
    ];
    assert_eq!(lines(&patient), line);
    assert_eq!(before_now(&patient, now), 6);
    let states: Vec<State> = patient.iter().map(|step| step.state).collect();
    assert_eq!(states[3], State::Now, "the phase goes on");
    assert_eq!(states[4], State::Behind);
    assert_eq!(
        states[6..],
        [State::Now, State::Ahead, State::Ahead, State::Ahead]
    );

    let clinician = material.for_clinician(now);
    let plan = lines(&clinician);
    assert_eq!(
        plan[6],
        "2026-10-28 4 sessions planned in all; To close well."
    );
    assert_eq!(plan.len(), line.len() + 1);
    assert_eq!(clinician[4].what.by(), Some("Maya"));
    assert_eq!(patient[4].what.by(), None);
}

#[test]
fn what_is_called_off_stays_on_the_line_and_says_so() {
    let off = |moment| Some(at(moment));
    let mut session = DosingSession::new(1, at("2026-11-10T09:00:00Z"));
    session.call_off(ItemId::new([1; 16]), "", "Maya", at("2026-11-01T09:00:00Z"));
    let visit = Visit {
        called_off_at: off("2026-11-01T09:00:00Z"),
        ..Visit::new(VisitPurpose::CheckUp, at("2026-10-10T09:00:00Z"))
    };
    let material = Material {
        sessions: &[(id(1), session)],
        visits: &[(id(2), visit)],
        ..Material::default()
    };
    let line = material.for_patient(at("2026-11-05T09:00:00Z"));
    assert!(line.iter().all(|step| step.state == State::CalledOff) && line.len() == 2);
}

#[test]
fn a_day_stands_before_the_hours_of_that_day_by_the_clock_of_whoever_looks() {
    let visit = Visit::new(VisitPurpose::CheckUp, at("2026-11-12T00:30:00.000-07:00"));
    let evening = Visit::new(VisitPurpose::CheckUp, at("2026-11-11T23:00:00.000-07:00"));
    let due = [Due {
        what: Task::Commitment {
            text: "Rest.".into(),
        },
        on: Day::new(2026, 11, 12),
    }];
    let material = Material {
        visits: &[(id(2), visit), (id(3), evening)],
        due: &due,
        ..Material::default()
    };
    let line = material.for_patient(at("2026-11-11T20:00:00.000-07:00"));
    assert!(matches!(line[1].what, What::Due(_)), "{line:?}");
    assert_eq!(line[1].state, State::Ahead);
    let line = material.for_patient(at("2026-12-01T20:00:00.000-07:00"));
    assert_eq!(line[1].state, State::Now, "it stays until it is done");
}

#[test]
fn the_outcome_that_was_followed_by_another_is_looked_at_again_no_more() {
    let mut not_yet = Readiness::ready("Dr. Vega", at("2026-10-05T09:00:00Z"));
    not_yet.timing = crate::domain::readiness::Timing::Later;
    not_yet.revisit_on = Day::new(2026, 12, 1);
    let mut outcomes = vec![not_yet];
    let again = |outcomes: &[Readiness]| {
        let material = Material {
            outcomes,
            counts: outcomes.last(),
            ..Material::default()
        };
        let line = material.for_patient(at("2026-11-05T09:00:00Z"));
        line.iter()
            .any(|step| step.what == What::Due(Task::Assessment))
    };
    assert!(again(&outcomes));
    outcomes.push(Readiness::ready("Dr. Vega", at("2026-10-12T09:00:00Z")));
    assert!(!again(&outcomes));
}

proptest! {
    #[test]
    fn any_times_are_survived_and_the_line_is_in_order(
        times in proptest::collection::vec((any::<i64>(), any::<i32>()), 0..6),
        now in (any::<i64>(), any::<i32>()),
    ) {
        let moment = |(unix_ms, offset_minutes)| Moment { unix_ms, offset_minutes };
        let mut programme = Programme::new("Maya", item(1), moment(now));
        for (n, time) in (2..).zip(&times) {
            let standing = if n % 2 == 0 { Standing::Paused } else { Standing::Running };
            programme.set_standing(item(n), standing, "", "Maya", moment(*time));
        }
        let sessions: Vec<_> = times.iter().map(|at| (id(1), DosingSession::new(1, moment(*at)))).collect();
        let visits: Vec<_> = times
            .iter()
            .map(|at| (id(2), Visit::new(VisitPurpose::CheckUp, moment(*at))))
            .collect();
        let material = Material {
            programme: Some(&programme),
            sessions: &sessions,
            visits: &visits,
            ..Material::default()
        };
        let line = material.for_clinician(moment(now));
        let starts: Vec<i64> = line
            .iter()
            .filter_map(|step| match step.from {
                When::At(at) => Some(at.unix_ms),
                When::On(_) => None,
            })
            .collect();
        prop_assert!(starts.is_sorted());
        for step in &line {
            let _ = (step.length(), step.what.in_words());
            if let (When::At(from), Some(until)) = (step.from, step.until) {
                prop_assert!(from.unix_ms <= until.unix_ms);
            }
        }
    }
}
