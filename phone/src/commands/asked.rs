//! Asking a person before something is done that can't be undone, or that others see at once.

use super::Phone;
use crate::args::Sure;
use crate::error::PhoneError;

/// How somebody who typed a command is asked whether they mean it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    /// Whether they said so beforehand.
    pub(super) is_said: bool,
    /// Whether a script reads the answer.
    pub(super) as_json: bool,
}

impl Asked {
    /// # Errors
    ///
    /// Of a script that did not say so beforehand: it can't be asked.
    pub(super) fn of(sure: Sure, as_json: bool) -> Result<Self, PhoneError> {
        Self::by(sure.yes, as_json, "--yes")
    }

    /// The same, where something else than `--yes` alone says so.
    pub(super) fn by(is_said: bool, as_json: bool, say: &str) -> Result<Self, PhoneError> {
        if as_json && !is_said {
            let how = format!(
                "with --json nobody is asked: say {say} as well, and what was done is said"
            );
            return Err(PhoneError::Usage(how));
        }
        Ok(Self { is_said, as_json })
    }
}

impl Phone<'_, '_> {
    /// Whether a person means what was just told to them, unless they said so beforehand. If not, says that nothing was
    /// done.
    pub(super) fn is_meant(
        &mut self,
        asked: Asked,
        question: &str,
        undone: &str,
    ) -> Result<bool, PhoneError> {
        if asked.is_said {
            return Ok(true);
        }
        self.ask(&format!("{question} Type yes."))?;
        if matches!(&*self.read_line()?.to_lowercase(), "y" | "yes") {
            return Ok(true);
        }
        self.say(undone)?;
        Ok(false)
    }
}
