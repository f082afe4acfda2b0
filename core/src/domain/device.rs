//! What a device of the patient's says of itself: its name, and what it is.

use companion_protocol::id::MemberId;
use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{
    Content, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers, limits, text,
};

const NAME: Named = named("name", "the device's name");
const AT: Named = named("at", "the time of joining");

/// A device of the patient's, or recovery words, by a name that a person knows it by. It lives in the
/// care space: the clinic removes lost phones too, and must not have to guess which one it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// Which member of the patient's spaces it is.
    pub member: MemberId,
    /// What the patient calls it, at most 120 characters.
    pub name: String,
    /// What it is.
    pub sort: DeviceSort,
    /// The device that wrote this: the phone itself, or the phone that the words were made on.
    pub made_on: MemberId,
    /// When it was set up, or the words were made.
    pub at: Moment,
}

/// What a device of the patient's is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceSort {
    /// A phone.
    Phone,
    /// A tablet.
    Tablet,
    /// Recovery words, which are a member like a phone and no device at all.
    RecoveryWords,
}

impl DeviceSort {
    /// The word that is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            DeviceSort::Phone => "phone",
            DeviceSort::Tablet => "tablet",
            DeviceSort::RecoveryWords => "recovery_words",
        }
    }
}

impl Content for Device {
    const KIND: Kind = Kind::named("device");
    const SHAPE: Shape = Shape::new(&[
        Field::value("member"),
        Field::value("name"),
        Field::value("sort"),
        Field::value("made_on"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Patient;
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
            made_on: MemberId::new([n; 32]),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        vec![
            example(1, DeviceSort::Phone),
            example(2, DeviceSort::Tablet),
            example(3, DeviceSort::RecoveryWords),
        ]
    }
}
