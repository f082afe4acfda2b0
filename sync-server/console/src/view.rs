//! Pages as HTML: plain functions from [`model`] to maud markup.
//!
//! Nothing here reads a store, a clock or a request. Every page is whole: htmx asks for the same
//! page that a browser without JavaScript gets, and takes the part it needs.

pub mod caseload;
pub mod chart;
pub mod entry;
pub mod form;
pub mod invitation;
pub mod layout;
pub mod message;
pub mod model;
pub mod patient;
pub mod qr;
pub(crate) mod sentence;
pub mod sign_in;
pub mod step;
pub mod time;

#[cfg(test)]
mod palette;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod snapshots;
