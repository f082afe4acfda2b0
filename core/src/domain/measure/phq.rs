//! PHQ-9 and PHQ-2: how often symptoms of depression bothered somebody in the last two weeks.
//!
//! The words are those of the form at phqscreeners.com, and are not to be edited. Its remark on how to
//! mark answers on paper is left out. Checked against US Core's `Questionnaire-phq-9-example.json`
//! (commit 85bf4af), HL7's SDC example of PHQ-9, and `phq9.xml` of CamCOPS, which took them from that
//! form. (US Core shows LOINC's display names, which add "in last 2 weeks [Reported.PHQ]" to items 3 to
//! 9; SDC's item 8 has a misprint, "gave noticed".)

use super::threshold::{Threshold, Thresholds};
use super::{
    Asked, Band, Choice, Days, Fact, Instrument, InstrumentVersion, Interval, Item, ItemNumber,
    Loinc, LoincCodes, MeasureId, Permission, Recall, Source, Terms,
};

const STEM: &str =
    "Over the last 2 weeks, how often have you been bothered by any of the following problems?";

const FORM: Source = Source::new(
    "Spitzer RL, Williams JBW, Kroenke K and colleagues: PHQ screeners, Pfizer Inc.",
    "https://www.phqscreeners.com/",
);
const US_CORE: Source = Source::new(
    "HL7 US Core 8.0.0, Questionnaire phq-9-example",
    "http://hl7.org/fhir/us/core/Questionnaire/phq-9-example",
);
const KROENKE_2001: Source = Source::new(
    "Kroenke K, Spitzer RL, Williams JBW (2001), J Gen Intern Med 16:606-613",
    "https://doi.org/10.1046/j.1525-1497.2001.016009606.x",
);
const KROENKE_2003: Source = Source::new(
    "Kroenke K, Spitzer RL, Williams JBW (2003), Med Care 41:1284-1292: 3 or more, sensitivity 83 %, specificity 92 %",
    "https://doi.org/10.1097/01.MLR.0000093487.78664.3C",
);
const LOWE_2004: Source = Source::new(
    "Löwe B, Unützer J, Callahan CM, Perkins AJ, Kroenke K (2004), Med Care 42:1194-1201",
    "https://doi.org/10.1097/00005650-200412000-00006",
);
/// As the services that treat by it call a change reliable.
const TALKING_THERAPIES: Source = Source::new(
    "NHS Talking Therapies manual, version 6 (2023); Gyani A and others (2013), Behav Res Ther 51:597-606",
    "https://doi.org/10.1016/j.brat.2013.06.004",
);
const HEDIS: Source = Source::new(
    "National Committee for Quality Assurance (HEDIS), as in Psychiatr Serv, Defining success in measurement-based care for depression",
    "https://doi.org/10.1176/appi.ps.201900295",
);

const PERMISSION: Permission = Permission {
    notice: "Copyright © Pfizer Inc. All rights reserved. Developed by Drs. Robert L. Spitzer, Janet \
        B.W. Williams, Kurt Kroenke and colleagues, with an educational grant from Pfizer Inc. No \
        permission required to reproduce, translate, display or distribute \
        (https://www.phqscreeners.com/).",
    terms: Terms::NoPermissionRequired,
    source: US_CORE,
};

/// LOINC's list LL358-3; GAD-7 offers the same.
pub(super) const HOW_OFTEN: &[Choice] = &[
    Choice::new(0, "Not at all", Some(Loinc("LA6568-5"))),
    Choice::new(1, "Several days", Some(Loinc("LA6569-3"))),
    Choice::new(2, "More than half the days", Some(Loinc("LA6570-1"))),
    Choice::new(3, "Nearly every day", Some(Loinc("LA6571-9"))),
];

const HOW_DIFFICULT: &[Choice] = &[
    Choice::new(0, "Not difficult at all", Some(Loinc("LA6572-7"))),
    Choice::new(1, "Somewhat difficult", Some(Loinc("LA6573-5"))),
    Choice::new(2, "Very difficult", Some(Loinc("LA6575-0"))),
    Choice::new(3, "Extremely difficult", Some(Loinc("LA6574-3"))),
];

const fn item(number: u8, text: &'static str, loinc: &'static str) -> Item {
    Item::counted(number, text, HOW_OFTEN, Some(Loinc(loinc)))
}

const INTEREST: Item = item(1, "Little interest or pleasure in doing things", "44250-9");
const DOWN: Item = item(2, "Feeling down, depressed, or hopeless", "44255-8");

/// Two weeks of recall. That a week is the least is our own default; clinics may ask more rarely.
const INTERVAL: Interval = Interval {
    smallest: Days(7),
    usual: Days(14),
};

/// The nine questions and the one on difficulty. Asks about thoughts of death in item 9.
pub(super) static PHQ_9: Instrument = Instrument {
    id: MeasureId::named("phq-9"),
    version: InstrumentVersion(1),
    short_name: "PHQ-9",
    name: "Patient Health Questionnaire (PHQ-9)",
    edition: Fact::new("PHQ-9, English, as at phqscreeners.com", FORM),
    instructions: STEM,
    stem: None,
    items: &[
        INTEREST,
        DOWN,
        item(
            3,
            "Trouble falling or staying asleep, or sleeping too much",
            "44259-0",
        ),
        item(4, "Feeling tired or having little energy", "44254-1"),
        item(5, "Poor appetite or overeating", "44251-7"),
        item(
            6,
            "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
            "44258-2",
        ),
        item(
            7,
            "Trouble concentrating on things, such as reading the newspaper or watching television",
            "44252-5",
        ),
        item(
            8,
            "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so \
             fidgety or restless that you have been moving around a lot more than usual",
            "44253-3",
        ),
        item(
            9,
            "Thoughts that you would be better off dead or of hurting yourself in some way",
            "44260-8",
        ),
        // The form prints no number beside it.
        Item {
            number: ItemNumber::in_table(10),
            text: "If you checked off any problems, how difficult have these problems made it for you to do \
                your work, take care of things at home, or get along with other people?",
            choices: HOW_DIFFICULT,
            asked: Asked::BesideIfAnyProblem,
            loinc: Some(Loinc("69722-7")),
        },
    ],
    recall: Recall::TwoWeeks,
    interval: INTERVAL,
    bands: &[
        Band::new(0, 4, "minimal"),
        Band::new(5, 9, "mild"),
        Band::new(10, 14, "moderate"),
        Band::new(15, 19, "moderately severe"),
        Band::new(20, 27, "severe"),
    ],
    bands_source: Some(KROENKE_2001),
    thresholds: Thresholds {
        // 10 or more: sensitivity 88 %, specificity 88 % for major depression.
        caseness: Some(Fact::new(Threshold::one(10), KROENKE_2001)),
        reliable_change: Some(Fact::new(Threshold::one(6), TALKING_THERAPIES)),
        // Two standard errors of measurement.
        meaningful_change: Some(Fact::new(Threshold::one(5), LOWE_2004)),
        // At least half of the baseline gone. (Kroenke 2001 asked for 9 or less as well.)
        response_percent: Some(Fact::new(50, HEDIS)),
        // Below 5.
        remission: Some(Fact::new(4, HEDIS)),
    },
    harm_item: Some(ItemNumber::in_table(9)),
    loinc: Some(LoincCodes {
        panel: Loinc("44249-1"),
        total: Loinc("44261-6"),
        source: US_CORE,
    }),
    permission: PERMISSION,
};

/// The first two questions of PHQ-9. A screen: it has no bands, and no item on thoughts of death.
pub(super) static PHQ_2: Instrument = Instrument {
    id: MeasureId::named("phq-2"),
    version: InstrumentVersion(1),
    short_name: "PHQ-2",
    name: "Patient Health Questionnaire 2 item (PHQ-2)",
    edition: Fact::new("items 1 and 2 of PHQ-9", KROENKE_2003),
    instructions: STEM,
    stem: None,
    items: &[INTEREST, DOWN],
    recall: Recall::TwoWeeks,
    interval: INTERVAL,
    bands: &[],
    bands_source: None,
    thresholds: Thresholds {
        caseness: Some(Fact::new(Threshold::one(3), KROENKE_2003)),
        ..Thresholds::NONE
    },
    harm_item: None,
    loinc: Some(LoincCodes {
        panel: Loinc("55757-9"),
        total: Loinc("55758-7"),
        source: Source::new("LOINC 2.78, 55757-9", "https://loinc.org/55757-9"),
    }),
    permission: PERMISSION,
};
