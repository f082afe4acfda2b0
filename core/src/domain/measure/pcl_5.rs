//! PCL-5: how much the twenty symptoms of post-traumatic stress of DSM-5 bothered somebody in the past
//! month.
//!
//! Checked against `pcl5.xml` of CamCOPS (commit 56a303e) and the National Center for PTSD's forms of 11
//! April 2018. The instructions are those of its fillable form: on paper one is told to "circle one of
//! the numbers to the right", which a screen has not. Only the monthly form is here: the weekly one is
//! another measure, whose totals are not compared with these.

use super::threshold::{Spread, Threshold, Thresholds};
use super::{
    Choice, Days, Fact, Instrument, InstrumentVersion, Interval, Item, Loinc, LoincCodes,
    MeasureId, Permission, Recall, Source, Terms,
};

const FORM: Source = Source::new(
    "Weathers FW, Litz BT, Keane TM, Palmieri PA, Marx BP, Schnurr PP (2013), PTSD Checklist for DSM-5 (PCL-5), National Center for PTSD",
    "https://www.ptsd.va.gov/professional/assessment/adult-sr/ptsd-checklist.asp",
);

const CUT: Source = Source::new(
    "National Center for PTSD, as in the Australian comorbidity guidelines, appendix S",
    "https://comorbidityguidelines.org.au/appendix-s-ptsd-checklist-for-dsm5-pcl5/pcl5-scoring-and-interpretation",
);

/// LOINC's codes of these answers, and of the items, were not confirmed.
const HOW_MUCH: &[Choice] = &[
    Choice::new(0, "Not at all", None),
    Choice::new(1, "A little bit", None),
    Choice::new(2, "Moderately", None),
    Choice::new(3, "Quite a bit", None),
    Choice::new(4, "Extremely", None),
];

const fn item(number: u8, text: &'static str) -> Item {
    Item::counted(number, text, HOW_MUCH, None)
}

/// The twenty questions, past month.
pub(super) static PCL_5: Instrument = Instrument {
    id: MeasureId::named("pcl-5"),
    version: InstrumentVersion(1),
    short_name: "PCL-5",
    name: "PTSD Checklist for DSM-5 (PCL-5)",
    edition: Fact::new(
        "PCL-5, past month, without Criterion A, 11 April 2018",
        FORM,
    ),
    instructions: "Below is a list of problems that people sometimes have in response to a very stressful \
        experience. Please read each problem and then select one of the options to indicate how much you \
        have been bothered by that problem in the past month. The options include not at all, a little \
        bit, moderately, quite a bit, and extremely.",
    stem: Some("In the past month, how much were you bothered by:"),
    items: &[
        item(
            1,
            "Repeated, disturbing, and unwanted memories of the stressful experience?",
        ),
        item(
            2,
            "Repeated, disturbing dreams of the stressful experience?",
        ),
        item(
            3,
            "Suddenly feeling or acting as if the stressful experience were actually happening again (as if \
             you were actually back there reliving it)?",
        ),
        item(
            4,
            "Feeling very upset when something reminded you of the stressful experience?",
        ),
        item(
            5,
            "Having strong physical reactions when something reminded you of the stressful experience (for \
             example, heart pounding, trouble breathing, sweating)?",
        ),
        item(
            6,
            "Avoiding memories, thoughts, or feelings related to the stressful experience?",
        ),
        item(
            7,
            "Avoiding external reminders of the stressful experience (for example, people, places, \
             conversations, activities, objects, or situations)?",
        ),
        item(
            8,
            "Trouble remembering important parts of the stressful experience?",
        ),
        item(
            9,
            "Having strong negative beliefs about yourself, other people, or the world (for example, having \
             thoughts such as: I am bad, there is something seriously wrong with me, no one can be trusted, \
             the world is completely dangerous)?",
        ),
        item(
            10,
            "Blaming yourself or someone else for the stressful experience or what happened after it?",
        ),
        item(
            11,
            "Having strong negative feelings such as fear, horror, anger, guilt, or shame?",
        ),
        item(12, "Loss of interest in activities that you used to enjoy?"),
        item(13, "Feeling distant or cut off from other people?"),
        item(
            14,
            "Trouble experiencing positive feelings (for example, being unable to feel happiness or have \
             loving feelings for people close to you)?",
        ),
        item(
            15,
            "Irritable behavior, angry outbursts, or acting aggressively?",
        ),
        item(
            16,
            "Taking too many risks or doing things that could cause you harm?",
        ),
        item(17, "Being “superalert” or watchful or on guard?"),
        item(18, "Feeling jumpy or easily startled?"),
        item(19, "Having difficulty concentrating?"),
        item(20, "Trouble falling or staying asleep?"),
    ],
    recall: Recall::Month,
    // The recall of the form; that nothing sooner makes sense is our own reading of it.
    interval: Interval {
        smallest: Days(28),
        usual: Days(30),
    },
    // "There are currently no empirically derived severity ranges for the PCL-5"
    // (the same guidelines).
    bands: &[],
    bands_source: None,
    thresholds: Thresholds {
        caseness: Some(Fact::new(
            Threshold::of_several(31, 33, Spread::SourcesDiffer),
            CUT,
        )),
        // Two trials among veterans gave 15 and 18.
        reliable_change: Some(Fact::new(
            Threshold::of_several(15, 18, Spread::SourcesDiffer),
            Source::new(
                "Marx BP and others (2022), Psychol Assess 34:197-203",
                "https://www.hsrd.research.va.gov/research/citations/abstract.cfm?Identifier=157955",
            ),
        )),
        // The older 5 and 10 points were expected from the form for DSM-IV; 5 or less is not reliable.
        meaningful_change: Some(Fact::new(
            Threshold::of_several(9, 12, Spread::SourcesDiffer),
            Source::new(
                "Blanchard BE and others (2023), J Trauma Stress 36:1102-1114",
                "https://doi.org/10.1002/jts.22975",
            ),
        )),
        response_percent: None,
        remission: None,
    },
    // Item 16 asks about taking risks, not about thoughts of death.
    harm_item: None,
    loinc: Some(LoincCodes {
        panel: Loinc("101697-1"),
        total: Loinc("101698-9"),
        source: Source::new("LOINC 2.75, 101697-1", "https://loinc.org/101697-1"),
    }),
    permission: Permission {
        notice: "Made by staff of the National Center for PTSD, US Department of Veterans Affairs. In the \
            public domain, not copyrighted (https://www.ptsd.va.gov).",
        terms: Terms::GovernmentWork,
        source: FORM,
    },
};
