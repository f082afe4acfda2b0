//! The digest that a clinician reads: what the patient shared, and never a word of what they did not.

use companion_core::CoreError;
use companion_core::clinic::NewFlag;
use companion_core::domain::digest::{Handled, What, Why};
use companion_core::domain::flag::{FlagAct, FlagSource};
use companion_core::domain::measure::{Given, Instrument, Points};
use companion_core::domain::{
    Commitment, EditedBy, Entry, Goal, Moment, NextSessionItem, Response, Side, Visibility,
};
use companion_core::records::Written;
use companion_tests::note;

use crate::clinic_and_ada;

#[test]
fn a_digest_holds_what_was_shared_and_marked_and_nothing_private() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let since = clinic.now();
    world.minutes_pass(10);
    ada.write_privately("Nobody reads this.");
    let wanted = Entry {
        visibility: Visibility::TalkInSession,
        at: ada.now(),
        ..note("The lake.")
    };
    let wanted = ada.create(wanted).unwrap();
    let line = NextSessionItem {
        visibility: Visibility::TalkInSession,
        ..NextSessionItem::new("Ask about sleep.", ada.now())
    };
    let line = ada.create(line).unwrap();
    let walk = Commitment {
        visibility: Visibility::CareTeam,
        review_on: ada.now().local_date(),
        ..Commitment::new("Walk to the lake.", ada.now())
    };
    ada.create(walk).unwrap();
    ada.create(Commitment::new("Mine alone.", ada.now()))
        .unwrap();
    let phq = Instrument::offered().next().unwrap();
    let mut answered = Response::new(phq, ada.now());
    for item in phq.items {
        answered.give(item.number, Given::Points(Points(1)));
    }
    answered.visibility = Visibility::CareTeam;
    ada.create(answered).unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();

    let digest = clinic.digest(patient, since).unwrap();
    let said = format!("{digest:?}");
    assert!(
        !said.contains("Nobody reads this") && !said.contains("Mine alone"),
        "{said}"
    );
    let ids: Vec<_> = digest.to_talk_about.iter().map(|line| line.id).collect();
    assert_eq!(ids, {
        let mut both = [wanted.id, line.id];
        both.sort_unstable();
        both
    });
    assert_eq!(digest.left_undone[0].why, Why::NothingSaid);
    assert_eq!(digest.totals.len(), 1);
    assert_eq!(digest.silence, None);
    assert_eq!(
        clinic.caseload().unwrap()[0].new,
        4,
        "nothing counts as opened by it"
    );

    let seen = clinic.get::<Entry>(patient, wanted.id).unwrap().revision;
    clinic
        .mark_talked_about(patient, wanted.id, &seen, "Dr Moss")
        .unwrap();
    let after = clinic.digest(patient, since).unwrap();
    assert_eq!(after.to_talk_about.len(), 1);
    world.days_pass(9);
    assert_eq!(
        clinic.digest(patient, since).unwrap().silence.unwrap().days,
        Some(9)
    );
}

#[test]
fn what_came_late_or_was_shared_late_is_in_the_digest_since_the_session() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let late = ada.write("I stopped taking my sertraline.");
    let kept = ada.write_privately("I have been drinking since the move.");
    world.minutes_pass(60);
    let session = clinic.now();
    world.days_pass(2);
    let shared = ada.share::<Entry>(kept.id, Visibility::CareTeam).unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let told = clinic.digest(patient, session).unwrap().changed;
    let of = |id| told.iter().find(|line| line.id == id).unwrap();
    assert_eq!(told.len(), 2);
    for id in [late.id, shared.id] {
        assert_eq!(of(id).why, Why::New);
        assert_eq!(of(id).came_late.unwrap().unix_ms, clinic.now().unix_ms);
    }
    // The phone says as much of what was shared late. It can't know when the clinic received.
    let here = ada.at_a_glance(session).unwrap().digest.changed;
    assert_eq!(here.len(), 1);
    assert!(here[0].id == shared.id && here[0].came_late.is_some());
}

#[test]
fn a_measure_counts_when_it_was_finished_and_is_compared_with_the_answer_before() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let phq = Instrument::offered().next().unwrap();
    let answered = |begun: Moment, points: u8| {
        let mut answered = Response::new(phq, begun);
        for item in phq.items {
            answered.give(item.number, Given::Points(Points(points)));
        }
        answered.visibility = Visibility::CareTeam;
        answered.finished_at = Some(ada.now());
        ada.create(answered).unwrap();
    };
    answered(ada.now(), 2);
    let begun = ada.now();
    world.days_pass(3);
    ada.sync_cleanly();
    clinic.sync_cleanly();
    world.minutes_pass(1);
    let session = clinic.now();
    world.days_pass(1);
    answered(ada.now(), 1);
    world.days_pass(1);
    answered(begun, 3);
    ada.sync_cleanly();
    clinic.sync_cleanly();
    for digest in [
        clinic.digest(patient, session).unwrap(),
        ada.at_a_glance(session).unwrap().digest,
    ] {
        assert_eq!((digest.totals.len(), digest.changed.len()), (1, 2));
        let moved = &digest.totals[0];
        let [first, last] = &*moved.since_then else {
            panic!("{moved:?}");
        };
        assert_eq!((moved.latest, moved.at), *last);
        assert_eq!(moved.before, Some(*first));
        assert!(moved.latest > first.0 && moved.difference.unwrap() > 0);
        assert_eq!(last.1.unix_ms, ada.now().unix_ms);
    }
}

#[test]
fn what_the_clinic_wrote_into_a_goal_is_no_news_of_the_patients_on_either_side() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let goal = |text: &str| Goal {
        domain: "sleep".to_owned().into(),
        text: text.into(),
        became: Default::default(),
        became_words: String::new(),
        at: ada.now(),
    };
    let theirs = ada.create(goal("To sleep.")).unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    world.minutes_pass(60);
    let since = clinic.now();
    world.minutes_pass(60);
    let seen = clinic.get::<Goal>(patient, theirs.id).unwrap().revision;
    clinic
        .edit::<Goal>(patient, theirs.id, &seen, |goal| {
            goal.text = "To sleep through the night.".into();
        })
        .unwrap();
    let ours = clinic.create(patient, goal("To rest.")).unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let told = || {
        let at_the_clinic = clinic.digest(patient, since).unwrap();
        let on_the_phone = ada.at_a_glance(since).unwrap().digest;
        assert_eq!(at_the_clinic.changed, on_the_phone.changed);
        let lines = at_the_clinic.changed.into_iter();
        lines.map(|line| (line.id, line.why)).collect::<Vec<_>>()
    };
    assert_eq!(told(), [], "the clinic alone wrote since then");
    // What the patient writes into what the clinic began is theirs.
    world.minutes_pass(60);
    let seen = ada.get::<Goal>(ours.id).unwrap().revision;
    ada.edit::<Goal>(ours.id, &seen, |goal| goal.text = "To rest at noon.".into())
        .unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let at = ada.now();
    assert_eq!(told(), [(ours.id, Why::Edited { at })]);
}

#[test]
fn open_flags_stand_on_top_of_a_digest_until_a_person_closed_them() {
    let (_, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let new = NewFlag {
        about: None,
        source: FlagSource::Person,
        words: "Sounded very low.".into(),
        by: "Maya".into(),
        at: None,
    };
    let flag = clinic.raise_flag(patient, new).unwrap().id;
    let handled = || {
        let told = clinic.digest(patient, clinic.now()).unwrap().safety;
        told.into_iter().map(|one| {
            let words = |what| match what {
                What::Flag { words, .. } => words,
                What::Answer { measure, .. } => measure,
            };
            assert_eq!(words(one.what), "Sounded very low.");
            one.handled
        })
    };
    assert_eq!(handled().collect::<Vec<_>>(), [Handled::New]);
    let step = |act| clinic.step(patient, flag, act, "Sam", "Talked.").unwrap();
    step(FlagAct::Acknowledged);
    let told = handled().next().unwrap();
    assert!(matches!(told, Handled::Acknowledged { by, .. } if by == "Sam"));
    step(FlagAct::Closed);
    assert_eq!(handled().count(), 0);
    assert!(ada.at_a_glance(ada.now()).unwrap().digest.safety.is_empty());
}

#[test]
fn both_sides_read_who_wrote_a_goal_last() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let goal = Goal {
        domain: "sleep".to_owned().into(),
        text: "To sleep.".into(),
        became: Default::default(),
        became_words: String::new(),
        at: ada.now(),
    };
    let goal = ada.create(goal).unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    world.minutes_pass(5);
    let change = |by: &str, text: &str| {
        let seen = clinic.get::<Goal>(patient, goal.id).unwrap().revision;
        clinic
            .edit_as::<Goal>(patient, goal.id, &seen, by, |goal| goal.text = text.into())
            .unwrap();
    };
    change("Maya", "To sleep at night.");
    // What changes nothing names nobody.
    change("Sam", "To sleep at night.");
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let expected = [
        (Side::Clinic, "Maya".to_owned()),
        (Side::Patient, String::new()),
    ];
    let who = |written: Vec<Written>| -> Vec<_> {
        written.into_iter().map(|one| (one.side, one.by)).collect()
    };
    assert_eq!(who(ada.written(goal.id).unwrap()), expected);
    assert_eq!(who(clinic.written(patient, goal.id).unwrap()), expected);
    // Nobody puts a name of the clinic's under what the patient wrote.
    assert!(matches!(
        ada.create(EditedBy {
            about: goal.id,
            revision: goal.revision.clone(),
            by: "Maya".into(),
            at: ada.now(),
        }),
        Err(CoreError::NotYours { .. })
    ));
}
