//! What was said of whether a dosing session takes place: that it was called off, that it was put back, and that
//! its time had been written down wrong, each with who said it, when and why.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::{DosingSession, Invalid, Moment, limits, text};

pub(super) const STEPS: Named = named("steps", "what was said of whether it takes place");
const REASON: Named = named("steps", "the reason");
const WHY_NOT_HELD: Named = named("steps", "the reason why it did not take place");
const WHY_CORRECTED: Named = named("steps", "the reason for the correction");
const BY: Named = named("steps", "the name");
const AT: Named = named("steps", "the time of what was said");
const OF: Named = named("steps", "the time of the session that it is about");

/// What was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionAct {
    /// It does not take place; where it had begun by then, it did not take place.
    CalledOff,
    /// It takes place.
    PutBack,
    /// Its time had been written down wrong. Whether it takes place stays as it was.
    Corrected,
}

/// One word on whether a session takes place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionStep {
    /// What was said.
    pub act: SessionAct,
    /// When the session was to begin as this was said: it may be moved later on.
    pub of: Moment,
    /// Why, for both sides, at most 500 characters. Needed where a session that had begun is called off and where a
    /// time is corrected; may be empty otherwise.
    #[serde(default)]
    pub reason: String,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// A session as it is, in short: told to who had another version of it before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionNow {
    /// Its number.
    pub number: u32,
    /// When it begins.
    pub at: Moment,
    /// Whether it takes place.
    pub takes_place: bool,
}

impl From<&DosingSession> for SessionNow {
    fn from(session: &DosingSession) -> Self {
        Self {
            number: session.number,
            at: session.at,
            takes_place: session.takes_place(),
        }
    }
}

impl fmt::Display for SessionNow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = match self.at.to_chrono() {
            Some(at) => at.format("%-d %b %Y at %H:%M").to_string(),
            None => self.at.to_string(),
        };
        let is = if self.takes_place {
            "takes place"
        } else {
            "is called off"
        };
        write!(f, "session {} is planned for {at} and {is}", self.number)
    }
}

impl SessionStep {
    /// Whether it says of a session that had begun that it did not take place.
    pub const fn is_not_held(&self) -> bool {
        matches!(self.act, SessionAct::CalledOff) && self.at.unix_ms >= self.of.unix_ms
    }

    pub(super) fn checked(self) -> Result<Self, Invalid> {
        let reason = match self.act {
            SessionAct::Corrected => {
                text::needed_line(&self.reason, WHY_CORRECTED, limits::REASON)?
            }
            _ if self.is_not_held() => {
                text::needed_line(&self.reason, WHY_NOT_HELD, limits::REASON)?
            }
            SessionAct::CalledOff | SessionAct::PutBack => {
                text::line(&self.reason, REASON, limits::REASON)?
            }
        };
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        text::moment(self.at, AT)?;
        text::moment(self.of, OF)?;
        Ok(Self { reason, by, ..self })
    }
}
