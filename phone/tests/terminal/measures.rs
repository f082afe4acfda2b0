//! Questionnaires in the terminal: offered only where somebody reads them, answered question by question.

use companion_core::domain::{Monitoring, Response};
use serde_json::Value;

use crate::paired::World;
use crate::person::Phone;
use crate::reminders::{exchange, with_session};

/// The clinic says who reads what arrives.
pub(crate) fn watched(world: &World, phone: &Phone) {
    let monitoring = Monitoring {
        hours: [("mon".to_owned(), "09:00-17:00".to_owned())].into(),
        zone: "America/Denver".to_owned(),
        responsible: "Dr Ruiz".to_owned(),
        by: "Dr Ruiz".to_owned(),
        at: world.clinic.now(),
    };
    world.clinic.create(world.patient, monitoring).unwrap();
    exchange(world, phone);
}

fn parsed(said: &str) -> Value {
    serde_json::from_str(said).unwrap()
}

/// Begins one and gives its short id.
pub(crate) fn begin(phone: &Phone, measure: &str, answers: &str) -> String {
    let said = phone
        .type_in(&["measure", "--json", "start", measure], answers)
        .done();
    parsed(&said)["id"].as_str().unwrap()[..8].to_owned()
}

#[test]
fn a_questionnaire_is_answered_question_by_question_and_goes_on_where_it_stopped() {
    let phone = Phone::alone();
    phone.write(&["Hello."]);
    let said = phone
        .type_in(&["measure", "start", "gad-7"], "1\n2\n\n")
        .done();
    assert!(
        said.contains("1. Feeling nervous, anxious or on edge"),
        "{said}"
    );
    assert!(said.contains("question 3 is next"), "{said}");
    let list = phone.run(&["measure"]).done();
    let resume = list.split("`measure resume ").nth(1).unwrap();
    let id = &resume[..8];
    let said = phone
        .type_in(&["measure", "resume", id], "0\ns\n3\n0\n0\n")
        .done();
    assert!(
        !said.contains("1. Feeling nervous") && said.contains("all questions were reached"),
        "{said}"
    );
    let done = phone.run(&["measure", "finish", id]).done();
    assert!(done.contains("4. ") && done.contains("skipped"), "{done}");
    assert!(
        done.contains("No total; incomplete: no answer to item 4"),
        "{done}"
    );
    assert!(!done.contains("Total:"), "{done}");
    let again = parsed(
        &phone
            .run(&["measure", "--json", "answer", id, "4", "1"])
            .done(),
    );
    assert_eq!(again["total"], 7);
}

#[test]
fn before_one_is_begun_it_is_said_what_is_open_and_what_was_answered_lately() {
    let phone = Phone::alone();
    phone.write(&["Hello."]);
    let id = begin(&phone, "gad-7", "1\n");
    let open = phone.run(&["measure", "start", "gad-7"]).refused(1);
    assert!(
        open.starts_with("You began this on ") && open.contains(&format!("`measure resume {id}`")),
        "{open}"
    );
    phone
        .type_in(&["measure", "resume", &id], "0\n0\n0\n0\n0\n0\n")
        .done();
    phone.run(&["measure", "finish", &id]).done();
    let soon = phone.type_in(&["measure", "start", "gad-7"], "\n").done();
    assert!(
        soon.starts_with("You answered lately: before ") && soon.contains("1. Feeling nervous"),
        "{soon}"
    );
    let list = phone.run(&["measure"]).done();
    assert_eq!(list.matches("`measure resume ").count(), 1, "{list}");
}

#[test]
fn a_draft_that_is_older_than_its_questions_ask_about_is_begun_anew_or_kept_as_it_was() {
    let phone = Phone::alone();
    phone.write(&["Hello."]);
    let id = begin(&phone, "gad-7", "1\n1\n1\n1\n1\n1\n");
    phone.clock.advance_ms(38 * 24 * 60 * 60 * 1000);
    for go_on in [
        &["measure", "resume", &id][..],
        &["measure", "answer", &id, "7", "1"],
    ] {
        let refused = phone.run(go_on).refused(1);
        assert!(refused.contains("of another time"), "{refused}");
    }
    let list = phone.run(&["measure"]).done();
    assert!(
        list.contains("longer ago than it asks about: `measure start gad-7` begins anew"),
        "{list}"
    );
    // It does not stand in the way of a new one.
    let anew = begin(&phone, "gad-7", "0\n");
    assert_ne!(anew, id);
    let done = phone.run(&["measure", "finish", &id]).done();
    assert!(
        done.contains("so they are kept as of") && done.contains("No total; incomplete"),
        "{done}"
    );
    let kept = parsed(&phone.run(&["measure", "--json", "show", &id]).done());
    let finished = kept["finished_at"].as_str().unwrap();
    assert!(finished.starts_with("2026-11-23"), "{finished}");
    let late = phone.run(&["measure", "answer", &id, "7", "1"]).refused(1);
    assert!(late.contains("of another time"), "{late}");
}

#[test]
fn an_answer_that_is_none_of_the_choices_is_refused_and_nothing_is_lost() {
    let phone = Phone::alone();
    phone.write(&["Hello."]);
    let said = phone.type_in(&["measure", "start", "gad-7"], "1\n9\n");
    assert!(
        said.errors.contains("none of the answers"),
        "{}",
        said.errors
    );
    let offers = parsed(&phone.run(&["measure", "--json"]).done());
    let gad_7 = offers
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["measure"] == "gad-7")
        .unwrap();
    let id = gad_7["open"][0].as_str().unwrap();
    let shown = parsed(&phone.run(&["measure", "--json", "show", id]).done());
    assert_eq!(
        (&shown["answers"]["1"], &shown["next"]),
        (&1.into(), &2.into())
    );
    let refused = phone.run(&["measure", "answer", id, "1", "4"]).refused(1);
    assert!(refused.contains("between 0 and 3"), "{refused}");
}

#[test]
fn a_mistyped_answer_to_a_questionnaire_is_asked_for_again() {
    let phone = Phone::alone();
    phone.write(&["Hello."]);
    let said = phone.answer(&["measure", "start", "gad-7"], "1\n9\nno\n2\n\n");
    assert_eq!(said.code, std::process::ExitCode::SUCCESS, "{said:?}");
    assert_eq!(said.errors.matches("none of the answers").count(), 2);
    assert!(said.output.contains("question 3 is next"), "{said:?}");
    // A script is told how to go on.
    let refused = phone.type_in(&["measure", "start", "pcl-5"], "1\n9\n");
    let how = refused.errors.split("`measure resume ").nth(1).unwrap();
    assert!(
        how[8..].starts_with("` goes on with question 2"),
        "{refused:?}"
    );
}

#[test]
fn what_asks_about_thoughts_of_death_is_off_until_the_clinic_watches_over_it() {
    let world = World::new();
    let phone = world.paired_phone();
    let list = phone.run(&["measure"]).done();
    assert!(
        list.contains("not offered now: this questionnaire asks about thoughts of death"),
        "{list}"
    );
    let refused = phone.run(&["measure", "start", "phq-9"]).refused(1);
    assert!(
        refused.contains("has not set who reads the answers"),
        "{refused}"
    );
    let unknown = phone.run(&["measure", "start", "meq-30"]).refused(1);
    assert!(
        unknown.starts_with("There is no such questionnaire here.\n"),
        "{unknown}"
    );
    watched(&world, &phone);
    begin(&phone, "phq-9", "0\n");
}

#[test]
fn an_answer_about_thoughts_of_death_is_met_at_once_and_truthfully() {
    let world = World::new();
    let phone = world.paired_phone();
    watched(&world, &phone);
    let said = phone
        .type_in(
            &["measure", "start", "phq-9"],
            "1\n1\n1\n1\n1\n1\n1\n1\n2\n\n",
        )
        .done();
    let (_, after) = said.split_once("Thank you for saying so.").unwrap();
    assert!(
        after.contains("Call 988") && after.contains("Call 911"),
        "{after}"
    );
    assert!(
        after.contains("Nobody at your clinic sees this unless you share it."),
        "{after}"
    );
    // Before the question that follows, not at the end.
    assert!(after.contains("10. "), "{after}");
    let list = phone.run(&["measure"]).done();
    let open = &list.split("`measure resume ").nth(1).unwrap()[..8];
    phone.run(&["measure", "delete", open, "--yes"]).done();
    let none = phone
        .type_in(
            &["measure", "start", "phq-9"],
            "3\n3\n3\n3\n3\n3\n3\n3\n0\n\n",
        )
        .done();
    assert!(!none.contains("Thank you for saying so."), "{none}");
}

#[test]
fn a_shared_answer_says_who_reads_it_and_when() {
    let world = World::new();
    let phone = world.paired_phone();
    watched(&world, &phone);
    let id = begin(&phone, "phq-9", "0\n0\n");
    let shared = parsed(&phone.run(&["measure", "--json", "share", &id]).done());
    let shared_id = shared["id"].as_str().unwrap();
    let said = phone
        .run(&["measure", "answer", shared_id, "9", "1"])
        .done();
    assert!(said.contains("On this phone, not sent yet."), "{said}");
    assert!(said.contains("Dr Ruiz is responsible for reading what arrives: Monday 09:00\u{2013}17:00 (America/Denver)"), "{said}");
    assert!(said.contains("Outside these hours nobody looks."), "{said}");
    let finished = phone.run(&["measure", "finish", shared_id]).done();
    assert!(
        finished.contains("Call 988") && finished.contains("Dr Ruiz is responsible"),
        "{finished}"
    );
    let shown = parsed(&phone.run(&["measure", "--json", "show", shared_id]).done());
    assert_eq!(
        (&shown["harm"], &shown["help"][0]["number"]),
        (&9.into(), &"988".into())
    );
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    let query = companion_core::records::Query::<Response>::all();
    let page = world.clinic.shared(world.patient, &query).unwrap();
    assert_eq!(page.items.len(), 1);
}

#[test]
fn questionnaires_rest_on_the_day_of_a_session() {
    let world = World::new();
    let phone = world.paired_phone();
    with_session(&world, &phone);
    let id = begin(&phone, "gad-7", "1\n");
    // Noon of the third of December, two hours into the session.
    world.clock.advance_ms((9 * 24 + 21) * 60 * 60 * 1000);
    let refused = phone.run(&["measure", "start", "gad-7"]).refused(1);
    assert!(
        refused.starts_with("Questionnaires rest on the day of a session"),
        "{refused}"
    );
    let refused = phone.run(&["measure", "answer", &id, "2", "1"]).refused(1);
    assert!(refused.starts_with("Questionnaires rest"), "{refused}");
    let refused = phone.run(&["measure", "resume", &id]).refused(1);
    assert!(refused.starts_with("Questionnaires rest"), "{refused}");
    assert!(!phone.run(&["measure"]).done().contains("goes on"));
}
