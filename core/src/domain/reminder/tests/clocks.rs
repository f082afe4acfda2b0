//! Changes of the clock, travel, and clocks that jump.

use super::*;
use crate::domain::reminder::Rhythm;

/// Asked at half past two at night, with no quiet hours in the way.
fn at_night(zone: &str, from: &str) -> Case {
    let mut case = Case::new(vec![]);
    case.zone = Zone::named(zone).unwrap();
    case.choices.quiet = Some(quiet("00:00", "00:00"));
    case.choices.check_in_at = Some(clock("02:30"));
    case.facts.rhythm = Some(Rhythm {
        from: from.parse().unwrap(),
        every_days: 1.try_into().unwrap(),
        until: None,
    });
    case
}

#[test]
fn a_start_of_dst_neither_skips_nor_repeats_a_reminder() {
    let case = at_night("America/New_York", "2026-03-07");
    let planned = case.at("2026-03-06T12:00:00-05:00");
    assert_eq!(
        lines(&planned)[..3],
        [
            "check_in 2026-03-07 02:30",
            "check_in 2026-03-08 03:30",
            "check_in 2026-03-09 02:30"
        ]
    );
    // Shown, it is not planned again, however often one asks.
    let shown_at = planned.notifications[1].at.unix_ms;
    for after_ms in [0, 1, 1_000, 59_000, 3_600_000] {
        let next = case.at_moment(Moment::utc(shown_at + after_ms));
        assert_eq!(next.notifications[0].day.to_string(), "2026-03-09");
    }
}

#[test]
fn a_time_that_is_skipped_into_the_next_day_stays_on_its_own() {
    // In Nuuk, eleven at night is midnight that day.
    let mut case = at_night("America/Nuuk", "2026-03-28");
    case.choices.check_in_at = Some(clock("23:30"));
    let planned = lines(&case.at("2026-03-28T12:00:00-02:00"));
    assert_eq!(
        planned[..2],
        ["check_in 2026-03-28 22:30", "check_in 2026-03-29 23:30"]
    );
}

#[test]
fn an_end_of_dst_shows_a_reminder_once() {
    let mut case = at_night("America/New_York", "2026-10-31");
    case.choices.check_in_at = Some(clock("01:30"));
    let planned = case.at("2026-10-30T12:00:00-04:00");
    let times: Vec<_> = planned.notifications[..3]
        .iter()
        .map(|n| n.at.to_string())
        .collect();
    assert_eq!(
        times,
        [
            "2026-10-31T01:30:00.000-04:00",
            "2026-11-01T01:30:00.000-04:00",
            "2026-11-02T01:30:00.000-05:00"
        ]
    );
    // When the wall shows half past one for the second time, it is past.
    let again = case.at("2026-11-01T01:29:00-05:00");
    assert_eq!(again.notifications[0].at, planned.notifications[2].at);
}

#[test]
fn quiet_hours_that_begin_in_a_skipped_hour_are_kept() {
    let mut case = at_night("America/New_York", "2026-03-08");
    case.choices.quiet = Some(quiet("03:00", "10:00"));
    let first = &case.at("2026-03-07T23:00:00-05:00").notifications[0];
    assert!(
        !quiet("03:00", "10:00").include(TimeOfDay::of(case.zone.local(first.at.unix_ms).unwrap()))
    );
}

#[test]
fn whoever_travels_is_reminded_by_the_clock_on_the_wall_there() {
    let mut case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    let home = case.at("2026-11-01T08:00:00-05:00");
    case.zone = Zone::named("Pacific/Auckland").unwrap();
    let away = case.at("2026-11-01T08:00:00-05:00");
    for notification in &away.notifications {
        let local = case.zone.local(notification.at.unix_ms).unwrap();
        assert!(
            !QuietHours::NIGHT.include(TimeOfDay::of(local)),
            "{}",
            line(notification)
        );
    }
    // What has other times now is scheduled anew; nothing of the old is left.
    let scheduled: Vec<_> = home.notifications.iter().map(Into::into).collect();
    let difference = away.difference(&scheduled);
    let kept = scheduled.len() - difference.to_cancel.len();
    assert_eq!(
        kept + difference.to_schedule.len(),
        away.notifications.len()
    );
    // What is told by the minute before a session keeps its instant and its name.
    case.rules.rules.push(fasting("food", 480));
    let food = |case: &Case| {
        let all = case.at("2026-11-01T08:00:00-05:00").notifications;
        all.into_iter().find(|n| n.topic == Topic::Fasting).unwrap()
    };
    let there = food(&case);
    case.zone = Zone::named("America/New_York").unwrap();
    assert_eq!(food(&case).fingerprint, there.fingerprint);
}

#[test]
fn what_was_shown_in_one_zone_is_not_shown_again_in_another_the_same_day() {
    let mut case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    let first = case.at("2026-11-13T17:59:00-05:00").notifications[0].clone();
    assert_eq!(line(&first), "arrange 2026-11-13 18:00");
    case.facts.shown = vec![shown(&first)];
    case.zone = Zone::named("America/Los_Angeles").unwrap();
    let west = case.at("2026-11-13T15:10:00-08:00");
    assert_eq!(lines(&west)[0], "arrange 2026-11-14 18:00");
}

#[test]
fn a_clock_that_jumps_leaves_the_same_plan_behind() {
    let mut case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    let now = "2026-11-13T12:00:00-05:00";
    let before = case.at(now);
    for wrong in [
        "2026-11-19T12:00:00-05:00",
        "2031-01-01T00:00:00-05:00",
        "1970-01-01T00:00:00Z",
    ] {
        let during = case.at(wrong);
        let scheduled: Vec<_> = during.notifications.iter().map(Into::into).collect();
        let back = case.at(now);
        assert_eq!(back, before);
        let difference = back.difference(&scheduled);
        let mut there: Vec<_> = scheduled
            .iter()
            .map(|s| s.id)
            .filter(|id| !difference.to_cancel.contains(id))
            .collect();
        there.extend(difference.to_schedule.iter().map(|n| n.id));
        there.sort();
        let mut wanted: Vec<_> = before.notifications.iter().map(|n| n.id).collect();
        wanted.sort();
        assert_eq!(there, wanted);
    }
    // What was shown while it was ahead is not shown a second time.
    let first = before.notifications[0].clone();
    case.facts.shown = vec![shown(&first)];
    assert!(case.at(now).notifications.iter().all(|n| n.id != first.id));
    // Times that nobody can write down plan nothing, and break nothing.
    for unix_ms in [i64::MIN, i64::MAX] {
        assert_eq!(case.at_moment(Moment::utc(unix_ms)), Plan::default());
    }
}
