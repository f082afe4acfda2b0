//! Groups of medicines that the literature on ketamine names, for whoever goes through a patient's list:
//! a reason to talk, and no more. A list of names is not searched for them, since one that is not found would
//! read as safe; and what to do about a medicine is for the people who prescribe it to say.

use super::measure::Source;

/// The label of ketamine in the United States.
const LABEL: Source = Source::new(
    "Ketalar (ketamine) injection, prescribing information, revision of October 2024, section 7",
    "https://fda.report/DailyMed/46dab560-8ecd-4d92-8c92-6baa2310b09b",
);
const VERAART: Source = Source::new(
    "Veraart and others 2021, systematic review, Int J Neuropsychopharmacol (evidence of low quality overall)",
    "https://doi.org/10.1093/ijnp/pyab039",
);
const ANDRADE: Source = Source::new(
    "Andrade 2017, Ketamine for depression, 5: drug interactions, J Clin Psychiatry 78:e858 (abstract)",
    "https://doi.org/10.4088/JCP.17f11802",
);
const ESKETAMINE: Source = Source::new(
    "Spravato (esketamine, a close relative of ketamine), patient information as a treatment center gives it",
    "https://indyat.com/patient-information/",
);

/// One group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MedicineGroup {
    /// What belongs to it.
    pub name: &'static str,
    /// What was written about it together with ketamine.
    pub why: &'static str,
    /// By whom.
    pub source: Source,
}

const fn group(name: &'static str, why: &'static str, source: Source) -> MedicineGroup {
    MedicineGroup { name, why, source }
}

/// All of them.
pub const MEDICINE_GROUPS: [MedicineGroup; 7] = [
    group(
        "Theophylline and aminophylline",
        "Together they may lower the threshold for seizures.",
        LABEL,
    ),
    group(
        "Benzodiazepines, opioids and whatever else dampens the brain, alcohol among it",
        "Together they may sedate deeply and slow the breath.",
        LABEL,
    ),
    group(
        "Medicines that act like adrenaline, and vasopressin",
        "Together they may raise blood pressure and pulse.",
        LABEL,
    ),
    group(
        "Stimulants and MAO inhibitors",
        "Together they may raise blood pressure.",
        ESKETAMINE,
    ),
    group(
        "Benzodiazepines, taken regularly",
        "Several studies found that ketamine's effect on mood was shorter or weaker.",
        VERAART,
    ),
    group(
        "Lamotrigine",
        "Two of five studies found that what ketamine does was weaker.",
        VERAART,
    ),
    group(
        "Medicines that slow down or speed up the enzymes CYP2B6 and CYP3A4",
        "They change how much ketamine is in the blood, and for how long.",
        ANDRADE,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_a_reason_to_talk_with_its_source_and_no_instruction() {
        for group in MEDICINE_GROUPS {
            assert!(group.source.link.starts_with("https://"));
            assert!(!group.source.cited.is_empty());
            let words = format!("{} {}", group.name, group.why).to_lowercase();
            for never in [
                "stop", "hold", "skip", "avoid", "must", "should", "safe", "mg",
            ] {
                let mut said = words.split(|c: char| !c.is_alphanumeric());
                assert!(!said.any(|word| word == never), "{never} in {words}");
            }
        }
    }
}
