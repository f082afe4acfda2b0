//! What stands on every page around its own content, as plain data.

use std::borrow::Cow;

use companion_core::ports::Moment;

use crate::view::message::Way;

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
    /// What became of the form that was just sent, shown once on top of the page.
    pub notice: Option<Notice>,
    /// The key of this page's forms: one that comes twice from the same page counts once.
    pub once: String,
}

/// What became of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It was done: a short sentence.
    Done(Cow<'static, str>),
    /// It was not done, and no field of the form is to blame: what was typed stands in it.
    Refused(Refusal),
}

impl<T: Into<Cow<'static, str>>> From<T> for Notice {
    fn from(sentence: T) -> Self {
        Notice::Done(sentence.into())
    }
}

/// Why a form was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What it comes to, as a heading.
    pub heading: &'static str,
    /// Why, and what helps, in sentences.
    pub text: String,
    /// The page on which to do what is missing, if there is one.
    pub way: Option<Way>,
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
