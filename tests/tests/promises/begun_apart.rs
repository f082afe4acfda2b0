//! What two phones began before they knew of each other is read and changed as one.

use companion_core::domain::reminder::{Pause, Topic};
use companion_core::domain::safety_plan::{PlanLine, PlanStep};
use companion_core::domain::{SafetyPlan, Visibility};
use companion_core::records::Query;
use companion_tests::Phone;

use crate::clinic_and_ada;

fn add(phone: &Phone, step: PlanStep, text: &str) {
    phone
        .change_safety_plan(|plan, id| plan.lines_mut(step).push(id, PlanLine::new(text)))
        .unwrap();
}

fn texts(phone: &Phone, step: PlanStep) -> Vec<String> {
    let plan = phone.safety_plan().unwrap().unwrap().content;
    let mut texts: Vec<_> = plan.lines(step).iter().map(|(_, it)| &*it.text).collect();
    texts.sort_unstable();
    texts.into_iter().map(str::to_owned).collect()
}

fn change(phone: &Phone, step: PlanStep, text: &str, to: Option<&str>) {
    let plan = phone.safety_plan().unwrap().unwrap().content;
    let mut lines = plan.lines(step).iter();
    let (id, _) = lines.find(|(_, line)| line.text == text).unwrap();
    let changed = phone.change_safety_plan(|plan, _| {
        let lines = plan.lines_mut(step);
        match to {
            Some(to) => lines.update(id, |line| line.text = to.to_owned()),
            None => lines.remove(id),
        };
    });
    changed.unwrap();
}

/// Until both know all.
fn meet(one: &Phone, other: &Phone) {
    for phone in [one, other, one, other, one] {
        phone.sync_cleanly();
    }
}

#[test]
fn plans_begun_on_two_phones_apart_are_one_plan_that_lost_no_line() {
    let (world, _clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    add(&ada, PlanStep::PeopleToAsk, "My sister Jo");
    add(&ada, PlanStep::Coping, "Tea.");
    world.minutes_pass(5);
    add(&tablet, PlanStep::Coping, "A walk.");
    add(&tablet, PlanStep::PeopleToAsk, "My neighbor");
    meet(&ada, &tablet);
    for phone in [&ada, &tablet] {
        let people = texts(phone, PlanStep::PeopleToAsk);
        assert_eq!(people, ["My neighbor", "My sister Jo"]);
        assert_eq!(texts(phone, PlanStep::Coping), ["A walk.", "Tea."]);
    }
    // Each changes what the other wrote.
    change(&ada, PlanStep::Coping, "A walk.", Some("A long walk."));
    change(&tablet, PlanStep::Coping, "Tea.", None);
    add(&tablet, PlanStep::Coping, "Music.");
    meet(&ada, &tablet);
    for phone in [&ada, &tablet] {
        assert_eq!(texts(phone, PlanStep::Coping), ["A long walk.", "Music."]);
    }
    // A line that one phone wrote is moved before those of the other.
    let first = |phone: &Phone| {
        let plan = phone.safety_plan().unwrap().unwrap().content;
        let mut lines = plan.coping.iter();
        lines.next().map(|(id, _)| id).unwrap()
    };
    let plan = ada.safety_plan().unwrap().unwrap().content;
    let (last, _) = plan.coping.iter().last().unwrap();
    ada.change_safety_plan(|plan, _| {
        plan.coping.move_to(last, 0);
    })
    .unwrap();
    meet(&ada, &tablet);
    assert_eq!((first(&ada), first(&tablet)), (last, last));
}

#[test]
fn a_shared_plan_stays_shared_and_is_taken_back_beside_one_begun_apart() {
    let (world, clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    let at_clinic = || {
        clinic.sync_cleanly();
        let patient = ada.record.unwrap();
        let plans = clinic.page(patient, &Query::<SafetyPlan>::all()).unwrap();
        let plans = plans.items.into_iter();
        let lines = plans.flat_map(|plan| {
            let lines = plan.content.coping.iter();
            lines.map(|(_, line)| line.text.clone()).collect::<Vec<_>>()
        });
        let mut lines: Vec<_> = lines.collect();
        lines.sort_unstable();
        lines
    };
    add(&ada, PlanStep::Coping, "Tea.");
    ada.share_safety_plan(Visibility::CareTeam).unwrap();
    world.minutes_pass(5);
    add(&tablet, PlanStep::Coping, "A walk.");
    meet(&ada, &tablet);
    for phone in [&ada, &tablet] {
        assert!(phone.safety_plan().unwrap().unwrap().shared);
        assert_eq!(texts(phone, PlanStep::Coping), ["A walk.", "Tea."]);
    }
    // Nobody shared the other phone's line, and a change of it shares nothing.
    change(&ada, PlanStep::Coping, "A walk.", Some("A long walk."));
    add(&tablet, PlanStep::Coping, "Music.");
    meet(&ada, &tablet);
    assert_eq!(at_clinic(), ["Music.", "Tea."]);
    // To share the plan is to share what is shown.
    tablet.share_safety_plan(Visibility::CareTeam).unwrap();
    meet(&ada, &tablet);
    assert_eq!(at_clinic(), ["A long walk.", "Music.", "Tea."]);
    assert!(!ada.withdraw_safety_plan().unwrap().shared);
    meet(&ada, &tablet);
    assert!(at_clinic().is_empty(), "the clinic still has a part");
    for phone in [&ada, &tablet] {
        assert!(!phone.safety_plan().unwrap().unwrap().shared);
        assert_eq!(
            texts(phone, PlanStep::Coping),
            ["A long walk.", "Music.", "Tea."]
        );
    }
}

#[test]
fn wordings_of_a_line_are_chosen_in_the_plan_that_has_them() {
    let (world, _clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    add(&ada, PlanStep::Coping, "Tea.");
    world.minutes_pass(5);
    add(&tablet, PlanStep::Coping, "A walk.");
    meet(&ada, &tablet);
    change(&ada, PlanStep::Coping, "A walk.", Some("Birds."));
    change(&tablet, PlanStep::Coping, "A walk.", Some("Piano."));
    meet(&ada, &tablet);
    let [which] = &ada.in_two_wordings().unwrap()[..] else {
        panic!("one of the two plans holds that line")
    };
    ada.choose_wording_of(which, &which.apart[0].field, "Birds.")
        .unwrap();
    assert!(ada.safety_plan().unwrap().unwrap().apart.is_empty());
    meet(&ada, &tablet);
    assert_eq!(texts(&tablet, PlanStep::Coping), ["Birds.", "Tea."]);
}

#[test]
fn nobody_is_asked_to_choose_between_wordings_of_a_line_that_was_removed() {
    let (_world, _clinic, ada) = clinic_and_ada();
    add(&ada, PlanStep::Coping, "A walk.");
    let tablet = ada.second_phone();
    meet(&ada, &tablet);
    change(&ada, PlanStep::Coping, "A walk.", Some("Birds."));
    change(&tablet, PlanStep::Coping, "A walk.", Some("Piano."));
    meet(&ada, &tablet);
    assert_eq!(ada.in_two_wordings().unwrap().len(), 1);
    let shown = texts(&ada, PlanStep::Coping).remove(0);
    change(&ada, PlanStep::Coping, &shown, None);
    meet(&ada, &tablet);
    for phone in [&ada, &tablet] {
        assert!(texts(phone, PlanStep::Coping).is_empty());
        assert!(phone.in_two_wordings().unwrap().is_empty());
        let plan = phone.safety_plan().unwrap().unwrap();
        assert_eq!(plan.apart, []);
    }
}

#[test]
fn pauses_chosen_on_two_phones_apart_both_stand_until_one_takes_them_back() {
    let (world, _clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    ada.choose_reminders(|it| {
        it.pause_all(Some(Pause::Open));
        it.pause(Topic::Measure, Some(Pause::Open));
    })
    .unwrap();
    world.minutes_pass(5);
    tablet
        .choose_reminders(|it| {
            it.move_rule("day_before", "17:00".parse().ok());
            it.pause(Topic::CheckIn, Some(Pause::Open));
        })
        .unwrap();
    meet(&ada, &tablet);
    let read = |phone: &Phone| {
        let chosen = phone.reminder_preferences().unwrap().unwrap();
        chosen.content.read()
    };
    for phone in [&ada, &tablet] {
        let read = read(phone);
        assert_eq!((read.all, read.moved.len()), (Some(Pause::Open), 1));
        assert_eq!(read.paused.len(), 2);
    }
    // Each speaks again of what the other was silent about.
    let said = tablet.choose_reminders(|it| {
        it.pause_all(None);
        it.pause(Topic::Measure, None);
    });
    assert_eq!(said.unwrap().content.all, "");
    ada.choose_reminders(|it| it.pause(Topic::CheckIn, None))
        .unwrap();
    meet(&ada, &tablet);
    for phone in [&ada, &tablet] {
        let read = read(phone);
        assert_eq!((read.all, read.paused.len()), (None, 0));
    }
}
