#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::domain::visit::{VisitPurpose, VisitWay};

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn id(n: u8) -> DocumentId {
    DocumentId::new([n; 16])
}

fn now() -> Moment {
    at("2026-11-23T20:18:33.123+01:00")
}

fn session() -> Appointment {
    let session = DosingSession {
        place: "Harbor Clinic; room 2".into(),
        address: "Harbor Street 1, Laramie".into(),
        contact: "Ring twice.".into(),
        ..DosingSession::new(2, at("2026-12-01T10:00:00.000-07:00"))
    };
    Appointment::of_session(id(1), &session)
}

/// As RFC 5545 reads a file: lines without their folds.
fn unfolded(file: &str) -> Vec<String> {
    let lines = file.replace("\r\n ", "");
    lines.split_terminator("\r\n").map(str::to_owned).collect()
}

#[test]
fn a_calendar_tells_no_more_than_that_there_is_an_appointment() {
    let visit = Visit {
        way: VisitWay::Video,
        called_off_at: Some(now()),
        ..Visit::new(
            VisitPurpose::Integration,
            at("2026-12-03T23:30:00.000-07:00"),
        )
    };
    let all = [session(), Appointment::of_visit(id(2), &visit)];
    let file = calendar(&all, Telling::default(), now());
    assert_eq!(
        unfolded(&file),
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Companion//Appointments//EN",
            "CALSCALE:GREGORIAN",
            "BEGIN:VEVENT",
            "UID:01010101010101010101010101010101",
            "DTSTAMP:20261123T191833Z",
            "DTSTART:20261201T170000Z",
            "DTEND:20261201T193000Z",
            "SEQUENCE:29924358",
            "CLASS:PRIVATE",
            "STATUS:CONFIRMED",
            "SUMMARY:Appointment",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "UID:02020202020202020202020202020202",
            "DTSTAMP:20261123T191833Z",
            "DTSTART:20261204T063000Z",
            "DTEND:20261204T073000Z",
            "SEQUENCE:29924358",
            "CLASS:PRIVATE",
            "STATUS:CANCELLED",
            "SUMMARY:Appointment",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    );
}

#[test]
fn everything_is_told_only_when_asked_for() {
    let neutral = calendar(&[session()], Telling::Neutral, now());
    for word in ["Dosing", "Harbor", "Ring", "KAP", "etamine"] {
        assert!(!neutral.contains(word), "{word}");
    }
    let all = unfolded(&calendar(&[session()], Telling::Everything, now()));
    assert!(all.contains(&"SUMMARY:Dosing session 2".to_owned()));
    assert!(
        all.contains(&r"LOCATION:Harbor Clinic\; room 2\, Harbor Street 1\, Laramie".to_owned())
    );
    assert!(all.contains(&"DESCRIPTION:Ring twice.".to_owned()));
}

#[test]
fn a_session_that_is_moved_keeps_its_name_and_a_later_file_counts_for_more() {
    let before = calendar(&[session()], Telling::Neutral, now());
    let mut moved = session();
    moved.starts = at("2026-12-02T10:00:00.000-07:00");
    moved.ends = at("2026-12-02T12:30:00.000-07:00");
    let mut later = now();
    later.unix_ms += 5 * 60_000;
    let after = calendar(&[moved], Telling::Neutral, later);
    let line = |file: &str, name: &str| {
        let lines = unfolded(file).into_iter();
        lines
            .filter(|line| line.starts_with(name))
            .collect::<Vec<_>>()
    };
    assert_eq!(line(&before, "UID:"), line(&after, "UID:"));
    assert!(line(&before, "SEQUENCE:") < line(&after, "SEQUENCE:"));
}

#[test]
fn a_time_that_no_calendar_has_is_left_out() {
    let mut odd = session();
    odd.starts = Moment::utc(i64::MAX);
    assert!(!calendar(&[odd], Telling::Neutral, now()).contains("VEVENT"));
}

proptest! {
    #[test]
    fn any_words_are_folded_escaped_and_read_back(words in any::<String>(), contact in "[\\PC\n\t;,\\\\]{0,200}") {
        let mut odd = session();
        odd.title = format!("Visit{words}");
        odd.contact = contact.clone();
        let file = calendar(&[odd], Telling::Everything, now());
        prop_assert!(file.ends_with("END:VCALENDAR\r\n"));
        for line in file.split_terminator("\r\n") {
            prop_assert!(line.len() <= 75, "{line}");
            prop_assert!(!line.contains(['\r', '\n']));
        }
        let lines = unfolded(&file);
        prop_assert_eq!(lines.iter().filter(|line| *line == "END:VEVENT").count(), 1);
        let read = |name: &str| lines.iter().find_map(|line| line.strip_prefix(name)).map(plain);
        let kept = |text: &str| -> String {
            text.chars().filter(|it| !it.is_control() || "\n\t".contains(*it)).collect()
        };
        prop_assert_eq!(read("SUMMARY:"), Some(kept(&format!("Visit{words}"))));
        prop_assert_eq!(read("DESCRIPTION:").unwrap_or_default(), kept(&contact));
    }
}

/// As RFC 5545, 3.3.11 reads a text.
fn plain(text: &str) -> String {
    let mut letters = text.chars();
    let mut read = String::new();
    while let Some(letter) = letters.next() {
        read.push(match letter {
            '\\' => match letters.next() {
                Some('n') => '\n',
                other => other.unwrap(),
            },
            other => other,
        });
    }
    read
}
