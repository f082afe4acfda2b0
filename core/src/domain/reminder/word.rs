//! Short words that rules and facts name things by.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

/// A text that can't name a rule, a task or a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a word of 1 to 40 lowercase letters, digits, - and _")]
pub struct WordError;

/// Most characters of a word.
const LONGEST: usize = 40;

fn is_word(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    (1..=LONGEST).contains(&text.len()) && text.chars().all(fits)
}

macro_rules! word {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            pub(super) const fn known(word: &'static str) -> Self {
                Self(Cow::Borrowed(word))
            }

            /// That word.
            ///
            /// # Errors
            ///
            /// When it is not 1 to 40 lowercase letters, digits, `-` and `_`.
            pub fn new(word: impl Into<String>) -> Result<Self, WordError> {
                let word = word.into();
                if is_word(&word) {
                    Ok(Self(Cow::Owned(word)))
                } else {
                    Err(WordError)
                }
            }

            /// The word.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::new(String::deserialize(deserializer)?).map_err(de::Error::custom)
            }
        }
    };
}

word!(
    /// Names a rule of a pack. Once used it keeps its meaning: ids of notifications are made from it.
    RuleId
);
word!(
    /// Something that a reminder asks for and that the record can say is done. The constants are those
    /// of the default pack; a clinic may have its own.
    Task
);
word!(
    /// Names a measure: `phq-9`.
    MeasureId
);

impl Task {
    /// Structure and costs were read and acknowledged.
    pub const COSTS: Task = Task::known("costs");
    /// The list of medicines is up to date.
    pub const MEDICINES: Task = Task::known("medicines");
    /// A ride home is confirmed.
    pub const RIDE: Task = Task::known("ride");
    /// A person to lean on is named.
    pub const SUPPORT: Task = Task::known("support");
    /// The preparation guide is read.
    pub const GUIDE: Task = Task::known("guide");
    /// "Did anything change?" is answered.
    pub const CHANGES: Task = Task::known("changes");
    /// The day after the session was looked back on.
    pub const DAY_AFTER: Task = Task::known("day_after");
    /// The prompt for integration was answered.
    pub const INTEGRATION: Task = Task::known("integration");
}
