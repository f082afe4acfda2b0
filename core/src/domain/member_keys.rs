//! Which member of the private space is which member of the shared one.

use companion_protocol::id::MemberId;
use serde::{Deserialize, Serialize};

use super::hex::hex_type;
use super::{Belongs, Content, Field, Index, Invalid, Kind, Placement, Shape, Writers};

/// One of the patient's devices, or recovery words, by its keys in both spaces. It is somebody else in each,
/// so that the server can't tell that they are one; the patient's own devices must, to remove a lost one from
/// both.
///
/// Any device of the patient's can write such a document, or write over one, so none is believed for how it
/// stands: each change counts by the signatures in it (`crate::space::same_member`). Both keys sign that they
/// belong together, which nobody can say of somebody else; and whoever let a device in says which two newcomers
/// it let in as one, for one that was never heard of again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberKeys {
    /// Who it is in the care space.
    pub care: MemberId,
    /// Who it is in the private space.
    pub private: MemberId,
    /// By the key in the care space, that both are one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care_signature: Option<KeySignature>,
    /// By the key in the private space, that both are one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_signature: Option<KeySignature>,
    /// By the member of the private space that let it in there, that it let both in as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admitter_signature: Option<KeySignature>,
}

/// A text or slice that is not a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a signature of 128 hex digits")]
pub struct KeySignatureError;

hex_type!(
    /// A signature by a member's key, written as 128 lowercase hex digits.
    KeySignature,
    64,
    KeySignatureError
);

impl Content for MemberKeys {
    const KIND: Kind = Kind::named("member_keys");
    const SHAPE: Shape = Shape::new(&[
        Field::value("care"),
        Field::value("private"),
        Field::value("care_signature"),
        Field::value("private_signature"),
        Field::value("admitter_signature"),
    ]);
    const PLACEMENT: Placement = Placement::Private;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::ToNone;
    const TO_BE_SEEN: bool = false;
    const IN_EXPORT: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        Ok(self)
    }

    fn index(&self) -> Index {
        Index::default()
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| MemberKeys {
            care: MemberId::new([n; 32]),
            private: MemberId::new([n + 8; 32]),
            care_signature: Some(KeySignature::new([n; 64])),
            private_signature: Some(KeySignature::new([n + 8; 64])),
            admitter_signature: Some(KeySignature::new([n + 16; 64])),
        };
        (1..=3).map(example).collect()
    }
}
