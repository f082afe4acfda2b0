//! The report on the health of the record: shown whole, and without anything that is in it.

use std::process::ExitCode;

use serde_json::Value;

use crate::care::json;
use crate::paired::World;
use crate::person::Phone;
use crate::reminders::{exchange, with_session};

#[test]
fn a_report_says_how_the_record_is_and_nothing_of_what_is_in_it() {
    let world = World::new();
    let phone = world.paired_phone();
    phone.run(&["devices", "name", "Velvet", "otter"]).done();
    with_session(&world, &phone);
    phone.write(&["--share", "talk", "--title", "Velvet otter", "It hums."]);
    phone
        .run(&[
            "safety",
            "add",
            "4",
            "Velvet otter",
            "--number",
            "+1 307 555 0101",
        ])
        .done();
    exchange(&world, &phone);
    phone.write(&["Velvet otter."]);
    world.clock.advance_ms(5 * 3_600_000 + 1);
    let said = phone.run(&["report"]).done();
    let value = phone.run(&["report", "--json"]).done();
    let devices = phone.run(&["devices"]).done();
    let ids = devices.split(|c: char| !c.is_ascii_alphanumeric());
    let is_id = |word: &&str| word.len() == 8 && word.chars().all(|c| c.is_ascii_hexdigit());
    let mut unsaid: Vec<String> = ids.filter(is_id).map(str::to_owned).collect();
    assert!(unsaid.len() >= 2, "{devices}");
    unsaid.extend(["otter", "hums", "Harbor", "Ada", "127.0.0.1", "555"].map(str::to_owned));
    for word in &unsaid {
        assert!(
            !said.contains(word) && !value.contains(word),
            "{word}: {said}"
        );
    }
    assert!(
        said.contains("own 4") && said.contains("session 1"),
        "{said}"
    );
    for kind in ["entry", "safety_plan", "use_check", "response", "check_in"] {
        assert!(
            !said.contains(kind) && !value.contains(kind),
            "{kind}: {said}"
        );
    }
    assert!(
        said.contains("Check: ") && said.contains(" 0 differ"),
        "{said}"
    );
    assert!(said.contains("hours: oldest 5, newest 5"), "{said}");
    assert!(
        said.contains("This is all that it says. Nothing was sent."),
        "{said}"
    );
    let value: Value = serde_json::from_str(&value).unwrap();
    assert_eq!(value["outbox"]["oldest_hours"], 5);
    assert_eq!(value["side"], "patient");
}

#[test]
fn a_report_is_saved_as_it_was_shown_and_over_no_other_file() {
    let phone = Phone::alone();
    phone.run(&["report"]).refused(1);
    phone.write(&["Hello."]);
    let file = phone.path().join("report.txt");
    let name = file.to_str().unwrap();
    let said = phone.run(&["report", "--save", name]).done();
    let saved = std::fs::read_to_string(&file).unwrap();
    assert!(said.starts_with(&saved) && !saved.is_empty(), "{saved}");
    let again = phone.run(&["report", "--save", name]);
    assert!(
        again.errors.contains("is there already"),
        "{}",
        again.errors
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), saved);
    let value = json(&phone, &["report", "--save", name, "--force"]);
    let saved: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(saved, value);
    phone.run(&["report", "--force"]).refused(2);
}

#[test]
fn a_report_comes_out_where_the_record_can_not_be_opened() {
    let phone = Phone::alone();
    phone.write(&["Hello."]);
    let record = phone.path().join("phone/phone.db");
    let mut bytes = std::fs::read(&record).unwrap();
    bytes[100] ^= 0x10;
    std::fs::write(&record, &bytes).unwrap();
    let ran = phone.run(&["report"]);
    assert!(
        ran.output
            .contains("Check: the file can't be opened (wrong_key_or_first_page)"),
        "{}",
        ran.output
    );
    assert_eq!(ran.code, ExitCode::from(1), "{}", ran.errors);
    let value = phone.run(&["report", "--json"]);
    let value: Value = serde_json::from_str(&value.output).unwrap();
    assert_eq!(value["check"]["outcome"], "not_opened");
    assert_eq!(value["kinds"], Value::Null);
}
