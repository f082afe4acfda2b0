//! Which member of the private space is which member of the shared one.

use companion_protocol::id::MemberId;
use serde::{Deserialize, Serialize};

use super::{Content, Field, Index, Invalid, Kind, Placement, Shape, Writers};

/// One of the patient's devices by both of its keys. A device is somebody else in each space, so that the
/// server can't tell that they are one; the patient's own devices must, to remove a lost one from both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceKeys {
    /// Who it is in the care space.
    pub care: MemberId,
    /// Who it is in the private space.
    pub private: MemberId,
}

impl Content for DeviceKeys {
    const KIND: Kind = Kind::named("device_keys");
    const SHAPE: Shape = Shape::new(&[Field::value("care"), Field::value("private")]);
    const PLACEMENT: Placement = Placement::Private;
    const WRITERS: Writers = Writers::Patient;
    const TO_BE_SEEN: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        Ok(self)
    }

    fn index(&self) -> Index {
        Index::default()
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| DeviceKeys {
            care: MemberId::new([n; 32]),
            private: MemberId::new([n + 8; 32]),
        };
        (1..=3).map(example).collect()
    }
}
