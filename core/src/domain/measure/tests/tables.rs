//! The tables hold together: numbers, points, bands, codes, permissions. The exact words are a snapshot.

use std::collections::BTreeSet;

use super::*;

#[test]
fn the_words_are_what_was_checked_against_their_sources() {
    let words: Vec<_> = Instrument::offered()
        .map(|one| {
            let items = one.items.iter().map(|item| {
                let choices = item.choices.iter();
                let choices: Vec<_> = choices
                    .map(|choice| format!("{} {}", choice.points, choice.text))
                    .collect();
                format!("{} {} [{}]", item.number, item.text, choices.join(" | "))
            });
            (
                one.name,
                one.instructions,
                one.stem,
                items.collect::<Vec<_>>(),
                one.permission.notice,
            )
        })
        .collect();
    insta::assert_json_snapshot!(words);
}

#[test]
fn items_are_numbered_from_1_and_their_points_rise_from_0() {
    for instrument in Instrument::offered() {
        let name = instrument.short_name;
        for (item, number) in instrument.items.iter().zip(1..) {
            assert_eq!(item.number.number(), number, "{name}");
            for (choice, points) in item.choices.iter().zip(0..) {
                assert_eq!(choice.points, Points(points), "{name} {number}");
            }
            let texts: BTreeSet<_> = item.choices.iter().map(|choice| choice.text).collect();
            assert!(texts.len() == item.choices.len() && texts.len() >= 2);
        }
        if let Some(harm) = instrument.harm_item {
            assert!(instrument.counted().any(|item| item.number == harm));
        }
    }
}

#[test]
fn every_total_has_one_band_where_bands_were_published() {
    for instrument in Instrument::offered() {
        assert_eq!(
            instrument.bands.is_empty(),
            instrument.bands_source.is_none()
        );
        if instrument.bands.is_empty() {
            continue;
        }
        for total in 0..=instrument.most() {
            let bands = instrument.bands.iter();
            let of = bands.filter(|band| (band.least..=band.most).contains(&total));
            assert_eq!(of.count(), 1, "{} {total}", instrument.short_name);
        }
        assert_eq!(instrument.band(instrument.most() + 1), None);
    }
}

#[test]
fn a_measure_has_one_total_or_none_and_names_nothing_of_a_total_that_it_has_not() {
    for instrument in Instrument::offered() {
        let (name, its_own) = (instrument.short_name, Asked::OnItsOwn);
        let apart = instrument.items.iter().filter(|item| item.asked == its_own);
        if instrument.has_total() {
            assert_eq!(apart.count(), 0, "{name}");
        } else {
            assert_eq!(apart.count(), instrument.items.len(), "{name}");
            assert_eq!(instrument.most(), 0, "{name}");
            assert!(instrument.bands.is_empty(), "{name}");
            assert_eq!(instrument.thresholds, Thresholds::NONE, "{name}");
        }
    }
    let well_being = Measure::of(&MeasureId::named("ons-4"));
    assert!(matches!(well_being, Some(Measure::Offered(one)) if !one.has_total()));
}

#[test]
fn each_code_of_loinc_has_the_check_digit_that_it_needs() {
    let mut codes = BTreeSet::new();
    for instrument in Instrument::offered() {
        codes.extend(
            instrument
                .loinc
                .iter()
                .flat_map(|its| [its.panel, its.total]),
        );
        for item in instrument.items {
            codes.extend(item.loinc);
            codes.extend(item.choices.iter().filter_map(|choice| choice.loinc));
        }
    }
    let withheld = Measure::all().filter_map(|measure| match measure {
        Measure::Offered(_) => None,
        Measure::Withheld(withheld) => withheld.panel,
    });
    codes.extend(withheld);
    assert!(codes.len() > 40, "{}", codes.len());
    for code in codes {
        assert!(is_loinc(code.0), "{code}");
    }
    assert!(
        !is_loinc("44250-8") && !is_loinc("LA6568-4"),
        "the search finds nothing"
    );
}

/// LOINC's codes end in a digit by Luhn's formula (LOINC Users' Guide, appendix C). The letters of an
/// answer's code come to 5 before four digits and to 8 before five: so it is in every such code that was
/// looked at, in US Core and elsewhere.
fn is_loinc(code: &str) -> bool {
    let (digits, check) = code.split_once('-').unwrap();
    let (digits, letters) = match digits.strip_prefix("LA") {
        None => (digits, 0),
        Some(digits) => (digits, if digits.len() % 2 == 0 { 5 } else { 8 }),
    };
    let of_digits: u32 = digits
        .chars()
        .rev()
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, times)| {
            let times = digit.to_digit(10).unwrap() * times;
            times / 10 + times % 10
        })
        .sum();
    let sum = of_digits + letters;
    check == ((10 - sum % 10) % 10).to_string()
}

#[test]
fn every_measure_has_one_name_and_its_source_or_its_reason() {
    let mut names = BTreeSet::new();
    for measure in Measure::all() {
        let id = match measure {
            Measure::Offered(instrument) => {
                assert!(!instrument.permission.notice.is_empty());
                assert!(instrument.interval.smallest <= instrument.interval.usual);
                assert_eq!(
                    Instrument::of(&instrument.id, instrument.version),
                    Some(instrument)
                );
                instrument.id.clone()
            }
            Measure::Withheld(withheld) => {
                assert!(!withheld.reason.label().is_empty());
                withheld.id()
            }
        };
        assert_eq!(Measure::of(&id), Some(measure));
        assert!(names.insert(id.clone()), "{id} is there twice");
    }
    let withheld = [
        "c-ssrs-screener",
        "who-5",
        "dast-10",
        "asrm",
        "swemwbs",
        "meq-30",
        "ebi",
        "edi",
    ];
    let withheld = withheld
        .into_iter()
        .chain(["piq", "cadss-6", "madrs", "ham-d", "bdi"]);
    for id in withheld {
        let found = Measure::of(&MeasureId::named(id));
        assert!(matches!(found, Some(Measure::Withheld(_))), "{id}");
    }
    assert_eq!(Measure::of(&MeasureId::named("moon")), None);
    let newer = InstrumentVersion(2);
    assert_eq!(Instrument::of(&MeasureId::named("phq-9"), newer), None);
}
