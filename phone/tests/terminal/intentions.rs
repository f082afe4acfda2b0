//! What somebody would like to hold in mind in a session, written in the terminal and shared by choice.

use companion_core::domain::Intention;
use companion_core::records::Query;
use serde_json::json;

use crate::care::json as read;
use crate::paired::World;
use crate::person::Phone;
use crate::reminders::with_session;

fn at_the_clinic(world: &World, phone: &Phone) -> Vec<String> {
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    let all = world.clinic.page(world.patient, &Query::<Intention>::all());
    let all = all.unwrap().items.into_iter().map(|view| view.content);
    all.map(|it| format!("{} | {}", it.text, it.values_in_a_line()))
        .collect()
}

#[test]
fn an_intention_is_written_changed_shared_and_taken_back_and_none_is_as_good() {
    let world = World::new();
    let phone = world.paired_phone();
    with_session(&world, &phone);
    let page = phone.run(&["session"]).done();
    assert!(
        page.contains("Intention: none written; that is as good."),
        "{page}"
    );
    assert_eq!(read(&phone, &["session"])["intentions"], json!([]));
    for nothing in [
        &["session", "intention"][..],
        &["session", "intention", " "],
    ] {
        let refused = phone.run(nothing).refused(2);
        assert!(refused.contains("To have none is as good"), "{refused}");
    }
    let unwritten = phone.run(&["session", "intention", "--share"]).refused(1);
    assert!(
        unwritten.contains("no intention for this session"),
        "{unwritten}"
    );

    let said = phone
        .run(&[
            "session",
            "intention",
            "To",
            "listen.",
            "--value",
            "honesty",
            "--value",
            "my sister",
        ])
        .done();
    assert!(
        said.contains("Intention: To listen.; what matters to you: honesty, my sister (only me)"),
        "{said}"
    );
    assert!(said.contains("[x] intention"), "{said}");
    assert!(at_the_clinic(&world, &phone).is_empty(), "nobody shared it");
    let shown = read(&phone, &["session"]);
    assert_eq!(
        shown["intentions"][0]["values"],
        json!(["honesty", "my sister"])
    );
    assert_eq!(shown["intentions"][0]["visibility"], "only_me");

    // Only what is typed is changed.
    phone
        .run(&["session", "intention", "--value", "rest"])
        .done();
    let said = phone.run(&["session", "intention", "--share"]).done();
    assert!(
        said.contains("Intention: To listen.; what matters to you: rest (my care team)"),
        "{said}"
    );
    assert_eq!(at_the_clinic(&world, &phone), ["To listen. | rest"]);
    let back = phone
        .run(&["session", "intention", "--withdraw", "--yes"])
        .done();
    assert!(back.contains("Taken back"), "{back}");
    assert!(at_the_clinic(&world, &phone).is_empty());
    let twice = phone
        .run(&["session", "intention", "--withdraw", "--yes"])
        .done();
    assert!(twice.contains("This is not shared"), "{twice}");
    assert!(
        twice.contains("Intention: To listen."),
        "it is still the person's own: {twice}"
    );
}

#[test]
fn in_the_quiet_of_the_day_no_intention_is_shown_or_asked_for() {
    let world = World::new();
    let phone = world.paired_phone();
    with_session(&world, &phone);
    phone.run(&["session", "intention", "To listen."]).done();
    world.clock.advance_ms((9 * 24 + 19) * 60 * 60 * 1000);
    let here = phone.run(&["session", "here"]).done();
    assert!(!here.contains("ntention"), "{here}");
    let shared = phone.run(&["session", "intention", "--share"]).refused(1);
    assert!(shared.contains("quiet hours"), "{shared}");
    // What is written now is kept, and stays the person's own.
    phone.run(&["session", "intention", "To be here."]).done();
    assert!(at_the_clinic(&world, &phone).is_empty());
}

#[test]
fn of_two_intentions_that_phones_wrote_apart_both_are_shown_and_the_shared_one_is_taken_back() {
    let world = World::new();
    let phone = world.paired_phone();
    let tablet = world.second_phone(&phone, "Tablet");
    with_session(&world, &phone);
    tablet.run(&["sync"]).done();
    phone
        .run(&["session", "intention", "To listen.", "--share"])
        .done();
    world.clock.advance_ms(60_000);
    tablet
        .run(&["session", "intention", "To say nothing."])
        .done();
    assert_eq!(at_the_clinic(&world, &phone), ["To listen. | "]);
    for one in [&tablet, &phone] {
        one.run(&["sync"]).done();
    }
    for one in [&tablet, &phone] {
        let said = one.run(&["session"]).done();
        for line in [
            "Intention: To say nothing. (only me)",
            "Intention: To listen. (my care team)",
            "They were written on phones that did not know of each other.",
        ] {
            assert!(said.contains(line), "{said}");
        }
    }
    let back = tablet
        .run(&["session", "intention", "--withdraw", "--yes"])
        .done();
    assert!(
        back.contains("Taken back: it is private") && !back.contains("(my care team)"),
        "{back}"
    );
    tablet.run(&["sync"]).done();
    assert!(at_the_clinic(&world, &phone).is_empty());
}
