//! What a phone would remind of, from what both sides wrote.

use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::programme::Standing;
use companion_core::domain::reminder_rules::ReminderChange;
use companion_core::domain::{
    CostSheet, DocumentId, DosingSession, Programme, Readiness, ReminderRules,
};
use serde_json::Value;

use crate::paired::World;
use crate::person::Phone;

const ZONE: [&str; 2] = ["--zone", "America/New_York"];

/// Everything that the clinic wrote reaches the phone.
pub(crate) fn exchange(world: &World, phone: &Phone) {
    world.clinic.sync().unwrap();
    phone.run(&["sync"]).done();
}

/// A programme whose assessment came to *ready*.
pub(crate) fn ready(world: &World) {
    let (clinic, patient) = (&world.clinic, world.patient);
    clinic.begin_programme(patient, "Maya").unwrap();
    let outcome = Readiness::ready("Maya", clinic.now());
    clinic.create(patient, outcome).unwrap();
}

/// A session in ten days, at ten in the morning, known on the phone of somebody who is ready for one.
pub(crate) fn with_session(world: &World, phone: &Phone) -> DocumentId {
    let (clinic, patient) = (&world.clinic, world.patient);
    if clinic.readiness(patient).unwrap().is_none() {
        let outcome = Readiness::ready("Maya", clinic.now());
        clinic.create(patient, outcome).unwrap();
    }
    let at = "2026-12-03T10:00:00.000-05:00".parse().unwrap();
    let session = DosingSession {
        place: "Harbor House".to_owned(),
        ..DosingSession::new(1, at)
    };
    let planned = clinic.plan_session(patient, session).unwrap();
    exchange(world, phone);
    planned.id
}

fn planned(phone: &Phone) -> Value {
    let said = phone.run(&[&["reminders", "--json"][..], &ZONE].concat());
    serde_json::from_str(&said.done()).unwrap()
}

fn rules(plan: &Value) -> Vec<&str> {
    let all = plan["notifications"].as_array().unwrap();
    all.iter().map(|it| it["rule"].as_str().unwrap()).collect()
}

#[test]
fn nothing_reminds_of_a_session_before_ready_and_everything_stops_when_it_is_paused() {
    let world = World::new();
    let phone = world.paired_phone();
    world.clinic.begin_programme(world.patient, "Maya").unwrap();
    exchange(&world, &phone);
    let list = || phone.run(&[&["reminders"][..], &ZONE].concat()).done();
    let said = list();
    assert!(
        said.contains("once the assessment came to \u{201c}ready\u{201d}"),
        "{said}"
    );

    with_session(&world, &phone);
    let said = list();
    assert!(
        said.contains("2 Dec 2026, 18:00  Your session is tomorrow at 10:00, Harbor House."),
        "{said}"
    );
    assert!(said.contains("\u{2192} You have a reminder.\n"), "{said}");
    assert!(!said.contains("\u{2192} Tomorrow"), "{said}");

    let stop = |standing| {
        let (clinic, patient) = (&world.clinic, world.patient);
        let seen = clinic.programme(patient).unwrap().unwrap();
        let (id, now) = (clinic.new_item(), clinic.now());
        // Also where a node ended it that did not know of the session.
        clinic
            .edit::<Programme>(patient, seen.id, &seen.revision, |programme| {
                programme.set_standing(id, standing, "A move.", "Maya", now);
            })
            .unwrap();
        exchange(&world, &phone);
        list()
    };
    assert_eq!(
        stop(Standing::Paused),
        "Nothing is planned: the programme is paused.\n"
    );
    assert!(stop(Standing::Running).contains("is tomorrow at"));
    assert_eq!(
        stop(Standing::Ended),
        "Nothing is planned: the programme has ended.\n"
    );
}

#[test]
fn a_plan_made_again_changes_nothing_and_a_moved_session_changes_what_is_about_it() {
    let world = World::new();
    let phone = world.paired_phone();
    ready(&world);
    let session = with_session(&world, &phone);
    let before = phone
        .run(&[&["reminders", "--json"][..], &ZONE].concat())
        .done();
    let against = |more: &[&str]| {
        let words = [&["reminders", "--against", "-"][..], &ZONE, more].concat();
        phone.type_in(&words, &before).done()
    };
    world.clock.advance_ms(60 * 60 * 1000);
    assert_eq!(against(&[]), "Nothing changes.\n");

    let seen = world
        .clinic
        .get::<DosingSession>(world.patient, session)
        .unwrap();
    let later = "2026-12-10T10:00:00.000-05:00".parse().unwrap();
    let (clinic, patient) = (&world.clinic, world.patient);
    clinic
        .move_session(patient, session, &seen.revision, later, "Maya")
        .unwrap();
    exchange(&world, &phone);
    let changes: Value = serde_json::from_str(&against(&["--json"])).unwrap();
    assert!(!changes["to_cancel"].as_array().unwrap().is_empty());
    let to_schedule = changes["to_schedule"].as_array().unwrap();
    let day_before = to_schedule
        .iter()
        .find(|it| it["rule"] == "day_before")
        .unwrap();
    assert_eq!(day_before["at"], "2026-12-09T18:00:00.000-05:00");
    let odd = phone
        .type_in(&["reminders", "--against", "-"], "{}")
        .refused(2);
    assert!(odd.contains("--against takes"), "{odd}");
}

#[test]
fn choices_count_until_they_are_taken_back() {
    let world = World::new();
    let phone = world.paired_phone();
    ready(&world);
    with_session(&world, &phone);
    assert!(rules(&planned(&phone)).contains(&"day_before"));
    phone
        .run(&["reminders", "pause", "day-before", "--until", "2026-12-20"])
        .done();
    assert!(!rules(&planned(&phone)).contains(&"day_before"));
    phone.run(&["reminders", "resume", "day-before"]).done();
    assert!(rules(&planned(&phone)).contains(&"day_before"));

    let warned = phone.run(&["reminders", "lock-screen", "words"]).done();
    assert!(warned.contains("Whoever sees your phone"), "{warned}");
    let plan = planned(&phone);
    let first = &plan["notifications"][0];
    assert_eq!(first["lock_screen"]["words"], first["words"]);

    phone.run(&["reminders", "pause"]).done();
    let said = phone.run(&["reminders"]).done();
    assert_eq!(
        said,
        "Nothing is planned: you chose a break from all reminders.\n"
    );
    let quiet = phone.run(&["reminders", "quiet", "09:00-08:00"]).refused(2);
    assert!(quiet.contains("less than six hours"), "{quiet}");
}

#[test]
fn reminders_follow_the_zone_and_the_time_that_were_asked_for() {
    let world = World::new();
    let phone = world.paired_phone();
    ready(&world);
    with_session(&world, &phone);
    let words = [
        "reminders",
        "--zone",
        "Europe/Berlin",
        "--from",
        "2026-12-02T12:00",
    ];
    let said = phone.run(&words).done();
    assert!(
        said.starts_with("By the clock of Europe/Berlin:\n2 Dec 2026, 18:00"),
        "{said}"
    );
    // The words keep the clock of the place where the session is.
    assert!(
        said.contains("3 Dec 2026, 13:00  Your session begins at 10:00"),
        "{said}"
    );
    let nowhere = phone
        .run(&["reminders", "--zone", "US/Pacific-New"])
        .refused(2);
    assert!(nowhere.contains("There is no time zone"), "{nowhere}");
    let never = phone.run(&["reminders", "--from", "2026-02-30"]).refused(2);
    assert!(never.contains("give a time like"), "{never}");
}

#[test]
fn what_is_done_is_asked_for_no_more() {
    let world = World::new();
    let phone = world.paired_phone();
    ready(&world);
    with_session(&world, &phone);
    let after_session = || {
        let said = phone.run(&[
            "reminders",
            "--json",
            "--zone",
            "America/New_York",
            "--from",
            "2026-12-04T09:00",
        ]);
        serde_json::from_str::<Value>(&said.done()).unwrap()
    };
    assert!(rules(&after_session()).contains(&"integration"));
    world.clock.advance_ms(11 * 24 * 60 * 60 * 1000);
    phone.write(&["--kind", "integration", "The", "lake", "again."]);
    assert!(!rules(&after_session()).contains(&"integration"));
}

#[test]
fn what_a_reminder_asks_for_before_a_session_is_settled_in_the_session_and_its_guide() {
    let world = World::new();
    let phone = world.paired_phone();
    ready(&world);
    with_session(&world, &phone);
    let is_asked = |rule: &str| rules(&planned(&phone)).contains(&rule);
    assert!(is_asked("arrange") && is_asked("changes"));
    phone.run(&["session", "escort", "Ida"]).done();
    phone.run(&["session", "done", "what-changed"]).done();
    assert!(is_asked("changes"), "the ride is not agreed");
    phone.run(&["session", "confirm-escort"]).done();
    assert!(!is_asked("changes"));
    phone.run(&["guide", "finish", "getting-ready"]).done();
    assert!(is_asked("arrange"), "nobody to lean on yet");
    phone
        .run(&["guide", "tick", "getting-ready", "support"])
        .done();
    assert!(!is_asked("arrange"));
}

#[test]
fn costs_are_asked_for_while_there_is_a_sheet_that_nobody_acknowledged() {
    let world = World::new();
    let phone = world.paired_phone();
    ready(&world);
    let at = "2026-12-20T10:00:00.000-05:00".parse().unwrap();
    let session = DosingSession::new(1, at);
    world.clinic.plan_session(world.patient, session).unwrap();
    exchange(&world, &phone);
    let is_asked = || rules(&planned(&phone)).contains(&"costs");
    assert!(is_asked(), "the medicines were not looked through");
    phone
        .run(&["guide", "tick", "getting-ready", "medicines"])
        .done();
    assert!(!is_asked());
    let mut sheet = CostSheet::new(world.clinic.now());
    let line = CostLine {
        label: "Session".to_owned(),
        provider: String::new(),
        payer: Payer::Cash,
        amount: None,
        is_medicine: false,
        hsa_fsa: false,
    };
    sheet.lines.push(world.clinic.new_item(), line);
    world.clinic.create(world.patient, sheet).unwrap();
    exchange(&world, &phone);
    assert!(is_asked());
    let costs = world.clinic.costs(world.patient).unwrap().unwrap();
    let walked = world
        .clinic
        .walk_through_costs(world.patient, &costs, "Maya");
    walked.unwrap();
    exchange(&world, &phone);
    phone
        .run(&["plan", "acknowledge", "1", "--as", "Ada"])
        .done();
    assert!(!is_asked());
}

#[test]
fn a_choice_made_on_one_phone_counts_on_the_other() {
    let world = World::new();
    let first = world.paired_phone();
    let second = world.second_phone(&first, "Tablet");
    second.run(&["reminders", "pause"]).done();
    second.run(&["sync"]).done();
    first.run(&["sync"]).done();
    let said = first.run(&["reminders"]).done();
    assert_eq!(
        said,
        "Nothing is planned: you chose a break from all reminders.\n"
    );
}

#[test]
fn what_was_answered_after_a_session_is_not_asked_for_again() {
    let world = World::new();
    let phone = world.paired_phone();
    ready(&world);
    with_session(&world, &phone);
    let is_asked = |rule: &str| rules(&planned(&phone)).contains(&rule);
    let hour = 60 * 60 * 1000;
    // Shortly after noon of the day after.
    world.clock.advance_ms((10 * 24 + 21) * hour);
    assert!(is_asked("day_after") && is_asked("measures_7"));
    phone.write(&["Tired,", "and", "well."]);
    assert!(!is_asked("day_after"));
    world.clock.advance_ms(5 * 24 * hour);
    let said = phone.type_in(
        &["measure", "--json", "start", "gad-7"],
        "1\n1\n1\n1\n1\n1\n1\n",
    );
    let begun: Value = serde_json::from_str(&said.done()).unwrap();
    assert!(is_asked("measures_7"), "it is begun and not finished");
    phone
        .run(&["measure", "finish", begun["id"].as_str().unwrap()])
        .done();
    assert!(!is_asked("measures_7"));
}

#[test]
fn what_the_clinic_set_is_listed_by_name_and_may_be_moved_within_its_day() {
    let world = World::new();
    let phone = world.paired_phone();
    ready(&world);
    with_session(&world, &phone);
    let list = phone.run(&["reminders", "rules"]).done();
    assert!(list.starts_with("The clinic set none of its own"), "{list}");
    let item = world.clinic.new_item();
    world
        .clinic
        .change_for_all::<ReminderRules>("Maya", |rules| {
            rules.change(
                item,
                ReminderChange {
                    rule: "day_before".to_owned(),
                    words: "Tomorrow, at {time}.".to_owned(),
                    ..ReminderChange::default()
                },
            );
        })
        .unwrap();
    exchange(&world, &phone);
    phone
        .run(&["reminders", "move", "day_before", "17:15"])
        .done();
    let list = phone.run(&["reminders", "rules"]).done();
    let marked =
        "day_before  (set by the clinic; you moved it to 17:15)\n    Tomorrow, at {time}.\n";
    assert!(
        list.starts_with("Set by Maya.") && list.contains(marked),
        "{list}"
    );
    let list = phone.run(&["reminders", "rules", "--json"]).done();
    let list: Value = serde_json::from_str(&list).unwrap();
    let rules = list["rules"].as_array().unwrap();
    let one = rules.iter().find(|it| it["rule"] == "day_before").unwrap();
    assert_eq!(
        (&one["set_by_clinic"], &one["moved_to"]),
        (&true.into(), &"17:15".into())
    );
    let at = |plan: &Value| {
        let all = plan["notifications"].as_array().unwrap();
        let one = all.iter().find(|it| it["rule"] == "day_before").unwrap();
        one["at"].as_str().unwrap().to_owned()
    };
    assert!(at(&planned(&phone)).starts_with("2026-12-02T17:15"));
    phone.run(&["reminders", "move", "day_before"]).done();
    assert!(at(&planned(&phone)).starts_with("2026-12-02T18:00"));
    let none = phone
        .run(&["reminders", "move", "lunch", "12:00"])
        .refused(2);
    assert!(
        none.contains("`reminders rules` lists their names"),
        "{none}"
    );
    phone
        .run(&["reminders", "move", "day_before", "noon"])
        .refused(2);
}

#[test]
fn what_would_change_nothing_is_refused_in_words_and_a_time_in_the_quiet_is_said() {
    let phone = Phone::alone();
    phone.write(&["Hello."]);
    let said = phone.run(&["reminders", "move", "leave", "07:00"]);
    let said = said.refused(2);
    assert!(said.contains("minutes before a session begins"), "{said}");
    for day in ["2026-11-22", "2026-11-23"] {
        let said = phone.run(&["reminders", "pause", "--until", day]);
        assert!(said.refused(2).contains("hat day is not to come"), "{day}");
    }
    let until = ["reminders", "pause", "--until", "2026-11-24"];
    phone.run(&until).done();
    let said = phone.run(&["reminders", "move", "day_before", "23:00"]);
    let said = said.done();
    assert!(
        said.contains("in the quiet hours, 21:00 to 09:00"),
        "{said}"
    );
    let said = phone.run(&["reminders", "move", "day_before", "17:00"]);
    assert!(!said.done().contains("quiet hours"));
    phone.run(&["reminders", "move", "leave"]).done();
}

#[test]
fn whoever_ends_a_break_is_told_what_still_rests() {
    let phone = Phone::alone();
    phone.write(&["Hello."]);
    let run = |words: &[&str]| phone.run(&[&["reminders"][..], words].concat()).done();
    run(&["pause"]);
    run(&["pause", "measure"]);
    run(&["pause", "day-before", "--until", "2036-12-20"]);
    let one = run(&["resume", "day-before"]);
    assert!(one.contains("You are still reminded of nothing"), "{one}");
    run(&["pause", "day-before", "--until", "2036-12-20"]);
    let all = run(&["resume"]);
    assert!(
        all.contains("but for what you paused by itself: day-before until 20 Dec 2036, measure."),
        "{all}"
    );
    run(&["resume", "measure"]);
    let last = run(&["resume", "day-before"]);
    assert_eq!(last.trim(), "You are reminded again.");
}

#[test]
fn a_choice_about_reminders_is_said_to_a_program_too() {
    let phone = Phone::alone();
    phone.write(&["Hello."]);
    let chosen = |words: &[&str]| -> Value {
        let words = [&["reminders", "--json"][..], words].concat();
        serde_json::from_str(&phone.run(&words).done()).unwrap()
    };
    assert_eq!(chosen(&["pause"])["all"], "open");
    assert_eq!(chosen(&["pause", "measure"])["paused"]["measure"], "open");
    assert_eq!(chosen(&["resume"])["all"], "");
    let moved = chosen(&["move", "day_before", "23:00"]);
    assert_eq!(moved["moved"]["day_before"], "23:00");
    assert_eq!(moved["in_quiet_hours"], true);
    phone.run(&["safety", "add", "1", "Signs"]).done();
    let said = phone.run(&["safety", "withdraw", "--json", "--yes"]).done();
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["visibility"], "only_me");
}
