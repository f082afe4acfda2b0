//! Dosing sessions: planned, moved, called off and put back. Both sides see each of these. What a session must
//! fit to is held here; how it is changed is below.

mod changes;

use std::borrow::Borrow;
use std::collections::BTreeSet;

use chrono::Datelike as _;

use super::Clinic;
use crate::domain::near_session::must_name_both;
use crate::domain::programme::{Gate, Since, must_be_ready};
use crate::domain::text::{Named, Problem, named};
use crate::domain::{DocumentId, DosingSession, Intention, Moment, SessionPreparation};
use crate::error::{CoreError, Result};
use crate::outcome::outcome;
use crate::present;
use crate::records::View;

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
    /// Whether it is one of an earlier programme: it counts for the present one no more.
    pub is_of_earlier: bool,
    /// Whether another session of its programme has the same number: both were planned apart, and one of them is
    /// to be moved or called off.
    pub number_is_double: bool,
    /// The number before its own, where no session of its programme has it, called off or not: one of the two may
    /// be mistyped.
    pub skipped: Option<u32>,
    /// Another session that takes place at the same time: both were planned apart, and one of them is to be moved or
    /// called off.
    pub overlaps: Option<u32>,
    /// What is missing before it may take place, the first of it; `None` where nothing is, and of a session that is
    /// over.
    pub closed: Option<Gate>,
    /// What the patient settled for it; `None` as long as they said nothing.
    pub preparation: Option<Prepared>,
    /// The newest intention for it that the patient shared, to be opened; `None` where they shared none.
    pub intention: Option<DocumentId>,
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
    /// The dosing sessions of a patient by number, those of earlier programmes first, and those that were called
    /// off among them.
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
    /// # clinic.create(ada, companion_core::domain::Readiness::ready("Dr. Vega", clinic.now()))?;
    ///
    /// clinic.plan_session(ada, DosingSession::new(1, clinic.now()))?;
    /// assert_eq!(clinic.sessions(ada)?.len(), 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn sessions(&self, patient: DocumentId) -> Result<Vec<PlannedSession>> {
        let records = self.records_of(patient)?;
        let views = records.all::<DosingSession>()?;
        let preparations = records.all::<SessionPreparation>()?;
        let intentions = records.all::<Intention>()?;
        let since = present::since(&records)?;
        let now = self.now();
        let is_booked = |session: &DosingSession| session.takes_place() && !session.is_over(now);
        let closed = match views.iter().any(|view| is_booked(&view.content)) {
            true => present::before_sessions(&records)?,
            false => None,
        };
        let names =
            |view: &View<DosingSession>| (since.counts_session(&view.content), view.content.number);
        let taking_place = views.iter().filter(|view| view.content.takes_place());
        let numbers: Vec<(bool, u32)> = taking_place.map(names).collect();
        let known: BTreeSet<(bool, u32)> = views.iter().map(names).collect();
        let blocks: Vec<_> = views
            .iter()
            .map(|view| (view.id, view.content.clone()))
            .collect();
        let mut sessions: Vec<PlannedSession> = views
            .into_iter()
            .map(|view| PlannedSession {
                is_of_earlier: !since.counts_session(&view.content),
                number_is_double: view.content.takes_place()
                    && numbers.iter().filter(|one| **one == names(&view)).count() > 1,
                skipped: skipped(names(&view), &known).filter(|_| view.content.takes_place()),
                overlaps: overlapping(&blocks, Some(view.id), &view.content)
                    .map(|(_, other)| other.number),
                closed: closed.filter(|_| is_booked(&view.content)),
                preparation: prepared(&preparations, view.id),
                intention: intended(&intentions, view.id),
                view,
            })
            .collect();
        sessions.sort_by_key(|session| {
            let content = &session.view.content;
            (!session.is_of_earlier, content.number, content.at)
        });
        Ok(sessions)
    }

    /// What is missing before a session may take place, the first of it: the outcome *ready*, or that both stand by
    /// structure and costs; `None` where nothing is.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::programme::Gate;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert_eq!(clinic.before_sessions(ada)?, Some(Gate::NoOutcome));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn before_sessions(&self, patient: DocumentId) -> Result<Option<Gate>> {
        present::before_sessions(&self.records_of(patient)?)
    }

    /// Those of the present programme alone.
    pub(super) fn present_sessions(&self, patient: DocumentId) -> Result<Vec<DosingSession>> {
        let records = self.records_of(patient)?;
        let since = present::since(&records)?;
        let sessions = records.all::<DosingSession>()?.into_iter();
        let sessions = sessions.map(|view| view.content);
        Ok(sessions.filter(|one| since.counts_session(one)).collect())
    }

    /// Plans a session, or writes down one that was. One that is still to come waits for the outcome *ready* and for
    /// no more: a date is often agreed on before both stand by the costs. [`PlannedSession::closed`] says what is
    /// missing.
    ///
    /// # Errors
    ///
    /// [`CoreError::Gate`] as long as the assessment did not come to *ready*, and
    /// [`NotNow::ProgrammeEnded`](crate::NotNow::ProgrammeEnded), both of a session that is still to come. [`CoreError::SessionExists`] names the session of that number in the same
    /// programme: it is to be moved. [`CoreError::SessionsOverlap`] names one that takes place at the same time.
    /// [`CoreError::BeyondPlan`] where it is one more than planned:
    /// [`Clinic::plan_sessions`] plans another number, with its reason. [`CoreError::NamesMissing`] where one that was
    /// held doesn't name its therapist and its medical provider. [`CoreError::Invalid`] for a year that nobody
    /// plans, and for any other field.
    ///
    /// ```
    /// use companion_core::{CoreError, domain::DosingSession};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let first = DosingSession::new(1, clinic.now());
    /// let early = clinic.plan_session(ada, first.clone());
    /// assert!(matches!(early, Err(CoreError::Gate(_))), "the assessment has no outcome");
    ///
    /// clinic.create(ada, companion_core::domain::Readiness::ready("Dr. Vega", clinic.now()))?;
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
        let _turn = self.take_register_turn();
        Booking::read(self, patient)?.must_fit(None, &session)?;
        self.records_of(patient)?.create(session)
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

/// What a session that is booked or changed has to fit to.
struct Booking<'a> {
    clinic: &'a Clinic,
    patient: DocumentId,
    known: Vec<View<DosingSession>>,
    since: Since,
    now: Moment,
}

impl<'a> Booking<'a> {
    fn read(clinic: &'a Clinic, patient: DocumentId) -> Result<Self> {
        let records = clinic.records_of(patient)?;
        Ok(Self {
            known: records.all()?,
            since: present::since(&records)?,
            now: clinic.now(),
            clinic,
            patient,
        })
    }

    /// That a session can be as it is to be: `before` is what it was, `None` for a new one. One that is past is
    /// said to have been held by this, so it names who was there.
    fn must_fit(&self, before: Option<&View<DosingSession>>, after: &DosingSession) -> Result<()> {
        self.must_fit_to_others(before, after)?;
        if !after.is_ahead(self.now) {
            must_name_both(after)?;
        }
        Ok(())
    }

    fn must_fit_to_others(
        &self,
        before: Option<&View<DosingSession>>,
        after: &DosingSession,
    ) -> Result<()> {
        self.clinic.must_not_be_put_away(self.patient)?;
        if !after.is_over(self.now) {
            self.may_be_booked()?;
        }
        let own = before.map(|view| view.id);
        let is_present = self.since.counts_session(after);
        if before.is_some_and(|view| {
            view.content.takes_place() && self.since.counts_session(&view.content) == is_present
        }) {
            // One that takes place anyhow may always be moved within its programme.
            return self.must_not_overlap(own, after);
        }
        let others = self.known.iter().filter(|view| {
            own != Some(view.id) && self.since.counts_session(&view.content) == is_present
        });
        let mut same = others
            .clone()
            .filter(|view| view.content.number == after.number)
            // A new one of a number that was called off is that one, moved.
            .filter(|view| before.is_none() || view.content.takes_place());
        if let Some(same) = same.next() {
            return Err(CoreError::SessionExists {
                number: after.number,
                session: same.id,
            });
        }
        self.must_not_overlap(own, after)?;
        if is_present {
            let with: Vec<&DosingSession> =
                others.map(|view| &view.content).chain([after]).collect();
            self.clinic.must_be_within_the_plan(self.patient, with)?;
        }
        Ok(())
    }

    /// That no other session takes place at the same time.
    fn must_not_overlap(&self, own: Option<DocumentId>, after: &DosingSession) -> Result<()> {
        let known: Vec<_> = self
            .known
            .iter()
            .map(|view| (view.id, &view.content))
            .collect();
        match overlapping(&known, own, after) {
            Some((_, other)) => Err(CoreError::SessionsOverlap {
                other: other.into(),
            }),
            None => self.must_not_meet_a_visit(after),
        }
    }

    /// That no visit takes place during a session that is not over yet.
    fn must_not_meet_a_visit(&self, session: &DosingSession) -> Result<()> {
        if !session.takes_place() || session.is_over(self.now) {
            return Ok(());
        }
        let visits = self.clinic.visits(self.patient)?;
        let mut visits = visits.iter().map(|view| &view.content);
        match visits.find(|visit| visit.takes_place() && visit.is_during(session)) {
            Some(visit) => Err(CoreError::VisitAtThatTime {
                visit: visit.into(),
            }),
            None => Ok(()),
        }
    }

    /// That a session which is not over may be booked at all.
    fn may_be_booked(&self) -> Result<()> {
        self.clinic.programme_must_not_have_ended(self.patient)?;
        let records = self.clinic.records_of(self.patient)?;
        let readiness = outcome(&records)?.map(|view| view.content);
        match must_be_ready(readiness.as_ref()) {
            Ok(()) => Ok(()),
            Err(gate) => Err(present::what_is_missing(&records, gate)?.into()),
        }
    }
}

/// The number before, where no session of the same programme has it.
fn skipped((of, number): (bool, u32), known: &BTreeSet<(bool, u32)>) -> Option<u32> {
    let before = number.checked_sub(1).filter(|before| *before > 0)?;
    (!known.contains(&(of, before))).then_some(before)
}

/// Another session that takes place at the time of this one; `own` is its name, where it has one.
fn overlapping<'a, T: Borrow<DosingSession>>(
    known: &'a [(DocumentId, T)],
    own: Option<DocumentId>,
    session: &DosingSession,
) -> Option<(DocumentId, &'a DosingSession)> {
    let others = known.iter().filter(|(id, _)| Some(*id) != own);
    let mut others = others.map(|(id, other)| (*id, other.borrow()));
    let overlaps = |other: &DosingSession| other.takes_place() && other.overlaps(session);
    others
        .find(|(_, other)| overlaps(other))
        .filter(|_| session.takes_place())
}

/// The newest intention for a session.
fn intended(all: &[View<Intention>], session: DocumentId) -> Option<DocumentId> {
    let about = all.iter().filter(|view| view.content.about == session);
    about
        .max_by_key(|view| (view.content.at, view.id))
        .map(|view| view.id)
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
