//! The day of a dosing session on a patient's phone: where they stand, what is theirs alone until the next
//! day, and what is to be kept or shared then.

use super::Patient;
use crate::domain::session_day::{self, SessionDay, SessionStage};
use crate::domain::{Content, Declared, DocumentId, DosingSession, Moment, SessionPreparation};
use crate::error::{NotNow, Result};
use crate::records::{PageSize, Query, View};

/// No day of a session reaches further from when it begins: parts of six hours, marks, and two days after.
const NEAR_MS: u64 = 5 * 24 * 3_600_000;

/// A session whose day it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Today {
    /// Its name.
    pub id: DocumentId,
    /// The session.
    pub session: DosingSession,
    /// What the patient settled for it, all phones taken together; `None` when they said nothing yet.
    pub preparation: Option<SessionPreparation>,
    /// Its times.
    pub day: SessionDay,
    /// Where the patient stands now.
    pub stage: SessionStage,
}

impl Patient {
    /// The session whose day it is, if it is one's; of two the one that asks for more quiet.
    /// [`SessionStage::offers`] says what to leave off.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert_eq!(phone.session_day()?, None);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn session_day(&self) -> Result<Option<Today>> {
        let now = self.now();
        let near = self.planned(Some(now))?;
        let days: Vec<SessionDay> = near.iter().map(|planned| planned.day).collect();
        let Some(stage) = session_day::stage_of(&days, now) else {
            return Ok(None);
        };
        let mut near = near.into_iter();
        let its = near.find(|planned| planned.day.stage(now) == Some(stage));
        Ok(its.map(|planned| Today {
            id: planned.id,
            session: planned.session,
            preparation: planned.preparation,
            day: planned.day,
            stage,
        }))
    }

    /// That something new may be written: where it would reach the clinic, not in the quiet hours.
    ///
    /// # Errors
    ///
    /// [`NotNow::QuietHours`] for what can be kept private until then; [`NotNow::SharedInQuietHours`] for what both
    /// sides always read.
    pub(super) fn may_be_created<T: Content>(&self, content: &T) -> Result<()> {
        match content.visibility() {
            Some(visibility) if visibility.is_shared() => self.must_not_be_held(content),
            Some(_) => Ok(()),
            None => self.must_not_be_quiet(Declared::by::<T>()),
        }
    }

    /// That something may be shared now.
    ///
    /// # Errors
    ///
    /// [`NotNow::QuietHours`].
    pub(super) fn must_not_be_held<T: Content>(&self, content: &T) -> Result<()> {
        self.must_not_be_held_of(Declared::by::<T>(), content.index().at)
    }

    /// The same of a kind whose type is not at hand, and when that is said to have happened.
    pub(super) fn must_not_be_held_of(&self, kind: &Declared, at: Option<Moment>) -> Result<()> {
        // What says that it was made then is held too, whatever the clock says since.
        let times = [Some(self.now()), at];
        let mut held = None;
        for at in times.into_iter().flatten() {
            held = held.max(self.quiet_for(kind, at)?);
        }
        match held {
            Some(until) => Err(NotNow::QuietHours { until }.into()),
            None => Ok(()),
        }
    }

    /// That something may be changed now: not where the clinic would read that at once.
    ///
    /// # Errors
    ///
    /// [`NotNow::SharedInQuietHours`]; as [`Patient::get`].
    pub(super) fn must_not_reach_the_clinic(&self, kind: &Declared, id: DocumentId) -> Result<()> {
        match self.quiet_for(kind, self.now())? {
            Some(until) if self.records.is_shown_to_both(kind, id)? => {
                Err(NotNow::SharedInQuietHours { until }.into())
            }
            _ => Ok(()),
        }
    }

    /// That the clinic may be told of something of that kind now.
    ///
    /// # Errors
    ///
    /// [`NotNow::SharedInQuietHours`].
    pub(super) fn must_not_be_quiet(&self, kind: &Declared) -> Result<()> {
        match self.quiet_for(kind, self.now())? {
            Some(until) => Err(NotNow::SharedInQuietHours { until }.into()),
            None => Ok(()),
        }
    }

    /// Until when something of a kind that was made then is held back, seen from now.
    fn quiet_for(&self, kind: &Declared, made: Moment) -> Result<Option<Moment>> {
        if !kind.held_in_quiet {
            return Ok(None);
        }
        let now = self.now();
        let days = self.days(Some(now))?;
        Ok(session_day::held_until(&days, made, now))
    }

    /// Whether it is quiet now: nothing is asked, and what can wait is told nobody.
    pub(super) fn is_quiet(&self) -> Result<bool> {
        Ok(self.quiet_until()?.is_some())
    }

    /// Until when it is quiet, by all that was said of sessions.
    pub(super) fn quiet_until(&self) -> Result<Option<Moment>> {
        let now = self.now();
        Ok(session_day::held_until(&self.days(Some(now))?, now, now))
    }

    /// The sessions that take place, or those of them whose day may be around a moment.
    pub(super) fn planned(&self, near: Option<Moment>) -> Result<Vec<Planned>> {
        let told = self.told(near)?.into_iter();
        let planned = told.filter_map(|told| {
            let marks = SessionDay::marks(&told.session, told.preparation.as_ref());
            let day = SessionDay::of(&told.session, marks)?;
            Some(Planned {
                id: told.id,
                session: told.session,
                preparation: told.preparation,
                day,
            })
        });
        Ok(planned.collect())
    }

    /// All days that hold or held something, or those of them that may be around a moment: [`SessionDay::all_of`].
    pub(super) fn days(&self, near: Option<Moment>) -> Result<Vec<SessionDay>> {
        let mut days = Vec::new();
        for told in self.told(near)? {
            days.extend(SessionDay::all_of(&told.session, told.preparation.as_ref()));
        }
        Ok(days)
    }

    /// All sessions with what was settled for them, or those with a day that may be around a moment.
    fn told(&self, near: Option<Moment>) -> Result<Vec<Told>> {
        let sessions = Query::<DosingSession>::all().size(PageSize::LARGEST);
        let mut all = Vec::new();
        for (id, session) in self.records.contents(&sessions)? {
            let is_near =
                |at: Moment| near.is_none_or(|near| near.unix_ms.abs_diff(at.unix_ms) <= NEAR_MS);
            let was_near = session.steps.iter().any(|(_, step)| is_near(step.of));
            if !is_near(session.at) && !was_near {
                continue;
            }
            let about = Query::<SessionPreparation>::about(id).size(PageSize::LARGEST);
            let known = self.records.contents(&about)?;
            let preparation = SessionPreparation::together(known.iter().map(|(_, one)| one));
            all.push(Told {
                id,
                session,
                preparation,
            });
        }
        Ok(all)
    }

    pub(super) fn every<T: Content>(&self, query: &Query<T>) -> Result<Vec<View<T>>> {
        self.records.every(query)
    }
}

/// A session with what was settled for it.
struct Told {
    id: DocumentId,
    session: DosingSession,
    preparation: Option<SessionPreparation>,
}

/// A session that takes place, with what was settled for it and its times.
pub(super) struct Planned {
    pub(super) id: DocumentId,
    pub(super) session: DosingSession,
    pub(super) preparation: Option<SessionPreparation>,
    pub(super) day: SessionDay,
}
