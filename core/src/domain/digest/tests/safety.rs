//! What stands on top, and whose word is news.

use super::*;
use crate::domain::flag::{Flag, FlagAct, FlagSource, FlagStep};
use crate::domain::measure::{Given, Instrument, Points};
use crate::domain::{Goal, ItemId, Response};

fn answer(n: u8, days: i64, points: u8) -> Disclosed<Response> {
    let phq = Instrument::offered().next().unwrap();
    let mut response = Response::new(phq, days_ago(days));
    let ninth = phq.harm_item.unwrap();
    response.give(ninth, Given::Points(Points(points)));
    shared(n, days, response)
}

fn flag(n: u8, about: Option<u8>, source: FlagSource, acts: &[FlagAct]) -> FlagFact {
    let mut flag = Flag {
        about: about.map(id),
        source,
        at: days_ago(i64::from(n)),
        steps: crate::domain::Ordered::default(),
        ..Flag::examples().remove(0)
    };
    for (nth, act) in (1_u8..).zip(acts) {
        let step = FlagStep {
            act: act.clone(),
            by: "Maya".into(),
            at: days_ago(1),
            words: "Talked.".into(),
        };
        flag.take(ItemId::new([nth; 16]), step).unwrap();
    }
    FlagFact::of(id(100 + n), &flag, about.map(id))
}

#[test]
fn what_nobody_closed_and_what_was_answered_of_death_stands_on_top_with_its_state() {
    use FlagAct::{Acknowledged, Closed, Reopened};
    let material = Material {
        harm: super::super::safety::harm(vec![
            answer(1, 2, 1),
            answer(2, 3, 2),
            answer(3, 1, 0),
            answer(4, 90, 3),
        ]),
        flags: Some(vec![
            flag(20, Some(1), FlagSource::HarmItem, &[Acknowledged, Closed]),
            flag(40, Some(4), FlagSource::HarmItem, &[Acknowledged, Closed]),
            flag(60, None, FlagSource::Person, &[Acknowledged]),
            flag(70, None, FlagSource::Person, &[Acknowledged, Closed]),
            flag(
                80,
                Some(9),
                FlagSource::ContactRequest,
                &[Acknowledged, Closed, Reopened],
            ),
        ]),
        ..Material::default()
    };
    let told = digest(&material, since(), NOW).safety;
    let read: Vec<_> = told.iter().map(|one| (one.flag, one.about)).collect();
    assert_eq!(
        read,
        [
            (Some(id(180)), Some(id(9))),
            (Some(id(160)), None),
            (None, Some(id(2))),
            (Some(id(120)), Some(id(1))),
        ],
        "open ones first; what was answered before and is closed is over"
    );
    assert!(matches!(told[0].handled, Handled::Reopened { .. }));
    assert!(matches!(told[1].handled, Handled::Acknowledged { .. }));
    assert_eq!(told[2].handled, Handled::NoFlag);
    assert!(matches!(told[3].handled, Handled::Closed { .. }));
    // A phone knows of no flag, and says so.
    let on_a_phone = Material {
        flags: None,
        ..material
    };
    let told = digest(&on_a_phone, since(), NOW).safety;
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|one| one.handled == Handled::NotHere));
}

#[test]
fn what_the_clinic_wrote_is_no_news_of_the_patients_and_ends_no_silence() {
    let goal = |n: u8, word, edited: Option<i64>| {
        let goal = Goal {
            at: days_ago(2),
            ..Goal::examples().remove(0)
        };
        let one = Disclosed::new(id(n), days_ago(2), edited.map(days_ago), days_ago(1), goal);
        one.unwrap().with_word(word).map(|one| one.other())
    };
    let material = Material {
        others: vec![
            goal(1, PatientsWord::Nothing, Some(1)),
            goal(2, PatientsWord::Changed, Some(1)),
            goal(3, PatientsWord::Began, None),
        ],
        ..Material::default()
    };
    let told = digest(&material, since(), NOW);
    assert_eq!(ids(&told.changed), [id(2), id(3)]);
    assert_eq!(told.changed[0].why, Why::Edited { at: days_ago(1) });
    assert_eq!(told.changed[1].why, Why::New);
    assert_eq!(told.silence, None);
    let alone = Material {
        others: vec![goal(1, PatientsWord::Nothing, Some(1))],
        ..Material::default()
    };
    let told = digest(&alone, since(), NOW);
    assert!(told.changed.is_empty());
    assert_eq!(told.silence.unwrap().last, None);
}

#[test]
fn what_is_to_be_doubted_is_said() {
    let doubts = Doubts {
        in_two_wordings: true,
        clock_ahead: true,
    };
    let check_in = CheckIn::new(Rating::new(3).unwrap(), days_ago(1));
    let material = Material {
        entries: vec![entry(1, 1, "The lake", Visibility::CareTeam).doubted(doubts)],
        check_ins: vec![
            shared(2, 1, check_in.clone()).doubted(doubts),
            shared(3, 1, check_in),
        ],
        ..Material::default()
    };
    let told = digest(&material, since(), NOW);
    assert_eq!(told.changed[0].doubts, doubts);
    assert_eq!((told.moods[0].answers, told.moods[0].doubted), (2, 1));
}
