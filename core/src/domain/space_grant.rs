//! A clinic's permission for a patient's device to found the space that it keeps to itself.

use companion_protocol::id::MemberId;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Placement, Shape, Writers, limits, text,
};

const GRANT: Named = named("grant", "the grant");

/// The grant that a device asked for ([`Device::grant_for`](super::Device::grant_for)). It names the founder,
/// so nobody else can use it, also after a server was restored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpaceGrant {
    /// Who may found a space by it.
    pub founder: MemberId,
    /// The grant, in base64url without padding.
    pub grant: String,
}

impl SpaceGrant {
    /// A grant to hand over.
    pub fn new(founder: MemberId, grant: &[u8]) -> Self {
        let grant = BASE64URL_NOPAD.encode(grant);
        Self { founder, grant }
    }

    /// The grant's bytes, if they can be read.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        BASE64URL_NOPAD.decode(self.grant.as_bytes()).ok()
    }
}

impl Content for SpaceGrant {
    const KIND: Kind = Kind::named("space_grant");
    const SHAPE: Shape = Shape::new(&[Field::value("founder"), Field::value("grant")]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::ToNone;
    const IN_EXPORT: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        let grant = text::needed_line(&self.grant, GRANT, limits::GRANT)?;
        Ok(Self { grant, ..self })
    }

    fn index(&self) -> Index {
        Index::default()
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| SpaceGrant::new(MemberId::new([n; 32]), &[n; 8]);
        (1..=3).map(example).collect()
    }
}
