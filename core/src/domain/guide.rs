//! Guides: what a patient reads before, on and after the day of a session, and what a clinic says
//! instead.
//!
//! A guide is Markdown of a small, checked form ([`parser`]) that becomes typed blocks ([`model`]):
//! shells and pages show blocks and never Markdown. The bundled ones are ours ([`pack`]); each thing
//! that they claim names its [`source`], and a clinic's rules (eating, medicines, getting home) stand
//! in named slots that only the clinic fills. [`desk`] decides which guide is due, in which words.
//! Nothing here gives a dose, a verdict, or leave to drive.

pub mod desk;
mod due;
mod error;
mod estimate;
mod facts;
mod front;
pub mod help;
mod language;
mod marks;
pub mod model;
mod names;
pub mod overtaken;
pub mod pack;
pub mod parser;
pub mod plain;
mod reader;
pub mod shown;
mod slot;
pub mod source;
#[cfg(test)]
mod tests;
pub mod words;

pub use desk::{Assigned, Desk, When, desk};
pub use due::{Again, DAYS_LIMIT, Due, DueError, Stage};
pub use error::{GuideError, Reason};
pub use estimate::{Estimate, LISTEN_WORDS, Minutes, READ_WORDS};
pub use facts::{Done, Facts, SessionFact, Standing};
pub use help::HelpLine;
pub use language::{Language, LanguageError};
pub use model::{Block, Emphasis, Grounds, Guide, Level, Link, Marker, Point, Span, Task};
pub use names::{Edition, EditionError, GuideId, GuideVersion, NameError, TaskId};
pub use overtaken::{Overtaken, overtaken};
pub use pack::{Pack, PackError};
pub use parser::{Written, parse};
pub use plain::plain;
pub use shown::{Clinic, Notice, Shown, Signed, SlotWords, shown, slot_words};
pub use slot::{Slot, SlotError};
pub use source::Source;
pub use words::Words;
