//! What a device of the patient's says of itself: its name, and what it is.

use companion_protocol::id::MemberId;
use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Belongs, Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, limits, text,
};

const NAME: Named = named("name", "the device's name");
const AT: Named = named("at", "the time of joining");

/// A device of the patient's, by a name that a person knows it by. It lives in the
/// care space: the clinic removes lost phones too, and must not have to guess which one it is.
///
/// It counts as that device's word alone: where another member wrote it, or over it, nobody reads it
/// (`crate::members`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// Which member of the care space it is.
    pub member: MemberId,
    /// What the patient calls it, at most 120 characters.
    pub name: String,
    /// What it is.
    pub sort: DeviceSort,
    /// When it was set up.
    pub at: Moment,
    /// Who it is as the founder of the space that it keeps to itself, for which it asks the clinic for a
    /// grant; `None` for a device that joined such a space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_for: Option<MemberId>,
}

/// What a device of the patient's is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceSort {
    /// A phone.
    Phone,
    /// A tablet.
    Tablet,
}

impl DeviceSort {
    /// The word that is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            DeviceSort::Phone => "phone",
            DeviceSort::Tablet => "tablet",
        }
    }
}

impl Content for Device {
    const KIND: Kind = Kind::named("device");
    const SHAPE: Shape = Shape::new(&[
        Field::value("member"),
        Field::value("name"),
        Field::value("sort"),
        Field::value("at"),
        Field::value("grant_for"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::ToNone;
    const IN_EXPORT: bool = false;
    // A name of a phone is nothing that a clinician has to read.
    const TO_BE_SEEN: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        let name = text::needed_line(&self.name, NAME, limits::NAME)?;
        text::moment(self.at, AT)?;
        Ok(Self { name, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            state: self.sort.as_str(),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, sort| Device {
            member: MemberId::new([n; 32]),
            name: format!("Ada's phone {n}"),
            sort,
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
            grant_for: (n > 1).then(|| MemberId::new([n + 8; 32])),
        };
        vec![
            example(1, DeviceSort::Phone),
            example(2, DeviceSort::Tablet),
            example(3, DeviceSort::Tablet),
        ]
    }
}
