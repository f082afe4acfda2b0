//! What pages need, asked of the clinic's node. Every function may wait for the disk.

pub(crate) mod documents;
pub mod export;
pub(crate) mod glance;
pub(crate) mod patient;
pub(crate) mod shared;
pub(crate) mod shelf;
pub(crate) mod timeline;
