//! Ending the account: said first, asked by a word, and nothing is left of the phone once the server knows.

use std::fs;

use serde_json::Value;

use crate::paired::World;
use crate::person::Phone;

fn left(phone: &Phone) -> Vec<String> {
    let files = fs::read_dir(phone.path().join("phone")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned());
    names.collect()
}

#[test]
fn it_says_what_remains_where_and_asks_for_a_word() {
    let world = World::new();
    let phone = world.paired_phone();
    phone.write(&[
        "--share",
        "care-team",
        "--title",
        "The lake",
        "It was quiet.",
    ]);
    phone.write(&["Mine."]);
    let said = phone.type_in(&["end"], "end\n").done();
    assert!(said.contains("Nothing was ended."), "{said}");
    for words in [
        "You share 1 thing",
        "may have to keep",
        "for 30 more days",
        "Exports and backups that you made stay",
        "export it first",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let refused = phone.run(&["end", "--yes", "yes"]).refused(2);
    assert!(refused.contains("The word is END"), "{refused}");
    let refused = phone.run(&["end", "--json"]).refused(2);
    assert!(refused.contains("nobody is asked"), "{refused}");
    assert!(phone.run(&["list"]).done().contains("Mine."));

    let said = phone.type_in(&["end", "--take-back"], "END\n").done();
    assert!(
        said.contains("What was on this phone is gone from it"),
        "{said}"
    );
    assert!(left(&phone).is_empty(), "{:?}", left(&phone));
    let refused = phone.run(&["list"]).refused(1);
    assert!(refused.contains("no phone in"), "{refused}");
    assert!(phone.run(&["crisis"]).done().contains("988"));
    world.clinic.sync().unwrap();
    assert!(world.clinic.sharing_over(world.patient).unwrap().is_some());
}

#[test]
fn without_a_server_it_is_decided_and_goes_on_with_the_next_sync() {
    let mut world = World::new();
    let phone = world.paired_phone();
    phone.write(&["Mine."]);
    world.server = None;
    let value = phone.run(&["end", "--yes", "END", "--json"]).done();
    let value: Value = serde_json::from_str(&value).unwrap();
    assert_eq!(value["state"], "ending");
    assert!(value["not_yet_because"].is_string(), "{value}");
    assert!(value["remains"].as_array().unwrap().len() > 3);
    let refused = phone.run(&["write", "More."]).refused(1);
    assert!(refused.contains("being ended"), "{refused}");
    let said = phone.run(&["status"]).done();
    assert!(said.contains("Your account is being ended"), "{said}");
    world.start_again();
    let said = phone.run(&["sync"]).done();
    assert!(said.contains("Your account was ended"), "{said}");
    assert!(left(&phone).is_empty());
}

#[test]
fn another_phone_says_so_and_keeps_what_was_never_sent() {
    let world = World::new();
    let phone = world.paired_phone();
    let second = world.second_phone(&phone, "Tablet");
    second.write(&["Written on the train."]);
    let refused = second.run(&["end", "--yes", "END"]).refused(1);
    assert!(refused.contains("on your first phone"), "{refused}");
    phone.run(&["end", "--yes", "END"]).done();
    let said = second.run(&["sync"]).done();
    assert!(
        said.contains("Your account was ended on your first phone"),
        "{said}"
    );
    assert!(said.contains("never left it"), "{said}");
    assert!(
        second
            .run(&["list"])
            .done()
            .contains("Written on the train.")
    );
    let refused = second.run(&["write", "More."]).refused(1);
    assert!(
        refused.contains("this account was ended") || refused.contains("This account was ended"),
        "{refused}"
    );
    let said = second.run(&["end", "--yes", "END"]).done();
    assert!(said.contains("gone from it"), "{said}");
    assert!(left(&second).is_empty());
}

#[test]
fn a_phone_that_is_paired_with_nobody_says_that_the_record_is_there_alone() {
    let phone = Phone::alone();
    phone.write(&["Mine."]);
    phone.write(&["Mine as well."]);
    let said = phone.type_in(&["end"], "no\n").done();
    assert!(
        said.contains("Your record is on this phone alone"),
        "{said}"
    );
    for words in ["sent", "hears", "clinic", "from the server"] {
        assert!(!said.contains(words), "{words}: {said}");
    }
    let value = phone.run(&["end", "--yes", "END", "--json"]).done();
    let value: Value = serde_json::from_str(&value).unwrap();
    assert_eq!(
        (&value["state"], &value["waiting"]),
        (&"ended".into(), &0.into())
    );
    assert!(left(&phone).is_empty(), "{:?}", left(&phone));
    let refused = phone.run(&["status"]).refused(1);
    assert!(refused.contains("no phone in"), "{refused}");
}

#[test]
fn a_phone_that_watches_hears_of_the_end_and_nothing_is_left_of_it() {
    let world = World::new();
    let phone = world.paired_phone();
    let second = world.second_phone(&phone, "Tablet");
    let third = world.phone(21);
    World::come_in(&third, &phone, "Old phone");
    third.write(&["Written on the train."]);
    phone.run(&["end", "--yes", "END"]).done();
    let said = second.run(&["watch"]).done();
    assert!(said.contains("gone from it"), "{said}");
    assert!(!said.contains("stays here"), "{said}");
    assert!(left(&second).is_empty(), "{:?}", left(&second));
    // What never left a phone is no reason to say that nothing happened, and none to take it away.
    let said = third.run(&["watch"]).done();
    assert!(
        said.contains("Your account was ended on your first phone")
            && said.contains("never left it"),
        "{said}"
    );
    assert!(third.run(&["list"]).done().contains("on the train"));
}

#[test]
fn a_phone_says_what_it_took_back_too_late() {
    let world = World::new();
    let phone = world.paired_phone();
    let id = phone.write(&["--share", "care-team", "By the lake."]);
    phone.run(&["sync"]).done();
    let second = world.second_phone(&phone, "Tablet");
    second.run(&["sync"]).done();
    second.run(&["withdraw", &id, "--yes"]).done();
    phone.run(&["end", "--yes", "END"]).done();
    let said = second.run(&["sync"]).done();
    assert!(said.contains("still shown at your clinic"), "{said}");
    let said = second.run(&["status"]).done();
    assert!(said.contains("Ask them not to show it"), "{said}");
    let said = second.run(&["list"]).done();
    assert!(said.contains("your clinic still shows it"), "{said}");
}

/// As JSON nothing is said beside it, and nothing is left all the same.
#[test]
fn an_end_that_is_said_to_a_program_takes_away_what_is_on_the_phone() {
    let world = World::new();
    let phone = world.paired_phone();
    phone.write(&["Mine."]);
    let value = phone.run(&["end", "--yes", "END", "--json"]).done();
    let value: Value = serde_json::from_str(&value).unwrap();
    assert_eq!(value["state"], "ended");
    assert!(left(&phone).is_empty(), "{:?}", left(&phone));
}
