//! What a member was given of another one's history, where two members were given different things.

use companion_protocol::id::{Counter, MemberId};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Placement, Shape, Writers, limits, text,
};

const HEADER: Named = named("header", "the signed header");

/// A change of another member as the writer was given it, without its body: header, body's hash and
/// signature. Two of them with one count and two histories prove that their author signed both, whoever handed
/// them out; the same change sealed twice has one history, and proves nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Whose change it is.
    pub member: MemberId,
    /// Its author's count of it.
    pub counter: Counter,
    /// The change without its body, in base64url without padding.
    pub header: String,
}

impl Evidence {
    /// What was given of a member's change.
    pub fn new(member: MemberId, counter: Counter, bare: &[u8]) -> Self {
        let header = BASE64URL_NOPAD.encode(bare);
        Self {
            member,
            counter,
            header,
        }
    }

    /// The change without its body, as bytes.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        BASE64URL_NOPAD.decode(self.header.as_bytes()).ok()
    }
}

impl Content for Evidence {
    const KIND: Kind = Kind::named("evidence");
    const SHAPE: Shape = Shape::new(&[
        Field::value("member"),
        Field::value("counter"),
        Field::value("header"),
    ]);
    const PLACEMENT: Placement = Placement::CareOrPrivate;
    const WRITERS: Writers = Writers::Both;
    const BELONGS: Belongs = Belongs::ToNone;
    const TO_BE_SEEN: bool = false;
    const IN_EXPORT: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        let header = text::needed_line(&self.header, HEADER, limits::SIGNED_HEADER)?;
        Ok(Self { header, ..self })
    }

    fn index(&self) -> Index {
        Index::default()
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example =
            |n: u8| Evidence::new(MemberId::new([n; 32]), Counter(u64::from(n)), &[n; 64]);
        (1..=3).map(example).collect()
    }
}
