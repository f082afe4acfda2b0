//! Whom something may be told, what of the record, and what for: as a patient says it, and as a clinic asks for it.

use serde::{Deserialize, Serialize};

use super::{ReleaseError, UNTIL};
use crate::domain::text::{Named, Problem, named};
use crate::domain::{Invalid, Moment, RecordSections, limits, nickname, text};

const PROVIDER: Named = named("provider", "the provider's name");
const WHAT: Named = named("what", "what they are");
const CONTACT: Named = named("contact", "how to reach them");
const SECTIONS: Named = named("sections", "the choice of sections");
const PURPOSE: Named = named("purpose", "the purpose");

/// The terms of a release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleaseTerms {
    /// The outside provider's name, at most 120 characters.
    pub provider: String,
    /// What they are, such as "psychiatrist", at most 200 characters.
    pub what: String,
    /// How to reach them, at most 300 characters; may be empty.
    #[serde(default)]
    pub contact: String,
    /// The sections of the record that may be told; at least one.
    pub sections: RecordSections,
    /// What for, in words, at most 500 characters.
    pub purpose: String,
    /// From this moment on nothing is told any more.
    pub until: Moment,
    /// What becomes of it when the programme ends. Somebody has to choose.
    pub at_programme_end: AtProgrammeEnd,
}

/// What becomes of a release when the programme ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtProgrammeEnd {
    /// It ends with the programme, if not earlier.
    Ends,
    /// It goes on until its own end.
    GoesOn,
}

/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl ReleaseTerms {
    /// That they end after `now`, and at most so many days from then. A release ends at the end of a day: that day
    /// still counts.
    pub(crate) fn must_end_within(&self, now: Moment, days: u32) -> Result<(), ReleaseError> {
        let left_ms = self.until.unix_ms.saturating_sub(now.unix_ms);
        if left_ms <= 0 {
            return Err(ReleaseError::OverAlready);
        }
        if left_ms > i64::from(days).saturating_add(1).saturating_mul(DAY_MS) {
            return Err(ReleaseError::TooLong { days });
        }
        Ok(())
    }
}

impl AtProgrammeEnd {
    /// Both choices.
    pub const ALL: [AtProgrammeEnd; 2] = [AtProgrammeEnd::Ends, AtProgrammeEnd::GoesOn];

    /// The word that is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            AtProgrammeEnd::Ends => "ends",
            AtProgrammeEnd::GoesOn => "goes_on",
        }
    }

    /// The choice of that word.
    pub fn named(word: &str) -> Option<AtProgrammeEnd> {
        AtProgrammeEnd::ALL
            .into_iter()
            .find(|one| one.as_str() == word)
    }

    /// The choice in words.
    pub const fn label(self) -> &'static str {
        match self {
            AtProgrammeEnd::Ends => "ends with the programme",
            AtProgrammeEnd::GoesOn => "goes on after the programme",
        }
    }
}

impl ReleaseTerms {
    pub(in crate::domain) fn checked(self) -> Result<Self, Invalid> {
        let provider = nickname::needed_tidied(&self.provider, PROVIDER, limits::NAME)?;
        let what = text::needed_line(&self.what, WHAT, limits::TITLE)?;
        let contact = text::line(&self.contact, CONTACT, limits::PLACE)?;
        if self.sections.is_empty() {
            return Err(SECTIONS.wrong(Problem::Empty));
        }
        let purpose = text::needed_line(&self.purpose, PURPOSE, limits::REASON)?;
        text::moment(self.until, UNTIL)?;
        Ok(Self {
            provider,
            what,
            contact,
            purpose,
            ..self
        })
    }

    #[cfg(any(test, feature = "testing"))]
    pub(in crate::domain) fn example(n: u8, at_programme_end: AtProgrammeEnd) -> Self {
        use crate::domain::RecordSection;
        Self {
            provider: format!("Dr. Iris Okafor {n}"),
            what: format!("psychiatrist {n}"),
            contact: format!("+1 307 555 010{n}"),
            sections: [RecordSection::example(n), RecordSection::Costs].into(),
            purpose: format!("To agree on the medicines, {n}."),
            until: Moment::utc(1_811_465_113_123 + i64::from(n)),
            at_programme_end,
        }
    }
}
