//! What a phone was to share, and holds back when it hears that it was written in the quiet hours of a session: they
//! began by a word on another phone.

use companion_protocol::id::SpaceId;

use super::Patient;
use super::to_review::is_reviewed;
use crate::domain::session_day::{self, SessionDay};
use crate::domain::{Content, DocumentId, KindVisitor, Moment, Purpose, visit_kinds};
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
        let mut waiting = Waiting {
            patient: self,
            space,
            days: None,
            held: Ok(0),
        };
        visit_kinds(&mut waiting);
        waiting.held
    }
}

struct Waiting<'a> {
    patient: &'a Patient,
    space: SpaceId,
    /// The days of all sessions, read once something waits.
    days: Option<Vec<SessionDay>>,
    held: Result<u64>,
}

impl Waiting<'_> {
    fn of<T: Content>(&mut self) -> Result<u64> {
        let replica = &self.patient.replica;
        let waiting = replica
            .store
            .read(|r| r.outbox_of_kind(self.space, T::KIND.as_str()))?;
        let mut asked: Vec<DocumentId> = Vec::new();
        let mut held = 0;
        for row in waiting {
            if asked.contains(&row.document) {
                continue;
            }
            asked.push(row.document);
            let Ok(view) = self.patient.records.get::<T>(row.document) else {
                continue;
            };
            let shared = Moment {
                unix_ms: row.committed_ms,
                ..self.patient.now()
            };
            let written = view.content.index().at.unwrap_or(shared);
            let days = match &mut self.days {
                Some(days) => days,
                none => none.insert(self.patient.days(None)?),
            };
            // As it would have been refused then.
            if session_day::held_until(days, written, shared).is_none() {
                continue;
            }
            if let Some(private) = self.patient.records.withdraw_unsent::<T>(row.document)? {
                held += 1;
                if let Some(how) = view.content.visibility() {
                    self.patient.note_wish(private, how)?;
                }
            }
        }
        Ok(held)
    }
}

impl KindVisitor for Waiting<'_> {
    fn visit<T: Content>(&mut self) {
        if let Ok(before) = self.held
            && is_reviewed::<T>()
        {
            self.held = self.of::<T>().map(|more| before + more);
        }
    }
}
