//! Ids, and what a phone has to do when a plan changes.

use super::*;
use crate::domain::reminder::Scheduled;

const NOW: &str = "2026-11-01T08:00:00-05:00";

fn scheduled(plan: &Plan) -> Vec<Scheduled> {
    plan.notifications.iter().map(Into::into).collect()
}

#[test]
fn a_phone_that_has_the_plan_has_nothing_to_do() {
    let case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    let plan = case.at(NOW);
    assert_eq!(plan.difference(&scheduled(&plan)), Default::default());
    let all = plan.difference(&[]);
    assert_eq!(all.to_schedule, plan.notifications);
    assert!(all.to_cancel.is_empty());
}

#[test]
fn a_session_that_moves_cancels_what_was_and_schedules_what_is() {
    let mut case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    let before = case.at(NOW);
    // By an hour: the same reminders, those with the time in their words or counted from it anew.
    case.facts.sessions[0].starts = at("2026-11-20T15:00:00-05:00");
    let difference = case.at(NOW).difference(&scheduled(&before));
    let mut anew: Vec<_> = difference
        .to_schedule
        .iter()
        .map(|n| n.rule.as_str())
        .collect();
    anew.sort_unstable();
    assert_eq!(anew, ["day_before", "leave"]);
    assert_eq!(difference.to_cancel.len(), 2);
    // By three weeks: what was asked for one date is asked again for the other.
    case.facts.shown = before.notifications[..3].iter().map(shown).collect();
    case.facts.sessions[0].starts = at("2026-12-11T14:00:00-05:00");
    let moved = case.at("2026-11-10T08:00:00-05:00");
    assert_eq!(lines(&moved)[0], "costs 2026-11-27 18:00");
}

#[test]
fn what_only_changes_its_time_is_scheduled_anew_under_its_name() {
    let mut case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    let before = case.at(NOW);
    let day_before = RuleId::new("day_before").unwrap();
    case.choices.moved = [(day_before, clock("12:00"))].into();
    let difference = case.at(NOW).difference(&scheduled(&before));
    assert_eq!(difference.to_schedule.len(), 1);
    assert_eq!(difference.to_cancel, [difference.to_schedule[0].id]);
}

#[test]
fn what_a_phone_can_not_tell_is_done_again_and_strangers_are_cancelled() {
    let case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    let plan = case.at(NOW);
    let mut there = scheduled(&plan);
    there[0].fingerprint = None;
    there.push(there[1]);
    let stranger = Scheduled {
        id: crate::domain::reminder::NotificationId::new([9; 16]),
        fingerprint: None,
    };
    there.push(stranger);
    let difference = plan.difference(&there);
    let mut expected = vec![there[0].id, there[1].id, stranger.id];
    expected.sort();
    assert_eq!(difference.to_cancel, expected);
    assert_eq!(difference.to_schedule, plan.notifications[..2]);
}

#[test]
fn one_session_given_twice_is_one() {
    let once = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    let twice = Case::new(vec![
        session(1, "2026-11-20T14:00:00-05:00"),
        session(1, "2026-11-20T14:00:00-05:00"),
    ]);
    assert_eq!(once.at(NOW), twice.at(NOW));
}

#[test]
fn ids_stay_what_they_are() {
    let case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    let ids: Vec<_> = case.at(NOW).notifications[..8]
        .iter()
        .map(|n| format!("{} {}", line(n), n.id))
        .collect();
    insta::assert_json_snapshot!(ids);
}
