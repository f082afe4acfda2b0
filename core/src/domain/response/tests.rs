#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::super::measure::Points;
use super::*;

const AT: &str = "2026-11-23T20:18:33.000+01:00";

fn read(fields: &Value) -> Response {
    Response::from_projection(fields.as_object().unwrap()).unwrap()
}

fn phq_9() -> &'static Instrument {
    Instrument::offered()
        .find(|one| one.short_name == "PHQ-9")
        .unwrap()
}

#[test]
fn a_response_is_gone_on_with_question_by_question() {
    let mut response = Response::new(phq_9(), AT.parse().unwrap());
    for number in 1..=9 {
        let next = response.next_item().unwrap().number;
        assert_eq!(next.number(), number);
        assert!(matches!(
            response.score(),
            Err(NoScore::Total(NoTotal::Incomplete(_)))
        ));
        response.give(next, Given::Points(Points(1)));
        let kept = response.to_projection().unwrap();
        response = Response::from_projection(&kept).unwrap();
    }
    assert_eq!(response.score().unwrap().total(), 9);
    assert_eq!(response.next_item().unwrap().number.number(), 10);
    assert_eq!(response.clone().checked(), Ok(response));
}

#[test]
fn whoever_answers_the_question_about_death_with_more_than_not_at_all_is_met_at_once() {
    let harm = phq_9().harm_item.unwrap();
    let mut response = Response::new(phq_9(), AT.parse().unwrap());
    assert_eq!(response.tells_of_harm(), None);
    for (given, told) in [
        (Given::Points(Points(0)), None),
        (Given::Skipped, None),
        (Given::Points(Points(1)), Some(harm)),
        // What can't be read is met like what was said.
        (Given::Points(Points(9)), Some(harm)),
    ] {
        response.give(harm, given);
        assert_eq!(response.tells_of_harm(), told, "{given:?}");
    }
}

#[test]
fn answers_of_different_times_become_no_total() {
    let answered = |finished: Option<&str>| {
        let mut fields = json!({
            "measure": "gad-7", "version": 1, "at": "2026-12-18T22:00:00.000+01:00",
            "answers": {"1": 2, "2": 2, "3": 2, "4": 2, "5": 1, "6": 1, "7": 2},
        });
        if let Some(finished) = finished {
            let fields = fields.as_object_mut().unwrap();
            fields.insert("finished_at".to_owned(), finished.into());
        }
        read(&fields)
    };
    // Counted in days of the calendar, as the questions are asked.
    let last_day = "2027-01-01T23:00:00.000+01:00";
    let too_late = "2027-01-02T00:10:00.000+01:00";
    assert_eq!(answered(Some(last_day)).score().unwrap().total(), 12);
    let late = answered(Some(too_late)).score();
    assert_eq!(late, Err(NoScore::Total(NoTotal::OverTooLong)));
    let draft = answered(None);
    assert!(!draft.is_past_its_time(last_day.parse().unwrap()));
    assert!(draft.is_past_its_time(too_late.parse().unwrap()));
}

#[test]
fn the_score_is_kept_with_its_version_by_being_made_from_it() {
    let response = read(&json!({
        "measure": "phq-9", "version": 1, "at": AT,
        "answers": {"1": 2, "2": 2, "3": 2, "4": 2, "5": 1, "6": 1, "7": 2, "8": 0, "9": 0},
    }));
    let score = response.score().unwrap();
    assert_eq!((score.total(), score.version()), (12, InstrumentVersion(1)));
    assert_eq!(score.measure().as_str(), "phq-9");
}

#[test]
fn a_measure_or_a_version_from_tomorrow_is_kept_and_has_no_score() {
    for (measure, version) in [("sleep-12", 1), ("phq-9", 2)] {
        let fields = json!({
            "measure": measure, "version": version, "at": AT, "visibility": "care_team",
            "answers": {"1": 7, "2a": "every other day", "3": "skipped"},
        });
        let response = read(&fields);
        assert_eq!(
            response.score().unwrap_err().to_string(),
            format!("this version does not know the measure {measure} in version {version}")
        );
        assert_eq!(response.next_item(), None);
        let saved = response.checked().unwrap().to_projection().unwrap();
        assert_eq!(Value::Object(saved), fields);
    }
}

#[test]
fn answers_that_nobody_can_give_and_measures_that_are_withheld_are_refused() {
    let refused = |measure: &str, answers: Value| {
        let fields = json!({"measure": measure, "version": 1, "at": AT, "answers": answers});
        read(&fields).checked().unwrap_err().to_string()
    };
    assert_eq!(
        refused("gad-7", json!({"1": 4})),
        "an answer is not between 0 and 3"
    );
    assert_eq!(
        refused("gad-7", json!({"8": 0})),
        "the item of an answer is not between 1 and 7"
    );
    assert_eq!(
        refused("madrs", json!({})),
        "the measure is not offered here"
    );
    let many: serde_json::Map<_, _> = (0..201).map(|n| (n.to_string(), json!(1))).collect();
    assert_eq!(
        refused("sleep-12", many.into()),
        "there are more than 200 answers"
    );
    assert_eq!(
        refused("sleep-12", json!({"1": "x".repeat(1_000)})),
        "an answer is longer than 1000 characters"
    );
}
