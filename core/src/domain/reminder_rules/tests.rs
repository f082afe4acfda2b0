//! What a clinic changes is what phones plan with, and what two people change apart harms nothing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::domain::ItemId;
use crate::domain::reminder::{DayTime, Rule, RulePack, Topic, When};

fn none() -> ReminderRules {
    ReminderRules::new("Maya", Moment::utc(1_795_465_113_123))
}

fn change(rule: &str) -> ReminderChange {
    ReminderChange {
        rule: rule.to_owned(),
        ..ReminderChange::default()
    }
}

fn with(changes: &[ReminderChange]) -> ReminderRules {
    let mut rules = none();
    for (n, change) in (1..).zip(changes) {
        rules.changes.push(ItemId::new([n; 16]), change.clone());
    }
    rules
}

fn rule(rules: &Rules, name: &str) -> Option<Rule> {
    let mut all = rules.pack().rules.iter();
    all.find(|rule| rule.id.as_str() == name).cloned()
}

fn refused(changes: &[ReminderChange]) -> String {
    let rules = with(changes);
    let error = rules.rules().unwrap_err();
    assert!(rules.clone().checked().is_err());
    // What can't be kept to is left as it was, and the rest stands.
    assert_eq!(rules.read(), Rules::default());
    error.to_string()
}

#[test]
fn nothing_changed_is_the_default_pack() {
    assert_eq!(none().rules().unwrap(), Rules::default());
    assert_eq!(none().read(), Rules::default());
    assert!(none().checked().is_ok());
}

#[test]
fn a_reminder_is_switched_off_moved_and_reworded() {
    let moved = ReminderChange {
        number: Some(-2),
        at: "17:30".to_owned(),
        words: "In two days, at {time}.".to_owned(),
        ..change("day_before")
    };
    let off = ReminderChange {
        off: true,
        ..change("evening")
    };
    let later = ReminderChange {
        number: Some(240),
        ..change("leave")
    };
    let rules = with(&[moved, off, later]).rules().unwrap();
    let two_days = rule(&rules, "day_before").unwrap();
    let at = DayTime::At("17:30".parse().unwrap());
    assert_eq!(two_days.when, When::SessionDay { days: -2, at });
    assert_eq!(two_days.words, "In two days, at {time}.");
    assert_eq!(rule(&rules, "evening"), None);
    let leave = rule(&rules, "leave").unwrap();
    assert_eq!(leave.when, When::BeforeSession { minutes: 240 });
    let default = RulePack::default();
    assert_eq!(rules.pack().rules.len(), default.rules.len() - 1);
    // What it asks for stays the core's to know.
    let other = ReminderChange {
        times: Some(1),
        ..change("changes")
    };
    let rules = with(&[other]).rules().unwrap();
    let changes = rule(&rules, "changes").unwrap();
    assert!(changes.times == 1 && changes.tells_clinic && changes.asks.len() == 2);
}

#[test]
fn a_clinic_adds_when_fasting_begins_and_other_reminders_of_its_own() {
    let fast = ReminderChange {
        topic: "fasting".to_owned(),
        number: Some(360),
        words: "From now on, nothing to eat.".to_owned(),
        ..change("fasting_food")
    };
    let bring = ReminderChange {
        topic: "preparation".to_owned(),
        number: Some(-2),
        words: "Lay out what you want to bring.".to_owned(),
        ..change("bring")
    };
    let rules = with(&[fast, bring]).rules().unwrap();
    let food = rule(&rules, "fasting_food").unwrap();
    assert_eq!(
        (food.topic, food.when),
        (Topic::Fasting, When::BeforeSession { minutes: 360 })
    );
    let at = DayTime::At("18:00".parse().unwrap());
    let bring = rule(&rules, "bring").unwrap();
    assert_eq!(bring.when, When::SessionDay { days: -2, at });
    // The default pack says nothing of it.
    let topics = Rules::default();
    let mut topics = topics.pack().rules.iter().map(|rule| rule.topic);
    assert!(topics.all(|topic| topic != Topic::Fasting));
}

#[test]
fn what_cannot_be_kept_to_is_refused_by_name() {
    let series = ReminderChange {
        number: Some(10_000),
        ..change("check_in_after")
    };
    assert_eq!(
        refused(&[series]),
        "check_in_after: times is not between 1 and 60"
    );
    let often = ReminderChange {
        times: Some(7),
        ..change("arrange")
    };
    assert_eq!(refused(&[often]), "arrange: times is not between 1 and 3");
    let night = ReminderChange {
        at: "03:00".to_owned(),
        ..change("day_before")
    };
    assert!(refused(&[night]).contains("quiet hours"));
    let blank = ReminderChange {
        words: "Your dose is {dose}.".to_owned(),
        ..change("day_before")
    };
    assert!(refused(&[blank]).contains("nothing fills {dose}"));
    let nameless = ReminderChange {
        topic: "fasting".to_owned(),
        words: "Stop.".to_owned(),
        ..change("Not A Name")
    };
    assert!(refused(&[nameless]).contains("can't be the name of a reminder"));
    let about_nothing = ReminderChange {
        topic: "weather".to_owned(),
        words: "Rain.".to_owned(),
        ..change("rain")
    };
    assert_eq!(
        refused(&[about_nothing]),
        "rain says nothing known that it is about"
    );
    let far = ReminderChange {
        topic: "fasting".to_owned(),
        number: Some(2_881),
        words: "Stop.".to_owned(),
        ..change("fasting_food")
    };
    assert_eq!(
        refused(&[far]),
        "fasting_food: minutes is not between 1 and 2880"
    );
    let wordless = ReminderChange {
        topic: "fasting".to_owned(),
        number: Some(60),
        ..change("fasting_food")
    };
    assert!(refused(&[wordless]).contains("the text of the reminder is empty"));
    let mut nowhere = none();
    nowhere.clinic_zone = "Mars/Olympus".to_owned();
    let error = nowhere.clone().checked().unwrap_err();
    assert_eq!(error.name.field, "clinic_zone");
    assert_eq!(nowhere.read(), Rules::default());
}

#[test]
fn a_reminder_comes_on_the_side_of_the_session_that_it_is_about() {
    let own = |topic: &str, days| ReminderChange {
        topic: topic.to_owned(),
        number: Some(days),
        words: "Take your time.".to_owned(),
        ..change("own")
    };
    for (topic, right) in [("preparation", -1), ("day_after", 1), ("integration", 1)] {
        assert!(with(&[own(topic, right)]).checked().is_ok(), "{topic}");
        let side = match right {
            1 => "after a session, and not before it",
            _ => "before a session, and not after it",
        };
        assert_eq!(
            refused(&[own(topic, -right)]),
            format!("own: this comes {side}")
        );
    }
    // Moved by days, one of the default pack stays on its side as well.
    let late = ReminderChange {
        number: Some(2),
        ..change("day_before")
    };
    assert!(refused(&[late]).starts_with("day_before: this comes before"));
}

#[test]
fn quiet_hours_take_some_time_and_check_ins_are_asked_for_outside_them() {
    let said = |rules: ReminderRules| rules.checked().map_err(|why| why.to_string());
    let none_at_all = ReminderRules {
        quiet: "21:00-21:00".to_owned(),
        ..none()
    };
    let why = "the quiet hours begin and end at the same time, which is no time at all";
    assert_eq!(said(none_at_all), Err(why.to_owned()));
    let asks_at = |quiet: &str, at: &str| ReminderRules {
        quiet: quiet.to_owned(),
        check_in_at: at.to_owned(),
        ..none()
    };
    // With the hours of the default pack as well.
    for rules in [asks_at("17:00-09:00", "18:00"), asks_at("", "22:00")] {
        assert!(rules.rules().is_err());
        let why = "the time of check-ins lies in the quiet hours";
        assert_eq!(said(rules), Err(why.to_owned()));
    }
    assert!(said(asks_at("17:00-09:00", "16:59")).is_ok());
    // The default follows, and of two edits that met the quiet stays.
    for at in ["", "18:00"] {
        let read = asks_at("17:00-09:00", at).read();
        let caps = read.pack().caps;
        assert_eq!(caps.check_in_at, "16:00".parse().unwrap(), "{at}");
        assert!(caps.quiet.include("18:00".parse().unwrap()), "{at}");
    }
}

#[test]
fn default_reminders_follow_the_hours_and_the_number_that_a_clinic_chose() {
    let mut rules = none();
    rules.quiet = "17:00-09:00".to_owned();
    rules.times_asked = Some(1);
    let rules = rules.rules().unwrap();
    let day_before = rule(&rules, "day_before").unwrap();
    let at = DayTime::At("16:00".parse().unwrap());
    assert_eq!(day_before.when, When::SessionDay { days: -1, at });
    assert!(rules.pack().rules.iter().all(|rule| rule.times == 1));
}

/// One node asks for a thing up to seven times, the other lets one reminder ask five times; a third takes
/// the first back.
#[test]
fn two_edits_that_met_and_do_not_fit_leave_one_reminder_as_it_was_and_all_others_changed() {
    let often = ReminderChange {
        times: Some(5),
        ..change("arrange")
    };
    let off = ReminderChange {
        off: true,
        ..change("evening")
    };
    let met = with(&[often, off]);
    assert!(met.rules().is_err());
    let read = met.read();
    assert_eq!(rule(&read, "evening"), None);
    assert_eq!(rule(&read, "arrange"), rule(&Rules::default(), "arrange"));
    // Of two about one reminder the later counts.
    let words = |text: &str| ReminderChange {
        words: text.to_owned(),
        ..change("day_before")
    };
    let twice = with(&[words("First."), words("Second.")]).rules().unwrap();
    assert_eq!(rule(&twice, "day_before").unwrap().words, "Second.");
}

#[test]
fn a_reminder_of_the_clinics_own_crowds_out_none_that_nobody_may_miss() {
    let bring = ReminderChange {
        topic: "preparation".to_owned(),
        number: Some(-1),
        words: "Bring your forms.".to_owned(),
        ..change("bring")
    };
    let fast = ReminderChange {
        topic: "fasting".to_owned(),
        number: Some(360),
        words: "From now on, nothing to eat.".to_owned(),
        ..change("fasting_food")
    };
    let rules = with(&[bring, fast]).rules().unwrap();
    let names: Vec<_> = rules
        .pack()
        .rules
        .iter()
        .map(|rule| rule.id.as_str())
        .collect();
    assert_eq!(
        names[..5],
        ["leave", "evening", "day_before", "fasting_food", "bring"]
    );
}
