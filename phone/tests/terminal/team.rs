//! The care team at the terminal: who is in it, who looked, and what somebody outside may be told.

use companion_core::domain::release::{AtProgrammeEnd, ReleaseTerms};
use companion_core::domain::{EmergencyAccess, Moment, Person, RecordSection};
use serde_json::Value;

use crate::paired::World;
use crate::person::Phone;
use crate::reminders::exchange;

/// Two people who sign in at the clinic.
pub(crate) fn with_people(world: &World) {
    let dates = [RecordSection::Programme, RecordSection::Costs];
    let people = [
        ("Maya Lindqvist", "therapist", RecordSection::ALL.into()),
        ("Sam Ortiz", "coordinator", dates.into()),
    ];
    let people = people.map(|(name, role, sections)| Person {
        name: name.to_owned(),
        role: role.to_owned(),
        sections,
    });
    world.clinic.set_people(people).unwrap();
}

fn json(phone: &Phone, words: &[&str]) -> Value {
    let said = phone.run(&[words, &["--json"]].concat()).done();
    serde_json::from_str(&said).unwrap()
}

fn release<'a>(until: &'a str, end: &'a str) -> Vec<&'a str> {
    let words = [
        "team",
        "release",
        "--to",
        "Dr. Iris Okafor",
        "--what",
        "psychiatrist",
    ];
    let more = [
        "--section",
        "medicine-given",
        "--purpose",
        "To agree.",
        "--until",
        until,
        end,
    ];
    [&words[..], &more[..]].concat()
}

#[test]
fn a_phone_that_is_paired_with_nobody_says_that_nobody_reads_anything() {
    let phone = Phone::alone();
    phone.write(&["Mine."]);
    let said = phone.run(&["team"]).done();
    assert!(
        said.starts_with("This phone is paired with no clinic"),
        "{said}"
    );
    let refused = phone.run(&release("2027-02-28", "--goes-on")).refused(1);
    assert!(refused.contains("not paired"), "{refused}");
}

#[test]
fn a_release_needs_a_day_a_section_and_a_word_on_the_end_of_the_programme() {
    let world = World::new();
    let phone = world.paired_phone();
    let neither = release("2027-02-28", "--goes-on");
    let neither = phone.run(&neither[..neither.len() - 1]).refused(2);
    assert!(neither.contains("--goes-on"), "{neither}");
    let past = phone.run(&release("2026-11-22", "--goes-on")).refused(1);
    assert!(past.contains("has passed already"), "{past}");
    let no_day = phone.run(&release("2027-02-30", "--goes-on")).refused(2);
    assert!(no_day.contains("give a day like"), "{no_day}");
    let none = phone
        .run(&release("2027-02-28", "--ends-with-programme"))
        .refused(1);
    assert!(none.contains("programme goes on"), "{none}");
    let mut section = release("2027-02-28", "--goes-on");
    section[7] = "everything";
    let section = phone.run(&section).refused(2);
    assert!(section.contains("give one of programme"), "{section}");
    assert_eq!(json(&phone, &["team"])["outside"], serde_json::json!([]));
    // The last day still counts, and the next does not.
    let given = json(&phone, &release("2026-11-24", "--goes-on"));
    assert_eq!(given["until"], "2026-11-25T00:00:00.000-05:00");
    assert_eq!(given["standing"], "live");
    let id = given["id"].as_str().unwrap();
    let past = ["team", "narrow", id, "--until", "2026-11-20"];
    let refused = phone.run(&past).refused(1);
    assert!(refused.contains("This end has passed already"), "{refused}");
    world
        .clock
        .advance_ms(24 * 3_600_000 + 8 * 3_600_000 + 41 * 60_000);
    assert_eq!(
        json(&phone, &["team"])["outside"][0]["releases"][0]["standing"],
        "live"
    );
    world.clock.advance_ms(60_000);
    let team = json(&phone, &["team"]);
    assert_eq!(team["outside"][0]["releases"][0]["standing"], "expired");
    let narrow = ["team", "narrow", id, "--until", "2026-11-23"];
    let refused = phone.run(&narrow).refused(1);
    assert!(refused.contains("has expired"), "{refused}");
}

#[test]
fn the_clinics_people_are_listed_with_what_each_may_open_and_when_they_looked() {
    let world = World::new();
    let phone = world.paired_phone();
    with_people(&world);
    let look = [RecordSection::Costs];
    let looked = world
        .clinic
        .note_look(world.patient, "Sam Ortiz", "coordinator", &look);
    assert!(looked.unwrap());
    exchange(&world, &phone);
    let team = json(&phone, &["team"]);
    let people = team["people"].as_array().unwrap();
    assert_eq!(people[0]["name"], "Maya Lindqvist");
    assert_eq!(people[0]["last_looked"], Value::Null);
    assert_eq!(
        people[1]["sections"],
        serde_json::json!(["programme", "costs"])
    );
    let said = phone.run(&["team"]).done();
    assert!(
        said.contains("may open every section; has not looked"),
        "{said}"
    );
    assert!(
        said.contains("may open: Programme and sessions, Costs; looked last"),
        "{said}"
    );
    let log = json(&phone, &["team", "log"]);
    assert_eq!(log["looks"][0]["by"], "Sam Ortiz");
    assert_eq!(log["looks"][0]["sections"][0]["section"], "costs");
    assert_eq!(log["looks"][0]["emergencies"], serde_json::json!([]));
    assert_eq!(log["told"], serde_json::json!([]));
}

#[test]
fn each_emergency_of_a_day_is_told_with_who_and_from_when_until_when() {
    let world = World::new();
    let phone = world.paired_phone();
    with_people(&world);
    let journal = [RecordSection::Journal];
    let open = || {
        let begun = world.clinic.now();
        let until = Moment {
            unix_ms: begun.unix_ms + 3_600_000,
            ..begun
        };
        let opened = EmergencyAccess::opened(begun, until);
        let (clinic, patient) = (&world.clinic, world.patient);
        let which = begun.unix_ms.to_string();
        let one = (&*which, &opened);
        let noted = clinic.note_emergency(patient, "Sam Ortiz", "coordinator", one, &journal);
        assert!(noted.unwrap());
        let look = clinic.note_look(patient, "Sam Ortiz", "coordinator", &journal);
        look.unwrap();
        (begun, until)
    };
    let (first, _) = open();
    world.clock.advance_ms(20 * 60_000);
    let ended = world.clinic.now();
    let said = world
        .clinic
        .note_emergency_ended(world.patient, "sam ortiz");
    assert!(said.unwrap());
    world.clock.advance_ms(20 * 60_000);
    let (second, until) = open();
    exchange(&world, &phone);
    let log = json(&phone, &["team", "log"]);
    let day = &log["looks"][0];
    assert_eq!(day["by"], "Sam Ortiz");
    let told = serde_json::json!([
        {"begun": first, "until": Moment { unix_ms: first.unix_ms + 3_600_000, ..first }, "ended": ended,
         "opened": [{"section": "journal", "at": first}]},
        {"begun": second, "until": until, "ended": null,
         "opened": [{"section": "journal", "at": second}]},
    ]);
    assert_eq!(day["emergencies"], told);
    let said = phone.run(&["team", "log"]).done();
    let lines: Vec<&str> = said.lines().collect();
    let told: Vec<_> = lines
        .windows(2)
        .filter(|pair| pair[0].starts_with("      Emergency: from "))
        .map(|pair| (pair[0], pair[1]))
        .collect();
    assert_eq!(told.len(), 2, "{said}");
    for (_, opened) in &told {
        assert!(
            opened.starts_with("         it alone opened: Journal "),
            "{said}"
        );
    }
    assert!(
        told[0]
            .0
            .ends_with(", when it was ended before its time was up")
    );
    assert!(!told[1].0.contains("was ended"), "{said}");
}

#[test]
fn what_the_clinic_asks_is_shown_accepted_in_part_or_declined() {
    let world = World::new();
    let phone = world.paired_phone();
    let (clinic, now) = (&world.clinic, world.clinic.now());
    let ask = |provider: &str| {
        let terms = ReleaseTerms {
            provider: provider.to_owned(),
            what: "psychiatrist".into(),
            contact: String::new(),
            sections: [RecordSection::Medicines, RecordSection::Journal].into(),
            purpose: "To agree on the medicines.".into(),
            until: Moment {
                unix_ms: now.unix_ms + 90 * 24 * 3_600_000,
                ..now
            },
            at_programme_end: AtProgrammeEnd::GoesOn,
        };
        let id = clinic
            .ask_for_release(world.patient, terms, "Maya")
            .unwrap();
        id.to_string()
    };
    let (first, second) = (ask("Dr. Iris Okafor"), ask("Dr. Ben Aster"));
    exchange(&world, &phone);
    let said = phone.run(&["team"]).done();
    assert!(said.contains("The clinic has 2 requests for you"), "{said}");
    let said = phone.run(&["team", "requests"]).done();
    assert!(
        said.contains("Both are as good.") && said.contains("Dr. Ben Aster"),
        "{said}"
    );
    let more = phone
        .run(&["team", "accept", &first, "--section", "costs"])
        .refused(1);
    assert!(more.contains("more than the clinic asked for"), "{more}");
    let given = json(
        &phone,
        &["team", "accept", &first, "--section", "medicines"],
    );
    assert_eq!(given["sections"], serde_json::json!(["medicines"]));
    assert_eq!(given["answers"], *first);
    let again = phone.run(&["team", "accept", &first]).refused(1);
    assert!(again.contains("answered or taken back"), "{again}");
    let declined = phone
        .run(&["team", "decline", &second, "Not", "her."])
        .done();
    assert!(declined.starts_with("Declined."), "{declined}");
    let requests = json(&phone, &["team", "requests"]);
    let answer = |id: &str| {
        let requests = requests.as_array().unwrap().iter();
        let mut its = requests.filter(|one| one["id"] == *id);
        its.next().unwrap()["answer"].clone()
    };
    assert_eq!(
        (answer(&first), answer(&second)),
        ("given".into(), "declined".into())
    );
    let id = given["id"].as_str().unwrap();
    let said = phone.run(&["team", "revoke", id]).done();
    assert!(
        said.contains("taken back") && said.contains("stays with whoever has it"),
        "{said}"
    );
    assert_eq!(
        json(&phone, &["team", "revoke", id])["standing"],
        "taken_back"
    );
}
