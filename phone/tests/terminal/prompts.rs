//! What somebody could write about in the days after a session, in the terminal: when it is offered, in whose
//! words, and what becomes of what is written to it.

use companion_core::domain::programme::Standing;
use companion_core::domain::prompt_rules::PromptChange;
use companion_core::domain::{Entry, PromptRules};
use companion_core::records::Query;
use serde_json::Value;

use crate::paired::World;
use crate::person::Phone;
use crate::reminders::{exchange, ready, with_session};

const HOUR_MS: i64 = 60 * 60 * 1000;
/// From the tests' afternoon to that of the day after the session.
const TO_THE_NEXT_DAY: i64 = 11 * 24 * HOUR_MS;

fn after_a_session() -> (World, Phone) {
    let world = World::new();
    let phone = world.paired_phone();
    ready(&world);
    with_session(&world, &phone);
    world.clock.advance_ms(TO_THE_NEXT_DAY);
    (world, phone)
}

fn json(phone: &Phone) -> Value {
    serde_json::from_str(&phone.run(&["prompts", "--json"]).done()).unwrap()
}

fn offered(phone: &Phone) -> Vec<String> {
    let said = json(phone);
    let all = said["prompts"].as_array().unwrap().iter();
    all.map(|it| it["prompt"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn prompts_are_offered_from_the_next_day_on_and_an_entry_answers_what_was_asked() {
    let world = World::new();
    let phone = world.paired_phone();
    phone.write(&["Hello."]);
    assert_eq!(json(&phone)["nothing_because"], "not_ready");
    ready(&world);
    with_session(&world, &phone);
    assert_eq!(json(&phone)["nothing_because"], "no_session");
    let refused = phone
        .run(&["write", "--prompt", "body", "Tired."])
        .refused(1);
    assert!(refused.contains("before the first session"), "{refused}");
    world.clock.advance_ms(TO_THE_NEXT_DAY - 24 * HOUR_MS);
    let quiet = phone.run(&["prompts"]).done();
    assert!(quiet.contains("in the quiet hours"), "{quiet}");
    assert!(!phone.run(&["next"]).done().contains("see `prompts`"));
    world.clock.advance_ms(24 * HOUR_MS);

    let said = phone.run(&["prompts"]).done();
    for part in [
        "1 day after session 1. If you like",
        "What is your body like today?",
        "You can stop at any time",
        "feel your feet on the ground",
        "`phone crisis`",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    for glance in ["next", "status"] {
        let said = phone.run(&[glance]).done();
        assert!(said.contains("if you like: see `prompts`"), "{said}");
    }
    let id = phone.write(&["--prompt", "body", "Tired", "and", "well."]);
    let shown = phone.run(&["show", &id]).done();
    for part in [
        "What is your body like today?",
        "integration",
        "Tired and well.",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let none = phone
        .run(&["write", "--prompt", "stayed", "Much."])
        .refused(2);
    assert!(none.contains("there is body, images"), "{none}");
    for words in [&[""][..], &[" ", ""], &["-"]] {
        let words = [&["write", "--prompt", "body"], words].concat();
        let refused = phone.type_in(&words, " \n").refused(2);
        assert!(
            refused.contains("Nothing was written to the prompt"),
            "{refused}"
        );
    }
    let list = phone.run(&["list"]).done();
    assert_eq!(list.matches("What is your body like today?").count(), 1);
    phone.run(&["share", &id]).done();
    exchange(&world, &phone);
    exchange(&world, &phone);
    let entries = world.clinic.page(world.patient, &Query::<Entry>::all());
    let entry = entries.unwrap().items.remove(0).content;
    assert_eq!(entry.title, "What is your body like today?");
    assert!(entry.session.is_some());
}

#[test]
fn prompts_come_in_the_chosen_language_with_the_way_back() {
    let (_world, phone) = after_a_session();
    phone.run(&["language", "es-MX"]).done();
    let said = phone.run(&["prompts"]).done();
    assert!(said.contains("¿Cómo está tu cuerpo hoy?"), "{said}");
    assert!(said.contains("Puedes parar") && said.contains("plan de seguridad"));
    assert_eq!(json(&phone)["language"], "es");
}

#[test]
fn a_clinic_switches_off_words_anew_moves_and_adds_and_a_pause_ends_all_of_it() {
    let (world, phone) = after_a_session();
    let change = |change: PromptChange| {
        let item = world.clinic.new_item();
        let set = world
            .clinic
            .change_for_all::<PromptRules>("Maya", |rules| rules.change(item, change));
        set.unwrap();
        exchange(&world, &phone);
    };
    let named = |prompt: &str| PromptChange {
        prompt: prompt.to_owned(),
        ..PromptChange::default()
    };
    change(PromptChange {
        off: true,
        ..named("images")
    });
    change(PromptChange {
        words: "Where do you feel it?".to_owned(),
        ..named("body")
    });
    change(PromptChange {
        from_day: Some(5),
        ..named("hard")
    });
    change(PromptChange {
        from_day: Some(1),
        until_day: Some(2),
        words: "Who knows?".to_owned(),
        ..named("own_1")
    });
    let all = offered(&phone);
    assert_eq!(all, ["body", "feelings", "surprise", "remember", "own_1"]);
    let said = json(&phone);
    assert_eq!(said["prompts"][0]["words"], "Where do you feel it?");
    assert_eq!(said["prompts"][0]["by_clinic"], true);
    let paused = (Standing::Paused, "Away in December.");
    let paused = world.clinic.set_standing(
        world.patient,
        world.clinic.standing_seen(world.patient).unwrap(),
        paused.0,
        paused.1,
        "Maya",
    );
    paused.unwrap();
    exchange(&world, &phone);
    assert_eq!(json(&phone)["nothing_because"], "paused");
}
