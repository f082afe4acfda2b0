//! What a clinic needs to read a patient's care space again after its node was lost: kept in the
//! clinic's own space, so that register and keys come back together.

use companion_protocol::id::SpaceId;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::text::{Named, Problem, named};
use super::{Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Placement, Shape, Writers};

const FOUNDING: Named = named("founding", "the founding statement");
const KEY: Named = named("key", "the founding key");
/// Most characters of a founding statement: several times what one has.
const FOUNDING_LENGTH: usize = 16_000;

/// The founding statement and the first key of one care space. It lives in the clinic space: only the
/// clinic's node reads it, and the server holds it sealed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CareKey {
    /// Whose care space it is, in the register.
    pub patient: DocumentId,
    /// The space.
    pub care_space: SpaceId,
    /// The statement that founded it, as it was signed; in base64url.
    pub founding: String,
    /// The key of its first epoch, in base64url.
    pub key: String,
}

impl std::fmt::Debug for CareKey {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CareKey({})", self.care_space)
    }
}

impl CareKey {
    /// Writes down a care space's beginning.
    pub fn new(
        patient: DocumentId,
        care_space: SpaceId,
        founding: &[u8],
        key: &[u8; 32],
    ) -> CareKey {
        CareKey {
            patient,
            care_space,
            founding: BASE64URL_NOPAD.encode(founding),
            key: BASE64URL_NOPAD.encode(key),
        }
    }

    /// The founding statement's bytes; `None` if they can't be read.
    pub fn founding_bytes(&self) -> Option<Vec<u8>> {
        BASE64URL_NOPAD.decode(self.founding.as_bytes()).ok()
    }

    /// The key's bytes; `None` if they can't be read.
    pub fn key_bytes(&self) -> Option<[u8; 32]> {
        let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(self.key.as_bytes()).ok()?);
        bytes.as_slice().try_into().ok()
    }
}

impl Content for CareKey {
    const KIND: Kind = Kind::named("care_key");
    const SHAPE: Shape = Shape::new(&[
        Field::value("patient"),
        Field::value("care_space"),
        Field::value("founding"),
        Field::value("key"),
    ]);
    const PLACEMENT: Placement = Placement::Clinic;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;
    const IN_EXPORT: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        if self.founding.len() > FOUNDING_LENGTH {
            return Err(FOUNDING.wrong(Problem::TooManyCharacters {
                limit: FOUNDING_LENGTH,
            }));
        }
        if self.founding_bytes().is_none_or(|bytes| bytes.is_empty()) {
            return Err(FOUNDING.wrong(Problem::Empty));
        }
        if self.key_bytes().is_none() {
            return Err(KEY.wrong(Problem::Empty));
        }
        Ok(self)
    }

    fn index(&self) -> Index {
        Index {
            about: Some(self.patient),
            concerns: Some(self.care_space),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| {
            let patient = DocumentId::new([n; 16]);
            CareKey::new(patient, SpaceId::new([n; 32]), &[n; 64], &[n; 32])
        };
        (1..=3).map(example).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_key_comes_back_as_it_was_and_is_never_printed() {
        let kept = CareKey::examples().remove(0);
        assert_eq!(kept.key_bytes().unwrap(), [1; 32]);
        assert_eq!(kept.founding_bytes().unwrap(), [1; 64]);
        let printed = format!("{kept:?}");
        assert!(!printed.contains(&kept.key), "{printed}");
        let broken = CareKey {
            key: "short".to_owned(),
            ..kept
        };
        assert!(broken.checked().is_err());
    }
}
