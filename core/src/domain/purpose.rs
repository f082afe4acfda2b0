//! What a space is for.

use std::str::FromStr;

/// What a space is for. Who is in it decides who reads what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The patient's devices and the clinic's nodes: everything shared.
    Care,
    /// The patient's devices and recovery words only.
    Private,
    /// The clinic's nodes only.
    Clinic,
}

/// A word that names no purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a purpose of a space")]
pub struct PurposeError;

impl Purpose {
    /// All purposes.
    pub const ALL: [Purpose; 3] = [Purpose::Care, Purpose::Private, Purpose::Clinic];

    /// As it is stored and written into links.
    pub const fn as_str(self) -> &'static str {
        match self {
            Purpose::Care => "care",
            Purpose::Private => "private",
            Purpose::Clinic => "clinic",
        }
    }
}

impl FromStr for Purpose {
    type Err = PurposeError;

    fn from_str(word: &str) -> Result<Self, PurposeError> {
        let named = Purpose::ALL.into_iter().find(|one| one.as_str() == word);
        named.ok_or(PurposeError)
    }
}
