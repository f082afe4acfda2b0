//! A patient's whole programme in one line, as a clinician sees it.

use super::Clinic;
use crate::domain::timeline::{Due, Material, Step, Task};
use crate::domain::{Commitment, DocumentId, Readiness};
use crate::error::Result;
use crate::records::Query;

impl Clinic {
    /// Steps that were taken, sessions, visits and what is due in one line, the earliest first. Of what a
    /// patient wants to do there is only what they shared. Nothing counts as opened by it.
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
    /// clinic.begin_programme(ada, "Maya")?;
    /// clinic.plan_visit(ada, Visit::new(VisitPurpose::Assessment, clinic.now()))?;
    /// let line = clinic.timeline(ada)?;
    /// assert_eq!(line.len(), 2, "the phase of assessment, and the visit");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn timeline(&self, patient: DocumentId) -> Result<Vec<Step>> {
        let programme = self.programme(patient)?.map(|view| view.content);
        let outcomes = self.every(patient, &Query::<Readiness>::all())?.into_iter();
        let outcomes: Vec<Readiness> = outcomes.map(|view| view.content).collect();
        let counts = self.readiness(patient)?.map(|view| view.content);
        let sessions = self.sessions(patient)?.into_iter().map(|one| one.view);
        let sessions: Vec<_> = sessions.map(|view| (view.id, view.content)).collect();
        let visits = self.visits(patient)?.into_iter();
        let visits: Vec<_> = visits.map(|view| (view.id, view.content)).collect();
        let mut due = Vec::new();
        if let Some(costs) = self
            .costs(patient)?
            .filter(|it| it.review.acknowledged.is_none())
        {
            let version = costs.sheet.content.version;
            let what = Task::Costs { version };
            due.push(Due { what, on: None });
        }
        let shared = self.every(patient, &Query::<Commitment>::all())?;
        due.extend(
            shared
                .into_iter()
                .filter_map(|view| Due::commitment(view.content)),
        );
        let material = Material {
            programme: programme.as_ref(),
            outcomes: &outcomes,
            counts: counts.as_ref(),
            sessions: &sessions,
            visits: &visits,
            due: &due,
        };
        Ok(material.for_clinician(self.now()))
    }
}
