//! The kinds of the core's that a patient writes or reads, each under its own name. What a kind's fields mean, and how
//! they merge, stands with the kind in `companion-core`.

mod choices;
mod contact;
mod costs;
mod guides;
mod hopes;
mod integration;
mod journal;
pub(crate) mod macros;
mod measures;
mod medicines;
mod preparation;
mod programme;
mod reminders;
mod safety;
mod sessions;
mod team;

pub use choices::*;
pub use contact::*;
pub use costs::*;
pub use guides::*;
pub use hopes::*;
pub use integration::*;
pub use journal::*;
pub use measures::*;
pub use medicines::*;
pub use preparation::*;
pub use programme::*;
pub use reminders::*;
pub use safety::*;
pub use sessions::*;
pub use team::*;
