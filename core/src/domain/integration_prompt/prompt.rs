//! One prompt: its name, its days, its words, and what can be wrong with them.

use std::fmt;
use std::str::FromStr;

use crate::domain::limits;

/// The last day after a session on which anything can be offered: a year.
pub const DAYS_LIMIT: u16 = 365;

/// Why a prompt can't be offered as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    /// Its last day comes before its first.
    #[error("its last day, {until}, comes before its first, {from}")]
    WrongWayRound {
        /// The first.
        from: u16,
        /// The last.
        until: u16,
    },
    /// A day on which nothing is offered.
    #[error("its days are not between 1 and {DAYS_LIMIT} after a session")]
    Days,
    /// A prompt of the clinic's own says no days.
    #[error("it needs a first and a last day")]
    NoDays,
    /// A prompt of the clinic's own says nothing.
    #[error("it needs words")]
    NoWords,
    /// HTML, or a blank of a reminder, which nothing here reads.
    #[error("it holds one of < > {{ }}, and a prompt is plain words")]
    Markup,
    /// It has no name that can be kept.
    #[error("its name is not 1 to 40 small letters, digits and _")]
    Name,
}

/// Names a prompt for good: 1 to 40 small letters, digits and `_`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PromptId(String);

impl PromptId {
    /// As it is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PromptId {
    type Err = PromptError;

    fn from_str(text: &str) -> Result<Self, PromptError> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if (1..=limits::WORD).contains(&text.len()) && text.chars().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PromptError::Name)
        }
    }
}

impl fmt::Display for PromptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// From which day after a session until which, both among them, something is offered. The day of the session is
/// 0, and nothing is offered on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DaysAfter {
    from: u16,
    until: u16,
}

impl DaysAfter {
    pub(super) const fn known(from: u16, until: u16) -> Self {
        Self { from, until }
    }

    /// These days.
    ///
    /// # Errors
    ///
    /// A day that is not between 1 and [`DAYS_LIMIT`], or the last before the first.
    pub fn new(from: u16, until: u16) -> Result<Self, PromptError> {
        let can_be = 1..=DAYS_LIMIT;
        if !can_be.contains(&from) || !can_be.contains(&until) {
            return Err(PromptError::Days);
        }
        if until < from {
            return Err(PromptError::WrongWayRound { from, until });
        }
        Ok(Self { from, until })
    }

    /// The first.
    pub const fn from(self) -> u16 {
        self.from
    }

    /// The last.
    pub const fn until(self) -> u16 {
        self.until
    }

    /// Whether it is offered so many days after a session.
    pub fn include(self, day: u16) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

/// Whose words something is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// Ours.
    Ours,
    /// The clinic's, in the language in which it wrote them.
    Clinic,
}

/// A prompt in the words and on the days that count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// Its name.
    pub id: PromptId,
    /// When it is offered.
    pub days: DaysAfter,
    /// What it says: one line of plain words.
    pub words: String,
    /// Whose words these are.
    pub whose: Whose,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_come_after_a_session_in_their_order_and_within_a_year() {
        assert!(DaysAfter::new(1, 1).is_ok() && DaysAfter::new(1, DAYS_LIMIT).is_ok());
        assert_eq!(
            DaysAfter::new(7, 3),
            Err(PromptError::WrongWayRound { from: 7, until: 3 })
        );
        for (from, until) in [(0, 3), (1, DAYS_LIMIT + 1), (400, 500)] {
            assert_eq!(DaysAfter::new(from, until), Err(PromptError::Days));
        }
    }

    #[test]
    fn a_name_is_a_small_word() {
        assert!("own_0a".parse::<PromptId>().is_ok());
        for odd in ["", "Body", "two words", "ñ", &"x".repeat(41)] {
            assert_eq!(odd.parse::<PromptId>(), Err(PromptError::Name), "{odd}");
        }
    }
}
