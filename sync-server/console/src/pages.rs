//! What pages need, asked of the clinic's node. Every function may wait for the disk.

pub(crate) mod patient;
pub(crate) mod shared;
pub(crate) mod timeline;
