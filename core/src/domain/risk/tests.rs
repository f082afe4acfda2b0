#![allow(clippy::unwrap_used, clippy::panic)]

use chrono::Weekday;
use proptest::prelude::*;

use super::super::measure::{Given, Instrument, ItemNumber, MeasureId, Points, Score};
use super::super::{DocumentId, Moment, Response};
use super::*;

const ABOUT: DocumentId = DocumentId::new([7; 16]);

fn named(short_name: &str) -> &'static Instrument {
    Instrument::offered()
        .find(|one| one.short_name == short_name)
        .unwrap()
}

fn item(number: u8) -> ItemNumber {
    ItemNumber::new(number).unwrap()
}

fn response(short_name: &str, points: &[u8]) -> Response {
    let mut response = Response::new(named(short_name), Moment::utc(5));
    for (points, number) in points.iter().zip(1..) {
        response.give(item(number), Given::Points(Points(*points)));
    }
    response
}

fn score(short_name: &str, points: &[u8]) -> Option<Score> {
    response(short_name, points).score().ok()
}

fn causes(response: &Response, baseline: Option<Score>, rules: &[Rule]) -> Vec<Cause> {
    let found = signals((ABOUT, response), baseline, rules).unwrap();
    assert!(found.iter().all(|signal| signal.about == ABOUT));
    found.into_iter().map(|signal| signal.cause).collect()
}

fn rule(id: u8, measure: &str, condition: Condition) -> Rule {
    let measure = MeasureId::from_stored(measure);
    Rule::new(
        RuleId::new([id; 16]),
        &measure,
        condition,
        "Call within a day",
    )
    .unwrap()
}

#[test]
fn item_9_makes_a_signal_by_itself_in_an_unfinished_response() {
    let mut alone = Response::new(named("PHQ-9"), Moment::utc(5));
    alone.give(item(9), Given::Points(Points(1)));
    assert!(alone.score().is_err());
    let expected = Cause::HarmItem {
        item: item(9),
        points: Points(1),
    };
    assert_eq!(causes(&alone, None, &[]), [expected]);
    alone.finished_at = Some(Moment::utc(9));
    let found = signals((ABOUT, &alone), None, &[]).unwrap();
    assert!(found.iter().all(|signal| signal.at == Moment::utc(9)));
    alone.give(item(9), Given::Points(Points(0)));
    assert_eq!(causes(&alone, None, &[]), []);
    alone.give(item(9), Given::Skipped);
    assert_eq!(causes(&alone, None, &[]), []);
}

#[test]
fn what_cannot_be_read_is_not_taken_for_not_at_all() {
    let mut odd = response("PHQ-9", &[0; 8]);
    odd.give(item(9), Given::Points(Points(9)));
    let expected = Cause::HarmItemUnreadable { item: item(9) };
    assert_eq!(causes(&odd, None, &[]), [expected]);
    odd.version.0 = 2;
    let unknown = signals((ABOUT, &odd), None, &[]).unwrap_err();
    assert_eq!(unknown.measure.as_str(), "phq-9");
}

#[test]
fn a_clinics_rule_is_met_by_its_own_measure_in_its_own_words() {
    const NONE: [u8; 0] = [];
    let rises = rule(1, "phq-9", Condition::RisesFromBaseline(5));
    let falls = rule(2, "phq-9", Condition::FallsFromBaseline(5));
    let high = rule(3, "gad-7", Condition::TotalAtLeast(15));
    let answer = rule(4, "pcl-5", Condition::AnswerAtLeast(item(16), Points(3)));
    let rules = [rises, falls, high, answer];
    let met = |response: &Response, baseline| -> Vec<u8> {
        let causes = causes(response, baseline, &rules);
        let met = causes.iter().map(|cause| match cause {
            Cause::ClinicRule { rule, words } => {
                assert_eq!(words, "Call within a day");
                *rule.as_bytes().first().unwrap()
            }
            other => panic!("{other:?}"),
        });
        met.collect()
    };
    let eight = score("PHQ-9", &[3, 3, 2, 0, 0, 0, 0, 0, 0]);
    let thirteen = [3, 3, 3, 3, 1, 0, 0, 0, 0];
    assert_eq!(met(&response("PHQ-9", &thirteen), eight), [1]);
    assert_eq!(
        met(&response("PHQ-9", &[3, 3, 3, 3, 0, 0, 0, 0, 0]), eight),
        NONE
    );
    assert_eq!(
        met(&response("PHQ-9", &[3, 0, 0, 0, 0, 0, 0, 0, 0]), eight),
        [2]
    );
    assert_eq!(
        met(&response("PHQ-9", &thirteen), None),
        NONE,
        "no baseline"
    );
    assert_eq!(
        met(&response("PHQ-9", &[3, 3, 3, 3, 1]), eight),
        NONE,
        "no total"
    );
    let other = score("GAD-7", &[0; 7]);
    assert_eq!(
        met(&response("PHQ-9", &thirteen), other),
        NONE,
        "another baseline"
    );
    assert_eq!(met(&response("GAD-7", &[3, 3, 3, 3, 3, 0, 0]), None), [3]);
    assert_eq!(met(&response("GAD-7", &[3, 3, 3, 3, 2, 0, 0]), None), NONE);
    assert_eq!(met(&response("PHQ-9", &[3; 8]), None), NONE);
    let high = [3, 3, 3, 3, 3, 0, 0, 0, 0];
    assert_eq!(
        met(&response("PHQ-9", &high), None),
        NONE,
        "another measure"
    );
    let mut partly = Response::new(named("PCL-5"), Moment::utc(5));
    partly.give(item(16), Given::Points(Points(3)));
    assert_eq!(met(&partly, None), [4]);
}

#[test]
fn a_rule_that_always_or_never_holds_is_refused() {
    let refused = |measure: &str, condition, words: &str| {
        let measure = MeasureId::from_stored(measure);
        Rule::new(RuleId::new([1; 16]), &measure, condition, words)
            .unwrap_err()
            .to_string()
    };
    let rises = Condition::RisesFromBaseline;
    for points in [0, 28] {
        assert_eq!(
            refused("phq-9", rises(points), "Call"),
            "the number of points is not between 1 and 27"
        );
    }
    assert_eq!(
        refused("madrs", rises(5), "Call"),
        "the measure madrs is not offered here"
    );
    assert_eq!(
        refused("moon", rises(5), "Call"),
        "the measure moon is not offered here"
    );
    assert_eq!(
        refused("phq-9", rises(5), " "),
        "the wording of the rule is empty"
    );
    let answer = |number, points| Condition::AnswerAtLeast(item(number), Points(points));
    assert_eq!(
        refused("phq-9", answer(11, 1), "Call"),
        "the measure has no item 11"
    );
    assert_eq!(
        refused("phq-9", answer(9, 4), "Call"),
        "the number of points is not between 1 and 3"
    );
}

#[test]
fn who_asks_to_be_contacted_makes_a_signal() {
    let signal = asked_to_be_contacted(ABOUT, Moment::utc(3));
    assert_eq!(
        (signal.cause, signal.at),
        (Cause::ContactMe, Moment::utc(3))
    );
}

#[test]
fn a_measure_with_item_9_is_off_until_somebody_reads_it() {
    let nobody = Monitoring::default();
    let missing =
        |monitoring: &Monitoring| may_offer(named("PHQ-9"), monitoring).unwrap_err().missing;
    assert_eq!(missing(&nobody), [Missing::Hours, Missing::Responsible]);
    let minute = |minutes| MinuteOfDay::new(minutes).unwrap();
    let hours = Hours::new(Weekday::Mon, minute(540), minute(1020)).unwrap();
    let somebody = nobody.clone().with_responsible("Dr. Vega").unwrap();
    assert_eq!(missing(&somebody), [Missing::Hours]);
    let hours_only = nobody.clone().with_hours([hours]);
    assert_eq!(missing(&hours_only), [Missing::Responsible]);
    assert_eq!(
        may_offer(named("PHQ-9"), &somebody.with_hours([hours])),
        Ok(())
    );
    for other in ["PHQ-2", "GAD-7", "PCL-5", "AUDIT-C"] {
        assert_eq!(may_offer(named(other), &nobody), Ok(()), "{other}");
    }
    assert_eq!(MinuteOfDay::new(1441), Err(HoursError::Minute));
    assert_eq!(
        Hours::new(Weekday::Sun, minute(60), minute(60)),
        Err(HoursError::Empty)
    );
    assert!(nobody.with_responsible("  ").is_err());
}

fn step(by: &str, at: i64) -> Step {
    Step {
        by: by.to_owned(),
        at: Moment::utc(at),
    }
}

#[test]
fn a_flag_is_acknowledged_and_then_closed_by_people() {
    let new = Flag::new(asked_to_be_contacted(ABOUT, Moment::utc(1)));
    assert!(new.is_open());
    let early = new.clone().close(&step("Dr. Vega", 2), "Called.");
    assert_eq!(early, Err(FlagError::NotAcknowledged));
    assert!(new.clone().acknowledge(&step(" ", 2)).is_err());
    let seen = new.acknowledge(&step("Dr. Vega", 2)).unwrap();
    assert!(seen.is_open());
    let again = seen.clone().acknowledge(&step("Dr. Ito", 3));
    assert_eq!(again, Err(FlagError::AlreadyAcknowledged));
    assert!(seen.clone().close(&step("Dr. Ito", 3), " ").is_err());
    let closed = seen
        .close(&step("Dr. Ito", 4), "Called, safe tonight.")
        .unwrap();
    assert!(!closed.is_open());
    assert_eq!(
        closed.state(),
        &FlagState::Closed {
            acknowledged: step("Dr. Vega", 2),
            closed: step("Dr. Ito", 4),
            done: "Called, safe tonight.".to_owned(),
        }
    );
    let reopened = closed.clone().acknowledge(&step("Dr. Ito", 5));
    assert_eq!(reopened, Err(FlagError::AlreadyClosed));
    assert_eq!(
        closed.close(&step("Dr. Ito", 5), "x"),
        Err(FlagError::AlreadyClosed)
    );
}

proptest! {
    #[test]
    fn more_than_not_at_all_always_makes_a_signal_and_not_at_all_never_does(
        others in proptest::collection::vec(0u8..=3, 8),
        points in 0u8..=3,
    ) {
        let answers = [others, vec![points]].concat();
        let found = causes(&response("PHQ-9", &answers), None, &[]);
        prop_assert_eq!(found.len(), usize::from(points > 0));
    }
}
