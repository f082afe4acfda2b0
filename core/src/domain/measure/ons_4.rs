//! ONS4: four questions on personal well-being, of the UK's Office for National Statistics.
//!
//! The words are those of the harmonised standard for government surveys: its introduction as it suggests
//! it, its four questions, and its scale of 0 to 10. Each stands for itself: the Office publishes no
//! composite of them, since "it was not considered conceptually robust", so there is no total here either.
//! It names ranges of answers (such as 0 to 4 as low) for reporting on populations; about one person they
//! would be verdicts, and are left out.

use super::threshold::Thresholds;
use super::{
    Asked, Choice, Days, Fact, Instrument, InstrumentVersion, Interval, Item, ItemNumber,
    MeasureId, Permission, Recall, Source, Terms,
};

const STANDARD: Source = Source::new(
    "Government Statistical Service, Personal well-being harmonised standard (2020)",
    "https://analysisfunction.civilservice.gov.uk/policy-store/personal-well-being/",
);

const fn choice(points: u8, text: &'static str) -> Choice {
    Choice::new(points, text, None)
}

/// The scale that all four are answered on.
const SCALE: &[Choice] = &[
    choice(0, "0 (not at all)"),
    choice(1, "1"),
    choice(2, "2"),
    choice(3, "3"),
    choice(4, "4"),
    choice(5, "5"),
    choice(6, "6"),
    choice(7, "7"),
    choice(8, "8"),
    choice(9, "9"),
    choice(10, "10 (completely)"),
];

const fn question(number: u8, text: &'static str) -> Item {
    Item {
        number: ItemNumber::in_table(number),
        text,
        choices: SCALE,
        asked: Asked::OnItsOwn,
        loinc: None,
    }
}

/// The four questions.
pub(super) static ONS_4: Instrument = Instrument {
    id: MeasureId::named("ons-4"),
    version: InstrumentVersion(1),
    short_name: "ONS4",
    name: "Personal well-being (ONS4)",
    edition: Fact::new("Harmonised standard of May 2020", STANDARD),
    instructions: "Next I would like to ask you four questions about your feelings on aspects of your life. \
        There are no right or wrong answers. For each of these questions I’d like you to give an answer on a \
        scale of 0 to 10, where 0 is “not at all” and 10 is “completely”.",
    stem: None,
    items: &[
        question(1, "Overall, how satisfied are you with your life nowadays?"),
        question(
            2,
            "Overall, to what extent do you feel that the things you do in your life are worthwhile?",
        ),
        question(3, "Overall, how happy did you feel yesterday?"),
        question(
            4,
            "On a scale where 0 is “not at all anxious” and 10 is “completely anxious”, overall, how anxious \
             did you feel yesterday?",
        ),
    ],
    recall: Recall::NowadaysAndYesterday,
    // Our own defaults: two of the questions are about yesterday, and how life is going changes slowly.
    interval: Interval {
        smallest: Days(7),
        usual: Days(28),
    },
    bands: &[],
    bands_source: None,
    thresholds: Thresholds::NONE,
    harm_item: None,
    loinc: None,
    permission: Permission {
        notice: "Source: Office for National Statistics. Contains public sector information licensed under \
            the Open Government Licence v3.0.",
        terms: Terms::WithSource,
        source: Source::new(
            "The National Archives, Open Government Licence for public sector information, version 3.0",
            "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        ),
    },
};
