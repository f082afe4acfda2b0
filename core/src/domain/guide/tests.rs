#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod bundled;
mod plain_words;
mod reading;
mod refused;
