//! Check-ins: whose day they are, and how they thin.

use super::*;
use crate::domain::reminder::{Rhythm, day_of_answer};

fn with_rhythm(from: &str, every: u16) -> Case {
    let mut case = Case::new(vec![]);
    case.facts.rhythm = Some(Rhythm {
        from: from.parse().unwrap(),
        every_days: every.try_into().unwrap(),
        until: None,
    });
    case
}

fn days(case: &Case, now: &str, count: usize) -> Vec<String> {
    let planned = case.at(now).notifications.into_iter().take(count);
    planned.map(|n| n.day.format("%m-%d").to_string()).collect()
}

#[test]
fn check_ins_thin_while_nobody_answers_and_come_back_with_an_answer() {
    let mut case = with_rhythm("2026-11-01", 1);
    let morning = |day: &str| format!("2026-11-{day}T08:00:00-05:00");
    assert_eq!(days(&case, &morning("03"), 3), ["11-03", "11-04", "11-05"]);
    // The first three went by: every second day, then every fourth, then once a week.
    assert_eq!(days(&case, &morning("04"), 3), ["11-05", "11-07", "11-09"]);
    assert_eq!(days(&case, &morning("10"), 3), ["11-13", "11-17", "11-21"]);
    assert_eq!(days(&case, &morning("22"), 2), ["11-28", "12-05"]);
    assert_eq!(
        days(&case, "2027-02-01T08:00:00-05:00", 2),
        ["02-06", "02-13"]
    );
    case.facts.checked_in = ["2026-11-21".parse().unwrap()].into();
    assert_eq!(days(&case, &morning("22"), 2), ["11-22", "11-23"]);
    case.rules.caps.thin_after = 30;
    case.facts.checked_in = [].into();
    assert_eq!(days(&case, &morning("22"), 2), ["11-22", "11-23"]);
}

#[test]
fn a_day_of_dosing_on_which_nobody_asked_is_not_one_without_an_answer() {
    let mut case = with_rhythm("2026-11-18", 1);
    case.facts.sessions = vec![session(1, "2026-11-20T14:00:00-05:00")];
    // Two were asked for in vain; a third would make them rarer.
    let after = days(&case, "2026-11-21T18:30:00-05:00", 1);
    assert_eq!(after, ["11-21"]);
}

#[test]
fn a_rhythm_that_is_rarer_than_a_week_is_not_thinned() {
    let case = with_rhythm("2026-01-02", 14);
    assert_eq!(
        days(&case, "2026-11-20T08:00:00-05:00", 2),
        ["11-20", "12-04"]
    );
}

#[test]
fn a_check_in_that_was_made_today_is_not_asked_for_today() {
    let mut case = with_rhythm("2026-11-01", 1);
    case.facts.checked_in = ["2026-11-20".parse().unwrap()].into();
    assert_eq!(days(&case, "2026-11-20T12:00:00-05:00", 1), ["11-21"]);
    // A clock that was ahead once leaves an answer in the future, which silences nothing.
    case.facts.checked_in.insert("2031-01-01".parse().unwrap());
    assert_eq!(days(&case, "2026-11-20T12:00:00-05:00", 1), ["11-21"]);
}

#[test]
fn an_answer_after_midnight_is_for_the_day_that_it_was_asked_for() {
    let day = |text: &str| text.parse().unwrap();
    let local = |text: &str| text.parse().unwrap();
    assert_eq!(
        day_of_answer(local("2026-11-21T00:30:00"), None),
        day("2026-11-20")
    );
    assert_eq!(
        day_of_answer(local("2026-11-21T04:00:00"), None),
        day("2026-11-21")
    );
    assert_eq!(
        day_of_answer(local("2026-11-21T11:00:00"), Some(day("2026-11-20"))),
        day("2026-11-20")
    );
    // So today's is still asked for.
    let mut case = with_rhythm("2026-11-01", 1);
    let answered = day_of_answer(local("2026-11-21T00:30:00"), None);
    case.facts.checked_in = [answered].into();
    assert_eq!(days(&case, "2026-11-21T00:31:00-05:00", 1), ["11-21"]);
}

#[test]
fn a_patient_picks_the_time_and_is_asked_once_a_day() {
    let mut case = with_rhythm("2026-11-01", 1);
    case.facts.checked_in = ["2026-11-21".parse().unwrap()].into();
    case.facts.sessions = vec![session(1, "2026-11-20T14:00:00-05:00")];
    case.choices.check_in_at = Some(clock("12:15"));
    let planned = lines(&case.at("2026-11-22T08:00:00-05:00"));
    assert_eq!(
        planned[..3],
        [
            "check_in_after 2026-11-22 12:15",
            "integration 2026-11-22 18:00",
            "check_in_after 2026-11-23 12:15"
        ]
    );
    // In one's own quiet hours it goes to their edge, on its own day.
    case.choices.check_in_at = Some(clock("22:00"));
    assert_eq!(
        lines(&case.at("2026-11-23T08:00:00-05:00"))[0],
        "check_in_after 2026-11-23 20:30"
    );
    case.choices.check_in_at = Some(clock("06:00"));
    assert_eq!(
        lines(&case.at("2026-11-23T08:00:00-05:00"))[0],
        "check_in_after 2026-11-23 09:00"
    );
}
