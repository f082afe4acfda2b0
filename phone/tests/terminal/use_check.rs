//! The questions on craving, use outside the plan and the bladder, in the terminal.

use companion_core::domain::{UseCheck, UseQuestions};
use companion_core::records::Query;
use serde_json::Value;

use crate::care::json;
use crate::paired::World;
use crate::person::{POINTER, Phone};
use crate::reminders::exchange;

#[test]
fn the_questions_are_asked_one_by_one_and_an_answer_is_the_persons_own_until_they_share_it() {
    let world = World::new();
    let phone = world.paired_phone();
    let said = phone.type_in(&["use", "answer"], "n\n\ny\n").done();
    assert!(
        said.contains("did you feel a strong wish for ketamine?"),
        "{said}"
    );
    assert!(
        said.contains("Nobody at your clinic sees this unless you share it.")
            && said.contains("988"),
        "{said}"
    );
    let there = || {
        world.clinic.sync().unwrap();
        let query = Query::<UseCheck>::all();
        world.clinic.shared(world.patient, &query).unwrap().items
    };
    exchange(&world, &phone);
    assert_eq!(there().len(), 0);
    let all = json(&phone, &["use"]);
    let kept = &all["answers"][0];
    assert_eq!(kept["answers"]["craving"]["answer"], "no");
    assert_eq!(kept["answers"]["outside_plan"]["answer"], Value::Null);
    assert_eq!(kept["answers"]["bladder"]["answer"], "yes");
    let id = kept["id"].as_str().unwrap();
    let shared = json(&phone, &["use", "share", id, "--talk"]);
    assert_eq!(shared["visibility"], "talk_in_session");
    exchange(&world, &phone);
    let seen = there();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].view.content.asked.contains_key("bladder"));
    let said = phone
        .run(&["use", "withdraw", shared["id"].as_str().unwrap(), "--yes"])
        .done();
    assert!(said.contains("may keep, sealed"), "{said}");
    exchange(&world, &phone);
    assert_eq!(there().len(), 0);
    let own = json(&phone, &["use"])["answers"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let said = phone.run(&["use", "delete", &own, "--yes"]).done();
    assert!(
        said.starts_with("Deleted: your answers of 23 Nov 2026, 15:18"),
        "{said}"
    );
}

#[test]
fn a_mistyped_answer_is_asked_for_again_and_what_was_answered_is_kept() {
    let phone = Phone::alone();
    phone.write(&["Hello."]);
    let said = phone.answer(&["use", "answer"], "n\nyep\ny\nr\n");
    assert_eq!(said.code, std::process::ExitCode::SUCCESS, "{said:?}");
    assert_eq!(said.errors.matches("Answer y, n or r").count(), 1);
    let kept = &json(&phone, &["use"])["answers"][0]["answers"];
    assert_eq!(kept["craving"]["answer"], "no");
    assert_eq!(kept["outside_plan"]["answer"], "yes");
    assert_eq!(kept["bladder"]["answer"], "rather_not_say");
    // A script that went on would answer another question.
    let refused = phone.type_in(&["use", "answer"], "n\nyep\ny\nr\n");
    assert!(refused.errors.contains("Nothing was saved"), "{refused:?}");
    assert_eq!(
        json(&phone, &["use"])["answers"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn a_clinic_words_the_questions_and_an_answer_stays_one_to_what_was_asked() {
    let world = World::new();
    let phone = world.paired_phone();
    let before = json(&phone, &["use", "answer", "--bladder", "rather-not-say"]);
    let asked = before["answers"]["bladder"]["asked"]
        .as_str()
        .unwrap()
        .to_owned();
    let own = UseQuestions {
        bladder: "Does your bladder hurt?".to_owned(),
        ..UseQuestions::new("Maya", world.clinic.now())
    };
    world.clinic.create(world.patient, own).unwrap();
    exchange(&world, &phone);
    let said = phone.run(&["use"]).done();
    assert!(
        said.contains("\nDoes your bladder hurt?\n") && said.contains(&asked),
        "{said}"
    );
    let after = json(
        &phone,
        &["use", "answer", "--bladder", "no", "Not", "any", "more."],
    );
    assert_eq!(
        after["answers"]["bladder"]["asked"],
        "Does your bladder hurt?"
    );
    assert_eq!(after["words"], "Not any more.");
}

#[test]
fn nothing_answered_is_not_kept_and_nonsense_is_refused() {
    let phone = Phone::alone();
    phone.run(&["use"]).refused(1);
    phone.write(&["Hello."]);
    let nothing = phone.type_in(&["use", "answer"], "\n\n\n");
    assert_eq!(
        nothing.errors,
        format!("What was answered is empty.\n{POINTER}")
    );
    let odd = phone.type_in(&["use", "answer"], "y\nsometimes\n");
    assert!(odd.errors.contains("Nothing was saved"), "{}", odd.errors);
    assert_eq!(json(&phone, &["use"])["answers"], serde_json::json!([]));
    phone
        .run(&["use", "answer", "--craving", "maybe"])
        .refused(2);
    phone.run(&["use", "share", "ffff"]).refused(1);
    let alone = json(&phone, &["use", "answer", "--craving", "no"]);
    let id = alone["id"].as_str().unwrap();
    assert!(
        phone
            .run(&["use", "share", id])
            .refused(1)
            .contains("not paired")
    );
}
