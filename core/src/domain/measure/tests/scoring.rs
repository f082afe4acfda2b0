//! What must hold for any answers, in any order, with anything left out.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::super::gad_7::GAD_7;
use super::super::ons_4::ONS_4;
use super::super::phq::PHQ_9;
use super::*;

fn instruments() -> impl Strategy<Value = &'static Instrument> {
    let with_total = Instrument::offered().filter(|one| one.has_total());
    select(with_total.collect::<Vec<_>>())
}

/// An instrument, a whole set of answers to what it counts, and an order to give them in.
fn whole() -> impl Strategy<Value = (&'static Instrument, Vec<(ItemNumber, u8)>)> {
    instruments().prop_flat_map(|instrument| {
        let answers: Vec<_> = instrument
            .counted()
            .map(|item| (Just(item.number), 0..=item.most().0))
            .collect();
        (Just(instrument), answers.prop_shuffle())
    })
}

fn given(answers: &[(ItemNumber, u8)]) -> Sheet {
    let answers = answers.iter();
    answers
        .map(|(item, points)| (*item, Given::Points(Points(*points))))
        .collect()
}

proptest! {
    #[test]
    fn a_total_is_the_sum_of_its_answers_in_whatever_order((instrument, answers) in whole()) {
        let sheet = given(&answers);
        let score = Answers::new(instrument, &sheet).total().unwrap();
        let sum: u16 = answers.iter().map(|(_, points)| u16::from(*points)).sum();
        prop_assert_eq!(score.total(), sum);
        prop_assert!(score.total() <= instrument.most());
        prop_assert_eq!(score.measure(), &instrument.id);
        prop_assert_eq!(instrument.band(score.total()).is_some(), !instrument.bands.is_empty());
    }

    #[test]
    fn one_item_left_out_or_skipped_leaves_no_total_and_is_named(
        (instrument, mut answers) in whole(),
        skips: bool,
    ) {
        let (left_out, _) = answers.pop().unwrap();
        let mut sheet = given(&answers);
        if skips {
            sheet.set(left_out, Given::Skipped);
        }
        let missing = Answers::new(instrument, &sheet).total().unwrap_err();
        let NoTotal::Incomplete(missing) = missing else { panic!("{missing}") };
        let (named, others) = if skips {
            (missing.skipped, missing.open)
        } else {
            (missing.open, missing.skipped)
        };
        prop_assert_eq!(named, vec![left_out]);
        prop_assert!(others.is_empty() && missing.unreadable.is_empty());
    }

    #[test]
    fn questions_that_stand_for_themselves_come_to_no_total_whatever_is_answered(
        answers in proptest::collection::vec(0u8..=10, 0..=4),
    ) {
        let sheet = sheet(&answers);
        let read = Answers::new(&ONS_4, &sheet);
        prop_assert_eq!(read.total(), Err(NoTotal::NotMade("ONS4")));
        let next = read.next().map(|item| usize::from(item.number.number()));
        prop_assert_eq!(next, (answers.len() < 4).then_some(answers.len() + 1));
        for (given, item) in answers.iter().zip(ONS_4.items) {
            prop_assert_eq!(read.state(item), ItemState::Answered(Points(*given)));
        }
    }

    #[test]
    fn the_item_on_difficulty_changes_no_total(
        answers in proptest::collection::vec(0u8..=3, 9),
        difficulty in 0u8..=3,
    ) {
        let mut with = answers.clone();
        with.push(difficulty);
        prop_assert_eq!(score(&PHQ_9, &answers), score(&PHQ_9, &with));
    }

    #[test]
    fn item_9_is_told_by_itself_whatever_else_is_answered(
        others in proptest::collection::btree_map(1u8..=8, 0u8..=3, 0..=8),
        points in 0u8..=3,
    ) {
        let others: Vec<_> = others.into_iter().map(|(number, points)| (item(number), points)).collect();
        let mut sheet = given(&others);
        sheet.set(item(9), Given::Points(Points(points)));
        let harm = Answers::new(&PHQ_9, &sheet).harm().unwrap();
        prop_assert_eq!(harm.state, ItemState::Answered(Points(points)));
        prop_assert_eq!(harm.item, item(9));
    }

    #[test]
    fn whatever_stands_in_a_sheet_is_survived_and_kept(
        instrument in instruments(),
        key in "[0-9a-z+]{0,3}",
        number: i64,
        word: String,
    ) {
        for value in [json!(number), json!(word), Value::Null, json!([1]), json!(1.0)] {
            let written = json!({ &key: value });
            let sheet: Sheet = serde_json::from_value(written.clone()).unwrap();
            let answers = Answers::new(instrument, &sheet);
            let _ = (answers.next(), answers.harm(), answers.total().is_ok());
            prop_assert_eq!(serde_json::to_value(&sheet).unwrap(), written);
        }
    }

    #[test]
    fn going_on_asks_each_item_once_in_order(
        (instrument, answers) in whole(),
    ) {
        let points: std::collections::BTreeMap<_, _> = answers.into_iter().collect();
        let mut sheet = Sheet::default();
        let mut asked = Vec::new();
        while let Some(next) = Answers::new(instrument, &sheet).next() {
            asked.push(next.number);
            let points = points.get(&next.number).copied().unwrap_or(0);
            sheet.set(next.number, Given::Points(Points(points)));
        }
        let any_problem = points.values().any(|points| *points > 0);
        let expected: Vec<_> = instrument
            .items
            .iter()
            .filter(|item| item.asked == Asked::ForTheTotal || any_problem)
            .map(|item| item.number)
            .collect();
        prop_assert_eq!(asked, expected);
        prop_assert!(Answers::new(instrument, &sheet).total().is_ok());
    }
}

#[test]
fn an_answer_that_is_not_offered_is_no_answer() {
    for odd in [
        json!(4),
        json!("2"),
        json!(-1),
        json!(1.5),
        json!(true),
        json!(null),
    ] {
        let sheet: Sheet = serde_json::from_value(
            json!({"1": odd, "2": 0, "3": 0, "4": 0, "5": 0, "6": 0, "7": 0}),
        )
        .unwrap();
        let answers = Answers::new(&GAD_7, &sheet);
        let Err(NoTotal::Incomplete(missing)) = answers.total() else {
            panic!("a total with {sheet:?}")
        };
        assert_eq!(missing.unreadable, [item(1)]);
        assert_eq!(missing.to_string(), "incomplete: no answer to item 1");
        assert_eq!(answers.next(), None, "it is not asked again");
    }
}

#[test]
fn an_item_has_one_name() {
    for text in ["01", "+1", "", "0", "256", "1 ", "one"] {
        assert_eq!(text.parse::<ItemNumber>(), Err(ItemNumberError), "{text}");
    }
    assert_eq!("20".parse(), Ok(item(20)));
}

#[test]
fn other_measures_and_other_versions_are_not_compared() {
    let (phq_9, gad_7) = (score_of(&PHQ_9, 3), score_of(&GAD_7, 3));
    assert_eq!(Change::new(phq_9, gad_7), Err(NotComparable::Measures));
    let newer = Instrument {
        version: InstrumentVersion(2),
        ..PHQ_9.clone()
    };
    let newer = score_of(Box::leak(Box::new(newer)), 3);
    assert_eq!(Change::new(phq_9, newer), Err(NotComparable::Versions));
}
