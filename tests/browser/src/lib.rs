//! A real browser for tests of the console's pages: opens them at a width, a color scheme, with or
//! without JavaScript; presses keys and buttons; hears what the page complains about; and judges
//! what a person would trip over.
//!
//! Nothing here knows the console's screens: those are in `tests/walkthrough.rs`. `tests/harness.rs`
//! shows each judge a page that must fail it.
#![cfg(feature = "chromium")]

mod access;
mod chromium;
mod phone_screen;
mod program;
mod tab;

pub use access::AXE_VERSION;
pub use chromium::{Chromium, Look, Scheme, Scripts};
pub use program::{Program, built, run};
pub use tab::{Key, Tab};

/// What the helpers answer: a browser can fail in more ways than a test wants to tell apart.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
