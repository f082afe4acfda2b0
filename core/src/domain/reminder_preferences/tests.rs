#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;

fn none() -> ReminderPreferences {
    ReminderPreferences::new(Moment::utc(0))
}

#[test]
fn no_choice_is_the_planners_default() {
    assert_eq!(none().read(), Preferences::default());
}

#[test]
fn what_was_chosen_is_what_the_planner_takes() {
    let until = Pause::Until("2026-12-01".parse().unwrap());
    let hours = QuietHours::new("22:00".parse().unwrap(), "08:00".parse().unwrap()).unwrap();
    let mut chosen = none();
    chosen.pause(Topic::CheckIn, Some(until));
    chosen.pause(Topic::Measure, Some(Pause::Open));
    chosen.keep_quiet(Some(hours));
    chosen.pause_all(Some(until));
    chosen.moved.insert("day_before".into(), "17:15".into());
    let read = chosen.clone().checked().unwrap().read();
    assert_eq!(read.paused.get(&Topic::CheckIn), Some(&until));
    assert_eq!(read.paused.get(&Topic::Measure), Some(&Pause::Open));
    assert_eq!((read.quiet, read.all), (Some(hours), Some(until)));
    let rule = RuleId::new("day_before").unwrap();
    assert_eq!(read.moved.get(&rule), "17:15".parse().ok().as_ref());
    chosen.pause(Topic::CheckIn, None);
    chosen.pause(Topic::Measure, None);
    chosen.pause_all(None);
    assert_eq!((chosen.read().paused.len(), chosen.read().all), (0, None));
}

#[test]
fn a_pause_that_only_a_newer_version_can_read_is_silence() {
    let mut odd = none();
    odd.paused.insert("measure".into(), "on sundays".into());
    odd.all = "while travelling".into();
    let read = odd.read();
    assert_eq!(read.paused.get(&Topic::Measure), Some(&Pause::Open));
    assert_eq!(read.all, Some(Pause::Open));
}

#[test]
fn of_what_was_chosen_apart_silence_wins_and_the_newest_time_counts() {
    let mut older = none();
    older.pause_all(Some(Pause::Open));
    older.pause(Topic::Measure, Some(Pause::Open));
    older.pause(
        Topic::CheckIn,
        Some(Pause::Until("2026-12-03".parse().unwrap())),
    );
    older.move_rule("day_before", "16:00".parse().ok());
    older.move_rule("arrange", "16:30".parse().ok());
    older.check_in_at = "18:00".parse().ok();
    older.words_since = Some(Moment::utc(0));
    let mut newest = ReminderPreferences::new(Moment::utc(5));
    newest.pause(
        Topic::CheckIn,
        Some(Pause::Until("2026-12-01".parse().unwrap())),
    );
    newest.move_rule("day_before", "17:00".parse().ok());
    let read = ReminderPreferences::together([&newest, &older]).unwrap();
    assert_eq!((&*read.all, read.at), ("open", newest.at));
    assert_eq!(
        (&*read.paused["measure"], &*read.paused["check_in"]),
        ("open", "2026-12-03")
    );
    assert_eq!(
        (&*read.moved["day_before"], &*read.moved["arrange"]),
        ("17:00", "16:30")
    );
    assert_eq!(read.check_in_at, older.check_in_at);
    // Nobody chose on the newest that a lock screen tells words.
    assert_eq!(read.words_since, None);
    // A choice is taken over by all, whichever had said it.
    let mut after = read.clone();
    after.pause_all(None);
    after.pause(Topic::Measure, None);
    after.pause(
        Topic::CheckIn,
        Some(Pause::Until("2026-12-02".parse().unwrap())),
    );
    after.move_rule("arrange", None);
    after.check_in_at = None;
    newest.follow(&read, &after, true);
    older.follow(&read, &after, false);
    assert_eq!(
        ReminderPreferences::together([&newest, &older]),
        Some(after)
    );
    assert_eq!(ReminderPreferences::together([]), None);
}

#[test]
fn nonsense_is_refused_by_name() {
    let mut wrong = none();
    wrong.quiet = "09:00-08:00".into();
    assert_eq!(wrong.checked().unwrap_err().name, QUIET);
    let mut wrong = none();
    wrong.all = "2026-02-30".into();
    assert_eq!(wrong.checked().unwrap_err().name, ALL);
    let mut wrong = none();
    wrong.moved.insert("day_before".into(), "25:00".into());
    assert_eq!(wrong.checked().unwrap_err().name, MOVED);
}
