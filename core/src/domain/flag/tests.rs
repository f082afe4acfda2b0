#![allow(clippy::unwrap_used)]

use super::*;

fn flag() -> Flag {
    Flag {
        steps: Ordered::default(),
        ..Flag::examples().remove(0)
    }
}

fn step(act: FlagAct) -> FlagStep {
    FlagStep {
        act,
        by: "Maya".into(),
        at: Moment::utc(0),
        words: "Talked by phone.".into(),
    }
}

fn id(n: u8) -> ItemId {
    ItemId::new([n; 16])
}

#[test]
fn a_flag_is_acknowledged_then_closed_and_can_be_opened_again() {
    let mut flag = flag();
    assert_eq!(
        flag.take(id(1), step(FlagAct::Closed)),
        Err(FlagError::NotAcknowledged)
    );
    assert_eq!(
        flag.take(id(1), step(FlagAct::Reopened)),
        Err(FlagError::NotClosed)
    );
    assert_eq!(flag.state(), FlagState::New);
    flag.take(id(1), step(FlagAct::Acknowledged)).unwrap();
    assert_eq!(
        flag.take(id(2), step(FlagAct::Acknowledged)),
        Err(FlagError::AlreadyAcknowledged)
    );
    assert!(flag.is_open());
    flag.take(id(2), step(FlagAct::Closed)).unwrap();
    assert!(!flag.is_open());
    for act in [FlagAct::Closed, FlagAct::Acknowledged] {
        assert_eq!(flag.take(id(3), step(act)), Err(FlagError::AlreadyClosed));
    }
    flag.take(id(3), step(FlagAct::Reopened)).unwrap();
    assert_eq!(flag.state(), FlagState::Reopened(&step(FlagAct::Reopened)));
    assert_eq!(flag.index().state, "new");
    assert_eq!(
        flag.take(id(4), step(FlagAct::Closed)),
        Err(FlagError::NotAcknowledged)
    );
    // All that was done stays to be read.
    assert_eq!(flag.steps.len(), 3);
}

#[test]
fn steps_that_two_people_took_apart_count_once_and_in_doubt_it_is_open() {
    let acts = |acts: &[FlagAct]| {
        let mut flag = flag();
        for (n, act) in (1..).zip(acts) {
            flag.steps.push(id(n), step(act.clone()));
        }
        flag.is_open()
    };
    use FlagAct::{Acknowledged, Closed, Reopened};
    assert!(acts(&[Acknowledged, Acknowledged]));
    assert!(!acts(&[Acknowledged, Acknowledged, Closed, Closed]));
    assert!(acts(&[Acknowledged, Closed, Closed, Reopened]));
    // A closing that no acknowledgment came before closes nothing, nor does a word of a newer version.
    assert!(acts(&[Closed]));
    assert!(acts(&[Acknowledged, FlagAct::Other("snoozed".into())]));
}

#[test]
fn what_a_second_person_did_stands_with_a_closed_flag_and_closes_none() {
    let mut flag = flag();
    let add = |flag: &mut Flag, n: u8| {
        let words = "Sent somebody to look.".to_owned();
        flag.add_what_was_done(id(n), "Sam".into(), words, Moment::utc(1))
    };
    flag.take(id(1), step(FlagAct::Acknowledged)).unwrap();
    assert_eq!(add(&mut flag, 2), Err(FlagError::NotClosed));
    flag.take(id(2), step(FlagAct::Closed)).unwrap();
    add(&mut flag, 3).unwrap();
    assert_eq!(flag.state(), FlagState::Closed(&step(FlagAct::Closed)));
    let (_, last) = flag.steps.iter().last().unwrap();
    assert_eq!((&*last.by, &*last.words), ("Sam", "Sent somebody to look."));
    flag.take(id(4), step(FlagAct::Reopened)).unwrap();
    assert_eq!(add(&mut flag, 5), Err(FlagError::NotClosed));
}

#[test]
fn nobody_closes_a_flag_without_saying_what_was_done() {
    let mut flag = flag();
    flag.take(id(1), step(FlagAct::Acknowledged)).unwrap();
    let silent = FlagStep {
        words: " ".into(),
        ..step(FlagAct::Closed)
    };
    flag.take(id(2), silent).unwrap();
    assert_eq!(
        flag.checked().unwrap_err().to_string(),
        "what was done is empty"
    );
}

#[test]
fn one_event_is_one_flag() {
    let first = flag();
    assert!(first.is_same_event(&Flag {
        at: Moment::utc(9),
        ..flag()
    }));
    assert!(!first.is_same_event(&Flag {
        source: FlagSource::Person,
        ..flag()
    }));
    // Two that a person raised about a patient as such are two.
    let of_patient = || Flag {
        about: None,
        ..flag()
    };
    assert!(!of_patient().is_same_event(&of_patient()));
}
