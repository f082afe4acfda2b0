//! Why a recording or a picture can't be attached or opened.

use companion_core::MediaError;

/// Why a recording or a picture can't be attached or opened. The sentence for a person stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum MediaReason {
    /// There is nothing in it.
    Empty,
    /// It is larger than what can be kept.
    TooLarge,
    /// It is none of the formats that can be attached.
    NotAllowed,
    /// Its name says another format than its bytes.
    NotWhatItSays,
    /// It is cut off, or not as its format says.
    Damaged,
    /// It could not be read to its end.
    Unreadable,
    /// Its bytes have not come to this device.
    NotHere,
    /// What lies on this device is not what was sealed; it comes anew with a sync.
    NotGenuine,
    /// It was on this device alone, and is damaged.
    Lost,
}

impl From<&MediaError> for MediaReason {
    fn from(error: &MediaError) -> Self {
        match error {
            MediaError::Empty => MediaReason::Empty,
            MediaError::TooLarge { .. } | MediaError::TooManyPixels { .. } => MediaReason::TooLarge,
            MediaError::NotAllowed => MediaReason::NotAllowed,
            MediaError::NotWhatItSays { .. } => MediaReason::NotWhatItSays,
            MediaError::Damaged => MediaReason::Damaged,
            MediaError::Unreadable(_) => MediaReason::Unreadable,
            MediaError::NotHere => MediaReason::NotHere,
            MediaError::NotGenuine => MediaReason::NotGenuine,
            MediaError::Lost => MediaReason::Lost,
        }
    }
}
