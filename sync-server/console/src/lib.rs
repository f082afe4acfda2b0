//! The clinic's node: the same encrypted core as a phone, serving what patients shared as web pages
//! to the care team.
//!
//! [`Console`] runs it inside a process, on port 0 for tests. Everything that is shown
//! passes through [`record::Record`]; the one implementation over the real core is
//! [`record::clinic`].

pub mod accounts;
pub mod command;
pub mod console;
pub mod live;
pub mod node;
pub mod record;
pub mod view;
pub mod web;

pub use console::{Config, Console, ConsoleError, Running};
