//! The kinds of the core's that a patient writes or reads, each under its own name. What a kind's fields mean, and how
//! they merge, stands with the kind in `companion-core`.

mod journal;
pub(crate) mod macros;

pub use journal::*;
