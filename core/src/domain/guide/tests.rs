#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod bundled;
mod laid_out;
mod plain_words;
mod reading;
mod refused;
mod replaced;
