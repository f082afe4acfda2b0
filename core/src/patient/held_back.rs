//! What a phone was to share, and holds back when it hears that it was written in the quiet hours of a session: they
//! began by a word on another phone.

use companion_protocol::id::SpaceId;

use super::Patient;
use super::to_review::is_reviewed;
use crate::domain::{DocumentId, Moment, Purpose, REGISTRY, session_day};
use crate::error::Result;

impl Patient {
    /// Makes what waits in the care space private again where it was written and shared in quiet hours that this
    /// phone did not know of then, and where nothing of it may have left. An exchange reads before it sends, so it
    /// asks this in between. Says how much that was; it is offered with all else that was held back.
    ///
    /// What an edit added to something that was shared before goes: the clinic has the thing, and an edit can't be
    /// made private.
    pub(super) fn hold_back(&self, space: SpaceId) -> Result<u64> {
        if self
            .replica
            .row_for(Purpose::Care)
            .is_none_or(|row| row.space != space)
        {
            return Ok(0);
        }
        let mut held = 0;
        // The days of all sessions, read once something waits.
        let mut days = None;
        for kind in REGISTRY.iter().filter(|kind| is_reviewed(kind)) {
            let waiting = self
                .replica
                .store
                .read(|r| r.outbox_of_kind(space, kind.kind.as_str()))?;
            let mut asked: Vec<DocumentId> = Vec::new();
            for row in waiting {
                if asked.contains(&row.document) {
                    continue;
                }
                asked.push(row.document);
                let Ok(reading) = self.records.reading(kind, row.document) else {
                    continue;
                };
                let shared = Moment {
                    unix_ms: row.committed_ms,
                    ..self.now()
                };
                let written = reading.index.at.unwrap_or(shared);
                let days = match &mut days {
                    Some(days) => days,
                    none => none.insert(self.days(None)?),
                };
                // As it would have been refused then.
                if session_day::held_until(days, written, shared).is_none() {
                    continue;
                }
                if let Some(private) = self.records.withdraw_unsent(kind, row.document)? {
                    held += 1;
                    if let Some(how) = reading.visibility {
                        self.note_wish(private, how)?;
                    }
                }
            }
        }
        Ok(held)
    }
}
