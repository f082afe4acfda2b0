//! Pages as HTML: plain functions from what the core shows to maud markup.
//!
//! Nothing here reads a store, a clock or a request. Every page is whole: htmx asks for the same
//! page that a browser without JavaScript gets, and takes the part it needs. What a page needs
//! besides the core's own views is a struct beside the function that draws it.

pub mod apart;
pub mod attachments;
pub mod calendar;
pub mod caseload;
pub mod chart;
pub mod concern;
pub mod costs;
pub mod dates;
pub mod devices;
pub mod documents;
pub mod emergency;
pub(crate) mod excerpt;
pub mod export;
pub mod flags;
pub mod form;
pub mod frame;
pub mod gate;
pub mod given_back;
pub mod glance;
pub mod guides;
pub mod invitation;
pub mod layout;
pub mod marks;
pub mod medicine;
pub mod medicines;
pub mod message;
pub mod name;
pub mod newer;
pub mod noticed;
pub mod outcome;
pub mod patient;
pub mod people;
pub mod preparation;
pub mod programme;
pub mod prompts;
pub mod qr;
pub mod questions;
pub mod rating;
pub mod register;
pub mod releases;
pub mod reminders;
pub mod response;
pub mod retention;
pub mod safety;
pub mod safety_plan;
pub mod screening;
pub(crate) mod sentence;
pub mod session;
pub mod session_form;
pub mod session_page;
pub mod shared;
pub mod shelf;
pub mod sign_in;
pub mod team;
pub mod time;
pub mod timeline;
pub mod whose;
pub mod wordings;
pub mod written;

#[cfg(test)]
pub(crate) mod examples;
#[cfg(test)]
mod palette;
#[cfg(test)]
mod people_snapshots;
#[cfg(test)]
mod programme_snapshots;
#[cfg(test)]
mod sentences;
#[cfg(test)]
mod set_snapshots;
#[cfg(test)]
mod shelf_snapshots;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod wordings_snapshots;
