//! What tells one person's record from another's.

use super::hex::hex_type;

/// A text or slice that is not a record id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a record id of 32 hex digits")]
pub struct RecordIdError;

hex_type!(
    /// Names one patient's whole record: the same on all their devices and in every export of it. It says
    /// nothing of whose it is, and the server never learns it.
    RecordId,
    16,
    RecordIdError
);
