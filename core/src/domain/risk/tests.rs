#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::super::flag_rule::RuleWhen;
use super::super::measure::{Given, Instrument, ItemNumber, Points, Score};
use super::super::{DocumentId, FlagRule, Moment, Response};
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

fn kept(measure: &str, when: RuleWhen, points: u16, item: Option<u8>) -> FlagRule {
    FlagRule {
        measure: measure.to_owned(),
        when,
        points,
        item,
        words: "Call within a day".to_owned(),
        by: "Dr. Vega".to_owned(),
        at: Moment::utc(1),
        retired_at: None,
    }
}

fn rule(id: u8, kept: &FlagRule) -> Rule {
    Rule::of(DocumentId::new([id; 16]), kept).unwrap()
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
    let rises = rule(1, &kept("phq-9", RuleWhen::Rises, 5, None));
    let falls = rule(2, &kept("phq-9", RuleWhen::Falls, 5, None));
    let high = rule(3, &kept("gad-7", RuleWhen::TotalAtLeast, 15, None));
    let answer = rule(4, &kept("pcl-5", RuleWhen::AnswerAtLeast, 3, Some(16)));
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
fn a_rule_that_can_not_be_applied_says_why() {
    let refused = |kept: &FlagRule| {
        let refused = Rule::of(DocumentId::new([1; 16]), kept);
        refused.unwrap_err().to_string()
    };
    let rises = |measure, points| kept(measure, RuleWhen::Rises, points, None);
    for points in [0, 28] {
        assert_eq!(
            refused(&rises("phq-9", points)),
            "the number of points is not between 1 and 27"
        );
    }
    for measure in ["madrs", "moon"] {
        assert_eq!(
            refused(&rises(measure, 5)),
            format!("the measure {measure} is not offered here")
        );
    }
    let answer = |item, points| kept("phq-9", RuleWhen::AnswerAtLeast, points, item);
    for item in [None, Some(0), Some(11)] {
        assert_eq!(refused(&answer(item, 1)), "the measure has no such item");
    }
    for points in [4, 300] {
        assert_eq!(
            refused(&answer(Some(9), points)),
            "the number of points is not between 1 and 3"
        );
    }
    // No total, so nothing that rises; each of its questions stands for itself.
    let no_total =
        "this measure makes no total: a rule can be about the answer to one of its items";
    for when in [RuleWhen::Rises, RuleWhen::Falls, RuleWhen::TotalAtLeast] {
        assert_eq!(refused(&kept("ons-4", when, 1, None)), no_total);
    }
    let one = kept("ons-4", RuleWhen::AnswerAtLeast, 1, Some(1));
    assert!(Rule::of(DocumentId::new([1; 16]), &one).is_ok());
    for when in [RuleWhen::Rises, RuleWhen::Falls, RuleWhen::TotalAtLeast] {
        assert_eq!(
            refused(&kept("phq-9", when, 5, Some(9))),
            "a rule about the total is about no single item: leave the number of the item out"
        );
    }
    let mut retired = rises("phq-9", 5);
    retired.retired_at = Some(Moment::utc(2));
    assert_eq!(refused(&retired), "the rule holds no more");
    let newer = kept("phq-9", RuleWhen::from("doubles".to_owned()), 5, None);
    assert_eq!(
        refused(&newer),
        "this version does not know the condition of the rule"
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

fn at(at: i64, short_name: &str, points: &[u8]) -> Response {
    Response {
        at: Moment::utc(at),
        finished_at: Some(Moment::utc(at)),
        ..response(short_name, points)
    }
}

/// Of which responses, by their place, the rules of a clinic are met.
fn met_in(responses: &[Response], sessions: &[i64], rules: &[StandingRule]) -> Vec<u8> {
    let named: Vec<(DocumentId, Response)> = (1..)
        .zip(responses)
        .map(|(name, response)| (DocumentId::new([name; 16]), response.clone()))
        .collect();
    let sessions: Vec<Moment> = sessions.iter().map(|at| Moment::utc(*at)).collect();
    let found = signals_of(&named, &sessions, rules).into_iter();
    let met = found.filter(|signal| matches!(signal.cause, Cause::ClinicRule { .. }));
    met.map(|signal| *signal.about.as_bytes().first().unwrap())
        .collect()
}

fn standing(since: i64, kept: &FlagRule) -> StandingRule {
    StandingRule {
        rule: rule(1, kept),
        since: Moment::utc(since),
    }
}

#[test]
fn a_new_rule_looks_at_the_newest_answers_and_at_what_comes_after_it() {
    const NONE: [u8; 0] = [];
    let high = kept("phq-9", RuleWhen::TotalAtLeast, 9, None);
    let all_high: Vec<Response> = [10, 20, 30].map(|time| at(time, "PHQ-9", &[1; 9])).into();
    let looked = |since| met_in(&all_high, &[], &[standing(since, &high)]);
    assert_eq!(looked(40), [3], "where they stand, not where they stood");
    assert_eq!(looked(15), [2, 3]);
    assert_eq!(looked(0), [1, 2, 3]);
    // The newest answers to another measure are another matter.
    let mut with_other = all_high.clone();
    with_other.push(at(50, "GAD-7", &[0; 7]));
    assert_eq!(met_in(&with_other, &[], &[standing(40, &high)]), [3]);
    assert_eq!(met_in(&[], &[], &[standing(0, &high)]), NONE);
}

#[test]
fn what_rose_is_compared_with_the_baseline_of_that_time_in_whatever_order_it_arrives() {
    let rises = [standing(0, &kept("phq-9", RuleWhen::Rises, 9, None))];
    let low = at(10, "PHQ-9", &[0; 9]);
    let high = at(20, "PHQ-9", &[1; 9]);
    let highest = at(40, "PHQ-9", &[2; 9]);
    assert_eq!(met_in(&[low.clone(), high.clone()], &[], &rises), [2]);
    assert_eq!(met_in(&[high.clone(), low.clone()], &[], &rises), [1]);
    // The last total before the first session, once that was held: 9 points and no more since.
    let all = [low, high.clone(), highest.clone()];
    assert_eq!(met_in(&all, &[30], &rises), [2, 3]);
    let since = [high, highest];
    assert_eq!(met_in(&since, &[30], &rises), [2]);
    assert_eq!(
        met_in(&since, &[100], &rises),
        [2],
        "a session to come is none yet"
    );
}

#[test]
fn what_cannot_be_read_has_a_signal_of_its_own_in_every_response_however_old() {
    let unreadable = |found: Vec<RiskSignal>| -> Vec<bool> {
        let is = |signal: &RiskSignal| matches!(signal.cause, Cause::Unreadable { .. });
        found.iter().map(is).collect()
    };
    let mut unknown = at(1, "PHQ-9", &[0; 9]);
    unknown.version.0 = 2;
    let mut odd = at(2, "GAD-7", &[0; 7]);
    odd.give(item(3), Given::Points(Points(9)));
    // Item 9 says by itself that it can't be read.
    let mut harm = at(3, "PHQ-9", &[0; 9]);
    harm.give(item(9), Given::Points(Points(9)));
    let whole = at(4, "PHQ-9", &[0; 9]);
    let responses: Vec<(DocumentId, Response)> = (1..)
        .zip([unknown, odd, harm, whole])
        .map(|(name, response)| (DocumentId::new([name; 16]), response))
        .collect();
    let found = signals_of(&responses, &[], &[]);
    let about: Vec<u8> = found
        .iter()
        .map(|signal| *signal.about.as_bytes().first().unwrap())
        .collect();
    assert_eq!(about, [1, 2, 3]);
    assert_eq!(unreadable(found), [true, true, false]);
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
