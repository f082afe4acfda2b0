//! What pages need, asked of the clinic's node. Every function may wait for the disk.

pub(crate) mod entry;
pub(crate) mod patient;
pub(crate) mod timeline;
