//! What names a thing in a record.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Names one document of a space: sixteen random bytes, chosen when the document is created.
///
/// Written as 32 lowercase hex digits. It stands only inside sealed content, so the server never
/// learns which changes belong together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId([u8; 16]);

/// A text or slice that is not a document id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a document id of 32 hex digits")]
pub struct DocumentIdError;

impl DocumentId {
    /// How many bytes an id has.
    pub const LENGTH: usize = 16;

    /// Takes the bytes as they are.
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// A fresh id that no other device will choose.
    pub fn random(rng: &dyn crate::ports::Rng) -> Self {
        Self(crate::ports::random(rng))
    }

    /// The id as bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads an id from exactly sixteen bytes.
    ///
    /// # Errors
    ///
    /// When the slice has another length.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, DocumentIdError> {
        bytes.try_into().map(Self).map_err(|_| DocumentIdError)
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentId({self})")
    }
}

impl FromStr for DocumentId {
    type Err = DocumentIdError;

    fn from_str(text: &str) -> Result<Self, DocumentIdError> {
        let bytes = data_encoding::HEXLOWER
            .decode(text.as_bytes())
            .map_err(|_| DocumentIdError)?;
        Self::from_slice(&bytes)
    }
}

impl Serialize for DocumentId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DocumentId {
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
    fn an_id_reads_back_from_its_text_bytes_and_json() {
        let id = DocumentId::new(*b"0123456789abcdef");
        assert_eq!(id.to_string(), "30313233343536373839616263646566");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(DocumentId::from_slice(id.as_bytes()), Ok(id));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<DocumentId>(&json).unwrap(), id);
    }

    #[test]
    fn other_lengths_and_other_letters_are_refused() {
        for text in [
            "",
            "30",
            "30313233343536373839616263646566ff",
            "zz313233343536373839616263646566",
        ] {
            assert_eq!(text.parse::<DocumentId>(), Err(DocumentIdError), "{text}");
        }
        assert_eq!(DocumentId::from_slice(&[0; 15]), Err(DocumentIdError));
    }
}
