//! The phone as a person meets it: typed words in, plain words out.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::panic
)]

mod alone;
mod asked;
mod assessment;
mod attachments;
mod care;
mod dates;
mod devices;
mod ending;
mod export;
mod folders;
mod gone;
mod import;
mod integration;
mod intentions;
mod measures;
mod paired;
mod person;
mod plan;
mod prompts;
mod quiet_hours;
mod reminders;
mod report;
mod safety;
mod sentences;
mod team;
mod transcript;
mod two_terminals;
mod unlocked;
mod use_check;
