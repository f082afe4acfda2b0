//! What may be a rule.

use super::*;
use crate::domain::reminder::{Caps, DayTime, RulesError};

fn refused(change: impl FnOnce(&mut RulePack)) -> String {
    let mut pack = RulePack::default();
    change(&mut pack);
    pack.checked().unwrap_err().to_string()
}

fn with(change: impl FnOnce(&mut Rule)) -> String {
    refused(|pack| {
        // Asks, on a day before a session, and may be said again.
        let mut rules = pack.rules.iter_mut();
        change(rules.find(|rule| rule.id.as_str() == "arrange").unwrap());
    })
}

#[test]
fn the_default_pack_is_one_that_may_be_saved() {
    let checked = RulePack::default().checked().unwrap();
    assert_eq!(checked, Rules::default());
    let json = serde_json::to_string(&RulePack::default()).unwrap();
    assert_eq!(
        serde_json::from_str::<RulePack>(&json).unwrap(),
        RulePack::default()
    );
    insta::assert_json_snapshot!(RulePack::default());
}

#[test]
fn a_rule_that_would_speak_ten_thousand_times_is_refused() {
    let often = refused(|pack| {
        for rule in &mut pack.rules {
            if let When::SeriesAfterSession { times, .. } = &mut rule.when {
                *times = 10_000;
            }
        }
    });
    assert_eq!(
        often,
        "check_in_after would remind 10000 times for one session; at most 60 are allowed"
    );
    assert!(with(|rule| rule.times = 200).contains("times is not between 1 and 3"));
    assert!(with(|rule| rule.times = 0).contains("times is not between 1 and 3"));
    let many = refused(|pack| {
        let rule = pack.rules[0].clone();
        pack.rules.extend((0..64).map(|n| Rule {
            id: RuleId::new(format!("r{n}")).unwrap(),
            ..rule.clone()
        }));
    });
    assert_eq!(many, "there are more than 64 rules");
}

#[test]
fn impossible_times_and_places_are_refused() {
    let at = DayTime::At(clock("18:00"));
    let night = DayTime::At(clock("23:00"));
    for (error, expected) in [
        (
            with(|r| r.when = When::SessionDay { days: -400, at }),
            "arrange: days is not between -365 and 365",
        ),
        (
            with(|r| r.when = When::SessionDay { days: i16::MIN, at }),
            "arrange: days is not between -365 and 365",
        ),
        (
            with(|r| r.when = When::AfterLastSession { months: 0, at }),
            "arrange: months is not between 1 and 24",
        ),
        (
            with(|r| r.when = When::BeforeVisit { days: 900, at }),
            "arrange: days is not between 0 and 60",
        ),
        (
            with(|r| {
                r.when = When::SessionDay {
                    days: -7,
                    at: night,
                }
            }),
            "arrange speaks at 23:00, which is in the quiet hours",
        ),
        (
            with(|r| r.when = When::SessionDay { days: -2, at }),
            "arrange: it would still ask when the day has come",
        ),
        (
            with(|r| r.when = When::SessionDay { days: 0, at }),
            "arrange: the evening, and nothing else, is for the day of a session",
        ),
        (
            with(|r| r.when = When::BeforeSession { minutes: 60 }),
            "arrange: fasting and leaving, and nothing else, are told by the minute before a session",
        ),
        (
            with(|r| r.when = When::Rhythm { at }),
            "arrange: check-ins, and nothing else, come in a series or a rhythm",
        ),
        (
            with(|r| r.topic = Topic::Measure),
            "arrange: questionnaires are named by rules about them",
        ),
        (
            with(|r| r.topic = Topic::Fasting),
            "arrange: fasting and leaving, and nothing else, are told by the minute before a session",
        ),
        (
            refused(|p| p.rules.push(fasting("f", 2_881))),
            "f: minutes is not between 1 and 2880",
        ),
        (
            refused(|p| p.rules.push(fasting("leave", 60))),
            "there are two rules named leave",
        ),
    ] {
        assert_eq!(error, expected);
    }
    let scales = refused(|pack| {
        let mut rules = pack.rules.iter_mut();
        let evening = rules.find(|rule| rule.topic == Topic::Evening).unwrap();
        evening.measures = [MeasureId::new("phq-9").unwrap()].into();
    });
    assert_eq!(
        scales,
        "evening: questionnaires are named by rules about them"
    );
}

#[test]
fn words_are_one_line_with_blanks_that_something_fills() {
    assert_eq!(
        with(|r| r.words = "x".repeat(241)),
        "arrange: the text of the reminder is longer than 240 characters"
    );
    assert_eq!(
        with(|r| r.words = " \n ".into()),
        "arrange: the text of the reminder is empty"
    );
    assert_eq!(
        with(|r| r.words = "a\u{1b}[31m".into()),
        "arrange: the text of the reminder holds a character that cannot be shown"
    );
    for (words, blank) in [
        ("{dose} now", "{dose}"),
        ("{time", "{time}"),
        ("a}", "{}}"),
        ("{{time}}", "{{time}"),
    ] {
        assert_eq!(
            with(|r| r.words = words.into()),
            format!(
                "arrange: nothing fills {blank}; use {{time}}, {{date}}, {{when}} or {{place}}"
            )
        );
    }
}

#[test]
fn caps_keep_to_their_ranges_and_zones_exist() {
    let caps = |change: fn(&mut Caps)| refused(|pack| change(&mut pack.caps));
    assert_eq!(
        caps(|c| c.per_day = 0),
        "the number of reminders a day is not between 1 and 6"
    );
    assert!(caps(|c| c.times_asked = 9).ends_with("between 1 and 7"));
    for hours in [0, 23, 169] {
        let caps = refused(|pack| pack.caps.quiet_hours_after_session = hours);
        assert!(caps.ends_with("between 24 and 168"), "{hours}");
    }
    assert!(caps(|c| c.thin_after = 0).ends_with("between 1 and 30"));
    let lost = RulePack {
        clinic_zone: Some("Mars/Phobos".into()),
        ..RulePack::default()
    };
    assert!(matches!(lost.checked(), Err(RulesError::Zone(_))));
}

#[test]
fn times_hours_and_words_are_only_what_they_say() {
    for text in ["24:00", "12:60", "9:00", "", "09:0x", "+9:00", "09:00:00"] {
        assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
    }
    assert_eq!(clock("09:05").to_string(), "09:05");
    assert!(QuietHours::new(clock("09:00"), clock("08:00")).is_err());
    assert!(serde_json::from_str::<QuietHours>(r#"{"from":"09:00","until":"08:00"}"#).is_err());
    let hours = quiet("21:00", "09:00");
    assert!(hours.include(clock("21:00")) && hours.include(clock("08:59")));
    assert!(!hours.include(clock("09:00")) && !hours.include(clock("20:59")));
    let never = quiet("12:00", "12:00");
    assert!(!never.include(clock("12:00")));
    let json = serde_json::to_string(&hours).unwrap();
    assert_eq!(serde_json::from_str::<QuietHours>(&json).unwrap(), hours);
    for word in ["", "A", "a b", "ä", "x".repeat(41).as_str()] {
        assert!(RuleId::new(word).is_err(), "{word}");
        assert!(serde_json::from_value::<RuleId>(word.into()).is_err());
    }
}
