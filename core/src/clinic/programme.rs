//! A patient's programme, as the clinic leads it: begun, moved from phase to phase, planned, paused and
//! ended. What spans documents is held here; each document by itself is written by the generic verbs.

mod outcomes;
mod standing;
pub use outcomes::OutcomeSeen;
pub use standing::how_it_stands;

use super::Clinic;
use crate::domain::programme::{BeyondPlan, Gate, PlanCheck, SessionCount, Standing, may_move_to};
use crate::domain::readiness::Outcome;
use crate::domain::{
    DocumentId, DosingSession, Entry, EntryKind, ItemId, Moment, PatientRecord, Phase, Programme,
};
use crate::error::{CoreError, NotNow, Result};
use crate::outcome::outcome;
use crate::present;
use crate::records::{PageSize, Query, Seen, View};

/// How many sessions somebody plans in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedNumber {
    /// That many.
    pub sessions: u32,
    /// Why it is another number than before; empty for the first one.
    pub reason: String,
}

impl PlannedNumber {
    /// So many, for that reason.
    pub fn new(sessions: u32, reason: impl Into<String>) -> Self {
        Self {
            sessions,
            reason: reason.into(),
        }
    }
}

/// A step from phase to phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhaseChange {
    /// The phase that whoever takes it had before them.
    pub seen: Phase,
    /// [How the programme stood](how_it_stands) there: one that ended and was taken up again is in the phase that it was
    /// in.
    pub stood: Seen,
    /// The phase that begins.
    pub to: Phase,
}

impl Clinic {
    /// The programme of a patient, which is the newest one; `None` as long as none was begun, and where this
    /// version can't read it ([`PatientView::unreadable`](super::PatientView::unreadable)). What changes it is then refused with [`NotNow::Newer`].
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert!(clinic.programme(ada)?.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn programme(&self, patient: DocumentId) -> Result<Option<View<Programme>>> {
        Ok(self.records_of(patient)?.newest()?.or_nothing())
    }

    /// The same, for whoever changes it or asks it for leave.
    pub(super) fn programme_to_change(
        &self,
        patient: DocumentId,
    ) -> Result<Option<View<Programme>>> {
        self.records_of(patient)?.newest()?.or_refuse()
    }

    /// That a patient's programme, if there is one, has not ended, and their entry is not put away: else nothing is
    /// decided or booked in it.
    pub(super) fn programme_must_not_have_ended(&self, patient: DocumentId) -> Result<()> {
        self.must_not_be_put_away(patient)?;
        let programme = self.programme_to_change(patient)?;
        match programme.map(|view| view.content.standing()) {
            Some(Standing::Ended) => Err(NotNow::ProgrammeEnded.into()),
            _ => Ok(()),
        }
    }

    /// The same, of somebody who has one.
    pub(super) fn their_programme(&self, patient: DocumentId) -> Result<View<Programme>> {
        let programme = self.programme_to_change(patient)?;
        Ok(programme.ok_or(NotNow::NoProgramme)?)
    }

    /// The same, for whoever leads it on: nobody does in an entry that is put away.
    fn programme_to_lead(&self, patient: DocumentId) -> Result<View<Programme>> {
        self.must_not_be_put_away(patient)?;
        self.their_programme(patient)
    }

    /// Begins a patient's programme with its assessment, led by that therapist. Where one is there that
    /// has ended, another one begins.
    ///
    /// # Errors
    ///
    /// [`NotNow::ProgrammeIsOn`]; [`NotNow::PutAway`]; [`CoreError::Invalid`] for a name that is missing;
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let programme = clinic.begin_programme(ada, "Maya Lindqvist")?;
    /// assert_eq!(programme.content.therapists().next(), Some("Maya Lindqvist"));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn begin_programme(&self, patient: DocumentId, therapist: &str) -> Result<View<Programme>> {
        let _turn = self.take_register_turn();
        self.must_not_be_put_away(patient)?;
        if let Some(present) = self.programme_to_change(patient)?
            && present.content.standing() != Standing::Ended
        {
            return Err(NotNow::ProgrammeIsOn.into());
        }
        self.create(patient, self.new_programme(therapist))
    }

    /// Moves a patient's programme to another phase. [`Clinic::end_programme`] ends it, and says why; what ended is
    /// [taken up again](Clinic::take_up_again), and not by a phase.
    ///
    /// # Errors
    ///
    /// [`CoreError::StandsOtherwise`] for one that has ended, or that somebody paused, ended or went on with since it was
    /// seen; [`CoreError::PhaseChanged`] where it is in another phase
    /// than the one that was seen, and not in that one already; [`CoreError::Invalid`] for [`Phase::Closed`] while it
    /// has not ended: an end has a reason. [`CoreError::Gate`] says what has to be done first;
    /// [`NotNow::NoProgramme`]; [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::CoreError;
    /// use companion_core::clinic::PhaseChange;
    /// use companion_core::domain::{Phase, Readiness};
    /// use companion_core::domain::programme::Gate;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// clinic.begin_programme(ada, "Maya")?;
    /// let stood = clinic.standing_seen(ada)?;
    /// let step = PhaseChange { seen: Phase::Assessment, stood, to: Phase::Preparation };
    /// let early = clinic.set_phase(ada, step, "Maya");
    /// assert!(matches!(early, Err(CoreError::Gate(Gate::NoOutcome))));
    ///
    /// clinic.create(ada, Readiness::ready("Dr. Vega", clinic.now()))?;
    /// clinic.set_phase(ada, step, "Maya")?;
    /// assert_eq!(clinic.patient(ada)?.phase, Phase::Preparation);
    ///
    /// let late = PhaseChange { seen: Phase::Assessment, stood, to: Phase::Integration };
    /// let refused = clinic.set_phase(ada, late, "Jo");
    /// assert!(matches!(refused, Err(CoreError::PhaseChanged { .. })), "Maya moved it meanwhile");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn set_phase(&self, patient: DocumentId, change: PhaseChange, by: &str) -> Result<()> {
        let PhaseChange {
            seen,
            stood,
            to: phase,
        } = change;
        let _turn = self.take_register_turn();
        let view = self.programme_to_lead(patient)?;
        let programme = &view.content;
        match (phase, programme.standing()) {
            (Phase::Closed, Standing::Ended) => return Ok(()),
            (Phase::Closed, _) => {
                Standing::Ended.reason("")?;
            }
            _ => programme.must_not_have_ended()?,
        }
        let now = programme.phase();
        if now != seen && now != phase {
            let by = programme.phases.last().map(|step| step.by.clone());
            return Err(CoreError::PhaseChanged { now, by });
        }
        if now != phase {
            standing::must_stand_as_seen(&view, stood)?;
        }
        self.must_be_open(patient, phase)?;
        self.change_programme(patient, |programme, id| {
            programme.move_to(id, phase, by, self.now());
        })
    }

    /// Says how many sessions are planned in all. `change` is given the programme as it is, and nobody else changes it
    /// meanwhile; it gives `None` where nothing is to be written. The first number needs no reason; each change of
    /// it does, and is kept with it. The same number again changes nothing.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] for a number that nobody plans, and for a reason or name that is missing;
    /// [`CoreError::StandsOtherwise`] for a programme that has ended; [`NotNow::NoProgramme`]; [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// clinic.begin_programme(ada, "Maya")?;
    /// use companion_core::clinic::PlannedNumber;
    /// clinic.plan_sessions(ada, "Maya", |_| Some(PlannedNumber::new(6, "")))?;
    /// let one_more = |reason| PlannedNumber::new(7, reason);
    /// let refused = clinic.plan_sessions(ada, "Maya", |_| Some(one_more("")));
    /// assert!(refused.is_err(), "one more needs a reason");
    /// clinic.plan_sessions(ada, "Maya", |_| Some(one_more("To close well.")))?;
    /// assert_eq!(clinic.session_count(ada)?.planned, Some(7));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn plan_sessions(
        &self,
        patient: DocumentId,
        by: &str,
        change: impl FnOnce(&View<Programme>) -> Option<PlannedNumber>,
    ) -> Result<()> {
        let _turn = self.take_register_turn();
        let programme = self.programme_to_lead(patient)?;
        programme.content.must_not_have_ended()?;
        let outcome = self.readiness(patient)?;
        if let Some(outcome) = outcome
            && outcome.content.outcome() == Outcome::NotAFit
        {
            return Err(Gate::NotAFit.into());
        }
        let Some(PlannedNumber { sessions, reason }) = change(&programme) else {
            return Ok(());
        };
        self.change_programme(patient, |programme, id| {
            match programme.planned_sessions() {
                None => programme.planned = Some(sessions),
                Some(present) if present == sessions => {}
                Some(_) => programme.change_plan(id, sessions, &reason, by, self.now()),
            }
        })
    }

    /// How many sessions of a patient's were held, are to come, and are planned.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::{DosingSession, Readiness};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// clinic.create(ada, Readiness::ready("Dr. Vega", clinic.now()))?;
    /// clinic.plan_session(ada, DosingSession::new(1, clinic.now()))?;
    /// assert_eq!(clinic.session_count(ada)?.in_all(), 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn session_count(&self, patient: DocumentId) -> Result<SessionCount> {
        self.count_with(patient, &self.present_sessions(patient)?)
    }

    /// What to think of with the sessions as they are booked now: more than planned, or the next dose
    /// before any integration that the patient shared and any visit for it.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::{DosingSession, Readiness};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// clinic.create(ada, Readiness::ready("Dr. Vega", clinic.now()))?;
    /// let mut at = clinic.now();
    /// for number in 1..=2 {
    ///     at.unix_ms += 7 * 24 * 60 * 60 * 1000;
    ///     clinic.plan_session(ada, DosingSession::new(number, at))?;
    /// }
    /// assert_eq!(clinic.check_plan(ada)?.before_integration.len(), 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn check_plan(&self, patient: DocumentId) -> Result<PlanCheck> {
        let sessions = self.present_sessions(patient)?;
        let now = self.now();
        // Only what lies after the last session that was held can come before the next one.
        let held = sessions.iter().filter(|session| session.takes_place());
        let held = held
            .filter(|session| !session.is_ahead(now))
            .map(|session| session.at);
        let since = held.max().unwrap_or(now);
        let mut integrations = self.integrations_since(patient, since)?;
        integrations.extend(self.integration_visits(patient)?);
        let programme = self.programme(patient)?.map(|view| view.content);
        let programme = programme.unwrap_or_else(|| self.new_programme(""));
        let visits = self.visits(patient)?;
        let visits = visits.iter().map(|view| &view.content);
        let check = programme.check_plan(&sessions, &integrations, now);
        Ok(check.with_visits(visits, now))
    }

    /// When a patient wrote entries of integration that they shared.
    fn integrations_since(&self, patient: DocumentId, since: Moment) -> Result<Vec<Moment>> {
        let mut found = Vec::new();
        let mut query = Query::<Entry>::all().size(PageSize::LARGEST);
        loop {
            let page = self.page(patient, &query)?;
            let is_over = page.items.last().is_none_or(|view| view.content.at < since);
            let entries = page.items.into_iter().map(|view| view.content);
            let about = entries.filter(|entry| entry.kind == EntryKind::Integration);
            found.extend(about.map(|entry| entry.at));
            match page.next {
                Some(next) if !is_over => query = query.after(next),
                _ => return Ok(found),
            }
        }
    }

    /// A new id, for something that is added to a list.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// assert_ne!(clinic.new_item(), clinic.new_item());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn new_item(&self) -> ItemId {
        ItemId::random(&*self.replica.ports.rng)
    }

    /// That a programme may go to that phase.
    fn must_be_open(&self, patient: DocumentId, phase: Phase) -> Result<()> {
        let records = self.records_of(patient)?;
        let readiness = outcome(&records)?.map(|view| view.content);
        let costs = self.cost_review(patient)?;
        match may_move_to(phase, readiness.as_ref(), costs.as_ref()) {
            Ok(()) => Ok(()),
            Err(gate) => Err(present::what_is_missing(&records, gate)?.into()),
        }
    }

    /// That one session more is within the plan.
    pub(super) fn must_be_within_the_plan(
        &self,
        patient: DocumentId,
        with: Vec<&DosingSession>,
    ) -> Result<()> {
        // Of a plan that can't be read here nobody knows how many sessions it has.
        self.programme_to_change(patient)?;
        match self.count_with(patient, with)?.beyond_plan() {
            Some(BeyondPlan { planned }) => Err(CoreError::BeyondPlan(BeyondPlan { planned })),
            None => Ok(()),
        }
    }

    fn count_with<'a>(
        &self,
        patient: DocumentId,
        sessions: impl IntoIterator<Item = &'a DosingSession>,
    ) -> Result<SessionCount> {
        let programme = self.programme(patient)?.map(|view| view.content);
        // Without a programme nothing is planned, and sessions are counted all the same.
        let programme = programme.unwrap_or_else(|| self.new_programme(""));
        Ok(programme.count_sessions(sessions, self.now()))
    }

    pub(super) fn new_programme(&self, therapist: &str) -> Programme {
        Programme::new(therapist, self.new_item(), self.now())
    }

    pub(super) fn change_programme(
        &self,
        patient: DocumentId,
        change: impl FnOnce(&mut Programme, ItemId),
    ) -> Result<()> {
        let programme = self.their_programme(patient)?;
        let id = self.new_item();
        self.edit::<Programme>(patient, programme.id, &programme.revision, |programme| {
            change(programme, id);
        })
        .map(drop)
    }
}

/// Where a patient stands: their programme says so. A record from before there were programmes has none,
/// and its register entry still says where it stood; nothing writes that any more, so what is said of a
/// phase stands in one place.
pub(super) fn phase_of(programme: Option<&Programme>, record: &PatientRecord) -> Phase {
    programme.map_or(record.former_phase, Programme::phase)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::Content as _;

    #[test]
    fn the_programme_says_the_phase_and_the_register_only_of_who_has_none() {
        let mut record = PatientRecord::examples().remove(0);
        record.former_phase = Phase::Integration;
        assert_eq!(phase_of(None, &record), Phase::Integration);
        let programme = Programme::new("Maya", ItemId::new([1; 16]), Moment::utc(0));
        assert_eq!(phase_of(Some(&programme), &record), Phase::Assessment);
    }
}
