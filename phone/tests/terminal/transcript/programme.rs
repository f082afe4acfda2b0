//! What a patient meets in the programme, typed for `docs/programme.md`.

use companion_core::domain::RecordSection;
use companion_core::domain::cost_sheet::{CostLine, Payer};

use super::{Told, id_of};
use crate::paired::World;
use crate::person::Phone;
use crate::reminders::{exchange, ready, with_session};
use crate::safety::with_card;
use crate::team::with_people;

/// Where the phone's files are, on the page.
const FOLDER: &str = "/home/ada";

/// The transcript, with the files of the test's folder under a name of the page.
fn fixed(told: Told, world: &World, phone: &Phone) -> String {
    let folder = phone.path().to_str().unwrap();
    told.fixed(world).replace(folder, FOLDER)
}

pub(super) fn glance() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    let mut told = Told::default();
    phone.write(&["--title", "Mine", "For nobody else."]);
    phone.write(&["--share", "talk", "--title", "The lake", "It was calm."]);
    phone.run(&["check-in", "--valence", "3", "--share"]).done();
    let walk = ["commit", "add", "Walk to the lake.", "--share", "care-team"];
    phone
        .run(&[&walk[..], &["--review-on", "2026-11-23"]].concat())
        .done();
    exchange(&world, &phone);
    exchange(&world, &phone);
    phone.write(&["--share", "care-team", "--title", "Rain", "All day."]);
    told.types("phone", &phone, &["digest"], "");
    fixed(told, &world, &phone)
}

pub(super) fn next() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    let mut told = Told::default();
    phone.write(&["--share", "talk", "--title", "The lake", "It was calm."]);
    let said = told.types("phone", &phone, &["next", "add", "Ask about sleep."], "");
    let line = said[..8].to_owned();
    told.types("phone", &phone, &["next"], "");
    let said = told.types("phone", &phone, &["next", "share", &line], "");
    let shared = said[..8].to_owned();
    told.types("phone", &phone, &["next", "done", &shared], "");
    told.types("phone", &phone, &["next", "remove", &shared, "--yes"], "");
    fixed(told, &world, &phone)
}

pub(super) fn prompts() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    ready(&world);
    with_session(&world, &phone);
    let mut told = Told::default();
    told.types("phone", &phone, &["prompts"], "");
    // To the afternoon after the session.
    world.clock.advance_ms(11 * 24 * 60 * 60 * 1000);
    told.meanwhile("the session was yesterday");
    told.types("phone", &phone, &["prompts"], "");
    let said = told.types(
        "phone",
        &phone,
        &["write", "--prompt", "body", "Heavy, and warm."],
        "",
    );
    let id = said[..8].to_owned();
    told.types("phone", &phone, &["show", &id], "");
    fixed(told, &world, &phone)
}

pub(super) fn assessment() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    let mut told = Told::default();
    told.types("phone", &phone, &["assessment"], "");
    told.types(
        "phone",
        &phone,
        &["assessment", "write", "hopes", "To sleep again."],
        "",
    );
    told.types("phone", &phone, &["assessment", "share", "hopes"], "");
    fixed(told, &world, &phone)
}

pub(super) fn medicines() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    let mut told = Told::default();
    told.types(
        "phone",
        &phone,
        &["medicines", "add", "--for", "mood", "Sertraline"],
        "",
    );
    told.types(
        "phone",
        &phone,
        &["medicines", "add", "--supplement", "Zinc"],
        "",
    );
    told.types("phone", &phone, &["medicines", "stop", "2"], "");
    fixed(told, &world, &phone)
}

pub(super) fn taken_back() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    let mut told = Told::default();
    let said = told.types("phone", &phone, &["commit", "add", "Walk to the lake."], "");
    let id = said[..8].to_owned();
    told.types("phone", &phone, &["commit", "share", &id], "");
    exchange(&world, &phone);
    told.types("phone", &phone, &["commit", "withdraw", &id, "--yes"], "");
    told.types("phone", &phone, &["commit", "delete", &id], "yes");
    fixed(told, &world, &phone)
}

pub(super) fn safety() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    phone.run(&["safety", "add", "2", "Music."]).done();
    phone.run(&["sync"]).done();
    let tablet = world.second_phone(&phone, "Tablet");
    let mut told = Told::default();
    told.types("phone", &phone, &["safety", "edit", "2", "1", "Piano."], "");
    tablet.run(&["safety", "edit", "2", "1", "Birds."]).done();
    told.meanwhile("the tablet changes the same line to \u{201c}Birds.\u{201d}, and both sync");
    for phone in [&phone, &tablet, &phone] {
        phone.run(&["sync"]).done();
    }
    let said = told.types("phone", &phone, &["safety"], "");
    let (_, how) = said.split_once("To choose: ").unwrap();
    let (how, _) = how.split_once(" NUMBER").unwrap();
    let choose: Vec<&str> = how.split(' ').chain(["1"]).collect();
    told.types("phone", &phone, &choose, "");
    told.types("phone", &phone, &["choose"], "");
    fixed(told, &world, &phone)
}

pub(super) fn unlocked() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    with_card(&world, &phone);
    let jo = ["safety", "add", "4", "Jo", "--number", "+1 307 555 0101"];
    phone.run(&jo).done();
    let mut told = Told::default();
    told.types("phone", &phone, &["safety", "unlocked"], "");
    told.types("phone", &phone, &["safety", "unlocked", "on"], "");
    std::fs::remove_file(phone.path().join("phone/phone.key")).unwrap();
    told.meanwhile("the key of the record is lost");
    told.types("phone", &phone, &["safety"], "");
    fixed(told, &world, &phone)
}

pub(super) fn use_questions() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    let mut told = Told::default();
    told.types("phone", &phone, &["use"], "");
    let said = told.types("phone", &phone, &["use", "answer", "--bladder", "yes"], "");
    let id = id_of(&said, "only on your devices");
    told.types("phone", &phone, &["use", "share", &id], "");
    fixed(told, &world, &phone)
}

pub(super) fn costs() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    let line = |label: &str, hsa_fsa: bool| CostLine {
        label: label.to_owned(),
        provider: "Harbor Clinic".to_owned(),
        payer: Payer::Cash,
        is_medicine: !hsa_fsa,
        hsa_fsa,
        amount: "45050 USD".parse().ok(),
    };
    for line in [line("Session", true), line("Ketamine", false)] {
        world.clinic.add_cost_line(world.patient, line).unwrap();
    }
    exchange(&world, &phone);
    let file = phone.path().join("costs.md");
    let mut told = Told::default();
    let typed = ["plan", "costs", "--summary", file.to_str().unwrap()];
    told.types("phone", &phone, &typed, "");
    told.types("phone", &phone, &typed, "");
    fixed(told, &world, &phone)
}

pub(super) fn language() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    let mut told = Told::default();
    told.types("phone", &phone, &["language", "es"], "");
    told.types("phone", &phone, &["guide"], "");
    fixed(told, &world, &phone)
}

pub(super) fn team() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    let (clinic, patient) = (&world.clinic, world.patient);
    clinic.begin_programme(patient, "Maya Lindqvist").unwrap();
    phone.write(&[
        "--share",
        "care-team",
        "--title",
        "The lake",
        "It was calm.",
    ]);
    with_people(&world);
    let look = [RecordSection::Journal];
    clinic
        .note_look(patient, "Maya Lindqvist", "therapist", &look)
        .unwrap();
    exchange(&world, &phone);
    exchange(&world, &phone);
    let mut told = Told::default();
    let release = [
        &[
            "team",
            "release",
            "--to",
            "Dr. Iris Okafor",
            "--what",
            "psychiatrist",
        ][..],
        &[
            "--section",
            "medicines",
            "--section",
            "journal",
            "--until",
            "2027-02-28",
        ],
        &[
            "--purpose",
            "To agree on the medicines.",
            "--ends-with-programme",
        ],
    ]
    .concat();
    let said = told.types("phone", &phone, &release, "");
    let id = id_of(said.replace("   ", "").as_str(), "live until");
    told.types(
        "phone",
        &phone,
        &["team", "narrow", &id, "--without", "medicines"],
        "",
    );
    exchange(&world, &phone);
    exchange(&world, &phone);
    let given = clinic.releases(patient).unwrap().remove(0).id;
    let leaving = clinic.preview_hand_over(patient, given).unwrap();
    clinic
        .hand_over(patient, given, leaving.seen, "Maya Lindqvist")
        .unwrap();
    exchange(&world, &phone);
    told.meanwhile("the clinic hands a summary over");
    told.types("phone", &phone, &["team"], "");
    told.types("phone", &phone, &["team", "log"], "");
    told.types(
        "phone",
        &phone,
        &["team", "revoke", &id, "I tell her myself."],
        "",
    );
    fixed(told, &world, &phone)
}

pub(super) fn report() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    phone.write(&["For nobody else."]);
    let mut told = Told::default();
    let said = told.types("phone", &phone, &["report"], "");
    assert!(said.contains("This is all that it says."));
    // What differs with the machine, the version and each pairing.
    let fixed = fixed(told, &world, &phone);
    let lines = fixed.lines().map(|line| {
        let is_of_here = [
            "Program ", "Schema ", "File: ", "Log: ", "Waiting ", "Spaces ", "Rows ",
        ]
        .iter()
        .any(|start| line.starts_with(start));
        match line.split_once(' ').filter(|_| is_of_here) {
            Some((start, _)) => format!("{start} \u{2026}\n"),
            None => format!("{line}\n"),
        }
    });
    lines.collect()
}
