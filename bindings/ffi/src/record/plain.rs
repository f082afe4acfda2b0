//! Values that stand in many views as they are.

use companion_core::domain::{Kind, Side};
use companion_core::protocol::id::MemberId;

use crate::cross::Cross;

impl Cross<MemberId> for MemberId {
    fn out(core: MemberId) -> Self {
        core
    }
}

/// As `kind()` of its list names it.
impl Cross<Kind> for String {
    fn out(core: Kind) -> Self {
        core.to_string()
    }
}

/// Whose words something is.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Enum)]
pub enum WrittenBy {
    /// The person whose record it is.
    Patient,
    /// The clinic.
    Clinic,
}

impl Cross<Side> for WrittenBy {
    fn out(core: Side) -> Self {
        match core {
            Side::Patient => WrittenBy::Patient,
            Side::Clinic => WrittenBy::Clinic,
        }
    }
}
