//! The phone as a person meets it: typed words in, plain words out.
#![allow(clippy::unwrap_used, clippy::string_slice, clippy::indexing_slicing)]

mod alone;
mod devices;
mod folders;
mod paired;
mod person;
mod sentences;
mod two_terminals;
