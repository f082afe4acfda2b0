//! GAD-7: how often worry and tension bothered somebody in the last two weeks.
//!
//! Checked against `gad7.xml` and `gad7.rst` of CamCOPS (commit 56a303e), which took the words from
//! phqscreeners.com. Many copies have a wrong lowest answer, "not at all sure" (Zorowitz and others 2021,
//! <https://doi.org/10.1016/S2215-0366(21)00001-8>); the right one is "Not at all".

use super::phq::HOW_OFTEN;
use super::threshold::{Spread, Threshold, Thresholds};
use super::{
    Band, Days, Fact, Instrument, InstrumentVersion, Interval, Item, Loinc, LoincCodes, MeasureId,
    Permission, Recall, Source, Terms,
};

const FORM: Source = Source::new(
    "Spitzer RL, Williams JBW, Kroenke K and colleagues: PHQ screeners, Pfizer Inc.",
    "https://www.phqscreeners.com/",
);
const SPITZER_2006: Source = Source::new(
    "Spitzer RL, Kroenke K, Williams JBW, Löwe B (2006), Arch Intern Med 166:1092-1097",
    "https://doi.org/10.1001/archinte.166.10.1092",
);

const fn item(number: u8, text: &'static str, loinc: &'static str) -> Item {
    Item::counted(number, text, HOW_OFTEN, Some(Loinc(loinc)))
}

/// The seven questions.
pub(super) static GAD_7: Instrument = Instrument {
    id: MeasureId::named("gad-7"),
    version: InstrumentVersion(1),
    short_name: "GAD-7",
    name: "Generalized Anxiety Disorder 7-item scale (GAD-7)",
    edition: Fact::new("GAD-7, English, as at phqscreeners.com", FORM),
    instructions: "Over the last 2 weeks, how often have you been bothered by any of the following \
        problems?",
    stem: None,
    items: &[
        item(1, "Feeling nervous, anxious or on edge", "69725-0"),
        item(2, "Not being able to stop or control worrying", "68509-9"),
        item(3, "Worrying too much about different things", "69733-4"),
        item(4, "Trouble relaxing", "69734-2"),
        item(
            5,
            "Being so restless that it is hard to sit still",
            "69735-9",
        ),
        item(6, "Becoming easily annoyed or irritable", "69689-8"),
        item(
            7,
            "Feeling afraid as if something awful might happen",
            "69736-7",
        ),
    ],
    recall: Recall::TwoWeeks,
    // As of PHQ-9: a week is our own default.
    interval: Interval {
        smallest: Days(7),
        usual: Days(14),
    },
    bands: &[
        Band::new(0, 4, "minimal"),
        Band::new(5, 9, "mild"),
        Band::new(10, 14, "moderate"),
        Band::new(15, 21, "severe"),
    ],
    bands_source: Some(SPITZER_2006),
    thresholds: Thresholds {
        caseness: Some(Fact::new(
            Threshold::of_several(8, 10, Spread::SourcesDiffer),
            Source::new(
                "8: NHS Talking Therapies manual, version 6 (2023); 10, sensitivity 89 %, specificity 82 %: Spitzer and others (2006)",
                "https://doi.org/10.1001/archinte.166.10.1092",
            ),
        )),
        reliable_change: Some(Fact::new(
            Threshold::of_several(4, 6, Spread::SourcesDiffer),
            Source::new(
                "4: NHS Talking Therapies manual, version 6 (2023); 6: Bischoff T and others (2020), Psychol Community Health 8:176-187",
                "https://doi.org/10.5964/pch.v8i1.309",
            ),
        )),
        meaningful_change: Some(Fact::new(
            Threshold::one(4),
            Source::new(
                "Toussaint A and others (2020), J Affect Disord 265:395-401",
                "https://doi.org/10.1016/j.jad.2020.01.032",
            ),
        )),
        // Halves and totals below 5 are used in trials; no validation of either for GAD-7 was found.
        response_percent: None,
        remission: None,
    },
    harm_item: None,
    loinc: Some(LoincCodes {
        panel: Loinc("69737-5"),
        total: Loinc("70274-6"),
        source: Source::new(
            "LOINC 2.77, 69729-2 (PHQ-SADS, which has GAD-7 in whole)",
            "https://loinc.org/69729-2",
        ),
    }),
    permission: Permission {
        notice: "Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues, \
            with an educational grant from Pfizer Inc. No permission required to reproduce, translate, \
            display or distribute (https://www.phqscreeners.com/).",
        terms: Terms::NoPermissionRequired,
        source: FORM,
    },
};
