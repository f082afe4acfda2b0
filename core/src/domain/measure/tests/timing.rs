//! How soon a measure is asked again, and which total later ones are compared with.

use proptest::prelude::*;

use super::super::super::{DocumentId, Moment};
use super::super::gad_7::GAD_7;
use super::super::pcl_5::PCL_5;
use super::super::phq::PHQ_9;
use super::*;

fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

#[test]
fn two_weeks_of_recall_are_not_asked_about_twice() {
    let last = moment("2026-11-02T22:30:00-05:00");
    let at = |now: &str| timing(&PHQ_9, Some(last), moment(now));
    let date = |text: &str| Some(text.parse().unwrap());
    assert_eq!(timing(&PHQ_9, None, last), Timing::First);
    let soonest = date("2026-11-09");
    assert_eq!(at("2026-11-02T22:30:00-05:00"), Timing::TooSoon { soonest });
    assert_eq!(at("2026-11-08T23:59:00-05:00"), Timing::TooSoon { soonest });
    let usual_on = date("2026-11-16");
    assert_eq!(at("2026-11-09T00:01:00-05:00"), Timing::Early { usual_on });
    assert_eq!(at("2026-11-15T23:59:00-05:00"), Timing::Early { usual_on });
    assert_eq!(at("2026-11-16T00:01:00-05:00"), Timing::Due);
    assert_eq!(at("2026-11-01T00:01:00-05:00"), Timing::LastLiesAhead);
}

#[test]
fn a_month_of_recall_takes_four_weeks() {
    let last = Some(moment("2026-11-02T12:00:00Z"));
    let at = |now: &str| timing(&PCL_5, last, moment(now));
    assert!(matches!(at("2026-11-29T12:00:00Z"), Timing::TooSoon { .. }));
    assert!(matches!(at("2026-11-30T12:00:00Z"), Timing::Early { .. }));
    assert_eq!(at("2026-12-02T12:00:00Z"), Timing::Due);
}

proptest! {
    #[test]
    fn any_two_moments_are_survived(last: i64, now: i64, offset in -1500i32..1500) {
        let last = Moment { unix_ms: last, offset_minutes: offset };
        let _ = timing(&GAD_7, Some(last), Moment::utc(now));
    }
}

fn taken(instrument: &'static Instrument, day: u8, total: u16) -> Taken {
    Taken {
        score: score_of(instrument, total),
        at: Moment::utc(i64::from(day) * 86_400_000),
        response: DocumentId::new([day; 16]),
    }
}

#[test]
fn the_baseline_is_the_last_total_before_the_first_session() {
    let all = [
        taken(&PHQ_9, 20, 9),
        taken(&PHQ_9, 1, 15),
        taken(&PHQ_9, 8, 17),
        taken(&GAD_7, 9, 12),
    ];
    let on = |day: i64| Some(Moment::utc(day * 86_400_000));
    let total = |session| baseline(&all, session).map(|one| one.score.total());
    assert_eq!(total(None), Some(15));
    assert_eq!(total(on(10)), Some(17));
    assert_eq!(total(on(8)), Some(15), "not one of the session's own time");
    assert_eq!(total(on(1)), None, "what came after is no baseline");
    assert_eq!(baseline(&[], None), None);
    let mut turned = all;
    turned.reverse();
    assert_eq!(
        baseline(&turned, on(10)).map(|one| one.response),
        Some(DocumentId::new([8; 16]))
    );
}
