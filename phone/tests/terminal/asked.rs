//! Nothing is deleted or taken back by one mistyped word: it is said what remains where, and asked.

use companion_core::domain::{
    AssessmentSection, CheckIn, Commitment, Entry, NextSessionItem, UseCheck,
};
use companion_core::records::Query;

use crate::care::json;
use crate::paired::World;
use crate::person::Phone;

/// One of each sort of thing that a person writes, shared with the care team: the words before what is to be done with it,
/// what it is named by, and the word that deletes it.
fn of_each_sort(phone: &Phone) -> Vec<(Vec<&'static str>, String, &'static str)> {
    let id = |value: serde_json::Value| value["id"].as_str().unwrap().to_owned();
    let entry = phone.write(&["--share", "care-team", "The lake."]);
    let check_in = phone
        .run(&["check-in", "--valence", "4", "--share", "care-team"])
        .done();
    let check_in = check_in[..8].to_owned();
    let commitment = id(json(phone, &["commit", "add", "Walk."]));
    let commitment = id(json(phone, &["commit", "share", &commitment]));
    let line = id(json(phone, &["next", "add", "--share", "talk", "Work."]));
    let answers = id(json(phone, &["use", "answer", "--craving", "no"]));
    let answers = id(json(phone, &["use", "share", &answers]));
    phone
        .run(&["assessment", "write", "hopes", "Sleep."])
        .done();
    phone.run(&["assessment", "share", "hopes"]).done();
    vec![
        (vec![], entry, "delete"),
        (vec![], check_in, "delete"),
        (vec!["commit"], commitment, "delete"),
        (vec!["next"], line, "remove"),
        (vec!["use"], answers, "delete"),
        (vec!["assessment"], "hopes".to_owned(), "delete"),
    ]
}

fn there(world: &World, phone: &Phone) -> usize {
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    macro_rules! shown {
        ($($kind:ty),*) => {
            0 $(+ world.clinic.shared(world.patient, &Query::<$kind>::all()).unwrap().items.len())*
        };
    }
    shown!(
        Entry,
        CheckIn,
        Commitment,
        NextSessionItem,
        UseCheck,
        AssessmentSection
    )
}

#[test]
fn each_sort_of_thing_is_deleted_only_once_its_person_says_yes() {
    let world = World::new();
    let phone = world.paired_phone();
    let all = of_each_sort(&phone);
    assert_eq!(there(&world, &phone), 6);
    for (before, what, delete) in &all {
        let words = [&before[..], &[*delete, what]].concat();
        for no in ["", "\n", "no\n", "yes please\n"] {
            let said = phone.answer(&words, no);
            assert_eq!(said.errors, "Delete it? Type yes.\n", "{words:?}");
            let said = said.output;
            assert!(
                said.contains("Its words go from this phone")
                    && said.contains("Nobody there is known to have opened it")
                    && said.ends_with("\nNothing was deleted.\n"),
                "{words:?}: {said}"
            );
        }
        let refused = phone.run(&[&words[..], &["--json"]].concat()).refused(2);
        assert!(
            refused.contains("say --yes as well"),
            "{words:?}: {refused}"
        );
    }
    assert_eq!(there(&world, &phone), 6);
    for (number, (before, what, delete)) in all.iter().enumerate() {
        let words = [&before[..], &[*delete, what]].concat();
        match number % 2 {
            // Piped in, nobody is asked, and the answer counts.
            0 => {
                let said = phone.type_in(&words, "yes\n").done();
                let last = said.trim_end().lines().last().unwrap();
                assert!(last.starts_with("Deleted: "), "{said}");
                assert_eq!(said.matches("Its words go from").count(), 1, "{said}");
            }
            _ => {
                let said = json(&phone, &[&words[..], &["--yes"]].concat());
                let remains = said["what_remains"].as_str().unwrap();
                assert!(remains.contains("Its words go from"), "{said}");
                assert_ne!(said["deleted"], serde_json::Value::Null);
            }
        }
        phone.run(&[&words[..], &["--yes"]].concat()).refused(1);
    }
    assert_eq!(there(&world, &phone), 0);
}

#[test]
fn each_sort_of_thing_is_taken_back_only_once_its_person_says_yes() {
    let world = World::new();
    let phone = world.paired_phone();
    let all = of_each_sort(&phone);
    phone.run(&["safety", "add", "1", "I sleep badly."]).done();
    phone.run(&["safety", "share"]).done();
    assert_eq!(there(&world, &phone), 6);
    let all = all.into_iter().map(|(before, what, _)| {
        let words = before.into_iter().map(str::to_owned);
        words
            .chain(["withdraw".to_owned(), what])
            .collect::<Vec<_>>()
    });
    let plan = vec!["safety".to_owned(), "withdraw".to_owned()];
    let all: Vec<_> = all.chain([plan]).collect();
    let words = |of: &Vec<String>, more: &[&'static str]| -> Vec<String> {
        let more = more.iter().map(|word| (*word).to_owned());
        of.iter().cloned().chain(more).collect()
    };
    fn typed(words: &[String]) -> Vec<&str> {
        words.iter().map(String::as_str).collect()
    }
    for each in &all {
        let said = phone.answer(&typed(each), "no\n");
        assert_eq!(said.errors, "Take it back? Type yes.\n", "{each:?}");
        let said = said.output;
        assert!(
            said.starts_with("Your clinic's pages stop showing it")
                && said.ends_with("\nNothing was taken back.\n"),
            "{each:?}: {said}"
        );
        let refused = phone.run(&typed(&words(each, &["--json"]))).refused(2);
        assert!(refused.contains("say --yes as well"), "{each:?}: {refused}");
    }
    assert_eq!(there(&world, &phone), 6);
    assert_eq!(json(&phone, &["safety"])["visibility"], "care_team");
    for (number, each) in all.iter().enumerate() {
        match number % 2 {
            0 => {
                let said = phone.type_in(&typed(each), "Yes\n").done();
                assert!(
                    said.contains("Taken back: it is private again.\n"),
                    "{said}"
                );
                assert_eq!(said.matches("stop showing it").count(), 1, "{said}");
            }
            _ => {
                let said = json(&phone, &typed(&words(each, &["--yes"])));
                assert_ne!(said, serde_json::Value::Null, "{each:?}");
            }
        }
        let again = phone.run(&typed(&words(each, &["--yes"])));
        let again = again.output + &again.errors;
        assert!(
            again.contains("nothing to take back") || again.contains("This was withdrawn."),
            "{each:?}: {again}"
        );
    }
    assert_eq!(there(&world, &phone), 0);
    assert_eq!(json(&phone, &["safety"])["visibility"], "only_me");
}
