//! What names a guide, a task in it, and one edition of it.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

use super::model::{Span, words_of};

/// Most characters of a name.
const NAME_LIMIT: usize = 40;

/// A text that names no guide and no task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a name of 1 to 40 lowercase letters, digits and hyphens that begins with a letter")]
pub struct NameError;

fn is_name(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_ascii_lowercase());
    let mut rest = text.bytes();
    begins
        && text.len() <= NAME_LIMIT
        && rest.all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub struct $name(String);

        impl $name {
            /// As it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                is_name(text).then(|| Self(text.to_owned())).ok_or(NameError)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?
                    .parse()
                    .map_err(de::Error::custom)
            }
        }
    };
}

name_type!(
    /// Names a guide, the same in every language and version: `session-day`.
    GuideId
);
name_type!(
    /// Names a task of a guide, the same in every language and version: `ride`. What a patient ticked
    /// is kept under it.
    TaskId
);

impl TaskId {
    /// The name of a task that nobody named: a digest of its words, so that it is another task once they
    /// change and the same one wherever it stands.
    pub(super) fn of_words(text: &[Span]) -> TaskId {
        let digest = Sha256::digest(words_of(text).as_bytes());
        let hex = HEXLOWER.encode(digest.get(..8).unwrap_or_default());
        TaskId(format!("t-{hex}"))
    }
}

/// Which version of a guide's words, from 1 to 9,999. Bundled guides and a clinic's texts count apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GuideVersion(pub u32);

impl fmt::Display for GuideVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One edition of a guide's words: what somebody opened or finished. Written `b2` (bundled, version 2)
/// or `c3` (the clinic's, version 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// The words that came with this program.
    Bundled(GuideVersion),
    /// The clinic's words.
    Clinic(GuideVersion),
}

/// A text that names no edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an edition of the form b2 or c3")]
pub struct EditionError;

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Edition::Bundled(version) => write!(f, "b{version}"),
            Edition::Clinic(version) => write!(f, "c{version}"),
        }
    }
}

impl FromStr for Edition {
    type Err = EditionError;

    fn from_str(text: &str) -> Result<Self, EditionError> {
        let (edition, number): (fn(GuideVersion) -> Edition, _) =
            match (text.strip_prefix('b'), text.strip_prefix('c')) {
                (Some(number), _) => (Edition::Bundled, number),
                (_, Some(number)) => (Edition::Clinic, number),
                (None, None) => return Err(EditionError),
            };
        let version = number.parse().map(GuideVersion).map_err(|_| EditionError)?;
        // Only the shortest form, or one edition would have many names.
        let edition = edition(version);
        (edition.to_string() == text)
            .then_some(edition)
            .ok_or(EditionError)
    }
}

impl Serialize for Edition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Edition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn names_are_short_lowercase_and_begin_with_a_letter() {
        for text in ["session-day", "a", "s2", &"x".repeat(40)] {
            assert_eq!(text.parse::<GuideId>().unwrap().as_str(), text);
        }
        for text in ["", "Session", "2s", "-a", "a b", "día", &"x".repeat(41)] {
            assert_eq!(text.parse::<GuideId>(), Err(NameError), "{text}");
        }
    }

    #[test]
    fn an_edition_has_one_way_to_be_written() {
        for edition in [
            Edition::Bundled(GuideVersion(2)),
            Edition::Clinic(GuideVersion(31)),
        ] {
            assert_eq!(edition.to_string().parse(), Ok(edition));
        }
        for text in ["", "b", "2", "b02", "b+2", "d1", "c-1", "c1 "] {
            assert_eq!(text.parse::<Edition>(), Err(EditionError), "{text}");
        }
    }
}
