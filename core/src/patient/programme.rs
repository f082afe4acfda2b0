//! What a patient sees of their programme, and that they acknowledge what it costs. All of it works offline.

use super::Patient;
use crate::costs::Costs;
use crate::domain::programme::{Gate, PatientProgramme, ProgrammeView, Since};
use crate::domain::{
    CostAcknowledgement, DosingSession, Kind, Moment, Programme, Readiness, Visit,
};
use crate::error::Result;
use crate::outcome::outcome;
use crate::present;
use crate::records::{Query, View};

/// A patient's programme as the last exchange left it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The programme; `None` as long as none was begun.
    pub programme: Option<Programme>,
    /// What the assessment came to; `None` as long as nobody said.
    pub readiness: Option<Readiness>,
    /// All dosing sessions by time, those that were called off and those of earlier programmes among them.
    pub sessions: Vec<DosingSession>,
    /// Which of them count for the present programme.
    pub since: Since,
    /// The first thing that is missing before a session may take place; `None` where nothing is.
    pub closed: Option<Gate>,
    /// All visits without a dose by time, those that were called off among them.
    pub visits: Vec<Visit>,
    /// Structure and costs; `None` as long as nobody wrote them down.
    pub costs: Option<Costs>,
    /// What this version can't read, of all of which the newest counts: a newer one wrote it. It counts for
    /// nothing here until this app is brought up to date, and no older one counts in its place.
    pub unreadable: Vec<Kind>,
    /// When it was read.
    pub now: Moment,
}

impl Plan {
    /// What the patient is shown of the programme; `None` as long as none was begun.
    pub fn shown(&self) -> Option<PatientProgramme<'_>> {
        let view = ProgrammeView {
            since: self.since,
            programme: self.programme.as_ref()?,
            readiness: self.readiness.as_ref(),
            sessions: &self.sessions,
            integrations: &[],
            now: self.now,
        };
        Some(view.for_patient())
    }
}

impl Patient {
    /// The programme with all that belongs to it: outcome of the assessment, sessions, costs.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # use companion_core::{CoreError, StoreKey};
    /// # use companion_core::patient::Patient;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&folder.path().join("p.db"), &StoreKey::new([7; 32]), ports)?;
    /// let plan = phone.plan()?;
    /// assert!(plan.shown().is_none() && plan.costs.is_none());
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn plan(&self) -> Result<Plan> {
        let sessions = self.every(&Query::<DosingSession>::all())?.into_iter();
        let mut sessions: Vec<DosingSession> = sessions.map(|view| view.content).collect();
        sessions.sort_by_key(|session| session.at);
        let visits = self.visits()?.into_iter().map(|view| view.content);
        Ok(Plan {
            programme: self
                .records
                .newest::<Programme>()?
                .or_nothing()
                .map(|view| view.content),
            readiness: outcome(&self.records)?.map(|view| view.content),
            sessions,
            since: present::since(&self.records)?,
            closed: present::before_sessions(&self.records)?,
            visits: visits.collect(),
            costs: Costs::read(&self.records)?,
            unreadable: self.records.newest_unreadable()?,
            now: self.now(),
        })
    }

    /// The visits without a dose by time, those that were called off among them.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # use companion_core::{CoreError, StoreKey};
    /// # use companion_core::patient::Patient;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&folder.path().join("p.db"), &StoreKey::new([7; 32]), ports)?;
    /// assert!(phone.visits()?.is_empty());
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn visits(&self) -> Result<Vec<View<Visit>>> {
        let mut visits = self.every(&Query::<Visit>::all())?;
        visits.sort_by_key(|view| (view.content.at, view.id));
        Ok(visits)
    }

    /// Acknowledges structure and costs in the version and with the number of sessions that the patient had before
    /// them, under the name that they give. Acknowledging a version again adds nothing.
    ///
    /// # Errors
    ///
    /// [`NotNow::CostsChanged`](crate::NotNow::CostsChanged) where that is not the present one;
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for a name that is missing.
    ///
    /// ```
    /// # use companion_core::{CoreError, StoreKey};
    /// # use companion_core::patient::Patient;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = Patient::open(&folder.path().join("p.db"), &StoreKey::new([7; 32]), ports)?;
    /// if let Some(costs) = phone.plan()?.costs {
    ///     phone.acknowledge_costs(&costs, "Ada")?;
    /// }
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn acknowledge_costs(&self, costs: &Costs, by: &str) -> Result<CostAcknowledgement> {
        let seen = Costs::seen(&self.records, costs)?;
        if let Some(acknowledged) = seen.review.acknowledged {
            return Ok(acknowledged);
        }
        Costs::must_be_open(&self.records)?;
        let created = self.create(CostAcknowledgement {
            about: seen.sheet.id,
            revision: seen.sheet.revision,
            planned: seen.planned,
            by: by.to_owned(),
            at: self.now(),
        })?;
        Ok(created.content)
    }
}
