//! The assessment in the terminal: its sections drafted alone and shared, the list of medicines, what is new before
//! a session, goals, and the questions that a clinic asks from time to time.

use companion_core::domain::{AssessmentSection, Goal, MedicationList, UseQuestions};
use companion_core::records::Query;
use serde_json::Value;

use crate::paired::World;
use crate::person::Phone;
use crate::reminders::{self, ready, with_session};

/// Both ways: what the phone wrote is with the clinic, and what the clinic wrote is on the phone.
fn exchange(world: &World, phone: &Phone) {
    reminders::exchange(world, phone);
    reminders::exchange(world, phone);
}

fn json(phone: &Phone, words: &[&str]) -> Value {
    serde_json::from_str(&phone.run(&[words, &["--json"]].concat()).done()).unwrap()
}

#[test]
fn a_section_is_drafted_alone_shared_withdrawn_and_deleted() {
    let world = World::new();
    let phone = world.paired_phone();
    let at_the_clinic = || {
        exchange(&world, &phone);
        let all = world
            .clinic
            .page(world.patient, &Query::<AssessmentSection>::all());
        all.unwrap().items
    };
    let said = phone.run(&["assessment"]).done();
    assert!(
        said.contains("What I hope to work on; nothing yet"),
        "{said}"
    );
    let none = phone.run(&["assessment", "show", "hopes"]).refused(1);
    assert!(none.contains("assessment write hopes"), "{none}");
    phone
        .run(&["assessment", "write", "hopes", "Sleep", "and", "calm."])
        .done();
    phone
        .type_in(
            &["assessment", "write", "life-now"],
            "A new job.\nA move.\n",
        )
        .done();
    assert!(at_the_clinic().is_empty(), "a draft is the patient's own");
    phone
        .run(&["assessment", "write", "hopes", "To sleep."])
        .done();
    let shown = phone.run(&["assessment", "show", "hopes"]).done();
    assert!(
        shown.contains("only on your devices") && shown.contains("To sleep."),
        "{shown}"
    );
    phone.run(&["assessment", "share", "hopes"]).done();
    let shared = at_the_clinic();
    assert_eq!((shared.len(), &*shared[0].content.text), (1, "To sleep."));
    phone
        .run(&["assessment", "withdraw", "hopes", "--yes"])
        .done();
    assert!(at_the_clinic().is_empty());
    phone
        .run(&["assessment", "delete", "life-now", "--yes"])
        .done();
    let all = json(&phone, &["assessment"]);
    assert_eq!(all["sections"].as_array().unwrap().len(), 5);
    let written = all["written"].as_array().unwrap();
    assert_eq!(
        (written.len(), &written[0]["section"]),
        (1, &"hopes".into())
    );
}

#[test]
fn medicines_are_listed_with_supplements_stopped_and_reviewed_and_a_change_asks_again() {
    let world = World::new();
    let phone = world.paired_phone();
    phone
        .run(&["medicines", "add", "--for", "mood", "Sertraline"])
        .done();
    phone
        .run(&["medicines", "add", "--supplement", "St.", "John’s", "wort"])
        .done();
    exchange(&world, &phone);
    let list = world
        .clinic
        .page(world.patient, &Query::<MedicationList>::all());
    let list = list.unwrap().items.remove(0);
    world
        .clinic
        .review_medicines(world.patient, list.id, &list.revision, "Maya")
        .unwrap();
    exchange(&world, &phone);
    let said = phone.run(&["medicines"]).done();
    for part in [
        "  1  Sertraline; for mood",
        "  2  St. John’s wort; supplement",
        "Reviewed by Maya on 23 Nov 2026",
        "Take and stop nothing because of this list",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let stopped = phone.run(&["medicines", "stop", "1"]).done();
    assert!(stopped.contains("stopped on 23 Nov 2026"), "{stopped}");
    assert!(stopped.contains("and changed since"), "{stopped}");
    phone.run(&["medicines", "resume", "1"]).done();
    let said = json(&phone, &["medicines"]);
    assert_eq!(said["items"][0]["stopped_at"], Value::Null);
    assert_eq!(said["items"][1]["supplement"], true);
    assert_eq!(said["reviewed"][0]["stands"], false);
    let none = phone.run(&["medicines", "stop", "3"]).refused(2);
    assert!(none.contains("no number 3"), "{none}");
}

#[test]
fn a_medicine_is_stopped_by_its_name_where_that_names_one() {
    let world = World::new();
    let phone = world.paired_phone();
    let none = phone.run(&["medicines", "stop", "Sertraline"]).refused(2);
    assert!(none.contains("Nothing is on the list yet"), "{none}");
    phone.run(&["medicines", "add", "Sertraline"]).done();
    for _ in 0..2 {
        phone
            .run(&["medicines", "add", "St.", "John’s wort"])
            .done();
    }
    let stopped = phone.run(&["medicines", "stop", "sertraline"]).done();
    assert!(
        stopped.contains("  1  Sertraline; stopped on 23 Nov 2026"),
        "{stopped}"
    );
    let none = phone.run(&["medicines", "stop", "Zinc"]).refused(2);
    assert_eq!(
        none,
        "Nothing on the list is called \"Zinc\"; there is Sertraline, St. John’s wort, St. John’s wort.\n"
    );
    let twice = phone
        .run(&["medicines", "stop", "St. John’s", "WORT"])
        .refused(2);
    assert_eq!(
        twice,
        "2 things on the list are called \"St. John’s WORT\"; give the number of the one you mean: 2 or 3.\n"
    );
    let items = json(&phone, &["medicines"]);
    assert_eq!(items["items"][1]["stopped_at"], Value::Null);
    let again = phone.run(&["medicines", "resume", "Sertraline"]).done();
    assert!(!again.contains("stopped"), "{again}");
}

#[test]
fn a_change_of_a_shared_section_says_that_the_clinic_gets_it() {
    let world = World::new();
    let phone = world.paired_phone();
    let own = phone
        .run(&["assessment", "write", "hopes", "Sleep."])
        .done();
    assert!(!own.contains("care team reads"), "{own}");
    phone.run(&["assessment", "share", "hopes"]).done();
    let said = phone
        .run(&["assessment", "write", "hopes", "To rest."])
        .done();
    assert!(
        said.contains(
            "You share this section, so your care team reads what it says now, from the next sync on. \
             `assessment withdraw hopes` takes it back."
        ),
        "{said}"
    );
    // Whoever types is told before.
    let asked = phone.answer(&["assessment", "write", "hopes"], "To be well.\n");
    assert!(
        asked
            .errors
            .starts_with("Your care team reads this section"),
        "{asked:?}"
    );
    exchange(&world, &phone);
    let all = world
        .clinic
        .page(world.patient, &Query::<AssessmentSection>::all());
    assert_eq!(all.unwrap().items[0].content.text, "To be well.");
}

#[test]
fn whether_anything_is_new_is_answered_for_the_next_session() {
    let world = World::new();
    let phone = world.paired_phone();
    let none = phone.run(&["new", "nothing"]).refused(1);
    assert!(none.contains("has not planned a session"), "{none}");
    ready(&world);
    with_session(&world, &phone);
    let asked = phone.run(&["new"]).done();
    assert!(asked.contains("Before session 1 on 3 Dec 2026"), "{asked}");
    let said = phone.run(&["new", "something", "A", "cold."]).done();
    assert!(
        said.contains("New: A cold.") && said.contains("phone crisis"),
        "{said}"
    );
    phone.run(&["new", "nothing"]).done();
    let said = json(&phone, &["new"]);
    let answers = said["answers"].as_array().unwrap();
    assert_eq!((&said["session"], answers.len()), (&1.into(), 2));
    let settled = json(&phone, &["session"]);
    let done = settled["done"].as_array().unwrap();
    assert!(done.contains(&"what_changed".into()), "{settled}");
}

#[test]
fn goals_are_added_worded_anew_and_what_became_of_them_is_said() {
    let world = World::new();
    let phone = world.paired_phone();
    let goal = json(
        &phone,
        &["goals", "add", "--in", "sleep", "Sleep", "through."],
    );
    let id = goal["id"].as_str().unwrap();
    phone.run(&["goals", "edit", id, "Sleep", "better."]).done();
    let odd = phone.run(&["goals", "became", id, "won"]).refused(2);
    assert!(odd.contains("let-go"), "{odd}");
    let said = phone
        .run(&["goals", "became", id, "partly", "Most", "nights."])
        .done();
    assert!(
        said.contains("Sleep better. (sleep)") && said.contains("partly: Most nights."),
        "{said}"
    );
    exchange(&world, &phone);
    let all = world
        .clinic
        .page(world.patient, &Query::<Goal>::all())
        .unwrap();
    assert_eq!(all.items[0].content.text, "Sleep better.");
}

#[test]
fn the_questions_on_use_are_asked_from_time_to_time_only_where_the_clinic_wants_it() {
    let world = World::new();
    let phone = world.paired_phone();
    ready(&world);
    let is_asked = || {
        exchange(&world, &phone);
        phone
            .run(&["next"])
            .done()
            .contains("Three short questions are here")
    };
    let week = 7 * 24 * 60 * 60 * 1000;
    world.clock.advance_ms(5 * week);
    assert!(!is_asked(), "off by default");
    let every = |weeks| {
        let set = world
            .clinic
            .change_for_all::<UseQuestions>("Maya", |questions| questions.every_weeks = weeks);
        set.unwrap();
    };
    every(Some(4));
    assert!(is_asked());
    phone.run(&["use", "answer", "--bladder", "no"]).done();
    assert!(!is_asked());
    world.clock.advance_ms(4 * week);
    assert!(is_asked());
    every(None);
    assert!(!is_asked());
}
