//! When nothing may be said.

use super::*;
use crate::domain::reminder::{Pause, Rhythm, Standing};

const NOW: &str = "2026-11-01T08:00:00-05:00";

fn full() -> Case {
    let mut case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    case.rules.rules.push(fasting("food", 480));
    case.facts.visits = vec![visit(2, "2026-11-23T16:00:00-05:00")];
    case.facts.rhythm = Some(Rhythm {
        from: "2026-11-01".parse().unwrap(),
        every_days: 2.try_into().unwrap(),
        until: None,
    });
    case
}

#[test]
fn a_programme_that_does_not_run_reminds_of_nothing_and_cancels_all() {
    let mut case = full();
    let running = case.at(NOW);
    assert!(running.notifications.len() > 30);
    let scheduled: Vec<_> = running.notifications.iter().map(Into::into).collect();
    for standing in [
        Standing::Paused,
        Standing::NotYet,
        Standing::NotAFit,
        Standing::Ended,
        Standing::NotAMember,
        Standing::NotReadable,
    ] {
        case.facts.standing = standing;
        let silent = case.at(NOW);
        assert_eq!(silent, Plan::default(), "{standing:?}");
        let difference = silent.difference(&scheduled);
        assert_eq!(difference.to_cancel.len(), scheduled.len());
        assert!(difference.to_schedule.is_empty());
    }
}

#[test]
fn nothing_is_said_of_a_session_before_ready() {
    let mut case = full();
    case.facts.readiness = Readiness::Undecided;
    let planned = case.at(NOW);
    let topics: std::collections::BTreeSet<_> =
        planned.notifications.iter().map(|n| n.topic).collect();
    assert_eq!(topics, [Topic::CheckIn, Topic::Integration].into());
    let of_visit = planned
        .notifications
        .iter()
        .filter(|n| n.topic == Topic::Integration);
    assert!(of_visit.into_iter().all(|n| n.rule.as_str() == "visit"));
    // A day of dosing is quiet all the same.
    assert!(
        !lines(&planned)
            .iter()
            .any(|line| line.contains("2026-11-20"))
    );
}

#[test]
fn a_session_that_was_called_off_is_not_spoken_of() {
    let mut case = full().without(&[Topic::CheckIn]);
    case.facts.visits = vec![];
    case.facts.sessions[0].takes_place = false;
    assert_eq!(case.at(NOW), Plan::default());
}

#[test]
fn nothing_comes_after_the_last_day() {
    let mut case = full();
    case.facts.last_day = Some("2026-11-19".parse().unwrap());
    let planned = lines(&case.at(NOW));
    assert_eq!(planned.last().unwrap(), "changes 2026-11-19 18:00");
}

#[test]
fn nothing_is_moved_beyond_the_last_day() {
    let mut case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    case.rules.caps.quiet_hours_after_session = 48;
    let after = "2026-11-20T22:00:00-05:00";
    assert_eq!(lines(&case.at(after))[0], "day_after 2026-11-22 17:00");
    case.facts.last_day = Some("2026-11-21".parse().unwrap());
    assert_eq!(case.at(after), Plan::default());
}

#[test]
fn a_patient_can_silence_one_topic_or_everything_for_a_while_or_longer() {
    let mut case = full();
    let topics = |case: &Case| {
        let all = case.at(NOW).notifications.into_iter();
        all.map(|n| n.topic)
            .collect::<std::collections::BTreeSet<_>>()
    };
    for topic in Topic::ALL {
        let before = topics(&case);
        case.choices.paused = [(topic, Pause::Open)].into();
        assert!(!topics(&case).contains(&topic));
        case.choices.paused = [].into();
        assert_eq!(topics(&case), before);
    }
    case.choices.paused = [(
        Topic::Preparation,
        Pause::Until("2026-11-14".parse().unwrap()),
    )]
    .into();
    let planned = lines(&case.at(NOW));
    let preparing: Vec<_> = planned
        .iter()
        .filter(|l| l.starts_with("arrange") || l.starts_with("costs"))
        .collect();
    assert_eq!(
        preparing,
        ["arrange 2026-11-14 18:00", "arrange 2026-11-15 18:00"]
    );
    case.choices.all = Some(Pause::Until("2026-11-20".parse().unwrap()));
    assert_eq!(lines(&case.at(NOW))[0], "food 2026-11-20 06:00");
    case.choices.all = Some(Pause::Open);
    assert_eq!(case.at(NOW), Plan::default());
}

#[test]
fn a_patient_can_move_a_reminder_within_its_day() {
    let mut case = full();
    let rule = RuleId::new("day_before").unwrap();
    case.choices.moved = [(rule, clock("12:30"))].into();
    assert!(lines(&case.at(NOW)).contains(&"day_before 2026-11-19 12:30".to_owned()));
}
