//! What stands on every page around its own content, as plain data.

use std::borrow::Cow;

use companion_core::domain::RecordSection;
use companion_core::ports::Moment;
use maud::{Markup, html};

use crate::accounts::{Area, Rights, Role, RunningEmergency};
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
    /// What the person who reads it may see and change.
    pub sight: Sight,
}

/// What somebody may see and change on a page.
#[derive(Clone, Debug)]
pub struct Sight {
    /// Their role.
    pub role: Role,
    /// What they may do, in an emergency as well.
    pub rights: Rights,
    /// The emergency in which they read it, if they do.
    pub emergency: Option<RunningEmergency>,
    /// The sections that it alone shows them.
    pub in_emergency: Vec<RecordSection>,
    /// What the whole page is about; `None` where it has parts of several areas.
    pub area: Option<Area>,
}

impl Sight {
    /// Of somebody who may do everything.
    pub fn of_a_lead() -> Self {
        Self {
            role: Role::Lead,
            rights: Rights::all(),
            emergency: None,
            in_emergency: Vec::new(),
            area: None,
        }
    }

    /// Of nobody.
    pub fn of_nobody() -> Self {
        Self {
            role: Role::Coordinator,
            rights: Rights::default(),
            emergency: None,
            in_emergency: Vec::new(),
            area: None,
        }
    }

    /// Whether some of a record is left out for this reader.
    pub fn is_partial(&self) -> bool {
        !self.rights.shows_all_sections()
    }
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
    /// Whether a section of the record is shown to the reader.
    pub fn shows(&self, section: RecordSection) -> bool {
        self.sight.rights.shows(section)
    }

    /// A part of a page: left out for whoever may not read it, and with its forms out of use for whoever may not
    /// change it.
    pub fn part(&self, area: Area, draw: impl FnOnce() -> Markup) -> Markup {
        let rights = &self.sight.rights;
        html! {
            @if rights.may_change(area) { (draw()) }
            @else if rights.may_read(area) { fieldset class="read-only" disabled { (draw()) } }
        }
    }

    /// The same for a section of the record.
    pub fn section(&self, section: RecordSection, draw: impl FnOnce() -> Markup) -> Markup {
        self.part(Area::Section(section), draw)
    }

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
