//! LOINC's own names of its codes. A display that is not LOINC's is an error to every validator with a terminology
//! server behind it, and LOINC's license asks that names are given as they are.
//!
//! The names are those of the HL7 terminology server, as published implementation guides that were checked by it show
//! them: US Quality Core and SPiER (PHQ-9), PGHD (GAD-7), WELLDATA and US Core (AUDIT-C). A code whose name could not
//! be confirmed in this way has none here, and is exported without a display: that of the panel of PCL-5.

use companion_core::domain::measure::Loinc;
use serde_json::{Value, json};

use super::value::LOINC;

/// Code and name, by code.
const NAMES: [(&str, &str); 30] = [
    ("101698-9", "PTSD PCL-5 score [PCL-5]"),
    (
        "44249-1",
        "PHQ-9 quick depression assessment panel [Reported.PHQ]",
    ),
    (
        "44250-9",
        "Little interest or pleasure in doing things in last 2 weeks",
    ),
    (
        "44251-7",
        "Poor appetite or overeating in last 2 weeks [Reported.PHQ]",
    ),
    (
        "44252-5",
        "Trouble concentrating on things, such as reading the newspaper or watching television in last 2 weeks [Reported.PHQ]",
    ),
    (
        "44253-3",
        "Moving or speaking so slowly that other people could have noticed. Or the opposite - being so fidgety or restless that you have been moving around a lot more than usual in last 2 weeks [Reported.PHQ]",
    ),
    (
        "44254-1",
        "Feeling tired or having little energy in last 2 weeks [Reported.PHQ]",
    ),
    (
        "44255-8",
        "Feeling down, depressed, or hopeless in last 2 weeks",
    ),
    (
        "44258-2",
        "Feeling bad about yourself - or that you are a failure or have let yourself or your family down in last 2 weeks [Reported.PHQ]",
    ),
    (
        "44259-0",
        "Trouble falling or staying asleep, or sleeping too much in last 2 weeks [Reported.PHQ]",
    ),
    (
        "44260-8",
        "Thoughts that you would be better off dead, or of hurting yourself in some way in last 2 weeks [Reported.PHQ]",
    ),
    (
        "44261-6",
        "Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]",
    ),
    ("51855-5", "Patient Note"),
    (
        "55757-9",
        "Patient Health Questionnaire 2 item (PHQ-2) [Reported]",
    ),
    (
        "55758-7",
        "Patient Health Questionnaire 2 item (PHQ-2) total score [Reported]",
    ),
    (
        "68509-9",
        "Not able to stop or control worrying in the last 2 weeks",
    ),
    (
        "68518-0",
        "How often do you have a drink containing alcohol",
    ),
    (
        "68519-8",
        "How many standard drinks containing alcohol do you have on a typical day",
    ),
    (
        "68520-6",
        "How often do you have 6 or more drinks on 1 occasion",
    ),
    (
        "69689-8",
        "Becoming easily annoyed or irritable in last 4 weeks [Reported.PHQ]",
    ),
    (
        "69722-7",
        "How difficult have these made it for you to do your work, take care of things at home, or get along with other people [Reported.PHQ]",
    ),
    (
        "69725-0",
        "Feeling nervous, anxious or on edge in last 2 weeks",
    ),
    (
        "69733-4",
        "Worrying too much about different things in last 2 weeks [Reported.PHQ]",
    ),
    ("69734-2", "Trouble relaxing in last 2 weeks [Reported.PHQ]"),
    (
        "69735-9",
        "Being so restless that it is hard to sit still in last 2 weeks [Reported.PHQ]",
    ),
    (
        "69736-7",
        "Feeling afraid as if something awful might happen in last 2 weeks [Reported.PHQ]",
    ),
    ("69737-5", "Generalized anxiety disorder 7 item (GAD-7)"),
    (
        "70274-6",
        "Generalized anxiety disorder 7 item (GAD-7) total score [Reported.PHQ]",
    ),
    (
        "72109-2",
        "Alcohol Use Disorder Identification Test - Consumption [AUDIT-C]",
    ),
    ("75626-2", "Total score [AUDIT-C]"),
];

/// The name that LOINC gives to a code.
pub(super) fn display(code: &str) -> Option<&'static str> {
    let known = NAMES.iter().find(|(known, _)| *known == code);
    known.map(|(_, name)| *name)
}

/// A code of LOINC with its name.
pub(super) fn coding(code: Loinc) -> Value {
    json!({ "system": LOINC, "code": code.0, "display": display(code.0) })
}
