//! What is kept of a space that was ended, and until when. Days and no times of day.

use companion_protocol::id::SpaceId;

use super::Day;

/// When a space was ended, and from when on it is forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// The day on which the end was stored here.
    pub on: Day,
    /// The first day on which the space is forgotten.
    pub forget_on: Day,
}

impl Ending {
    /// An end today of a space that is to be kept for so many days. The hour is not known, so the last of them
    /// must be over; none at all is at once.
    pub fn today(today: Day, keep_days: u16) -> Self {
        let days = match keep_days {
            0 => 0,
            days => u32::from(days).saturating_add(1),
        };
        Self {
            on: today,
            forget_on: Day(today.0.saturating_add(days)),
        }
    }
}

/// A space that was ended and is not forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedSpace {
    /// The space.
    pub space: SpaceId,
    /// Until when it is kept.
    pub ending: Ending,
}
