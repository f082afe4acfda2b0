//! How much is too much.

use super::*;

#[test]
fn a_day_holds_two_and_keeps_the_most_important() {
    let mut case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    case.facts.visits = vec![visit(2, "2026-11-20T09:00:00-05:00")];
    let planned = lines(&case.at("2026-11-19T08:00:00-05:00"));
    assert_eq!(
        planned[..3],
        [
            "day_before 2026-11-19 18:00",
            "visit 2026-11-19 18:00",
            "leave 2026-11-20 11:00"
        ]
    );
    case.rules.caps.per_day = 3;
    assert_eq!(
        lines(&case.at("2026-11-19T08:00:00-05:00"))[2],
        "changes 2026-11-19 18:00"
    );
    case.rules.caps.per_day = 1;
    assert_eq!(
        lines(&case.at("2026-11-19T08:00:00-05:00"))[1],
        "leave 2026-11-20 11:00"
    );
}

#[test]
fn a_day_that_was_full_stays_full_when_what_it_held_is_done() {
    use crate::domain::reminder::Task;
    let mut case = Case::new(vec![session(1, "2026-11-27T14:00:00-05:00")]);
    case.facts.visits = vec![visit(2, "2026-11-21T16:00:00-05:00")];
    case.facts.rhythm = Some(crate::domain::reminder::Rhythm {
        from: "2026-11-20".parse().unwrap(),
        every_days: 1.try_into().unwrap(),
        until: None,
    });
    let before = case.at("2026-11-20T08:00:00-05:00");
    assert_eq!(
        lines(&before)[..2],
        ["visit 2026-11-20 18:00", "arrange 2026-11-20 18:00"]
    );
    case.facts.sessions[0].done = [Task::RIDE, Task::GUIDE, Task::SUPPORT].into();
    case.facts.shown = before.notifications[..2].iter().map(shown).collect();
    let after = lines(&case.at("2026-11-20T18:01:00-05:00"));
    assert_eq!(after[0], "check_in 2026-11-21 19:00", "not today at seven");
    // Done before anything was shown, it makes room.
    case.facts.shown = vec![];
    let after = lines(&case.at("2026-11-20T12:00:00-05:00"));
    assert_eq!(
        after[..2],
        ["visit 2026-11-20 18:00", "check_in 2026-11-20 19:00"]
    );
}

#[test]
fn what_is_past_had_its_place_in_the_day() {
    let mut case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    case.facts.visits = vec![visit(2, "2026-11-20T09:00:00-05:00")];
    let changes = RuleId::new("changes").unwrap();
    case.choices.moved = [(changes, clock("20:00"))].into();
    // The day was full at six; at seven it does not make room for a third at eight.
    for now in ["2026-11-19T08:00:00-05:00", "2026-11-19T19:00:00-05:00"] {
        let planned = lines(&case.at(now));
        assert!(!planned.contains(&"changes 2026-11-19 20:00".to_owned()));
    }
}

#[test]
fn a_thing_is_asked_for_three_times_a_day_apart_and_then_no_more() {
    let case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    let planned = lines(&case.at("2026-10-01T08:00:00-04:00"));
    let costs: Vec<_> = planned
        .iter()
        .filter(|line| line.starts_with("costs"))
        .collect();
    assert_eq!(costs.len(), 3);
    let case = {
        let mut case = case;
        case.rules.caps.times_asked = 1;
        for rule in &mut case.rules.rules {
            rule.times = 1;
        }
        case
    };
    let planned = lines(&case.at("2026-10-01T08:00:00-04:00"));
    let costs = planned.iter().filter(|line| line.starts_with("costs"));
    assert_eq!(costs.count(), 1);
}

#[test]
fn a_plan_has_fifty_at_most_and_says_that_more_are_to_come() {
    let mut case = Case::new(vec![]);
    case.facts.rhythm = Some(crate::domain::reminder::Rhythm {
        from: "2026-01-01".parse().unwrap(),
        every_days: 1.try_into().unwrap(),
        until: None,
    });
    case.facts.checked_in = ["2026-11-19".parse().unwrap()].into();
    let all = case.at("2026-11-20T08:00:00-05:00");
    assert_eq!((all.notifications.len(), all.more), (50, true));
    let now = at("2026-11-20T08:00:00-05:00");
    let few = plan(
        &case.rules(),
        &case.facts,
        &case.choices,
        &case.zone,
        now,
        7,
    );
    assert_eq!(few.notifications[..], all.notifications[..7]);
    let many = plan(
        &case.rules(),
        &case.facts,
        &case.choices,
        &case.zone,
        now,
        usize::MAX,
    );
    assert_eq!(many, all);
    case.facts.last_day = Some("2026-11-22".parse().unwrap());
    let short = case.at("2026-11-20T08:00:00-05:00");
    assert_eq!((short.notifications.len(), short.more), (3, false));
}
