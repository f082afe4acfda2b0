//! What was said of whether and when a dosing session takes place: that it was called off, put back, moved, made
//! longer or shorter, and that its time had been written down wrong, each with who said it, when and why. A day that
//! held back what was written in it is found again by these words, whatever was said since.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::session_details::SessionDetails;
use super::text::{Named, named};
use super::{DosingSession, Invalid, ItemId, Moment, limits, text};

pub(super) const STEPS: Named = named("steps", "what was said of whether and when it takes place");
const REASON: Named = named("steps", "the reason");
const WHY_NOT_HELD: Named = named("steps", "the reason why it did not take place");
const WHY_CORRECTED: Named = named("steps", "the reason for the correction");
const BY: Named = named("steps", "the name");
const AT: Named = named("steps", "the time of what was said");
const OF: Named = named("steps", "the time of the session that it is about");
const ENDS: Named = named("steps", "the end of the session that it is about");

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
    /// It begins at another time than was planned. Whether it takes place stays as it was.
    Moved,
    /// Its parts take longer, or not so long. Whether it takes place stays as it was.
    PartsChanged,
}

impl SessionAct {
    /// Whether it is on when a session is, and says nothing of whether it takes place.
    pub const fn is_on_when(self) -> bool {
        match self {
            SessionAct::CalledOff | SessionAct::PutBack => false,
            SessionAct::Corrected | SessionAct::Moved | SessionAct::PartsChanged => true,
        }
    }
}

/// One word on whether and when a session takes place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionStep {
    /// What was said.
    pub act: SessionAct,
    /// When the session was to begin before this was said.
    pub of: Moment,
    /// When it was to be over, before this was said.
    pub ends: Moment,
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
        let at = self.at.on_the_calendar();
        let is = if self.takes_place {
            "takes place"
        } else {
            "is called off"
        };
        write!(f, "session {} is planned for {at} and {is}", self.number)
    }
}

impl DosingSession {
    /// Whether it takes place, or did, as far as anybody said.
    pub fn takes_place(&self) -> bool {
        self.called_off().is_none()
    }

    /// The word by which it does not take place, if that is the last one.
    pub fn called_off(&self) -> Option<&SessionStep> {
        let steps = self.steps.iter().map(|(_, step)| step);
        let of_that = steps.filter(|step| !step.act.is_on_when());
        of_that
            .last()
            .filter(|step| step.act == SessionAct::CalledOff)
    }

    /// All words by which it does not take place, the first one first: two people who call it off apart have a
    /// reason each, and both stand.
    pub fn call_offs(&self) -> Vec<&SessionStep> {
        let mut off = Vec::new();
        for (_, step) in self.steps.iter() {
            match step.act {
                SessionAct::CalledOff => off.push(step),
                SessionAct::PutBack => off.clear(),
                SessionAct::Corrected | SessionAct::Moved | SessionAct::PartsChanged => {}
            }
        }
        off
    }

    /// Says that it does not take place, or, once it should have begun, that it did not. Where somebody said so
    /// before, this is one more reason beside theirs; nothing is added where it says the same.
    pub fn call_off(
        &mut self,
        id: ItemId,
        reason: impl Into<String>,
        by: impl Into<String>,
        at: Moment,
    ) {
        let (reason, by) = (reason.into(), by.into());
        let is_same = |step: &&SessionStep| step.reason == reason.trim() && step.by == by.trim();
        if !self.call_offs().iter().any(is_same) {
            self.say(id, SessionAct::CalledOff, reason, by, at);
        }
    }

    /// Says that its time was written down wrong, and which it is.
    pub fn correct(
        &mut self,
        id: ItemId,
        begins: Moment,
        reason: impl Into<String>,
        by: impl Into<String>,
        at: Moment,
    ) {
        self.say(id, SessionAct::Corrected, reason.into(), by.into(), at);
        self.at = begins;
    }

    /// Says that it takes place after all. Nothing is added where it does.
    pub fn put_back(&mut self, id: ItemId, by: impl Into<String>, at: Moment) {
        if !self.takes_place() {
            self.say(id, SessionAct::PutBack, String::new(), by.into(), at);
        }
    }

    /// Moves it to another time. Nothing is added where it is at that time.
    pub fn move_to(&mut self, id: ItemId, begins: Moment, by: impl Into<String>, at: Moment) {
        if self.at != begins {
            self.say(id, SessionAct::Moved, String::new(), by.into(), at);
            self.moved_from = Some(self.at);
            self.at = begins;
        }
    }

    /// Gives it other details. That its parts take longer, or not so long, is said beside who said so.
    pub fn tell(&mut self, id: ItemId, details: SessionDetails, by: impl Into<String>, at: Moment) {
        let before = self.clone();
        details.put_into(self);
        if self.block() != before.block() {
            let step = before.step(SessionAct::PartsChanged, String::new(), by.into(), at);
            self.steps.add(id, step);
        }
    }

    fn say(&mut self, id: ItemId, act: SessionAct, reason: String, by: String, at: Moment) {
        let step = self.step(act, reason, by, at);
        self.steps.add(id, step);
    }

    const fn step(&self, act: SessionAct, reason: String, by: String, at: Moment) -> SessionStep {
        SessionStep {
            act,
            of: self.at,
            ends: self.block().ends,
            reason,
            by,
            at,
        }
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
            SessionAct::CalledOff
            | SessionAct::PutBack
            | SessionAct::Moved
            | SessionAct::PartsChanged => text::line(&self.reason, REASON, limits::REASON)?,
        };
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        text::moment(self.at, AT)?;
        text::moment(self.of, OF)?;
        text::moment(self.ends, ENDS)?;
        Ok(Self { reason, by, ..self })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::Content;

    #[test]
    fn a_session_that_had_begun_is_called_off_with_a_reason_and_a_name() {
        let at = Moment::utc(1_795_465_113_000);
        let later = Moment::utc(at.unix_ms + 1);
        let called_off = |when, reason: &str, by: &str| {
            let mut session = DosingSession::new(1, at);
            session.call_off(ItemId::new([1; 16]), reason, by, when);
            session.checked()
        };
        let before = Moment::utc(at.unix_ms - 1);
        assert!(called_off(before, "", "Maya").is_ok());
        assert!(called_off(at, "She was ill.", "Maya").is_ok());
        assert_eq!(
            called_off(later, " ", "Maya").unwrap_err().to_string(),
            "the reason why it did not take place is empty"
        );
        let nameless = called_off(later, "She was ill.", " ").unwrap_err();
        assert_eq!(nameless.to_string(), "the name is empty");
    }

    #[test]
    fn what_was_said_of_a_session_stays_when_it_is_put_back() {
        let at = Moment::utc(1_795_465_113_000);
        let mut session = DosingSession::new(1, at);
        session.put_back(ItemId::new([1; 16]), "Maya", at);
        assert!(session.steps.is_empty(), "it takes place anyhow");
        session.call_off(ItemId::new([2; 16]), "She was ill.", "Maya", at);
        session.call_off(ItemId::new([3; 16]), "Snow.", "Jo", at);
        session.call_off(ItemId::new([5; 16]), "She was ill. ", "Maya", at);
        assert!(!session.takes_place());
        let reasons: Vec<_> = session
            .call_offs()
            .iter()
            .map(|step| &*step.reason)
            .collect();
        assert_eq!(reasons, ["She was ill.", "Snow."], "each once");
        session.put_back(ItemId::new([4; 16]), "Jo", at);
        assert!(session.takes_place());
        let said: Vec<_> = session.steps.iter().map(|(_, step)| &*step.by).collect();
        assert_eq!(said, ["Maya", "Jo", "Jo"]);
        assert!(session.call_offs().is_empty());
    }

    #[test]
    fn a_time_that_was_written_down_wrong_is_corrected_with_a_reason_and_stays_readable() {
        let (wrong, right) = (
            Moment::utc(1_795_465_113_000),
            Moment::utc(1_796_465_113_000),
        );
        let corrected = |reason: &str| {
            let mut session = DosingSession::new(1, wrong);
            session.correct(ItemId::new([1; 16]), right, reason, "Maya", right);
            session.checked()
        };
        let unsaid = corrected(" ").unwrap_err();
        assert_eq!(unsaid.to_string(), "the reason for the correction is empty");
        let session = corrected("The month was wrong.").unwrap();
        assert!(session.at == right && session.takes_place());
        assert_eq!(session.steps.last().unwrap().of, wrong);
    }
}
