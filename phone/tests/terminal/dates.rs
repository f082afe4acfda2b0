//! Visits, the one line of a programme, and the file for a calendar.

use companion_core::domain::visit::{VisitPurpose, VisitWay};
use companion_core::domain::{DosingSession, Moment, Visit};
use serde_json::Value;

use crate::paired::World;
use crate::person::Phone;
use crate::reminders::{exchange, ready, with_session};

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn with_visit(world: &World, phone: &Phone) {
    let visit = Visit {
        way: VisitWay::Video,
        with: "Maya".to_owned(),
        contact: "Call 307 555 0100 if it fails.".to_owned(),
        ..Visit::new(
            VisitPurpose::Integration,
            at("2026-12-05T09:00:00.000-05:00"),
        )
    };
    world.clinic.plan_visit(world.patient, visit).unwrap();
    exchange(world, phone);
}

#[test]
fn a_visit_is_shown_where_a_session_is_and_reminded_of() {
    let world = World::new();
    let phone = world.paired_phone();
    ready(&world);
    with_session(&world, &phone);
    with_visit(&world, &phone);
    let visit = "Visit: integration, 5 Dec 2026, 09:00; with Maya; by video";
    let listed = phone.run(&["sessions"]).done();
    assert!(
        listed.contains(&format!("{visit}\n   Call 307 555 0100 if it fails.\n")),
        "{listed}"
    );
    assert!(phone.run(&["plan"]).done().contains(visit));
    let glance = phone.run(&["status"]).done();
    assert!(
        glance.contains("Next visit: integration, 5 Dec"),
        "{glance}"
    );
    let reminded = phone
        .run(&["reminders", "--zone", "America/New_York"])
        .done();
    assert!(
        reminded.contains("Your visit is on 5 Dec 2026 at 09:00, by video."),
        "{reminded}"
    );
    let json: Value = serde_json::from_str(&phone.run(&["plan", "--json"]).done()).unwrap();
    assert_eq!(json["visits"][0]["purpose"], "integration");

    let visit = world.clinic.visits(world.patient).unwrap().remove(0);
    world
        .clinic
        .call_off_visit(world.patient, visit.id, &visit.revision)
        .unwrap();
    exchange(&world, &phone);
    let glance = phone.run(&["status"]).done();
    assert!(!glance.contains("Next visit"), "{glance}");
    assert!(
        glance.contains("The clinic called off the visit of 5 Dec 2026, 09:00."),
        "{glance}"
    );
    let reminded = phone
        .run(&["reminders", "--zone", "America/New_York"])
        .done();
    assert!(!reminded.contains("Your visit"), "{reminded}");
}

#[test]
fn a_plan_as_one_line_has_what_was_today_and_what_is_to_come() {
    let world = World::new();
    let phone = world.paired_phone();
    let nothing = phone.run(&["plan", "--timeline"]).done();
    assert!(
        nothing.starts_with("Nothing is on the line yet"),
        "{nothing}"
    );
    ready(&world);
    with_session(&world, &phone);
    with_visit(&world, &phone);
    let line = phone.run(&["plan", "--timeline"]).done();
    let found: Vec<usize> = [
        "Phase of assessment\n",
        "Outcome of the assessment: ready\n",
        "  (today)\n",
        "3 Dec 2026, 10:00  Dosing session 1; Harbor House; 2 h 30 min\n",
        "5 Dec 2026, 09:00  Visit: integration, with Maya; by video; 1 h\n",
        "10 Dec 2026  To answer: a few questions\n",
    ]
    .iter()
    .map(|words| {
        line.find(words)
            .unwrap_or_else(|| panic!("{words} in {line}"))
    })
    .collect();
    assert!(found.is_sorted(), "{line}");
    let said = phone.run(&["plan", "--timeline", "--json"]).done();
    let json: Value = serde_json::from_str(&said).unwrap();
    let all = json["timeline"].as_array().unwrap();
    let session = all.iter().find(|step| step["what"] == "session").unwrap();
    assert_eq!(session["from"]["at"], "2026-12-03T10:00:00.000-05:00");
    assert_eq!(session["until"], "2026-12-03T12:30:00.000-05:00");
    assert_eq!(session["state"], "ahead");
}

#[test]
fn a_calendar_gets_a_neutral_file_unless_more_is_asked_for() {
    let world = World::new();
    let phone = world.paired_phone();
    ready(&world);
    let session = DosingSession {
        place: "Harbor House".to_owned(),
        ..DosingSession::new(1, at("2026-12-03T10:00:00.000-05:00"))
    };
    world.clinic.plan_session(world.patient, session).unwrap();
    with_visit(&world, &phone);
    let file = phone.path().join("appointments.ics");
    let name = file.to_str().unwrap();
    let said = phone.run(&["sessions", "--calendar", name]).done();
    assert!(said.contains("tells no more"), "{said}");
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!(written.matches("SUMMARY:Appointment\r\n").count(), 2);
    assert!(written.contains("DTSTART:20261203T150000Z\r\nDTEND:20261203T173000Z\r\n"));
    for word in ["Dosing", "Harbor", "Maya", "ntegration"] {
        assert!(!written.contains(word), "{word}");
    }
    phone.run(&["sessions", "--calendar", name]).refused(1);
    let all = ["sessions", "--calendar", name, "--everything", "--force"];
    let said = phone.run(&all).done();
    assert!(
        said.contains("whoever sees your calendar reads it"),
        "{said}"
    );
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.contains("SUMMARY:Dosing session 1\r\n"));
    assert!(written.contains("SUMMARY:Visit: integration\\, with Maya\r\n"));
}
