//! Dosing sessions: planned, moved, called off and put back. Both sides see each of these.

use chrono::Datelike as _;

use super::Clinic;
use crate::domain::text::{Named, Problem, named};
use crate::domain::{DocumentId, DosingSession, Moment, Revision, SessionPreparation};
use crate::error::{CoreError, Result};
use crate::records::{Query, View};

const YEAR: Named = named("at", "the year of the session");
/// A session or a visit may be written down that was up to so many years ago …
const YEARS_BACK: i32 = 1;
/// … and planned so many years ahead. What lies beyond was mistyped.
const YEARS_AHEAD: i32 = 5;

/// A dosing session of a patient's, with what the care team should know about it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedSession {
    /// The session.
    pub view: View<DosingSession>,
    /// Whether another session has the same number: both were planned apart, and one of them is to be
    /// moved or called off.
    pub number_is_double: bool,
    /// What the patient settled for it; `None` as long as they said nothing.
    pub preparation: Option<Prepared>,
}

/// A patient's preparation for one session.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The newest document of it: two phones that began apart make two.
    pub id: DocumentId,
    /// What all of them say together.
    pub content: SessionPreparation,
}

impl Clinic {
    /// The dosing sessions of a patient by number, those that were called off among them.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::DosingSession;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// clinic.plan_session(ada, DosingSession::new(1, clinic.now()))?;
    /// assert_eq!(clinic.sessions(ada)?.len(), 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn sessions(&self, patient: DocumentId) -> Result<Vec<PlannedSession>> {
        let views = self.every(patient, &Query::<DosingSession>::all())?;
        let preparations = self.every(patient, &Query::<SessionPreparation>::all())?;
        let numbers: Vec<u32> = views
            .iter()
            .filter(|view| view.content.called_off_at.is_none())
            .map(|view| view.content.number)
            .collect();
        let mut sessions: Vec<PlannedSession> = views
            .into_iter()
            .map(|view| PlannedSession {
                number_is_double: view.content.called_off_at.is_none()
                    && numbers
                        .iter()
                        .filter(|n| **n == view.content.number)
                        .count()
                        > 1,
                preparation: prepared(&preparations, view.id),
                view,
            })
            .collect();
        sessions.sort_by_key(|session| (session.view.content.number, session.view.content.at));
        Ok(sessions)
    }

    /// Plans a session, or writes down one that was.
    ///
    /// # Errors
    ///
    /// [`CoreError::SessionExists`] names the session of that number: it is to be moved.
    /// [`CoreError::BeyondPlan`] where it is one more than planned:
    /// [`Clinic::plan_sessions`] plans another number, with its reason. [`CoreError::Invalid`] for a year that nobody plans, and for any other field.
    ///
    /// ```
    /// use companion_core::{CoreError, domain::DosingSession};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// let first = DosingSession::new(1, clinic.now());
    /// clinic.plan_session(ada, first.clone())?;
    /// let again = clinic.plan_session(ada, first);
    /// assert!(matches!(again, Err(CoreError::SessionExists { number: 1, .. })));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn plan_session(
        &self,
        patient: DocumentId,
        session: DosingSession,
    ) -> Result<View<DosingSession>> {
        self.must_be_planned(session.at, YEAR)?;
        let known = self.every(patient, &Query::<DosingSession>::all())?;
        let same = known
            .iter()
            .find(|view| view.content.number == session.number);
        if let Some(same) = same {
            return Err(CoreError::SessionExists {
                number: session.number,
                session: same.id,
            });
        }
        let mut sessions: Vec<_> = known.into_iter().map(|view| view.content).collect();
        sessions.push(session.clone());
        self.must_be_within_the_plan(patient, &sessions)?;
        self.create(patient, session)
    }

    /// Moves a session to another time. One that was called off takes place again.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] for a year that nobody plans; [`CoreError::BeyondPlan`] for one that was called
    /// off; [`CoreError::NotFound`].
    ///
    /// ```
    /// use companion_core::domain::DosingSession;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// let session = clinic.plan_session(ada, DosingSession::new(1, clinic.now()))?;
    /// let mut later = clinic.now();
    /// later.unix_ms += 7 * 24 * 60 * 60 * 1000;
    /// let moved = clinic.move_session(ada, session.id, &session.revision, later)?;
    /// assert_eq!(moved.content.at, later);
    /// assert_eq!(moved.content.moved_from, Some(session.content.at));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn move_session(
        &self,
        patient: DocumentId,
        session: DocumentId,
        seen: &Revision,
        at: Moment,
    ) -> Result<View<DosingSession>> {
        self.must_be_planned(at, YEAR)?;
        self.must_fit_again(patient, session)?;
        self.edit::<DosingSession>(patient, session, seen, |session| {
            if session.at != at {
                session.moved_from = Some(session.at);
                session.at = at;
            }
            session.called_off_at = None;
        })
    }

    /// Calls a session off: both sides see that it does not take place. Calling it off a second time
    /// changes nothing.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotFound`].
    ///
    /// ```
    /// use companion_core::domain::DosingSession;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// let session = clinic.plan_session(ada, DosingSession::new(1, clinic.now()))?;
    /// assert!(clinic.call_off_session(ada, session.id)?.content.called_off_at.is_some());
    /// assert!(clinic.put_back_session(ada, session.id)?.content.called_off_at.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn call_off_session(
        &self,
        patient: DocumentId,
        session: DocumentId,
    ) -> Result<View<DosingSession>> {
        let now = self.now();
        let seen = self.get::<DosingSession>(patient, session)?;
        if seen.content.called_off_at.is_some() {
            return Ok(seen);
        }
        self.edit::<DosingSession>(patient, session, &seen.revision, |session| {
            session.called_off_at = Some(now);
        })
    }

    /// Puts a session back that was called off: it takes place when it was planned.
    ///
    /// # Errors
    ///
    /// [`CoreError::BeyondPlan`]; [`CoreError::NotFound`].
    ///
    /// ```
    /// use companion_core::domain::DosingSession;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// let session = clinic.plan_session(ada, DosingSession::new(1, clinic.now()))?;
    /// clinic.call_off_session(ada, session.id)?;
    /// clinic.put_back_session(ada, session.id)?;
    /// assert!(clinic.caseload()?[0].next_session.is_some());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn put_back_session(
        &self,
        patient: DocumentId,
        session: DocumentId,
    ) -> Result<View<DosingSession>> {
        let seen = self.get::<DosingSession>(patient, session)?;
        if seen.content.called_off_at.is_none() {
            return Ok(seen);
        }
        self.must_fit_again(patient, session)?;
        self.edit::<DosingSession>(patient, session, &seen.revision, |session| {
            session.called_off_at = None;
        })
    }

    /// That a session which was called off can take place again within the plan.
    fn must_fit_again(&self, patient: DocumentId, session: DocumentId) -> Result<()> {
        let known = self
            .every(patient, &Query::<DosingSession>::all())?
            .into_iter();
        let mut was_called_off = false;
        let with = known.map(|view| {
            let mut content = view.content;
            if view.id == session {
                was_called_off = content.called_off_at.take().is_some();
            }
            content
        });
        let with: Vec<DosingSession> = with.collect();
        // One that takes place anyhow may always be moved.
        if was_called_off {
            self.must_be_within_the_plan(patient, &with)?;
        }
        Ok(())
    }

    /// A year that somebody plans: what is off by more was mistyped.
    pub(super) fn must_be_planned(&self, at: Moment, year: Named) -> Result<()> {
        let year_of = |moment: Moment| moment.local_date().map(|date| date.year());
        let this_year = year_of(self.now()).unwrap_or_default();
        let years = this_year - YEARS_BACK..=this_year + YEARS_AHEAD;
        match year_of(at) {
            Some(year) if years.contains(&year) => Ok(()),
            _ => Err(year
                .wrong(Problem::OutOfRange {
                    least: (*years.start()).into(),
                    most: (*years.end()).into(),
                })
                .into()),
        }
    }
}

/// What is settled for a session, of preparations that are newest first.
fn prepared(all: &[View<SessionPreparation>], session: DocumentId) -> Option<Prepared> {
    let of_it: Vec<_> = all
        .iter()
        .filter(|view| view.content.about == session)
        .collect();
    Some(Prepared {
        id: of_it.first()?.id,
        content: SessionPreparation::together(of_it.iter().map(|view| &view.content))?,
    })
}
