//! AUDIT-C: how often and how much somebody drinks; the first three questions of WHO's AUDIT.
//!
//! The words are those of WHO's form for self-report (Babor and others 2001), checked against `audit.xml`
//! of CamCOPS (commit 56a303e) and LOINC 72110-0. Its remark on how to mark answers on paper is left
//! out. Do not take items or golden answers from US Core's example: it asks LOINC 68517-2, another
//! question, in place of the first one.

use super::threshold::{Spread, Threshold, Thresholds};
use super::{
    Choice, Days, Fact, Instrument, InstrumentVersion, Interval, Item, Loinc, LoincCodes,
    MeasureId, Permission, Recall, Source, Terms,
};

const WHO_2001: Source = Source::new(
    "Babor TF, Higgins-Biddle JC, Saunders JB, Monteiro MG (2001), AUDIT: guidelines for use in primary care, second edition, WHO/MSD/MSB/01.6a",
    "https://www.who.int/publications/i/item/WHO-MSD-MSB-01.6a",
);

const fn choice(points: u8, text: &'static str, loinc: &'static str) -> Choice {
    Choice::new(points, text, Some(Loinc(loinc)))
}

/// The three questions.
pub(super) static AUDIT_C: Instrument = Instrument {
    id: MeasureId::named("audit-c"),
    version: InstrumentVersion(1),
    short_name: "AUDIT-C",
    name: "Alcohol Use Disorders Identification Test - Consumption (AUDIT-C)",
    edition: Fact::new("AUDIT, self-report version, questions 1 to 3", WHO_2001),
    instructions: "Because alcohol use can affect your health and can interfere with certain medications \
        and treatments, it is important that we ask some questions about your use of alcohol. Your answers \
        will remain confidential so please be honest.",
    stem: None,
    items: &[
        // LOINC's list LL2179-1.
        Item::counted(
            1,
            "How often do you have a drink containing alcohol?",
            &[
                choice(0, "Never", "LA6270-8"),
                choice(1, "Monthly or less", "LA18926-8"),
                choice(2, "2-4 times a month", "LA18927-6"),
                choice(3, "2-3 times a week", "LA18928-4"),
                choice(4, "4 or more times a week", "LA18929-2"),
            ],
            Some(Loinc("68518-0")),
        ),
        // LL2180-9.
        Item::counted(
            2,
            "How many drinks containing alcohol do you have on a typical day when you are drinking?",
            &[
                choice(0, "1 or 2", "LA15694-5"),
                choice(1, "3 or 4", "LA15695-2"),
                choice(2, "5 or 6", "LA18930-0"),
                choice(3, "7 to 9", "LA18931-8"),
                choice(4, "10 or more", "LA18932-6"),
            ],
            Some(Loinc("68519-8")),
        ),
        // LL2181-7.
        Item::counted(
            3,
            "How often do you have six or more drinks on one occasion?",
            &[
                choice(0, "Never", "LA6270-8"),
                choice(1, "Less than monthly", "LA18933-4"),
                choice(2, "Monthly", "LA18876-5"),
                choice(3, "Weekly", "LA18891-4"),
                choice(4, "Daily or almost daily", "LA18934-2"),
            ],
            Some(Loinc("68520-6")),
        ),
    ],
    recall: Recall::Year,
    // Yearly, as VA and the Department of Defense screen (clinical practice guideline 2015). That a month
    // is the least is our own default.
    interval: Interval {
        smallest: Days(30),
        usual: Days(365),
    },
    bands: &[],
    bands_source: None,
    thresholds: Thresholds {
        caseness: Some(Fact::new(
            Threshold::of_several(3, 4, Spread::BySex),
            Source::new(
                "Bush K and others (1998), Arch Intern Med 158:1789-1795 (men, 4); Bradley KA and others (2003), Arch Intern Med 163:821-829 (women, 3); LOINC 75626-2",
                "https://loinc.org/75626-2",
            ),
        )),
        ..Thresholds::NONE
    },
    harm_item: None,
    loinc: Some(LoincCodes {
        panel: Loinc("72109-2"),
        total: Loinc("75626-2"),
        source: Source::new("LOINC 2.80, 72110-0", "https://loinc.org/72110-0"),
    }),
    permission: Permission {
        notice: "AUDIT © World Health Organization 2001. It may be freely reproduced, but not for sale or \
            for use in conjunction with commercial purposes. AUDIT-C is available for use in the public \
            domain (SAMHSA).",
        terms: Terms::WithCredit,
        source: WHO_2001,
    },
};
