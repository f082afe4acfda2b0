//! Who made a change, as the merge sees it.

use crate::domain::hex_type;

/// A slice or text that is no actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an actor of 32 hex digits")]
pub struct ActorIdError;

hex_type!(
    /// Who made a change, as the merge sees it: fresh for each edit, never a device or a person.
    ActorId,
    16,
    ActorIdError
);
