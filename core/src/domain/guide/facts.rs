//! What the guides have to know of the programme. Plain values, so that whoever holds the programme
//! fills them in.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::Language;
use crate::domain::{DocumentId, DosingSession, GuideProgress, Phase};

/// Where a programme stands, as far as guides ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The assessment has no outcome yet.
    Assessing,
    /// The outcome is *ready*, and the programme runs.
    Running,
    /// It runs, and waits: nothing is due.
    Paused,
    /// The outcome is *not yet*.
    NotYet,
    /// The outcome is *not a fit*.
    NotAFit,
    /// It has ended.
    Ended,
}

/// One dosing session that takes place or took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionFact {
    /// Its document.
    pub id: DocumentId,
    /// The day on which it begins, by the clock of where it is.
    pub day: NaiveDate,
}

impl SessionFact {
    /// Of a session; nothing of one that was called off.
    pub fn of(id: DocumentId, session: &DosingSession) -> Option<Self> {
        let day = session.at.local_date()?;
        session.takes_place().then_some(Self { id, day })
    }
}

/// What decides which guides are due, and in which words.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Where the programme stands.
    pub standing: Standing,
    /// Its phase.
    pub phase: Phase,
    /// The day that the patient's own calendar shows.
    pub today: NaiveDate,
    /// All sessions that were not called off, in any order.
    pub sessions: &'a [SessionFact],
    /// How far the patient is: every such document of the record.
    pub progress: &'a [GuideProgress],
    /// The language that the patient asked for.
    pub language: &'a Language,
}

impl Facts<'_> {
    /// The next session: today's, too.
    pub(super) fn next(&self) -> Option<SessionFact> {
        let coming = self.sessions.iter().filter(|it| it.day >= self.today);
        coming.min_by_key(|it| (it.day, it.id)).copied()
    }

    /// The last session before today.
    pub(super) fn last(&self) -> Option<SessionFact> {
        let past = self.sessions.iter().filter(|it| it.day < self.today);
        past.max_by_key(|it| (it.day, it.id)).copied()
    }

    /// Everything that the patient did with that guide around that session, or at any time where it
    /// comes once. Two phones that began it apart made two documents, which say as much as one.
    pub(super) fn progress_of(&self, guide: &super::GuideId, session: Option<DocumentId>) -> Done {
        let theirs = self.progress.iter().filter(|it| it.guide == *guide);
        let mut done = Done::default();
        for progress in theirs.filter(|it| session.is_none() || it.session == session) {
            done.opened.extend(progress.opened_editions());
            done.ticked.extend(progress.ticked_tasks());
            done.finished.extend(progress.finished_editions());
        }
        done
    }
}

/// How far a patient is with a guide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// The editions that they opened.
    pub opened: BTreeSet<super::Edition>,
    /// The tasks that they ticked.
    pub ticked: BTreeSet<super::TaskId>,
    /// The editions that they finished.
    pub finished: BTreeSet<super::Edition>,
}
