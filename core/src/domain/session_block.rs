//! How long a dosing session takes, part by part: a calendar shows the whole of it.

use serde::{Deserialize, Serialize};

use super::text::{Named, Problem};
use super::{Invalid, Moment, limits};

const MS_OF_A_MINUTE: i64 = 60_000;

/// A length of time in whole minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Minutes(pub u16);

/// Arriving and settling in before the medicine, unless the clinic says otherwise.
pub const ARRIVAL: Minutes = Minutes(30);
/// The experience itself: "typically lasts 45–60 minutes" in the description of the clinic's process that
/// this product is made for.
pub const MEDICINE: Minutes = Minutes(60);
/// Coming back after it.
pub const COMING_BACK: Minutes = Minutes(30);
/// Grounding and first words. With the defaults a visit takes two and a half hours, within the two to
/// three that Journey Clinical describes for ketamine-assisted psychotherapy.
pub const GROUNDING: Minutes = Minutes(30);

impl Minutes {
    /// The instant so many minutes after another one.
    pub const fn after(self, moment: Moment) -> Moment {
        Moment {
            unix_ms: moment
                .unix_ms
                .saturating_add(self.0 as i64 * MS_OF_A_MINUTE),
            ..moment
        }
    }

    /// The same, if it is at least that much and at most six hours.
    pub(super) fn checked(self, least: u16, name: Named) -> Result<Self, Invalid> {
        if (least..=limits::BLOCK_MINUTES).contains(&self.0) {
            Ok(self)
        } else {
            Err(name.wrong(Problem::OutOfRange {
                least: least.into(),
                most: limits::BLOCK_MINUTES.into(),
            }))
        }
    }
}

/// The parts of one session, each by the moment when it begins. All carry the session's own offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The patient is to be there.
    pub arrives: Moment,
    /// The medicine is given.
    pub medicine: Moment,
    /// The experience is over, and the patient comes back.
    pub coming_back: Moment,
    /// Grounding and first words.
    pub grounding: Moment,
    /// The escort takes over.
    pub ends: Moment,
}

impl Block {
    /// The block that begins then with parts of these lengths, in their order.
    pub const fn new(arrives: Moment, [arrival, medicine, back, grounding]: [Minutes; 4]) -> Block {
        let medicine_at = arrival.after(arrives);
        let back_at = medicine.after(medicine_at);
        let grounding_at = back.after(back_at);
        Block {
            arrives,
            medicine: medicine_at,
            coming_back: back_at,
            grounding: grounding_at,
            ends: grounding.after(grounding_at),
        }
    }
}
