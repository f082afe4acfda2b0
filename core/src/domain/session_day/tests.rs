#![allow(clippy::unwrap_used)]

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::domain::day_word::{DayAct, DayMark};
use crate::domain::{DocumentId, ItemId};

mod held;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

/// A session from nine to half past eleven in the morning, seven hours behind UTC.
fn session() -> DosingSession {
    DosingSession::new(1, at("2026-11-23T09:00:00-07:00"))
}

fn is_to_review(
    days: &[SessionDay],
    made: Moment,
    wished: Option<Visibility>,
    now: Moment,
) -> bool {
    held_back(days, made, wished, now) == Some(HeldBack::ToReview)
}

fn day() -> SessionDay {
    SessionDay::of(&session(), Marks::default()).unwrap()
}

#[test]
fn a_day_goes_from_before_to_the_day_after() {
    for (now, stage) in [
        ("2026-11-22T23:59:59-07:00", None),
        ("2026-11-23T00:00:00-07:00", Some(SessionStage::Before)),
        ("2026-11-23T08:59:59-07:00", Some(SessionStage::Before)),
        ("2026-11-23T09:00:00-07:00", Some(SessionStage::During)),
        ("2026-11-23T11:29:59-07:00", Some(SessionStage::During)),
        ("2026-11-23T11:30:00-07:00", Some(SessionStage::After)),
        ("2026-11-24T11:29:59-07:00", Some(SessionStage::After)),
        ("2026-11-24T11:30:00-07:00", Some(SessionStage::NextDay)),
        ("2026-11-25T11:30:00-07:00", None),
        // The same instant on a phone that shows another zone.
        ("2026-11-23T17:00:00+01:00", Some(SessionStage::During)),
    ] {
        assert_eq!(day().stage(at(now)), stage, "{now}");
    }
}

#[test]
fn a_session_that_was_called_off_has_no_day() {
    let called_off = called_off(at("2026-11-22T09:00:00-07:00"));
    assert_eq!(SessionDay::of(&called_off, Marks::default()), None);
    assert_eq!(SessionDay::all_of(&called_off, None), []);
}

#[test]
fn what_was_held_back_stays_so_when_the_session_is_called_off_after_it_began() {
    let off = at("2026-11-23T10:00:00-07:00");
    let session = called_off(off);
    assert_eq!(SessionDay::of(&session, Marks::default()), None);
    let days = SessionDay::all_of(&session, None);
    let held = |made: &str, now: &str| held_until(&days, at(made), at(now));
    let (before, after) = ("2026-11-23T09:30:00-07:00", "2026-11-23T10:00:00-07:00");
    assert_eq!(
        held(before, "2026-11-24T11:29:59-07:00"),
        Some(day().quiet_until)
    );
    assert_eq!(held(before, "2026-11-24T11:30:00-07:00"), None);
    // It is no session's day any more: what is written now is not held, and all is offered.
    assert_eq!(held(after, after), None);
    assert_eq!(stage_of(&days, at(after)), None);
    // Also where it was moved since, and then takes place on another day.
    let mut moved = session;
    moved.put_back(ItemId::new([2; 16]), "Maya", off);
    moved.at = at("2026-12-07T09:00:00-07:00");
    let all = SessionDay::all_of(&moved, None);
    assert_eq!(all.first(), days.first());
    assert_eq!(
        all.get(1),
        SessionDay::of(&moved, Marks::default()).as_ref()
    );
}

fn called_off(off: Moment) -> DosingSession {
    let mut session = session();
    session.call_off(ItemId::new([1; 16]), "She was ill.", "Maya", off);
    session
}

#[test]
fn who_came_late_ends_late_and_an_end_said_too_early_shortens_no_quiet_hours() {
    let marks = Marks {
        here: Some(at("2026-11-23T09:20:00-07:00")),
        ended: None,
    };
    let late = SessionDay::of(&session(), marks).unwrap();
    assert_eq!(late.ends, at("2026-11-23T11:50:00-07:00"));
    let marks = Marks {
        ended: Some(at("2026-11-23T10:45:00-07:00")),
        ..marks
    };
    let early = SessionDay::of(&session(), marks).unwrap();
    assert_eq!(early.ends, at("2026-11-23T10:45:00-07:00"));
    assert_eq!(
        early.stage(at("2026-11-23T10:46:00-07:00")),
        Some(SessionStage::After)
    );
    assert_eq!(early.quiet_until, late.quiet_until);
    // An end that is said later is quiet for longer.
    let marks = Marks {
        ended: Some(at("2026-11-23T12:30:00-07:00")),
        ..marks
    };
    let long = SessionDay::of(&session(), marks).unwrap();
    assert_eq!(long.quiet_until, at("2026-11-24T12:30:00-07:00"));
    // Who is there early is in the session, and it still ends when it was planned.
    let marks = Marks {
        here: Some(at("2026-11-23T08:40:00-07:00")),
        ended: None,
    };
    let early = SessionDay::of(&session(), marks).unwrap();
    assert_eq!(
        early.stage(at("2026-11-23T08:45:00-07:00")),
        Some(SessionStage::During)
    );
    assert_eq!(early.ends, day().ends);
}

#[test]
fn marks_of_another_day_are_passed_over() {
    for (here, ended) in [
        ("2026-11-22T09:00:00-07:00", "2026-11-22T11:00:00-07:00"),
        ("2026-11-24T09:00:00-07:00", "2026-11-25T11:00:00-07:00"),
    ] {
        let marks = Marks {
            here: Some(at(here)),
            ended: Some(at(ended)),
        };
        assert_eq!(SessionDay::of(&session(), marks), Some(day()), "{here}");
    }
}

#[test]
fn a_mark_counts_on_the_day_of_its_session_alone() {
    let none = Marks::default();
    for (said, here, ended) in [
        ("2026-11-22T20:59:59-07:00", false, false),
        ("2026-11-22T21:00:00-07:00", true, false),
        ("2026-11-23T09:00:00-07:00", true, true),
        ("2026-11-23T11:29:59-07:00", true, true),
        ("2026-11-23T11:30:00-07:00", false, true),
        ("2026-11-23T23:29:59-07:00", false, true),
        ("2026-11-23T23:30:00-07:00", false, false),
    ] {
        assert_eq!(
            SessionDay::counts_here(&session(), at(said)),
            here,
            "{said}"
        );
        let counts = SessionDay::counts_end(&session(), none, at(said));
        assert_eq!(counts, ended, "{said}");
    }
    let off = called_off(at("2026-11-22T09:00:00-07:00"));
    let begins = at("2026-11-23T09:00:00-07:00");
    assert!(!SessionDay::counts_here(&off, begins));
    assert!(!SessionDay::counts_end(&off, none, begins));
}

#[test]
fn crisis_help_and_writing_are_always_on_and_nothing_asks_for_anything_in_the_quiet() {
    for stage in SessionStage::ALL {
        assert!(stage.offers(Offer::CrisisHelp) && stage.offers(Offer::Writing));
    }
    for stage in [SessionStage::During, SessionStage::After] {
        for what in [
            Offer::Prompts,
            Offer::Measures,
            Offer::Settings,
            Offer::Sharing,
        ] {
            assert!(!stage.offers(what), "{what:?} in {stage:?}");
        }
    }
    assert!(!SessionStage::Before.offers(Offer::Measures));
    assert!(SessionStage::Before.offers(Offer::Settings));
    assert!(
        Offer::ALL
            .into_iter()
            .all(|what| SessionStage::NextDay.offers(what))
    );
}

#[test]
fn what_was_made_in_the_quiet_is_to_be_reviewed_from_the_next_day_on() {
    let review = |made: &str, now: &str| is_to_review(&[day()], at(made), None, at(now));
    for (made, is_held) in [
        ("2026-11-23T08:00:00-07:00", false),
        ("2026-11-23T10:00:00-07:00", true),
        ("2026-11-23T20:00:00-07:00", true),
        ("2026-11-24T11:30:00-07:00", false),
    ] {
        assert!(!review(made, "2026-11-24T11:29:59-07:00"), "{made}");
        assert_eq!(review(made, "2026-11-24T11:30:00-07:00"), is_held, "{made}");
        assert_eq!(review(made, "2027-11-24T11:30:00-07:00"), is_held, "{made}");
    }
}

#[test]
fn an_arrival_said_late_lets_go_of_nothing_that_the_planned_beginning_held() {
    let words = [(DayMark::Here, DayAct::Said, "2026-11-23T09:40:00-07:00")];
    let made = at("2026-11-23T09:10:00-07:00");
    let later = at("2026-11-23T09:41:00-07:00");
    let off = at("2026-11-23T09:45:00-07:00");
    for session in [session(), called_off(off)] {
        let days = SessionDay::all_of(&session, Some(&said(&words)));
        let held = |made: Moment, now: &str| held_until(&days, made, at(now));
        let until = day().quiet_until;
        assert_eq!(held(made, "2026-11-23T09:50:00-07:00"), Some(until));
        let late = Moment {
            unix_ms: until.unix_ms + 40 * 60_000,
            ..until
        };
        assert_eq!(held(later, "2026-11-24T11:30:00-07:00"), Some(late));
        assert!(!is_to_review(
            &days,
            made,
            None,
            at("2026-11-23T09:50:00-07:00")
        ));
        for made in [made, later] {
            assert!(is_to_review(&days, made, None, late));
        }
    }
}

fn said(words: &[(DayMark, DayAct, &str)]) -> SessionPreparation {
    let mut said = SessionPreparation::new(DocumentId::new([1; 16]), session().at);
    for (n, (mark, act, when)) in (1..).zip(words) {
        said.say(ItemId::new([n; 16]), (*mark, *act), at(when));
    }
    said
}

#[test]
fn what_a_mark_held_back_is_to_be_reviewed_although_it_was_taken_back() {
    let here = "2026-11-23T08:00:00-07:00";
    let words = [
        (DayMark::Here, DayAct::Said, here),
        (
            DayMark::Here,
            DayAct::TakenBack,
            "2026-11-23T08:45:00-07:00",
        ),
    ];
    let days = SessionDay::all_of(&session(), Some(&said(&words)));
    let review = |made: &str, now: &str| is_to_review(&days, at(made), None, at(now));
    let held = "2026-11-23T08:30:00-07:00";
    assert!(!review(held, "2026-11-24T11:29:59-07:00"));
    assert!(review(held, "2026-11-24T11:30:00-07:00"));
    for free in ["2026-11-23T07:59:00-07:00", "2026-11-23T08:50:00-07:00"] {
        assert!(!review(free, "2026-11-24T11:30:00-07:00"), "{free}");
    }
    let until = |made: &str, now: &str| held_until(&days, at(made), at(now));
    let now = "2026-11-23T08:50:00-07:00";
    assert_eq!(until(held, now), Some(day().quiet_until));
    assert_eq!(until(now, now), None, "it has not begun");

    // An end said late holds for longer, and what it held stays held as it was.
    let words = [
        (DayMark::Ended, DayAct::Said, "2026-11-23T15:00:00-07:00"),
        (
            DayMark::Ended,
            DayAct::TakenBack,
            "2026-11-24T13:00:00-07:00",
        ),
    ];
    let days = SessionDay::all_of(&session(), Some(&said(&words)));
    let review = |made: &str, now: &str| is_to_review(&days, at(made), None, at(now));
    let late = "2026-11-24T12:00:00-07:00";
    assert!(!review(late, "2026-11-24T14:59:59-07:00"));
    assert!(review(late, "2026-11-24T15:00:00-07:00"));
    assert!(!review(
        "2026-11-24T13:00:00-07:00",
        "2026-11-26T13:00:00-07:00"
    ));
    // Who says late that they are there was in their session all the same.
    let words = [(DayMark::Here, DayAct::Said, "2026-11-23T09:40:00-07:00")];
    let days = SessionDay::all_of(&session(), Some(&said(&words)));
    let review = |made: &str, now: &str| is_to_review(&days, at(made), None, at(now));
    assert!(review(
        "2026-11-23T09:10:00-07:00",
        "2026-11-25T09:00:00-07:00"
    ));
}

#[test]
fn what_was_held_back_under_a_time_that_is_corrected_since_is_to_be_reviewed() {
    let mut session = session();
    let (right, corrected) = (
        at("2026-11-23T10:00:00-07:00"),
        at("2026-11-23T20:00:00-07:00"),
    );
    session.correct(
        ItemId::new([1; 16]),
        right,
        "It was ten.",
        "Maya",
        corrected,
    );
    let days = SessionDay::all_of(&session, None);
    let made = at("2026-11-23T09:30:00-07:00");
    let meanwhile = at("2026-11-23T20:01:00-07:00");
    assert_eq!(
        held_until(&days, made, meanwhile),
        Some(day().quiet_until),
        "it stays held"
    );
    assert!(is_to_review(
        &days,
        made,
        None,
        at("2026-11-24T12:30:00-07:00")
    ));
}

#[test]
fn the_later_word_counts_whatever_the_clock_of_the_earlier_one_said() {
    let marks =
        |words: &[(DayMark, DayAct, &str)]| SessionDay::marks(&session(), Some(&said(words)));
    // The clock was three hours ahead, and was put right.
    let ahead = (DayMark::Here, DayAct::Said, "2026-11-23T11:00:00-07:00");
    let back = (
        DayMark::Here,
        DayAct::TakenBack,
        "2026-11-23T08:01:00-07:00",
    );
    let again = (DayMark::Here, DayAct::Said, "2026-11-23T08:02:00-07:00");
    assert_eq!(marks(&[ahead, back]).here, None);
    assert_eq!(marks(&[ahead, back, again]).here, Some(at(again.2)));
    // What was said of another day takes no part.
    let before = (DayMark::Here, DayAct::Said, "2026-11-20T09:00:00-07:00");
    assert_eq!(marks(&[before]), Marks::default());
    assert_eq!(marks(&[before, again]).here, Some(at(again.2)));
}

#[test]
fn of_words_on_two_phones_the_later_one_counts_in_any_order() {
    let here = (DayMark::Here, DayAct::Said, "2026-11-23T08:50:00-07:00");
    let mut phone = said(&[here]);
    let mut tablet = phone.clone();
    tablet.say(
        ItemId::new([3; 16]),
        (DayMark::Here, DayAct::TakenBack),
        at("2026-11-23T08:55:00-07:00"),
    );
    let again = at("2026-11-23T09:00:00-07:00");
    phone.say(ItemId::new([2; 16]), (DayMark::Here, DayAct::Said), again);
    for both in [[&phone, &tablet], [&tablet, &phone]] {
        let together = SessionPreparation::together(both).unwrap();
        assert_eq!(together.marks().here, Some(again));
    }
}

#[test]
fn nothing_of_the_quiet_can_be_shared_before_it_is_over() {
    let in_it = at("2026-11-23T12:00:00-07:00");
    let held = |made, now: &str| held_until(&[day()], made, at(now));
    assert_eq!(
        held(in_it, "2026-11-23T12:01:00-07:00"),
        Some(day().quiet_until)
    );
    assert_eq!(held(in_it, "2026-11-24T11:30:00-07:00"), None);
    let before = at("2026-11-23T08:00:00-07:00");
    assert_eq!(held(before, "2026-11-23T12:01:00-07:00"), None);
}

proptest! {
    #[test]
    fn every_day_is_in_order_whatever_was_pressed(
        here in any::<Option<i64>>(),
        ended in any::<Option<i64>>(),
        near in -200_000_000_i64..200_000_000,
        now in any::<i64>(),
    ) {
        let session = session();
        let close = |ms: i64| Moment::utc(session.at.unix_ms.saturating_add(ms % near.abs().max(1)));
        for marks in [
            Marks { here: here.map(Moment::utc), ended: ended.map(Moment::utc) },
            Marks { here: here.map(close), ended: ended.map(close) },
        ] {
            let day = SessionDay::of(&session, marks).unwrap();
            prop_assert!(day.day_begins <= day.begins && day.begins <= day.ends);
            prop_assert!(day.ends < day.quiet_until && day.quiet_until < day.review_until);
            // Nobody makes a session's day longer than some days.
            let whole = day.review_until.unix_ms - day.day_begins.unix_ms;
            prop_assert!(whole < 5 * 24 * HOUR_MS, "{} h", whole / HOUR_MS);
            let stage = day.stage(Moment::utc(now));
            prop_assert_eq!(
                day.holds(Moment::utc(now)),
                matches!(stage, Some(SessionStage::During | SessionStage::After))
            );
        }
    }

    #[test]
    fn an_odd_session_makes_no_odd_day(unix_ms: i64, offset_minutes: i32) {
        let odd = DosingSession::new(1, Moment { unix_ms, offset_minutes });
        let day = SessionDay::of(&odd, Marks::default()).unwrap();
        let _ = (day.stage(odd.at), day.holds(odd.at));
    }
}
