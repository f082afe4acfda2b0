//! What stands on the screen, and on the lock screen.

use super::*;
use crate::domain::reminder::{LockScreen, LockScreenChoice, NEUTRAL};

#[test]
fn a_lock_screen_tells_nothing_unless_the_patient_wants_it() {
    let mut case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    let now = "2026-11-19T08:00:00-05:00";
    let planned = case.at(now);
    assert!(
        planned
            .notifications
            .iter()
            .all(|n| n.lock_screen == LockScreen::Neutral)
    );
    assert_eq!(LockScreen::Neutral.text(), NEUTRAL);
    assert_eq!(NEUTRAL, "You have a reminder.");
    let scheduled: Vec<_> = planned.notifications.iter().map(Into::into).collect();

    case.choices.lock_screen = LockScreenChoice::Words;
    let told = case.at(now);
    assert_eq!(
        told.notifications[0].lock_screen.text(),
        told.notifications[0].words
    );
    // The same ones, to be scheduled again with other words.
    let difference = told.difference(&scheduled);
    assert_eq!(difference.to_cancel.len(), scheduled.len());
    assert_eq!(difference.to_schedule, told.notifications);
}

#[test]
fn blanks_are_filled_by_the_clinics_clock_and_a_place_is_never_read_for_blanks() {
    let mut case =
        Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]).without(&[Topic::CheckIn]);
    case.rule("day_before").words = "{date} {time}, {place}".into();
    let words = |case: &Case| {
        case.at("2026-11-19T08:00:00-05:00").notifications[0]
            .words
            .clone()
    };
    assert_eq!(words(&case), "20 Nov 2026 14:00, at the clinic");
    case.facts.sessions[0].place = "Room {time} } {".into();
    // Where the person's clock shows another time, whose clock it is by is said.
    case.zone = Zone::named("Europe/Berlin").unwrap();
    assert_eq!(
        words(&case),
        "20 Nov 2026 14:00 by the clinic’s clock, Room {time} } {"
    );
    case.rules.clinic_zone = Some("America/Los_Angeles".into());
    assert_eq!(
        words(&case),
        "20 Nov 2026 11:00 by the clinic’s clock, Room {time} } {"
    );
    case.zone = Zone::named("America/Tijuana").unwrap();
    assert_eq!(words(&case), "20 Nov 2026 11:00, Room {time} } {");
}

#[test]
fn the_default_words_promise_nothing_and_advise_no_dose() {
    for rule in RulePack::default().rules {
        let words = rule.words.to_lowercase();
        for never in [
            "streak",
            " mg",
            "dose",
            "ketamine",
            "ok to drive",
            "safe to drive",
            "cure",
        ] {
            assert!(!words.contains(never), "{}: {words}", rule.id);
        }
    }
}

#[test]
fn a_notification_is_written_down_like_this() {
    let case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
    let planned = case.at("2026-11-19T08:00:00-05:00");
    insta::assert_json_snapshot!(planned.notifications[0]);
}
