//! What sort of thing a document is.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The sort of a document, as one lower-case word. Unknown words from a newer version are kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kind(Cow<'static, str>);

impl Kind {
    /// A journal entry: [`Entry`](super::Entry).
    pub const ENTRY: Kind = Kind::of("entry");
    /// A mood check-in: [`CheckIn`](super::CheckIn).
    pub const CHECK_IN: Kind = Kind::of("check_in");
    /// A clinician's answer: [`Reply`](super::Reply).
    pub const REPLY: Kind = Kind::of("reply");
    /// A clinician's mark that something is dealt with: [`Review`](super::Review).
    pub const REVIEW: Kind = Kind::of("review");
    /// Who opened something, and when: [`Opening`](super::Opening).
    pub const OPENING: Kind = Kind::of("opening");
    /// How far a clinic has received: [`Delivery`](super::Delivery).
    pub const DELIVERY: Kind = Kind::of("delivery");
    /// A dosing session: [`DosingSession`](super::DosingSession).
    pub const SESSION: Kind = Kind::of("session");
    /// The clinic's register of one patient: [`PatientRecord`](super::PatientRecord).
    pub const PATIENT: Kind = Kind::of("patient");
    /// What a clinic says about itself: [`ClinicProfile`](super::ClinicProfile).
    pub const CLINIC_PROFILE: Kind = Kind::of("clinic_profile");

    /// All kinds that this version understands.
    pub const KNOWN: [Kind; 9] = [
        Kind::ENTRY,
        Kind::CHECK_IN,
        Kind::REPLY,
        Kind::REVIEW,
        Kind::OPENING,
        Kind::DELIVERY,
        Kind::SESSION,
        Kind::PATIENT,
        Kind::CLINIC_PROFILE,
    ];

    const fn of(word: &'static str) -> Kind {
        Kind(Cow::Borrowed(word))
    }

    /// The kind of that word, known or not.
    pub fn new(word: impl Into<String>) -> Kind {
        Kind(Cow::Owned(word.into()))
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Fields that are long text: two people's edits of one text merge inside it, where a plain
    /// field has one winner. Every document of the kind has them, if only empty.
    pub fn text_fields(&self) -> &'static [&'static str] {
        match self.as_str() {
            "entry" => &["body"],
            "check_in" | "session" => &["note"],
            _ => &[],
        }
    }

    /// Fields that are sets (`{"word": true}`) or maps that grow from several sides. Every document
    /// of the kind has them, if only empty, so that concurrent additions land in the same map.
    pub fn map_fields(&self) -> &'static [&'static str] {
        match self.as_str() {
            "entry" => &["tags"],
            "check_in" => &["feelings"],
            "delivery" => &["through"],
            _ => &[],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Kind {
    fn from(word: &str) -> Kind {
        Kind::new(word)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_kind_from_a_newer_version_survives() {
        let kind: Kind = serde_json::from_str("\"safety_plan\"").unwrap();
        assert_eq!(serde_json::to_string(&kind).unwrap(), "\"safety_plan\"");
        assert!(!Kind::KNOWN.contains(&kind));
        assert_eq!(Kind::new("entry"), Kind::ENTRY);
    }
}
