//! The day of a dosing session on a patient's phone: where they stand, what is theirs alone until the next
//! day, and what is to be kept or shared then.

use std::collections::BTreeSet;

use super::Patient;
use crate::domain::session_day::{self, Marks, SessionDay, SessionStage};
use crate::domain::{
    Content, DocumentId, DosingSession, Entry, KeptPrivate, Moment, SessionPreparation, Visibility,
};
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

    /// The entries that were written in the quiet hours of a session and wait to be kept or shared, oldest
    /// first. They are shared by [`Patient::share`] and kept by [`Patient::keep_private`].
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
    /// assert!(phone.to_review()?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn to_review(&self) -> Result<Vec<View<Entry>>> {
        let days = self.days(None)?;
        if days.is_empty() {
            return Ok(Vec::new());
        }
        let private = Query::<Entry>::all().in_state(Visibility::OnlyMe.as_str());
        let entries = self.every(&private)?;
        let kept = self.every(&Query::<KeptPrivate>::all())?;
        let kept: BTreeSet<DocumentId> = kept.into_iter().map(|view| view.content.about).collect();
        let told = entries.iter().map(|view| (view.id, &view.content));
        let waiting = session_day::to_review(told, &kept, &days, self.now());
        let view = |id| entries.iter().find(|view| view.id == id).cloned();
        Ok(waiting.into_iter().filter_map(view).collect())
    }

    /// Keeps an entry of the quiet hours private, so that it is asked about no more. It can be shared later
    /// like any other.
    ///
    /// # Errors
    ///
    /// As [`Patient::get`].
    ///
    /// ```
    /// use companion_core::domain::Entry;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let entry = phone.create(Entry { body: "Blue.".into(), ..Entry::new(phone.now()) })?;
    /// phone.keep_private(entry.id)?;
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn keep_private(&self, entry: DocumentId) -> Result<()> {
        self.records.get::<Entry>(entry)?;
        let known = Query::<KeptPrivate>::about(entry).size(PageSize::ONE);
        if self.records.contents(&known)?.is_empty() {
            self.records.create(KeptPrivate {
                about: entry,
                at: self.now(),
            })?;
        }
        Ok(())
    }

    /// That something may be shared now.
    ///
    /// # Errors
    ///
    /// [`NotNow::QuietHours`].
    pub(super) fn must_not_be_held<T: Content>(&self, content: &T) -> Result<()> {
        if !T::HELD_IN_QUIET {
            return Ok(());
        }
        let now = self.now();
        let days = self.days(Some(now))?;
        // What says that it was made then is held too, whatever the clock says since.
        let times = [Some(now), content.index().at];
        let times = times.into_iter().flatten();
        let held = times.filter_map(|at| session_day::held_until(&days, at, now));
        match held.max() {
            Some(until) => Err(NotNow::QuietHours { until }.into()),
            None => Ok(()),
        }
    }

    /// That new words in something may be saved now: not where the clinic would read them at once.
    ///
    /// # Errors
    ///
    /// [`NotNow::SharedInQuietHours`]; as [`Patient::get`].
    pub(super) fn must_not_reach_the_clinic<T: Content>(&self, id: DocumentId) -> Result<()> {
        if !T::HELD_IN_QUIET {
            return Ok(());
        }
        let now = self.now();
        let days = self.days(Some(now))?;
        match session_day::held_until(&days, now, now) {
            Some(until) if self.records.get::<T>(id)?.shared => {
                Err(NotNow::SharedInQuietHours { until }.into())
            }
            _ => Ok(()),
        }
    }

    /// The sessions that take place, or those of them whose day may be around a moment.
    pub(super) fn planned(&self, near: Option<Moment>) -> Result<Vec<Planned>> {
        let told = self.told(near)?.into_iter();
        let planned = told.filter_map(|told| {
            let day = SessionDay::of(&told.session, told.marks())?;
            Some(Planned {
                id: told.id,
                session: told.session,
                preparation: told.preparation,
                day,
            })
        });
        Ok(planned.collect())
    }

    /// All days that hold something, those of sessions that were called off after they began among them; or those of
    /// them that may be around a moment.
    fn days(&self, near: Option<Moment>) -> Result<Vec<SessionDay>> {
        let mut days = Vec::new();
        for told in self.told(near)? {
            days.extend(SessionDay::of(&told.session, told.marks()));
            days.extend(SessionDay::called_off(&told.session, told.marks()));
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

impl Told {
    fn marks(&self) -> Marks {
        let preparation = self.preparation.as_ref();
        preparation.map_or(Marks::default(), Marks::from)
    }
}

/// A session that takes place, with what was settled for it and its times.
pub(super) struct Planned {
    pub(super) id: DocumentId,
    pub(super) session: DosingSession,
    pub(super) preparation: Option<SessionPreparation>,
    pub(super) day: SessionDay,
}
