//! What stands on every page around its own content, as plain data.

use std::borrow::Cow;

use companion_core::ports::Moment;

/// What stands on every page around its own content.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The clinic's name.
    pub clinic: String,
    /// Who is signed in; `None` on the sign-in page.
    pub viewer: Option<String>,
    /// The present moment, with the clinic's own offset from UTC.
    pub now: Moment,
    /// How the last exchange with the sync server went.
    pub exchange: Exchange,
    /// A short sentence about what was just done, shown once on top of the page.
    pub notice: Option<Cow<'static, str>>,
    /// The key of this page's forms: one that comes twice from the same page counts once.
    pub once: String,
}

impl Frame {
    /// A time by the node's own clock, in milliseconds since 1970 UTC, as the clinic's wall shows it.
    pub const fn here(&self, unix_ms: i64) -> Moment {
        Moment {
            unix_ms,
            offset_minutes: self.now.offset_minutes,
        }
    }
}

/// How the last exchange with the sync server went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// None has been tried since the console started.
    NotYet,
    /// The last one brought everything into step.
    Current {
        /// When it ended.
        at: Moment,
    },
    /// The last one reached the server, and something was left undone.
    Partial {
        /// When it ended.
        at: Moment,
        /// What the first trouble was: a fragment for a sentence.
        why: String,
    },
    /// The last one failed; the pages show what arrived before.
    Failed {
        /// A fragment for a sentence: that the server can't be reached, or what it refused.
        why: String,
        /// When one last worked since the console started.
        last: Option<Moment>,
    },
}
