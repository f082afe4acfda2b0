//! Measures that may not be shipped, or not yet: their names and the reason, and no word of theirs.

use std::ops::RangeInclusive;

use super::{Loinc, MeasureId};

/// A measure that can't be answered here.
#[derive(Debug, PartialEq, Eq)]
pub struct Withheld {
    /// The word that would name it in a record.
    word: &'static str,
    /// What it is called for short.
    pub short_name: &'static str,
    /// Its name.
    pub name: &'static str,
    /// How many items it has, where that is sure.
    pub items: Option<u8>,
    /// What totals it can have, where that is sure.
    pub totals: Option<RangeInclusive<u16>>,
    /// LOINC's code of the questionnaire, where one was confirmed.
    pub panel: Option<Loinc>,
    /// Why its words are not here.
    pub reason: Reason,
}

/// Why a measure is not shipped. Each says what would have to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its owner lets people use it; that others may pass it on was not found. The clinic has to ask.
    AskOwner {
        /// The owner.
        owner: &'static str,
        /// What was found.
        found: &'static str,
    },
    /// It may be reproduced where nothing is earned by it: no part of a program that anybody may sell.
    NonCommercialOnly {
        /// Whom to name.
        credit: &'static str,
        /// What was found.
        found: &'static str,
    },
    /// Each organization that uses it needs a license of its own.
    LicenseForEachUser {
        /// Who gives it.
        owner: &'static str,
        /// What was found.
        found: &'static str,
    },
    /// Its owner refused, or asks for a fee.
    Refused {
        /// The owner.
        owner: &'static str,
        /// What was found.
        found: &'static str,
    },
    /// It was published in an article; that it may be reproduced was not found or not confirmed.
    NoGrantFound {
        /// What was found.
        found: &'static str,
    },
}

impl Withheld {
    /// Names it in a record.
    pub const fn id(&self) -> MeasureId {
        MeasureId::named(self.word)
    }

    /// The withheld measure of that name.
    pub(super) fn of(id: &MeasureId) -> Option<&'static Withheld> {
        WITHHELD
            .iter()
            .find(|withheld| withheld.word == id.as_str())
    }
}

impl Reason {
    /// The reason in a sentence.
    pub const fn label(self) -> &'static str {
        match self {
            Reason::AskOwner { .. } => {
                "its owner has to say first that it may be passed on with this program"
            }
            Reason::NonCommercialOnly { .. } => {
                "it may only be reproduced where nothing is earned by it"
            }
            Reason::LicenseForEachUser { .. } => {
                "each clinic that uses it needs a license of its own"
            }
            Reason::Refused { .. } => "its owner does not allow it, or asks for a fee",
            Reason::NoGrantFound { .. } => "nobody was found who says that it may be reproduced",
        }
    }
}

const fn withheld(
    word: &'static str,
    short_name: &'static str,
    name: &'static str,
    reason: Reason,
) -> Withheld {
    Withheld {
        word,
        short_name,
        name,
        items: None,
        totals: None,
        panel: None,
        reason,
    }
}

pub(super) static WITHHELD: &[Withheld] = &[
    Withheld {
        items: Some(6),
        ..withheld(
            "c-ssrs-screener",
            "C-SSRS",
            "Columbia-Suicide Severity Rating Scale, screener, recent",
            Reason::AskOwner {
                owner: "Research Foundation for Mental Hygiene, Inc.",
                found: "cssrs.columbia.edu/about-the-project/faq says that anyone can use it; no grant to \
                    redistribute it in software was found",
            },
        )
    },
    Withheld {
        items: Some(5),
        totals: Some(0..=100),
        ..withheld(
            "who-5",
            "WHO-5",
            "WHO-5 Well-Being Index",
            Reason::NonCommercialOnly {
                credit: "World Health Organization",
                found: "sources conflict: free for unrestricted use (smaat.eu), or CC BY-NC-SA 3.0 IGO (WHO 2024)",
            },
        )
    },
    Withheld {
        items: Some(10),
        totals: Some(0..=10),
        panel: Some(Loinc("82666-9")),
        ..withheld(
            "dast-10",
            "DAST-10",
            "Drug Abuse Screening Test",
            Reason::NonCommercialOnly {
                credit: "Dr. Harvey A. Skinner",
                found: "may be reproduced for non-commercial use (clinical, research, training) with credit \
                    (CamCOPS, dast.rst). Its answers may fall under 42 CFR Part 2",
            },
        )
    },
    Withheld {
        items: Some(5),
        totals: Some(0..=20),
        ..withheld(
            "asrm",
            "ASRM",
            "Altman Self-Rating Mania Scale",
            Reason::Refused {
                owner: "Elsevier",
                found: "copyright and a license fee (CamCOPS, _tasks_missing.rst)",
            },
        )
    },
    Withheld {
        items: Some(7),
        ..withheld(
            "swemwbs",
            "SWEMWBS",
            "Short Warwick-Edinburgh Mental Wellbeing Scale",
            Reason::LicenseForEachUser {
                owner: "University of Warwick",
                found: "the non-commercial license forbids giving it to other parties \
                    (warwick.ac.uk/fac/sci/med/research/platform/wemwbs/using)",
            },
        )
    },
    Withheld {
        items: Some(30),
        ..withheld(
            "meq-30",
            "MEQ-30",
            "Mystical Experience Questionnaire",
            Reason::NoGrantFound {
                found: "the form comes with an article, for research",
            },
        )
    },
    withheld(
        "ebi",
        "EBI",
        "Emotional Breakthrough Inventory",
        Reason::NoGrantFound {
            found: "the article's license is not confirmed",
        },
    ),
    withheld(
        "edi",
        "EDI",
        "Ego-Dissolution Inventory",
        Reason::NoGrantFound {
            found: "said to be in an article under CC BY; not confirmed",
        },
    ),
    Withheld {
        items: Some(23),
        ..withheld(
            "piq",
            "PIQ",
            "Psychological Insight Questionnaire",
            Reason::NoGrantFound {
                found: "the article's license is not confirmed",
            },
        )
    },
    Withheld {
        items: Some(6),
        ..withheld(
            "cadss-6",
            "CADSS-6",
            "Clinician-Administered Dissociative States Scale, six items",
            Reason::NoGrantFound {
                found: "a clinician's rating during the session; its authors call it not yet validated in its own \
                    right (research.regionh.dk)",
            },
        )
    },
    withheld(
        "madrs",
        "MADRS",
        "Montgomery-Åsberg Depression Rating Scale",
        Reason::Refused {
            owner: "Royal College of Psychiatrists",
            found: "permission was refused (CamCOPS, _tasks_missing.rst)",
        },
    ),
    withheld(
        "ham-d",
        "HAM-D",
        "Hamilton Rating Scale for Depression",
        Reason::NoGrantFound {
            found: "a clinician's rating; no grant was found",
        },
    ),
    withheld(
        "bdi",
        "BDI",
        "Beck Depression Inventory",
        Reason::Refused {
            owner: "Pearson",
            found: "proprietary (psyctc.org)",
        },
    ),
];
