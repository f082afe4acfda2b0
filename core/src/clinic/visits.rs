//! Visits without a dose: planned, moved, called off and put back. Both sides see each of these. Whoever changes one
//! says which version they had before them: where somebody changed it meanwhile, nothing is done. What is so already
//! is not refused.

use super::Clinic;
use crate::domain::text::{Named, named};
use crate::domain::visit::VisitPurpose;
use crate::domain::{DocumentId, Moment, Revision, Visit};
use crate::error::{CoreError, NotNow, Result};
use crate::records::{Query, View};

const YEAR: Named = named("at", "the year of the visit");

impl Clinic {
    /// The visits of a patient by time, those that were called off among them.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::{Visit, visit::VisitPurpose};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// clinic.plan_visit(ada, Visit::new(VisitPurpose::Integration, clinic.now()))?;
    /// assert_eq!(clinic.visits(ada)?.len(), 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn visits(&self, patient: DocumentId) -> Result<Vec<View<Visit>>> {
        let mut visits = self.every(patient, &Query::<Visit>::all())?;
        visits.sort_by_key(|view| (view.content.at, view.id));
        Ok(visits)
    }

    /// Plans a visit, or writes down one that was. Nothing limits how many there are.
    ///
    /// # Errors
    ///
    /// [`NotNow::ProgrammeEnded`] for one that is still to come and no follow-up;
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for a year that nobody plans, and for any other
    /// field; [`Missing::Patient`](crate::Missing::Patient).
    ///
    /// ```
    /// use companion_core::domain::{Moment, Visit, visit::VisitPurpose};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// let mistyped: Moment = "2126-12-01T10:00:00Z".parse()?;
    /// assert!(clinic.plan_visit(ada, Visit::new(VisitPurpose::CheckUp, mistyped)).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn plan_visit(&self, patient: DocumentId, visit: Visit) -> Result<View<Visit>> {
        self.must_be_planned(visit.at, YEAR)?;
        let _turn = self.take_register_turn();
        self.must_fit_to_programme(patient, &visit)?;
        self.create(patient, visit)
    }

    /// Moves a visit to another time. One that was called off takes place again.
    ///
    /// # Errors
    ///
    /// [`NotNow::VisitMovedIntoThePast`]; [`NotNow::ProgrammeEnded`] for one that is no follow-up;
    /// [`CoreError::Invalid`] for a year that nobody plans; [`CoreError::ChangedMeanwhile`] where `seen` is not the
    /// present version; [`CoreError::NotFound`].
    ///
    /// ```
    /// use companion_core::domain::{Visit, visit::VisitPurpose};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// let visit = clinic.plan_visit(ada, Visit::new(VisitPurpose::CheckUp, clinic.now()))?;
    /// let mut later = clinic.now();
    /// later.unix_ms += 7 * 24 * 60 * 60 * 1000;
    /// let moved = clinic.move_visit(ada, visit.id, &visit.revision, later)?;
    /// assert_eq!(moved.content.moved_from, Some(visit.content.at));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn move_visit(
        &self,
        patient: DocumentId,
        visit: DocumentId,
        seen: &Revision,
        at: Moment,
    ) -> Result<View<Visit>> {
        self.must_be_planned(at, YEAR)?;
        let _turn = self.take_register_turn();
        let before = self.get::<Visit>(patient, visit)?;
        if before.content.at == at && before.content.takes_place() {
            return Ok(before);
        }
        must_be_present(&before, seen)?;
        if before.content.at != at && at.unix_ms < self.now().unix_ms {
            return Err(NotNow::VisitMovedIntoThePast.into());
        }
        let mut after = before.content;
        if after.at != at {
            after.moved_from = Some(after.at);
            after.at = at;
        }
        after.called_off_at = None;
        self.must_fit_to_programme(patient, &after)?;
        self.edit::<Visit>(patient, visit, seen, |visit| *visit = after)
    }

    /// Calls a visit off: both sides see that it does not take place. Calling it off a second time changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`] where `seen` is not the present version; [`CoreError::NotFound`].
    ///
    /// ```
    /// use companion_core::domain::{Visit, visit::VisitPurpose};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// let visit = clinic.plan_visit(ada, Visit::new(VisitPurpose::CheckUp, clinic.now()))?;
    /// let off = clinic.call_off_visit(ada, visit.id, &visit.revision)?;
    /// assert!(!off.content.takes_place());
    /// assert!(clinic.put_back_visit(ada, visit.id, &off.revision)?.content.takes_place());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn call_off_visit(
        &self,
        patient: DocumentId,
        visit: DocumentId,
        seen: &Revision,
    ) -> Result<View<Visit>> {
        let now = self.now();
        let _turn = self.take_register_turn();
        let before = self.get::<Visit>(patient, visit)?;
        if !before.content.takes_place() {
            return Ok(before);
        }
        must_be_present(&before, seen)?;
        self.edit::<Visit>(patient, visit, seen, |visit| {
            visit.called_off_at = Some(now);
        })
    }

    /// Puts a visit back that was called off: it takes place when it was planned.
    ///
    /// # Errors
    ///
    /// [`NotNow::ProgrammeEnded`] for one that is still to come and no follow-up; [`CoreError::ChangedMeanwhile`]
    /// where `seen` is not the present version; [`CoreError::NotFound`].
    ///
    /// ```
    /// use companion_core::domain::{Visit, visit::VisitPurpose};
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    ///
    /// let visit = clinic.plan_visit(ada, Visit::new(VisitPurpose::CheckUp, clinic.now()))?;
    /// let same = clinic.put_back_visit(ada, visit.id, &visit.revision)?;
    /// assert_eq!(same.revision, visit.revision, "it was never called off");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn put_back_visit(
        &self,
        patient: DocumentId,
        visit: DocumentId,
        seen: &Revision,
    ) -> Result<View<Visit>> {
        let _turn = self.take_register_turn();
        let before = self.get::<Visit>(patient, visit)?;
        if before.content.takes_place() {
            return Ok(before);
        }
        must_be_present(&before, seen)?;
        let mut after = before.content;
        after.called_off_at = None;
        self.must_fit_to_programme(patient, &after)?;
        self.edit::<Visit>(patient, visit, seen, |visit| {
            visit.called_off_at = None;
        })
    }

    /// That nothing but a follow-up is still to come once a programme has ended: nobody prepares for it.
    fn must_fit_to_programme(&self, patient: DocumentId, visit: &Visit) -> Result<()> {
        self.must_not_be_put_away(patient)?;
        if visit.needs_a_programme(self.now()) {
            self.programme_must_not_have_ended(patient)?;
        }
        let sessions = self.present_sessions(patient)?;
        let at_one_time = sessions
            .iter()
            .find(|session| session.takes_place() && visit.is_during(session));
        match at_one_time {
            Some(other) if visit.ends_ms() >= self.now().unix_ms => {
                Err(CoreError::SessionsOverlap {
                    other: other.into(),
                })
            }
            _ => Ok(()),
        }
    }

    /// When a patient's visits for integration take place, or did.
    pub(super) fn integration_visits(&self, patient: DocumentId) -> Result<Vec<Moment>> {
        let visits = self.visits(patient)?.into_iter().map(|view| view.content);
        let visits = visits.filter(|visit| visit.takes_place());
        let visits = visits.filter(|visit| visit.purpose == VisitPurpose::Integration);
        Ok(visits.map(|visit| visit.at).collect())
    }
}

/// Nobody moves or calls off what they have not read.
fn must_be_present(visit: &View<Visit>, seen: &Revision) -> Result<()> {
    if visit.revision == *seen {
        return Ok(());
    }
    Err(CoreError::ChangedMeanwhile)
}
