//! Which changes a document is made of: the hash of one, and the heads of many.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::hex::hex_type;

/// A text or slice of the wrong length or alphabet for a hash or a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a hash or revision written in hex digits")]
pub struct RevisionError;

hex_type!(
    /// Names one change of a document: SHA-256 over its content, so it also vouches for it.
    ChangeHash,
    32,
    RevisionError
);

/// A state of a document: the hashes of its newest changes, sorted. Two replicas at the same
/// revision show the same content, byte for byte.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(Vec<ChangeHash>);

impl Revision {
    /// The revision with these heads, in whatever order and however often they are given.
    pub fn new(heads: impl IntoIterator<Item = ChangeHash>) -> Self {
        let mut heads: Vec<_> = heads.into_iter().collect();
        heads.sort_unstable();
        heads.dedup();
        Self(heads)
    }

    /// The heads, sorted. More than one means that edits happened apart and were merged.
    pub fn heads(&self) -> &[ChangeHash] {
        &self.0
    }

    /// Whether this is the revision of no document at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The heads one after the other, 32 bytes each.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0
            .iter()
            .flat_map(|head| head.as_bytes().iter().copied())
            .collect()
    }

    /// Reads what [`Revision::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// When the length is not a multiple of 32.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RevisionError> {
        let heads = bytes.chunks(ChangeHash::LENGTH).map(ChangeHash::from_slice);
        Ok(Self::new(heads.collect::<Result<Vec<_>, _>>()?))
    }
}

impl FromIterator<ChangeHash> for Revision {
    fn from_iter<I: IntoIterator<Item = ChangeHash>>(heads: I) -> Self {
        Self::new(heads)
    }
}

impl fmt::Display for Revision {
    /// The heads in hex, joined by full stops: fit for a form field or a URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, head) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str(".")?;
            }
            head.fmt(f)?;
        }
        Ok(())
    }
}

impl FromStr for Revision {
    type Err = RevisionError;

    fn from_str(text: &str) -> Result<Self, RevisionError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let heads = text.split('.').map(str::parse);
        Ok(Self::new(heads.collect::<Result<Vec<_>, _>>()?))
    }
}

impl Serialize for Revision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Revision {
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
    fn a_revision_is_the_same_whatever_the_order_of_its_heads() {
        let (one, two) = (ChangeHash::new([1; 32]), ChangeHash::new([2; 32]));
        let revision = Revision::new([two, one, two]);
        assert_eq!(revision, Revision::new([one, two]));
        assert_eq!(revision.heads(), [one, two]);
    }

    #[test]
    fn a_revision_reads_back_from_text_bytes_and_json() {
        for heads in [vec![], vec![[7; 32]], vec![[1; 32], [2; 32], [3; 32]]] {
            let revision = Revision::new(heads.into_iter().map(ChangeHash::new));
            assert_eq!(revision.to_string().parse(), Ok(revision.clone()));
            assert_eq!(
                Revision::from_bytes(&revision.to_bytes()),
                Ok(revision.clone())
            );
            let json = serde_json::to_string(&revision).unwrap();
            assert_eq!(serde_json::from_str::<Revision>(&json).unwrap(), revision);
        }
        assert_eq!("12.34".parse::<Revision>(), Err(RevisionError));
        assert_eq!(Revision::from_bytes(&[0; 33]), Err(RevisionError));
    }
}
