//! The clinic's node: the same encrypted core as a phone, serving what patients shared as web pages
//! to the care team.
//!
//! [`Console`] runs it inside a process, on port 0 for tests. What is shown are the core's own views:
//! handlers in `web` ask the node, [`view`] draws.

pub mod accounts;
pub mod backup;
pub mod command;
pub mod console;
pub mod csv;
mod door;
pub mod fhir;
pub mod live;
pub mod node;
pub mod pages;
#[cfg(test)]
mod rehearsal;
pub mod view;
pub mod web;

pub use console::{Config, Console, ConsoleError, Running};
