//! Two people who decide the same at one instant: one of them is taken, and the other reads what was said meanwhile.

use std::sync::Barrier;

use companion_core::clinic::PhaseChange;
use companion_core::domain::{Phase, Readiness};
use companion_core::records::Query;
use companion_core::{CoreError, Result};

use super::booking::clinic_and_ada;

/// Often enough that two checks which do not wait for each other meet.
const ROUNDS: u32 = 20;

/// Both begin at one instant; gives what came of each.
fn at_once<T: Send>(first: impl FnOnce() -> T + Send, second: impl FnOnce() -> T + Send) -> [T; 2] {
    let start = Barrier::new(2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            start.wait();
            second()
        });
        start.wait();
        [first(), other.join().unwrap()]
    })
}

/// What the one that was refused was told, where just one was.
fn refused<T: std::fmt::Debug>(both: [Result<T>; 2]) -> CoreError {
    match both {
        [Ok(_), Err(why)] | [Err(why), Ok(_)] => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn of_two_outcomes_that_are_sent_at_one_instant_one_is_recorded() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    for round in 1..=ROUNDS {
        let seen = clinic.outcome_seen(patient).unwrap();
        let record = |by: &str| {
            let said = Readiness::ready(by, clinic.now());
            clinic.record_outcome(patient, &seen, said)
        };
        let why = refused(at_once(|| record("Maya"), || record("Jo")));
        let CoreError::OutcomeChanged { now: Some(now) } = why else {
            panic!("{why:?}");
        };
        let stands = clinic.readiness(patient).unwrap().unwrap().content;
        assert_eq!(now.by, stands.by);
        let all = clinic.count(patient, &Query::<Readiness>::all()).unwrap();
        assert_eq!(all, u64::from(round));
        world.minutes_pass(1);
    }
}

#[test]
fn of_two_phases_that_are_set_at_one_instant_one_begins() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, "Maya").unwrap();
    let ready = Readiness::ready("Maya", clinic.now());
    let seen = clinic.outcome_seen(patient).unwrap();
    clinic.record_outcome(patient, &seen, ready).unwrap();
    let phases = || {
        clinic
            .programme(patient)
            .unwrap()
            .unwrap()
            .content
            .phases
            .len()
    };
    for _ in 0..ROUNDS {
        let seen = clinic.patient(patient).unwrap().phase;
        let others = [Phase::Assessment, Phase::Preparation, Phase::Integration];
        let mut others = others.into_iter().filter(|phase| *phase != seen);
        let (one, other) = (others.next().unwrap(), others.next().unwrap());
        let stood = clinic.standing_seen(patient).unwrap();
        let set = |to, by: &str| clinic.set_phase(patient, PhaseChange { seen, stood, to }, by);
        let before = phases();
        let why = refused(at_once(|| set(one, "Maya"), || set(other, "Jo")));
        let CoreError::PhaseChanged { now, .. } = why else {
            panic!("{why:?}");
        };
        assert_eq!(clinic.patient(patient).unwrap().phase, now);
        assert_eq!(phases(), before + 1);
        world.minutes_pass(1);
    }
}
