//! The flag that a signal becomes: new, then acknowledged, then closed, each step by a person.

use super::super::text::{Invalid, Named, named};
use super::super::{Moment, limits, nickname, text};
use super::RiskSignal;

const BY: Named = named("by", "the name");
const DONE: Named = named("done", "what was done");

/// A signal with what people did about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    signal: RiskSignal,
    state: FlagState,
}

/// Who did a step, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The person's name, at most 120 characters.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// How far people are with a flag. There is no step that time or a program takes: a later answer of
/// "not at all" closes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagState {
    /// Nobody has acknowledged it.
    New,
    /// Somebody has seen it and takes care of it.
    Acknowledged(Step),
    /// Somebody closed it.
    Closed {
        /// Who acknowledged it.
        acknowledged: Step,
        /// Who closed it.
        closed: Step,
        /// What was done, in their words.
        done: String,
    },
}

/// Why a step can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlagError {
    /// It was acknowledged before.
    #[error("the flag has been acknowledged already")]
    AlreadyAcknowledged,
    /// It has to be acknowledged before it is closed.
    #[error("the flag has to be acknowledged first")]
    NotAcknowledged,
    /// It was closed before.
    #[error("the flag has been closed already")]
    AlreadyClosed,
    /// The name, or what was done, can't be saved.
    #[error(transparent)]
    Words(#[from] Invalid),
}

impl Flag {
    /// A new flag.
    pub const fn new(signal: RiskSignal) -> Flag {
        Flag {
            signal,
            state: FlagState::New,
        }
    }

    /// What it is about.
    pub const fn signal(&self) -> &RiskSignal {
        &self.signal
    }

    /// How far people are with it.
    pub const fn state(&self) -> &FlagState {
        &self.state
    }

    /// Whether it still has to be looked at.
    pub const fn is_open(&self) -> bool {
        !matches!(self.state, FlagState::Closed { .. })
    }

    /// Somebody has seen it and takes care of it.
    ///
    /// # Errors
    ///
    /// It is not new, or the name can't be saved.
    pub fn acknowledge(self, step: &Step) -> Result<Flag, FlagError> {
        match self.state {
            FlagState::New => Ok(Flag {
                state: FlagState::Acknowledged(checked(step)?),
                ..self
            }),
            FlagState::Acknowledged(_) => Err(FlagError::AlreadyAcknowledged),
            FlagState::Closed { .. } => Err(FlagError::AlreadyClosed),
        }
    }

    /// Somebody closes it and says what was done (at most 4,000 bytes of UTF-8).
    ///
    /// # Errors
    ///
    /// It is not acknowledged, or the words are empty or can't be saved.
    pub fn close(self, step: &Step, done: &str) -> Result<Flag, FlagError> {
        match self.state {
            FlagState::New => Err(FlagError::NotAcknowledged),
            FlagState::Closed { .. } => Err(FlagError::AlreadyClosed),
            FlagState::Acknowledged(acknowledged) => {
                let done = text::paragraphs(done, DONE, limits::NOTE)?;
                if done.is_empty() {
                    return Err(DONE.wrong(text::Problem::Empty).into());
                }
                Ok(Flag {
                    signal: self.signal,
                    state: FlagState::Closed {
                        acknowledged,
                        closed: checked(step)?,
                        done,
                    },
                })
            }
        }
    }
}

fn checked(step: &Step) -> Result<Step, Invalid> {
    let by = nickname::needed_tidied(&step.by, BY, limits::NAME)?;
    Ok(Step { by, at: step.at })
}
