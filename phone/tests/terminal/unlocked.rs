//! Whom to call, whatever became of the record: locked, missing, damaged, or without its key.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::Value;

use crate::paired::World;
use crate::person::{Phone, Said};
use crate::reminders::exchange;
use crate::safety::with_card;

fn file(phone: &Phone, name: &str) -> PathBuf {
    phone.path().join("phone").join(name)
}

fn copy(phone: &Phone) -> Option<String> {
    fs::read_to_string(file(phone, "phone.db.help")).ok()
}

/// What was said though the command could not be done.
fn said_all_the_same(said: Said) -> (String, String) {
    assert_eq!(said.code, ExitCode::from(1), "{said:?}");
    (said.output, said.errors)
}

fn crisis(phone: &Phone) -> String {
    phone.run(&["crisis"]).done()
}

/// A plan with somebody to ask, a professional, and what is nobody else's.
fn with_plan(phone: &Phone) {
    phone.run(&["safety", "add", "1", "Secret signs"]).done();
    let jo = ["safety", "add", "4", "Jo", "--number", "+1 307 555 0101"];
    phone.run(&jo).done();
    phone.run(&["safety", "add", "5", "Dr Vega"]).done();
}

#[test]
fn whom_to_call_is_said_without_the_key_and_whatever_became_of_the_record() {
    let world = World::new();
    let phone = world.paired_phone();
    with_card(&world, &phone);
    let is_help = |said: &str| {
        [
            "Call 988",
            "Call 911",
            "Call +1 307 555 0200",
            "Call +1 307 555 0300",
        ]
        .into_iter()
        .all(|line| said.contains(line))
    };
    let key = file(&phone, "phone.key");
    let kept = fs::read(&key).unwrap();
    type Harm<'a> = (&'a str, Box<dyn Fn() + 'a>);
    let harms: [Harm<'_>; 4] = [
        (
            "its key is another one",
            Box::new(|| fs::write(&key, [9; 32]).unwrap()),
        ),
        ("is missing", Box::new(|| fs::remove_file(&key).unwrap())),
        (
            "",
            Box::new(|| {
                fs::write(&key, &kept).unwrap();
                fs::write(file(&phone, "phone.db"), vec![7; 8192]).unwrap();
            }),
        ),
        (
            "there is no phone",
            Box::new(|| {
                fs::remove_file(&key).unwrap();
                fs::remove_file(file(&phone, "phone.db")).unwrap();
            }),
        ),
    ];
    for (why, harm) in harms {
        harm();
        let (said, errors) = said_all_the_same(phone.run(&["safety"]));
        assert!(is_help(&said), "{why}: {said}");
        assert!(
            !errors.is_empty() && errors.to_lowercase().contains(why),
            "{why}: {errors}"
        );
        for words in [&["crisis"][..], &["help"]] {
            let said = phone.run(words).done();
            assert!(
                is_help(&said) && said.contains("as they were given on 23 Nov 2026"),
                "{said}"
            );
        }
    }
    let (said, _) = said_all_the_same(phone.run(&["safety", "--json"]));
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["help"][0]["number"], "988");
    let value: Value = serde_json::from_str(&phone.run(&["crisis", "--json"]).done()).unwrap();
    assert_eq!(value, said);
}

#[test]
fn whoever_finds_a_phone_reads_a_number_and_no_name_until_its_person_chooses() {
    let world = World::new();
    let phone = world.paired_phone();
    assert_eq!(copy(&phone), None);
    with_plan(&phone);
    assert_eq!(copy(&phone), None, "nothing of a plan is kept unasked");
    with_card(&world, &phone);
    let mode = fs::metadata(file(&phone, "phone.db.help"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    for name in ["Harbor", "Ruiz", "Ada", "Jo", "Vega", "Secret"] {
        assert!(!copy(&phone).unwrap().contains(name), "{name}");
    }
    let said = phone.run(&["safety", "unlocked"]).done();
    assert!(
        said.starts_with("Off: nothing of your safety plan"),
        "{said}"
    );

    let said = phone.run(&["safety", "unlocked", "on"]).done();
    assert!(
        said.contains("anybody who has this phone can read"),
        "{said}"
    );
    let said = crisis(&phone);
    assert!(said.contains("Call +1 307 555 0101  Jo\n"), "{said}");
    assert!(
        said.contains("Dr Vega") && !said.contains("Secret") && !said.contains("Harbor"),
        "{said}"
    );
    // What is changed in the plan is changed there.
    phone.run(&["safety", "edit", "4", "1", "Ida"]).done();
    assert!(crisis(&phone).contains("Ida") && !crisis(&phone).contains("Jo\n"));
    let choice = phone
        .run(&["safety", "unlocked", "--clinic-name", "on", "--json"])
        .done();
    let choice: Value = serde_json::from_str(&choice).unwrap();
    assert_eq!(
        choice,
        serde_json::json!({
            "people": true,
            "clinic_name": true,
            "readable": {"people": 2, "clinic_card": true},
        })
    );
    assert!(crisis(&phone).contains("Harbor Clinic. Nobody promises"));

    phone
        .run(&["safety", "unlocked", "off", "--clinic-name", "off"])
        .done();
    for name in ["Harbor", "Ida", "Vega"] {
        assert!(!copy(&phone).unwrap().contains(name), "{name}");
    }
    phone.run(&["safety", "unlocked", "perhaps"]).refused(2);
}

#[test]
fn a_phone_that_leaves_takes_its_copy_along() {
    let world = World::new();
    let first = world.paired_phone();
    let second = world.second_phone(&first, "Tablet");
    with_plan(&second);
    with_card(&world, &second);
    second.run(&["safety", "unlocked", "on"]).done();
    assert!(copy(&second).unwrap().contains("555 0200"));
    second.run(&["devices", "leave"]).done();
    assert_eq!(copy(&second), None);
    assert!(crisis(&second).contains("Call 988"));
    second.run(&["safety", "add", "4", "Ida"]).done();
    assert_eq!(copy(&second), None);
}

#[test]
fn a_phone_that_was_removed_keeps_no_copy_once_it_hears_of_it() {
    let world = World::new();
    let first = world.paired_phone();
    let second = world.second_phone(&first, "Tablet");
    with_card(&world, &second);
    assert!(copy(&second).is_some());
    let devices = first.run(&["devices"]).done();
    let line = devices
        .lines()
        .find(|line| line.contains("Tablet"))
        .unwrap();
    first.run(&["devices", "remove", &line[..8]]).done();
    second.run(&["sync"]);
    assert_eq!(copy(&second), None);
}

#[test]
fn a_copy_that_somebody_tampered_with_takes_nothing_away() {
    let world = World::new();
    let phone = world.paired_phone();
    with_card(&world, &phone);
    let file = file(&phone, "phone.db.help");
    for odd in [
        "",
        "{",
        "[1]",
        "{\"form\":1,\"kept_at\":\"2026-11-23T15:18:33.123-05:00\",\"card\":{\"region\":\"US\",\"at\":\"never\"}}",
        &"x".repeat(1 << 20),
    ] {
        fs::write(&file, odd).unwrap();
        let said = crisis(&phone);
        assert!(
            said.contains("Call 988") && said.contains("Call 911"),
            "{said}"
        );
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert!(crisis(&phone).contains("Call 988"));
    // The record works without it, and the next exchange mends it.
    exchange(&world, &phone);
    fs::remove_dir(&file).unwrap();
    exchange(&world, &phone);
    assert!(crisis(&phone).contains("Call +1 307 555 0200"));
}

#[test]
fn what_is_taken_back_is_gone_though_nothing_new_can_be_written() {
    let world = World::new();
    let phone = world.paired_phone();
    with_card(&world, &phone);
    with_plan(&phone);
    phone.run(&["safety", "unlocked", "on"]).done();
    // Nothing can be written where a folder is in the way, as with a full disk.
    let draft = file(&phone, "phone.db.help.new");
    fs::create_dir(&draft).unwrap();
    let (_, said) = said_all_the_same(phone.run(&["safety", "unlocked", "off"]));
    assert!(
        said.contains("nothing of your safety plan can be read without unlocking now"),
        "{said}"
    );
    assert_eq!(copy(&phone), None);
    fs::remove_dir(&draft).unwrap();
    phone.run(&["sync"]).done();
    let left = copy(&phone).unwrap();
    assert!(
        left.contains("555 0200") && !left.contains("Vega"),
        "{left}"
    );
}

#[test]
fn what_can_still_be_read_is_said_where_it_cannot_be_removed() {
    let phone = Phone::alone();
    phone.write(&["Hello."]);
    with_plan(&phone);
    phone.run(&["safety", "unlocked", "on"]).done();
    let said = phone.run(&["safety", "unlocked"]).done();
    assert!(
        said.starts_with("On: anybody") && said.contains("2 lines"),
        "{said}"
    );
    assert!(said.contains("Nothing of your clinic is there."), "{said}");
    let kept = fs::read(file(&phone, "phone.db.help")).unwrap();
    phone.run(&["safety", "unlocked", "off"]).done();
    // Somebody put it back: any command takes it away again. It was this record's own word, so nobody is warned.
    fs::write(file(&phone, "phone.db.help"), kept).unwrap();
    phone.run(&["list"]).done();
    assert_eq!(copy(&phone), None);
    assert_eq!(warnings(&phone), NOTHING_TO_KNOW);
    // What is no file can't be removed like one, and nothing is read of it.
    fs::create_dir(file(&phone, "phone.db.help")).unwrap();
    let said = phone.run(&["safety", "unlocked"]).done();
    assert!(
        said.starts_with("Off: nothing of your safety plan"),
        "{said}"
    );
}

const NOTHING_TO_KNOW: &str = "There is nothing that you should know.\n";

fn warnings(phone: &Phone) -> String {
    phone.run(&["warnings"]).done()
}

#[test]
fn a_number_that_was_changed_by_hand_is_right_again_once_the_record_is_opened_and_that_is_said() {
    let world = World::new();
    let phone = world.paired_phone();
    with_card(&world, &phone);
    let help = file(&phone, "phone.db.help");
    let right = copy(&phone).unwrap();
    let tampered = [
        right.replace("555 0200", "555 9999"),
        right.replace("2026-11-23", "2026-11-24"),
        right.replace("\"check\":\"", "\"check\":\"00"),
        "Call +1 307 555 9999".to_owned(),
    ];
    for (n, wrong) in tampered.into_iter().enumerate() {
        assert_ne!(wrong, right);
        fs::write(&help, &wrong).unwrap();
        world.clock.advance_ms(60_000);
        // Nobody who has no key can know it yet.
        assert_eq!(crisis(&phone).contains("555 9999"), n == 0, "{wrong}");
        phone.run(&["list"]).done();
        assert!(crisis(&phone).contains("Call +1 307 555 0200"), "{wrong}");
        assert!(!crisis(&phone).contains("555 9999"), "{wrong}");
        let checked = phone.run(&["check"]).done();
        assert!(
            checked.contains("were not what your record says")
                && checked.contains(&format!(
                    "It was found so on 23 Nov 2026 at {}",
                    clock(&world)
                )),
            "{checked}"
        );
        assert!(
            phone
                .run(&["status"])
                .done()
                .contains("To know: The numbers to call")
        );
        // It stands until they have read it, and a second time is news again.
        phone.run(&["check"]).done();
        let id = warnings(&phone);
        let id = id.split_whitespace().next().unwrap();
        phone.run(&["warnings", "dismiss", id]).done();
        assert_eq!(warnings(&phone), NOTHING_TO_KNOW);
        assert!(
            !phone
                .run(&["check"])
                .done()
                .contains("not what your record says")
        );
    }
}

/// The time of day that the phone shows.
fn clock(world: &World) -> String {
    use companion_core::ports::Clock as _;
    world.clock.now().to_string()[11..16].to_owned()
}

#[test]
fn a_copy_of_another_record_is_not_believed_and_one_that_is_missing_comes_back() {
    let world = World::new();
    let phone = world.paired_phone();
    with_card(&world, &phone);
    let other = Phone::alone();
    other.write(&["Hello."]);
    with_plan(&other);
    other.run(&["safety", "unlocked", "on"]).done();
    fs::write(file(&phone, "phone.db.help"), copy(&other).unwrap()).unwrap();
    phone.run(&["list"]).done();
    assert!(crisis(&phone).contains("Call +1 307 555 0200") && !crisis(&phone).contains("Vega"));
    assert!(warnings(&phone).contains("were not what your record says"));
    fs::remove_file(file(&phone, "phone.db.help")).unwrap();
    phone.run(&["list"]).done();
    assert!(crisis(&phone).contains("Call +1 307 555 0200"));
}

#[test]
fn a_wrong_number_goes_though_the_right_one_cannot_be_written() {
    let world = World::new();
    let phone = world.paired_phone();
    with_card(&world, &phone);
    let wrong = copy(&phone).unwrap().replace("555 0200", "555 9999");
    fs::write(file(&phone, "phone.db.help"), wrong).unwrap();
    // Nothing can be written where a folder is in the way, as with a full disk.
    let draft = file(&phone, "phone.db.help.new");
    fs::create_dir(&draft).unwrap();
    phone.run(&["list"]).done();
    assert_eq!(copy(&phone), None);
    assert!(crisis(&phone).contains("Call 988"));
    fs::remove_dir(&draft).unwrap();
    phone.run(&["list"]).done();
    assert!(crisis(&phone).contains("Call +1 307 555 0200"));
}

#[test]
fn a_draft_that_a_power_cut_left_is_removed_by_off_and_by_a_sync() {
    let world = World::new();
    let phone = world.paired_phone();
    with_card(&world, &phone);
    let draft = file(&phone, "phone.db.help.new");
    for words in [&["safety", "unlocked", "off"][..], &["sync"]] {
        fs::write(&draft, "Jo").unwrap();
        phone.run(words).done();
        assert!(!draft.exists(), "{words:?}");
    }
}
