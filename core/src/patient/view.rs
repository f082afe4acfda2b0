//! What a phone shows of itself.

use companion_protocol::id::MemberId;

use crate::domain::Moment;
use crate::report::StandingWarning;

/// The phone at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct PhoneStatus {
    /// This installation's public name.
    pub member: MemberId,
    /// Whether a clinic's care space is joined.
    pub paired: bool,
    /// The clinic's name.
    pub clinic: Option<String>,
    /// The server's address.
    pub server: Option<String>,
    /// The server that the clinic says it moved to, if it is not this one.
    /// [`Patient::follow_clinic`](super::Patient::follow_clinic) goes there once the person agrees.
    pub moved_to: Option<String>,
    /// Changes that have not left the phone.
    pub waiting: u64,
    /// When the last sync ended well, milliseconds since 1970 UTC by this phone's clock.
    pub last_sync_ms: Option<i64>,
    /// What a person should know, oldest first, until they dismiss it.
    pub warnings: Vec<StandingWarning>,
}

/// What a member of the patient's spaces is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKind {
    /// This phone.
    ThisPhone,
    /// Another phone of the patient, or the recovery words.
    Yours,
    /// The clinic.
    Clinic,
}

/// A member of the care space, to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceView {
    /// Its name.
    pub member: MemberId,
    /// What it is.
    pub kind: DeviceKind,
    /// When it joined, by its own clock.
    pub joined_at: Moment,
    /// Whether it was removed.
    pub removed: bool,
}

/// What pairing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// With whom.
    pub clinic: String,
    /// To compare with what the other side shows. If they differ, somebody else joined.
    pub compare_words: Vec<String>,
}

/// A link to hand to a new phone.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// For a QR code, or to be typed. Whoever has it can join: it goes from hand to hand only.
    pub link: String,
    /// After this moment it is worth nothing.
    pub expires_at: Moment,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Invitation(.., until {:?})", self.expires_at)
    }
}
