//! What sort of thing a document is, as one word.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The sort of a document, as one lower-case word. Unknown words from a newer version are kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kind(Cow<'static, str>);

impl Kind {
    /// The kind that a file of this module declares.
    pub(super) const fn named(word: &'static str) -> Kind {
        Kind(Cow::Borrowed(word))
    }

    /// The kind of that word, known or not: from a row or a payload.
    pub fn from_stored(word: impl Into<String>) -> Kind {
        Kind(Cow::Owned(word.into()))
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_kind_from_a_newer_version_survives() {
        let kind: Kind = serde_json::from_str("\"letter\"").unwrap();
        assert_eq!(serde_json::to_string(&kind).unwrap(), "\"letter\"");
        assert_eq!(Kind::from_stored("entry"), Kind::named("entry"));
    }
}
