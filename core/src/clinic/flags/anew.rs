//! Whether what a closed flag is about was answered anew since it was closed.

use crate::clinic::Clinic;
use crate::domain::flag::FlagState;
use crate::domain::{DocumentId, Flag, Moment};
use crate::error::{CoreError, Result};
use crate::records::{Map, versions_of};

/// The field of a response that holds what was answered, by item.
const ANSWERS: &str = "answers";

/// When a flag was closed, if it is.
pub(super) fn closed_at(flag: &Flag) -> Option<Moment> {
    match flag.state() {
        FlagState::Closed(step) => Some(step.at),
        FlagState::New | FlagState::Reopened(_) | FlagState::Acknowledged(_) => None,
    }
}

impl Clinic {
    /// Whether an answer that whoever closed a flag could read was given otherwise in anything that arrived since, also
    /// where it says the same again by now. An answer that was still missing then is none that was changed.
    ///
    /// Whatever can't be read any more, since a newer version wrote it or its author took its body away, counts as the
    /// same: it has a flag of its own, or is gone.
    pub(super) fn was_answered_since(
        &self,
        (closed, now): (&Flag, DocumentId),
        at: Moment,
    ) -> Result<bool> {
        let state = match self.replica.space(closed.care_space) {
            Ok(state) => state,
            Err(CoreError::NotFound(_)) => return Ok(false),
            Err(error) => return Err(error),
        };
        // What was withdrawn and shared again has another name, and its first version is not in the one before it.
        let mut names: Vec<DocumentId> = closed.about.into_iter().collect();
        if closed.about != Some(now) {
            names.push(now);
        }
        let mut read: Option<Map> = None;
        let mut since = Vec::new();
        for name in names {
            let versions = self.replica.store.read(|r| versions_of(r, &state, name))?;
            for (received_ms, fields) in versions {
                let Some(answers) = answers(&fields) else {
                    continue;
                };
                match received_ms <= at.unix_ms {
                    true => read = Some(answers),
                    false => since.push(answers),
                }
            }
        }
        let Some(read) = read else { return Ok(false) };
        // Taken back, too, is otherwise.
        let differs = |later: &Map| {
            let mut given = read.iter();
            given.any(|(item, answer)| later.get(item) != Some(answer))
        };
        Ok(since.iter().any(differs))
    }
}

fn answers(fields: &Map) -> Option<Map> {
    fields.get(ANSWERS)?.as_object().cloned()
}
