//! The safety plan and whom to call, in the terminal.

use companion_core::domain::safety_plan::{PlanLine, PlanStep};
use companion_core::domain::support_card::{LineKind, SupportLine};
use companion_core::domain::{ItemId, Ordered, SafetyPlan, SupportCard};
use companion_core::records::Query;
use serde_json::json as value;

use crate::care::json;
use crate::paired::World;
use crate::person::Phone;
use crate::reminders::exchange;

#[test]
fn a_safety_plan_is_private_until_it_is_shared_and_then_edited_by_both() {
    let world = World::new();
    let phone = world.paired_phone();
    phone
        .run(&[
            "safety",
            "add",
            "4",
            "My",
            "sister",
            "--number",
            "+1 307 555 0101",
        ])
        .done();
    phone.run(&["safety", "add", "4", "Jo"]).done();
    let said = phone.run(&["safety", "move", "4", "2", "1"]).done();
    assert!(
        said.contains("1) Jo\n   2) My sister  Call +1 307 555 0101"),
        "{said}"
    );
    assert!(
        said.contains("Call 988") && said.contains("Where the plan is: only on your devices."),
        "{said}"
    );
    phone
        .run(&["safety", "add", "reasons", "The", "lake."])
        .done();
    let said = phone.run(&["safety", "remove", "4", "1"]).done();
    assert!(
        !said.contains("Jo") && said.contains("1) My sister"),
        "{said}"
    );
    let wrong = phone.run(&["safety", "remove", "4", "2"]).refused(2);
    assert!(
        wrong.contains("that step has no line 2") || wrong.contains("That step has no line 2"),
        "{wrong}"
    );

    phone.run(&["safety", "share"]).done();
    exchange(&world, &phone);
    world.clinic.sync().unwrap();
    let query = Query::<SafetyPlan>::all();
    let plan = world
        .clinic
        .shared(world.patient, &query)
        .unwrap()
        .items
        .remove(0)
        .view;
    world
        .clinic
        .edit_as::<SafetyPlan>(world.patient, plan.id, &plan.revision, "Maya", |plan| {
            let line = PlanLine::new("Harbor Clinic");
            plan.lines_mut(PlanStep::Professionals)
                .push(ItemId::new([9; 16]), line);
        })
        .unwrap();
    exchange(&world, &phone);
    let said = phone.run(&["safety"]).done();
    assert!(
        said.contains("Last written by Maya at your clinic"),
        "{said}"
    );
    assert_eq!(json(&phone, &["safety"])["written"][0]["by"], "Maya");
    let said = phone
        .run(&["safety", "add", "1", "I", "sleep", "badly."])
        .done();
    assert!(said.contains("Last written by you"), "{said}");
    exchange(&world, &phone);
    let plan = json(&phone, &["safety"]);
    assert_eq!(plan["steps"][0]["lines"][0]["text"], "I sleep badly.");
    assert_eq!(plan["steps"][4]["lines"][0]["text"], "Harbor Clinic");
    assert_eq!(plan["visibility"], "care_team");
    phone.run(&["safety", "withdraw", "--yes"]).done();
    assert_eq!(json(&phone, &["safety"])["visibility"], "only_me");
}

#[test]
fn an_empty_safety_plan_still_says_whom_to_call() {
    let phone = Phone::alone();
    phone.write(&["Hello."]);
    let said = phone.run(&["safety"]).done();
    assert!(
        said.contains("6. How I make the place around me safer") && said.contains("Call 911"),
        "{said}"
    );
}

/// The clinic gives its patient its number and a line whose words name it.
pub(crate) fn with_card(world: &World, phone: &Phone) {
    let mut lines = Ordered::default();
    let line = SupportLine {
        label: "Harbor Clinic's night line".to_owned(),
        number: "+1 307 555 0300".to_owned(),
        how: LineKind::Call,
    };
    lines.push(ItemId::new([1; 16]), line);
    let card = SupportCard {
        region: "US".to_owned(),
        lines,
        clinic_number: "+1 307 555 0200".to_owned(),
        version: 1,
        by: "Dr Ruiz".to_owned(),
        at: world.clinic.now(),
    };
    world.clinic.create(world.patient, card).unwrap();
    exchange(world, phone);
}

#[test]
fn the_clinics_own_number_stands_on_the_card() {
    let world = World::new();
    let phone = world.paired_phone();
    with_card(&world, &phone);
    let said = phone.run(&["safety"]).done();
    assert!(
        said.contains("Call +1 307 555 0200") && said.contains("Call 988"),
        "{said}"
    );
}

#[test]
fn a_line_of_the_safety_plan_is_edited_in_its_place() {
    let phone = Phone::alone();
    phone.write(&["Hello."]);
    let number = ["--number", "+1 307 555 0101"];
    phone
        .run(&[&["safety", "add", "4", "My sister"][..], &number[..]].concat())
        .done();
    phone.run(&["safety", "add", "4", "Jo"]).done();
    let said = phone
        .run(&["safety", "edit", "4", "1", "My", "aunt"])
        .done();
    assert!(
        said.contains("1) My aunt  Call +1 307 555 0101\n   2) Jo"),
        "{said}"
    );
    let plan = json(&phone, &["safety", "edit", "4", "1", "--number", ""]);
    let lines = &plan["steps"][3]["lines"];
    assert_eq!(
        (&lines[0]["text"], &lines[0]["number"]),
        (&value!("My aunt"), &value!(""))
    );
    assert_eq!(lines[0]["wordings"], value!([]));

    let wrong = phone.run(&["safety", "edit", "4", "3", "Ida"]).refused(2);
    assert!(wrong.contains("hat step has no line 3"), "{wrong}");
    phone.run(&["safety", "edit", "4", "0", "Ida"]).refused(2);
    phone.run(&["safety", "edit", "7", "1", "Ida"]).refused(2);
    phone.run(&["safety", "edit", "4", "1"]).refused(2);
    let wrong = phone.run(&["safety", "edit", "4", "1", " "]).refused(1);
    assert!(
        wrong.starts_with("A line of the plan is empty.\n"),
        "{wrong}"
    );
    let wrong = phone
        .run(&["safety", "edit", "4", "1", "--number", "ask Jo"])
        .refused(1);
    assert!(wrong.starts_with("A number of the plan"), "{wrong}");
}

#[test]
fn two_phones_that_edit_a_safety_plan_apart_lose_nothing() {
    let world = World::new();
    let first = world.paired_phone();
    for text in ["Walk.", "Music.", "Tea."] {
        first.run(&["safety", "add", "2", text]).done();
    }
    first.run(&["sync"]).done();
    let second = world.second_phone(&first, "Tablet");
    let lines = |phone: &Phone| {
        let plan = json(phone, &["safety"]);
        let lines = plan["steps"][1]["lines"].as_array().unwrap().clone();
        let texts = lines
            .iter()
            .map(|line| line["text"].as_str().unwrap().to_owned());
        texts.collect::<Vec<_>>()
    };
    assert_eq!(lines(&second), ["Walk.", "Music.", "Tea."]);
    // Each another line, and one of them is removed.
    first
        .run(&["safety", "edit", "2", "1", "Walk", "to", "the", "lake."])
        .done();
    second
        .run(&["safety", "edit", "2", "2", "Quiet", "music."])
        .done();
    second.run(&["safety", "remove", "2", "3"]).done();
    for phone in [&first, &second, &first] {
        phone.run(&["sync"]).done();
    }
    for phone in [&first, &second] {
        assert_eq!(lines(phone), ["Walk to the lake.", "Quiet music."]);
    }
    // The same line differently: both are kept until somebody chooses.
    first.run(&["safety", "edit", "2", "2", "Piano."]).done();
    second.run(&["safety", "edit", "2", "2", "Birds."]).done();
    for phone in [&first, &second, &first] {
        phone.run(&["sync"]).done();
    }
    let said = first.run(&["safety"]).done();
    assert!(said.contains("In two wordings."), "{said}");
    let (_, how) = said.split_once("To choose: choose ").unwrap();
    let (how, _) = how.split_once(" NUMBER").unwrap();
    let how: Vec<&str> = how.split(' ').collect();
    let plan = json(&second, &["safety"]);
    let wordings = plan["steps"][1]["lines"][1]["wordings"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(wordings.len(), 2, "{wordings:?}");
    let birds = wordings
        .iter()
        .position(|it| *it == value!("Birds."))
        .unwrap()
        + 1;
    second
        .run(&["choose", how[0], how[1], &birds.to_string()])
        .done();
    for phone in [&second, &first] {
        phone.run(&["sync"]).done();
    }
    for phone in [&first, &second] {
        assert_eq!(lines(phone), ["Walk to the lake.", "Birds."]);
    }
}

#[test]
fn two_phones_that_begin_a_safety_plan_apart_have_one_plan() {
    let world = World::new();
    let first = world.paired_phone();
    first.run(&["sync"]).done();
    let second = world.second_phone(&first, "Tablet");
    let meet = || {
        for phone in [&first, &second, &first] {
            phone.run(&["sync"]).done();
        }
    };
    first.run(&["safety", "add", "4", "My", "sister"]).done();
    first.run(&["safety", "share"]).done();
    first.run(&["safety", "unlocked", "on"]).done();
    second.run(&["safety", "add", "4", "A", "neighbor"]).done();
    meet();
    for phone in [&first, &second] {
        let said = phone.run(&["safety"]).done();
        assert!(
            said.contains("A neighbor  (only yours)") && said.contains(") My sister\n"),
            "{said}"
        );
    }
    let help = first.run(&["crisis"]).done();
    assert!(
        help.contains("My sister") && help.contains("A neighbor"),
        "{help}"
    );
    let said = second.run(&["safety", "share"]).done();
    assert!(!said.contains("only yours"), "{said}");
    meet();
    let at_clinic = || {
        world.clinic.sync().unwrap();
        let query = Query::<SafetyPlan>::all();
        world.clinic.page(world.patient, &query).unwrap().items
    };
    assert_eq!(at_clinic().len(), 2);
    let said = first.run(&["safety", "withdraw", "--yes"]).done();
    assert!(said.contains("private again"), "{said}");
    meet();
    assert!(at_clinic().is_empty());
}
