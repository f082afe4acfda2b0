//! Golden tests: answers and totals as others published them, and the published numbers themselves.

use super::super::audit_c::AUDIT_C;
use super::super::gad_7::GAD_7;
use super::super::pcl_5::PCL_5;
use super::super::phq::{PHQ_2, PHQ_9};
use super::*;

/// HL7 US Core, `QuestionnaireResponse-phq-9-example.json` (commit 85bf4af): total 12, "Somewhat
/// difficult". US Behavioral Health Profiles has the same answers in `phq-9-example-1.xml`.
const US_CORE_PHQ_9: [u8; 10] = [2, 2, 2, 2, 1, 1, 2, 0, 0, 1];
/// HL7 personal-health-record-format-ig (commit af4b716), `QuestionnaireResponse-ScoredAssessment-PHQ9`
/// and its observation: total 3.
const PHR_PHQ_9: [u8; 9] = [0, 0, 1, 1, 1, 0, 0, 0, 0];
/// The same guide, `QuestionnaireResponse-ScoredAssessment-GAD7`: total 3.
const PHR_GAD_7: [u8; 7] = [0, 0, 1, 1, 0, 1, 0];
/// HL7 SDC, `questionnaireresponse-sdc-profile-example-PHQ9.fsh` (commit 4032ec6). It declares 13, but
/// its own expression over its own answers gives 10: no example for a total, but one for item 9.
const SDC_PHQ_9: [u8; 9] = [0, 0, 0, 1, 2, 1, 3, 2, 1];

#[test]
fn us_cores_phq_9_comes_to_12() {
    let score = score(&PHQ_9, &US_CORE_PHQ_9);
    assert_eq!((score.total(), score.measure().as_str()), (12, "phq-9"));
    assert_eq!(score.version(), InstrumentVersion(1));
    assert_eq!(PHQ_9.band(score.total()).unwrap().name, "moderate");
    let difficulty = PHQ_9.item(item(10)).unwrap();
    let answered = sheet(&US_CORE_PHQ_9);
    let state = Answers::new(&PHQ_9, &answered).state(difficulty);
    assert_eq!(state, ItemState::Answered(Points(1)));
    assert_eq!(
        difficulty.choice(Points(1)).unwrap().text,
        "Somewhat difficult"
    );
}

#[test]
fn the_phr_guides_examples_come_to_3_each_and_are_minimal() {
    let phq_9 = score(&PHQ_9, &PHR_PHQ_9).total();
    let gad_7 = score(&GAD_7, &PHR_GAD_7).total();
    assert_eq!((phq_9, gad_7), (3, 3));
    assert_eq!(PHQ_9.band(3).unwrap().name, "minimal");
    assert_eq!(GAD_7.band(3).unwrap().name, "minimal");
}

#[test]
fn sdcs_phq_9_is_added_up_and_its_item_9_is_seen() {
    let sheet = sheet(&SDC_PHQ_9);
    let answers = Answers::new(&PHQ_9, &sheet);
    assert_eq!(answers.total().unwrap().total(), 10);
    let harm = answers.harm().unwrap();
    assert_eq!(harm.state, ItemState::Answered(Points(1)));
}

#[test]
fn the_ranges_are_the_published_ones() {
    let ranges = [
        (&PHQ_9, 27),
        (&PHQ_2, 6),
        (&GAD_7, 21),
        (&PCL_5, 80),
        (&AUDIT_C, 12),
    ];
    for (instrument, most) in ranges {
        assert_eq!(instrument.most(), most, "{}", instrument.short_name);
    }
    let named = |instrument: &Instrument| -> Vec<_> {
        let bands = instrument.bands.iter();
        bands
            .map(|band| (band.least, band.most, band.name))
            .collect()
    };
    assert_eq!(
        named(&PHQ_9),
        [
            (0, 4, "minimal"),
            (5, 9, "mild"),
            (10, 14, "moderate"),
            (15, 19, "moderately severe"),
            (20, 27, "severe")
        ]
    );
    assert_eq!(
        named(&GAD_7),
        [
            (0, 4, "minimal"),
            (5, 9, "mild"),
            (10, 14, "moderate"),
            (15, 21, "severe")
        ]
    );
}

#[test]
fn a_screen_is_positive_from_the_published_totals_on() {
    use Standing::{Below, Between, Reached};
    for (instrument, expected) in [
        (&PHQ_9, &[(9, Below), (10, Reached)][..]),
        (&PHQ_2, &[(2, Below), (3, Reached)]),
        (
            &GAD_7,
            &[(7, Below), (8, Between), (9, Between), (10, Reached)],
        ),
        (
            &PCL_5,
            &[(30, Below), (31, Between), (32, Between), (33, Reached)],
        ),
        (&AUDIT_C, &[(2, Below), (3, Between), (4, Reached)]),
    ] {
        for (total, standing) in expected {
            let fact = caseness(&score_of(instrument, *total)).unwrap();
            assert_eq!(fact.is, *standing, "{} {total}", instrument.short_name);
            assert!(fact.source.link.starts_with("https://"));
        }
    }
}

#[test]
fn a_change_is_reliable_from_the_published_numbers_on() {
    use ReliableChange::{Fell, FellBySome, Rose, RoseBySome, Within};
    for (instrument, from, to, expected) in [
        (&PHQ_9, 15, 10, Within),
        (&PHQ_9, 15, 9, Fell),
        (&PHQ_9, 9, 15, Rose),
        (&PHQ_9, 9, 9, Within),
        (&GAD_7, 12, 9, Within),
        (&GAD_7, 12, 8, FellBySome),
        (&GAD_7, 12, 6, Fell),
        (&GAD_7, 8, 12, RoseBySome),
        (&PCL_5, 50, 36, Within),
        (&PCL_5, 50, 35, FellBySome),
        (&PCL_5, 50, 32, Fell),
    ] {
        let change = Change::new(score_of(instrument, from), score_of(instrument, to)).unwrap();
        let fact = reliable_change(&change).unwrap();
        assert_eq!(fact.is, expected, "{} {from} {to}", instrument.short_name);
        assert_eq!(change.points(), i32::from(to) - i32::from(from));
    }
}

#[test]
fn response_and_remission_of_phq_9_are_half_gone_and_below_5() {
    let change = |from, to| Change::new(score_of(&PHQ_9, from), score_of(&PHQ_9, to)).unwrap();
    let responded = |from, to| response_to_treatment(&change(from, to)).unwrap().is;
    assert!(responded(20, 10) && responded(15, 7) && responded(1, 0));
    assert!(!responded(15, 8) && !responded(20, 11) && !responded(10, 20) && !responded(0, 0));
    let remitted = |total| remission(&score_of(&PHQ_9, total)).unwrap().is;
    assert!(remitted(0) && remitted(4) && !remitted(5));
    let noticed = |from, to| meaningful_change(&change(from, to)).unwrap().is;
    assert_eq!(noticed(12, 8), Standing::Below);
    assert_eq!(noticed(12, 7), Standing::Reached);
}

#[test]
fn where_nothing_was_published_nothing_is_said() {
    for instrument in [&PHQ_2, &AUDIT_C] {
        let change = Change::new(score_of(instrument, 6), score_of(instrument, 0)).unwrap();
        assert_eq!(reliable_change(&change), None);
        assert_eq!(meaningful_change(&change), None);
        assert_eq!(response_to_treatment(&change), None);
        assert_eq!(remission(&change.latest()), None);
        assert_eq!(instrument.band(0), None);
    }
    for instrument in [&GAD_7, &PCL_5] {
        let change = Change::new(score_of(instrument, 20), score_of(instrument, 0)).unwrap();
        assert_eq!(response_to_treatment(&change), None);
        assert_eq!(remission(&change.latest()), None);
    }
    assert_eq!(PCL_5.band(40), None);
}
