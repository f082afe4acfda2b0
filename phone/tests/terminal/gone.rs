//! A phone that the clinic removed promises nothing any more, and still says whom to call.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::care::json;
use crate::measures::{begin, watched};
use crate::paired::World;
use crate::person::{POINTER, Phone};
use crate::reminders::{exchange, ready, with_session};
use crate::safety::with_card;

/// The clinic removes the one device of its patient, which hears of it.
fn removed(world: &World, phone: &Phone) {
    let patient = world.clinic.patient(world.patient).unwrap();
    let device = patient.devices.iter().find(|it| !it.is_this_node).unwrap();
    world
        .clinic
        .remove_device(world.patient, device.member)
        .unwrap();
    phone.run(&["sync"]);
}

#[test]
fn nothing_is_planned_offered_or_promised_on_a_phone_that_the_clinic_removed() {
    let world = World::new();
    let phone = world.paired_phone();
    watched(&world, &phone);
    ready(&world);
    let response = begin(&phone, "phq-9", "0\n0\n0\n0\n0\n0\n0\n0\n2\n");
    with_session(&world, &phone);
    phone.run(&["contact", "ask"]).done();
    exchange(&world, &phone);
    assert!(phone.run(&["reminders"]).done().starts_with("By the clock"));
    assert!(phone.run(&["digest"]).done().contains("phone contact ask"));

    removed(&world, &phone);
    let said = phone.run(&["reminders"]).done();
    assert!(
        said.starts_with("Nothing is planned: this phone is not a member of the record"),
        "{said}"
    );
    let offers = json(&phone, &["measure"]);
    let of = |id: &str| {
        let mut all = offers.as_array().unwrap().iter();
        all.find(|it| it["measure"] == id).unwrap().clone()
    };
    assert_eq!(of("gad-7")["offered"], true, "{offers}");
    assert_eq!(of("phq-9")["offered"], false, "{offers}");
    let why = of("phq-9")["why_not"].to_string();
    assert!(why.contains("not a member"), "{why}");

    for words in [
        &["measure", "show", &*response][..],
        &["measure", "show", &*response, "--json"],
        &["contact"],
        &["contact", "--json"],
        &["use", "answer", "--craving", "yes"],
        &["digest"],
    ] {
        let said = phone.run(words).done();
        assert!(
            !said.contains("contact ask") && !said.contains("is responsible"),
            "{words:?}: {said}"
        );
        let tells = said.contains("Nobody at your clinic hears from this phone")
            || said.contains("Your clinic hears nothing from this phone");
        assert!(tells, "{words:?}: {said}");
    }
}

#[test]
fn what_is_refused_on_a_phone_that_the_clinic_removed_still_says_whom_to_call() {
    let world = World::new();
    let phone = world.paired_phone();
    watched(&world, &phone);
    let response = begin(&phone, "phq-9", "0\n0\n0\n0\n0\n0\n0\n0\n2\n");
    removed(&world, &phone);
    for words in [
        &["contact", "ask"][..],
        &["measure", "finish", &*response, "--share"],
        &["measure", "start", "phq-9"],
    ] {
        let said = phone.run(words).refused(1);
        assert!(said.contains("not a member of the record"), "{said}");
        assert!(said.ends_with(POINTER), "{words:?}: {said}");
    }
}

#[test]
fn whatever_a_person_in_need_is_refused_ends_with_whom_to_call() {
    let phone = Phone::alone();
    let all: [&[&str]; 7] = [
        &["contact"],
        &["contact", "ask"],
        &["measure", "start", "gad-7"],
        &["use", "answer", "--craving", "yes"],
        &["write", "It hurts."],
        &["check-in", "--valence", "1"],
        &["safety", "add", "1", "I stop answering calls."],
    ];
    let each = |why: &str, words: &[&str]| {
        let said = phone.run(words).refused(1);
        assert!(said.contains(why), "{words:?}: {said}");
        assert!(said.ends_with(POINTER), "{words:?}: {said}");
    };
    for words in [all[0], all[2], all[3], all[6]] {
        each("There is no phone", words);
    }
    phone.write(&["Hello."]);
    each("not paired with a clinic", &["contact", "ask"]);
    let folder = phone.path().join("phone");
    let key = fs::read(folder.join("phone.key")).unwrap();
    fs::remove_file(folder.join("phone.key")).unwrap();
    for words in all {
        each("is missing", words);
    }
    fs::write(folder.join("phone.key"), key).unwrap();
    fs::set_permissions(folder.join("phone.key"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(folder.join("phone.db"), vec![7; 8192]).unwrap();
    for words in all {
        each("", words);
    }
    let said = phone.run(&["list"]).refused(1);
    assert!(!said.contains("988"), "{said}");
}

#[test]
fn the_persons_own_people_stay_readable_on_a_phone_that_the_clinic_removed_and_its_card_does_not() {
    let world = World::new();
    let phone = world.paired_phone();
    with_card(&world, &phone);
    let jo = ["safety", "add", "4", "Jo", "--number", "+1 307 555 0101"];
    phone.run(&jo).done();
    phone.run(&["safety", "unlocked", "on"]).done();
    removed(&world, &phone);
    let said = phone.run(&["crisis"]).done();
    assert!(said.contains("Call +1 307 555 0101  Jo"), "{said}");
    assert!(!said.contains("555 0200"), "{said}");
    phone.run(&["safety", "unlocked", "off"]).done();
    assert!(!phone.path().join("phone/phone.db.help").exists());
}

#[test]
fn a_phone_that_the_persons_other_phone_removed_keeps_nobody_readable() {
    let world = World::new();
    let first = world.paired_phone();
    let second = world.second_phone(&first, "Tablet");
    second.run(&["safety", "add", "4", "Jo"]).done();
    second.run(&["safety", "unlocked", "on"]).done();
    assert!(second.run(&["crisis"]).done().contains("Jo"));
    let devices = first.run(&["devices"]).done();
    let mut lines = devices.lines();
    let line = lines.find(|line| line.contains("Tablet")).unwrap();
    first.run(&["devices", "remove", &line[..8]]).done();
    second.run(&["sync"]);
    assert!(!second.run(&["crisis"]).done().contains("Jo"));
}
