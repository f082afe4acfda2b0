//! The numbers to call in a crisis, as data: no guide writes a number into its words, so a number that
//! changes is changed once.

use chrono::NaiveDate;

/// A line that somebody answers. What to call it stands in [`Words`](super::Words).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HelpLine {
    /// What it is for.
    pub kind: HelpKind,
    /// The number as it is dialed.
    pub number: &'static str,
    /// Where that is published.
    pub source: &'static str,
    /// Day of the last check, as year, month and day.
    pub checked: (i32, u32, u32),
}

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HelpKind {
    /// A crisis line that answers calls and texts, day and night.
    Crisis,
    /// Ambulance, fire, police.
    Emergency,
}

/// The lines of the United States: the 988 Suicide & Crisis Lifeline (47 CFR 52.200 designates 988) and
/// 911 (47 U.S.C. 251(e)(3)).
pub const UNITED_STATES: [HelpLine; 2] = [
    HelpLine {
        kind: HelpKind::Crisis,
        number: "988",
        source: "https://988lifeline.org",
        checked: (2026, 11, 26),
    },
    HelpLine {
        kind: HelpKind::Emergency,
        number: "911",
        source: "https://www.911.gov",
        checked: (2026, 11, 26),
    },
];

impl HelpLine {
    /// The day of the last check.
    pub fn checked_on(&self) -> Option<NaiveDate> {
        let (year, month, day) = self.checked;
        NaiveDate::from_ymd_opt(year, month, day)
    }
}
