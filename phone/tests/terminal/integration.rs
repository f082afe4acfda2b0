//! The time between sessions in the terminal: what the clinic sees at a glance, the list for the next session,
//! and what is taken back.

use companion_core::domain::{Commitment, Entry, NextSessionItem, Response};
use companion_core::records::{PageSize, Query};
use serde_json::Value;

use crate::paired::World;
use crate::person::Phone;
use crate::reminders::{exchange, with_session};

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

fn json(phone: &Phone, words: &[&str]) -> Value {
    serde_json::from_str(&phone.run(&[words, &["--json"]].concat()).done()).unwrap()
}

fn id_in(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// A finished GAD-7 in which every answer counts the same, shared.
fn gad_7(phone: &Phone, points: &str) -> Value {
    let answers = format!("{points}\n").repeat(8);
    let begun = phone
        .type_in(&["measure", "start", "gad-7", "--json"], &answers)
        .done();
    let begun: Value = serde_json::from_str(&begun).unwrap();
    json(phone, &["measure", "finish", &id_in(&begun), "--share"])
}

#[test]
fn a_patient_sees_what_the_clinic_sees_at_a_glance_and_nothing_private_is_in_it() {
    let world = World::new();
    let phone = world.paired_phone();
    let nothing = phone.run(&["digest"]).done();
    assert!(
        nothing.contains("You have shared nothing of this yet."),
        "{nothing}"
    );
    phone.write(&["--title", "Canary", "For nobody."]);
    phone.run(&["next", "add", "Canary", "line"]).done();
    phone.run(&["commit", "add", "Canary", "walk"]).done();
    phone
        .run(&["check-in", "--valence", "1", "--note", "Canary"])
        .done();
    phone.write(&["--share", "talk", "--title", "The lake", "It was calm."]);
    phone.write(&["--share", "care-team", "--title", "Rain", "All day."]);
    phone.run(&["check-in", "--valence", "3", "--share"]).done();
    let walk = ["commit", "add", "Walk.", "--review-on", "2026-11-23"];
    phone
        .run(&[&walk[..], &["--share", "care-team"]].concat())
        .done();
    gad_7(&phone, "1");
    let said = phone.run(&["digest"]).done();
    assert!(
        said.contains("5 things that you shared have not reached your clinic yet"),
        "{said}"
    );
    assert!(said.contains("not with the clinic yet"), "{said}");
    exchange(&world, &phone);
    exchange(&world, &phone);

    let said = phone.run(&["digest"]).done();
    assert!(
        !said.contains("Canary") && !said.contains("reached"),
        "{said}"
    );
    for shown in [
        "What your clinic sees at a glance",
        "The lake (entry",
        "Rain (entry",
        "Walk. (commitment, 23 Nov 2026, 15:18; its day has come",
        "Mood: 1 answer; first slightly unpleasant (3)",
        "gad-7: 7 on 23 Nov 2026, 15:18; none before",
        "(The rule: Everything marked",
    ] {
        assert!(said.contains(shown), "{shown}: {said}");
    }
    let seen = json(&phone, &["digest"]);
    assert!(!seen.to_string().contains("Canary"), "{seen}");
    // The very words that the clinic's digest has.
    let there = world
        .clinic
        .digest(world.patient, companion_core::domain::Moment::utc(0))
        .unwrap();
    let here = json(&phone, &["digest", "--since", "2020-01-01"]);
    let words = |part: &str| {
        let lines = here[part]["lines"].as_array().unwrap().iter();
        lines
            .map(|line| line["words"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let theirs = |lines: &[companion_core::domain::digest::Line]| {
        let lines = lines.iter();
        lines.map(|line| line.words.clone()).collect::<Vec<_>>()
    };
    assert_eq!(words("to_talk_about"), theirs(&there.to_talk_about));
    assert_eq!(words("changed"), theirs(&there.changed));
    assert_eq!(words("left_undone"), theirs(&there.left_undone));
    assert_eq!(here["totals"]["lines"][0]["latest"], there.totals[0].latest);
    assert_eq!(here["moods"]["lines"][0]["last"], 3);
    assert_eq!(here["not_received"], serde_json::json!([]));

    let wrong = phone.run(&["digest", "--since", "yesterday"]).refused(2);
    assert!(wrong.contains("give a day like 2026-11-23"), "{wrong}");
}

#[test]
fn a_glance_begins_with_the_last_session_and_says_when_it_is_quiet() {
    let world = World::new();
    let phone = world.paired_phone();
    with_session(&world, &phone);
    phone.write(&["--share", "care-team", "--title", "Before", "Words."]);
    world.clock.advance_ms(11 * DAY_MS);
    let seen = json(&phone, &["digest"]);
    assert_eq!(seen["changed"]["lines"], serde_json::json!([]));
    assert_eq!(seen["silence"]["quiet"]["days"], 11);
    let said = phone.run(&["digest"]).done();
    assert!(said.contains("since 3 Dec 2026, 10:00"), "{said}");
    assert!(
        said.contains("You last wrote, changed or shared something for your clinic on 23 Nov 2026, 15:18, 11 days ago."),
        "{said}"
    );
    let all = json(&phone, &["digest", "--since", "2026-11-23"]);
    assert_eq!(all["changed"]["lines"][0]["words"], "Before");
}

#[test]
fn a_list_for_the_next_session_is_the_persons_own_until_they_share_it() {
    let world = World::new();
    let phone = world.paired_phone();
    let empty = phone.run(&["next"]).done();
    assert!(empty.starts_with("Nothing is on your list"), "{empty}");
    let line = json(&phone, &["next", "add", "Ask", "about", "sleep."]);
    assert_eq!(line["visibility"], "only_me");
    phone.write(&["--share", "talk", "--title", "The lake", "It was calm."]);
    let said = phone.run(&["next", "list"]).done();
    assert!(
        said.contains("The lake") && said.contains("entry;"),
        "{said}"
    );
    assert!(
        said.contains("Only on your own list:\n") && said.contains("Ask about sleep."),
        "{said}"
    );
    let clinic_has = || {
        world.clinic.sync().unwrap();
        let query = Query::<NextSessionItem>::all();
        let page = world.clinic.shared(world.patient, &query).unwrap();
        page.items.len()
    };
    exchange(&world, &phone);
    assert_eq!(clinic_has(), 0);
    let shared = json(&phone, &["next", "share", &id_in(&line)]);
    assert_eq!(shared["visibility"], "talk_in_session");
    exchange(&world, &phone);
    assert_eq!(clinic_has(), 1);
    let list = json(&phone, &["next"]);
    assert_eq!(list["to_talk_about"].as_array().unwrap().len(), 2);

    // It was talked about: off the list, and still readable.
    phone.run(&["next", "done", &id_in(&shared)]).done();
    let list = json(&phone, &["next"]);
    assert_eq!(list["to_talk_about"].as_array().unwrap().len(), 1);
    assert_eq!(
        list["shared_and_not_on_the_list"][0]["text"],
        "Ask about sleep."
    );
    let entry = list["to_talk_about"][0]["id"].as_str().unwrap();
    phone.run(&["next", "done", entry]).done();
    let again = phone.run(&["next", "done", entry]).refused(1);
    assert!(again.contains("not marked to talk about"), "{again}");
    let entries = world
        .clinic
        .shared(world.patient, &Query::<Entry>::all())
        .unwrap();
    assert_eq!(entries.items.len(), 1, "it stays shared");

    let said = phone
        .run(&["next", "withdraw", &id_in(&shared), "--yes"])
        .done();
    assert!(
        said.contains("may keep, sealed") && said.contains("only on your devices"),
        "{said}"
    );
    exchange(&world, &phone);
    assert_eq!(clinic_has(), 0);
    let own = json(&phone, &["next"])["only_yours"][0].clone();
    let said = phone.run(&["next", "remove", &id_in(&own), "--yes"]).done();
    assert!(
        said.starts_with("Deleted: Ask about sleep.\n") && said.contains("It was shared before."),
        "{said}"
    );

    let line = json(&phone, &["next", "add", "--share", "talk", "Work."]);
    exchange(&world, &phone);
    let said = phone
        .run(&["next", "remove", &id_in(&line), "--yes"])
        .done();
    assert!(
        said.contains("pages stop showing it once they hear"),
        "{said}"
    );
    exchange(&world, &phone);
    assert_eq!(clinic_has(), 0);
    assert!(
        phone
            .run(&["next"])
            .done()
            .starts_with("Nothing is on your list")
    );

    phone.run(&["next", "add"]).refused(2);
    let blank = phone.run(&["next", "add", " "]).refused(1);
    assert_eq!(blank, "The line is empty.\n");
    phone.run(&["next", "remove", "ffff", "--yes"]).refused(1);
    let alone = Phone::alone();
    alone.write(&["Hello."]);
    let kept = alone.run(&["next", "add", "--share", "talk", "Work."]);
    assert!(
        kept.done().starts_with("This phone is not paired"),
        "it is kept as private"
    );
}

#[test]
fn a_commitment_is_taken_back_and_deleted_like_an_entry() {
    let world = World::new();
    let phone = world.paired_phone();
    let made = json(&phone, &["commit", "add", "Walk", "to", "the", "lake."]);
    let not_yet = phone
        .run(&["commit", "withdraw", &id_in(&made), "--yes"])
        .done();
    assert!(not_yet.contains("nothing to take back"), "{not_yet}");
    json(&phone, &["commit", "share", &id_in(&made)]);
    exchange(&world, &phone);
    // What is shared can be deleted in one act; here that is another one.
    let other = json(&phone, &["commit", "add", "Call", "Ben."]);
    let other = json(&phone, &["commit", "share", &id_in(&other)]);
    exchange(&world, &phone);
    let said = json(&phone, &["commit", "delete", &id_in(&other), "--yes"]);
    assert_eq!(said["deleted"], "Call Ben.");
    assert!(
        said["what_remains"].as_str().unwrap().contains("clinic"),
        "{said}"
    );
    // By the private copy's id as well.
    let said = phone
        .run(&["commit", "withdraw", &id_in(&made), "--yes"])
        .done();
    assert!(
        said.contains("may keep, sealed") && said.contains("Walk to the lake."),
        "{said}"
    );
    exchange(&world, &phone);
    world.clinic.sync().unwrap();
    let query = Query::<Commitment>::all();
    let there = world.clinic.shared(world.patient, &query).unwrap();
    assert_eq!(there.items.len(), 0);
    let withdrawn = world
        .clinic
        .withdrawn::<Commitment>(world.patient, PageSize::SCREEN);
    assert_eq!(withdrawn.unwrap().len(), 2);
    let own = id_in(&json(&phone, &["commit"])[0]);
    let said = phone.run(&["commit", "delete", &own, "--yes"]).done();
    assert!(said.starts_with("Deleted: Walk to the lake.\n"), "{said}");
    assert_eq!(json(&phone, &["commit"]), serde_json::json!([]));
    phone
        .run(&["commit", "withdraw", "ffff", "--yes"])
        .refused(1);
    phone.run(&["commit", "delete", " ", "--yes"]).refused(2);
}

#[test]
fn a_questionnaire_is_taken_back_and_deleted_like_an_entry() {
    let world = World::new();
    let phone = world.paired_phone();
    let shared = id_in(&gad_7(&phone, "2"));
    exchange(&world, &phone);
    world.clinic.sync().unwrap();
    let query = Query::<Response>::all();
    let there = || world.clinic.shared(world.patient, &query).unwrap().items;
    assert_eq!(there().len(), 1);
    let said = phone.run(&["measure", "withdraw", &shared, "--yes"]).done();
    assert!(
        said.contains("may keep, sealed") && said.contains("only on your devices"),
        "{said}"
    );
    exchange(&world, &phone);
    world.clinic.sync().unwrap();
    assert_eq!(there().len(), 0);
    let own = said.lines().nth(1).unwrap()[..8].to_owned();
    assert!(!shared.starts_with(&own), "{said}");
    let said = phone.run(&["measure", "withdraw", &own, "--yes"]).done();
    assert!(said.contains("nothing to take back"), "{said}");
    let deleted = json(&phone, &["measure", "delete", &own, "--yes"]);
    assert_eq!(deleted["deleted"], "gad-7, 23 Nov 2026, 15:18");
    phone.run(&["measure", "show", &own]).refused(1);
    phone
        .run(&["measure", "withdraw", "ffff", "--yes"])
        .refused(1);
}
