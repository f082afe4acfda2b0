//! What a person sees of their programme, and what it costs.

use companion_core::domain::programme::{CostReview, Gate, Offered, PatientProgramme};
use companion_core::domain::{CostAcknowledgement, CostWalkthrough, DocumentId, Revision};
use companion_core::patient::{Costs, Patient, Plan};

use super::PhoneRecord;
use crate::cross::{Cross, view};
use crate::error::{CompanionError, Result};
use crate::kinds::{
    AssessmentOutcome, CostSheetView, ProgrammePhase, ProgrammeStanding, VisitView,
};
use crate::values::{CalendarDay, LocalMoment};

/// The first thing that is missing before a session may take place.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct MissingFirst {
    /// Its word, for programs: `not_acknowledged`.
    pub code: String,
    /// In plain English.
    pub words: String,
    /// When to look at it again, where the assessment came to `NotYet`.
    pub revisit_on: Option<CalendarDay>,
}

impl Cross<Gate> for MissingFirst {
    fn out(core: Gate) -> Self {
        Self {
            code: core.as_str().to_owned(),
            words: core.to_string(),
            revisit_on: match core {
                Gate::NotYet { revisit_on } => Cross::out(revisit_on),
                _ => None,
            },
        }
    }
}

view! {
    /// What is on for somebody: show what is, and leave the rest off.
    OnNowView of Offered {
        /// Guides and tasks of preparation.
        preparation: bool,
        /// Reminders of dosing sessions.
        dosing_reminders: bool,
        /// Prompts and follow-through of integration.
        integration: bool,
        /// All that was given for good: guides that were read, the closing summary.
        looking_back: bool,
    }
}

/// Somebody who works with the person.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct TeamNameView {
    /// The name.
    pub name: String,
    /// What they do, as a word.
    pub role: String,
}

/// What a person sees of their programme.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ProgrammeNowView {
    /// Which medicine, by name.
    pub medicine: String,
    /// The phase that they are in.
    pub phase: ProgrammePhase,
    /// Whether it is running.
    pub standing: ProgrammeStanding,
    /// Why it was paused or ended, if somebody said; empty otherwise.
    pub reason: String,
    /// Who works with them.
    pub team: Vec<TeamNameView>,
    /// Sessions that took place.
    pub sessions_held: u64,
    /// Sessions that are still to come.
    pub sessions_ahead: u64,
    /// How many are planned in all; nothing as long as nobody agreed on a number.
    pub sessions_planned: Option<u32>,
    /// When the next session that takes place begins.
    pub next_session_at: Option<LocalMoment>,
    /// What is on for them.
    pub on_now: OnNowView,
    /// What stays, once the programme has ended.
    pub closing_summary: Option<String>,
}

impl Cross<PatientProgramme<'_>> for ProgrammeNowView {
    fn out(core: PatientProgramme<'_>) -> Self {
        let PatientProgramme {
            medicine,
            phase,
            standing,
            reason,
            team,
            sessions,
            next_session,
            offered,
            closing_summary,
        } = core;
        let team = team.into_iter().map(|one| TeamNameView {
            name: one.name.clone(),
            role: one.role.as_str().to_owned(),
        });
        Self {
            medicine: medicine.to_owned(),
            phase: Cross::out(phase),
            standing: Cross::out(standing),
            reason: reason.to_owned(),
            team: team.collect(),
            sessions_held: Cross::out(sessions.held),
            sessions_ahead: Cross::out(sessions.ahead),
            sessions_planned: sessions.planned,
            next_session_at: next_session.map(|next| Cross::out(next.at)),
            on_now: Cross::out(offered),
            closing_summary: closing_summary.map(str::to_owned),
        }
    }
}

view! {
    /// That somebody of the clinic went through structure and costs with the person.
    WalkedThroughView of CostWalkthrough {
        /// Who.
        by: String,
        /// When.
        at: LocalMoment,
    }
    without { about, revision, planned }
}

view! {
    /// That the person acknowledged structure and costs.
    AcknowledgedView of CostAcknowledgement {
        /// Under which name.
        by: String,
        /// When.
        at: LocalMoment,
    }
    without { about, revision, planned }
}

/// Structure and costs as they stand now.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct CostsNowView {
    /// The sheet.
    pub sheet: CostSheetView,
    /// How many sessions are planned.
    pub planned: Option<u32>,
    /// Who went through this version with the person.
    pub walked_through: Option<WalkedThroughView>,
    /// That the person acknowledged this version.
    pub acknowledged: Option<AcknowledgedView>,
    /// Whether they acknowledged another version of it.
    pub acknowledged_another: bool,
    /// Whether the clinic waits for them to acknowledge it.
    pub waits_for_you: bool,
    /// All of it on one page in plain text, to keep or to print.
    pub summary: String,
}

impl CostsNowView {
    fn of(core: Costs, clinic: &str, now: companion_core::domain::Moment) -> Self {
        let (summary, waits_for_you) = (core.summary(clinic, now), core.waits_for_the_patient());
        let Costs {
            sheet,
            planned,
            review,
            is_asked: _,
        } = core;
        let CostReview {
            of: _,
            walked_through,
            acknowledged,
            acknowledged_another,
        } = review;
        Self {
            sheet: Cross::out(sheet),
            planned,
            walked_through: Cross::out(walked_through),
            acknowledged: Cross::out(acknowledged),
            acknowledged_another,
            waits_for_you,
            summary,
        }
    }
}

/// The programme with all that belongs to it, as the last exchange left it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct PlanView {
    /// The programme; nothing as long as none was begun.
    pub programme: Option<ProgrammeNowView>,
    /// What the assessment came to; nothing as long as nobody said.
    pub outcome: Option<AssessmentOutcome>,
    /// The first thing that is missing before a session may take place.
    pub missing_first: Option<MissingFirst>,
    /// Structure and costs; nothing as long as nobody wrote them down.
    pub costs: Option<CostsNowView>,
    /// What a newer version of the app wrote, as `kind()` of each list names it: it counts for nothing here until the
    /// app is brought up to date.
    pub unreadable: Vec<String>,
}

impl PlanView {
    fn of(core: Plan, clinic: &str) -> Self {
        let programme = core.shown().map(Cross::out);
        let Plan {
            programme: _,
            readiness,
            sessions: _,
            since: _,
            closed,
            visits: _,
            costs,
            unreadable,
            now,
        } = core;
        Self {
            programme,
            outcome: readiness.map(|readiness| Cross::out(readiness.outcome())),
            missing_first: Cross::out(closed),
            costs: costs.map(|costs| CostsNowView::of(costs, clinic, now)),
            unreadable: Cross::out(unreadable),
        }
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// The programme with all that belongs to it: outcome of the assessment, how many sessions, what is on, costs.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn plan(&self) -> Result<PlanView> {
        self.inner
            .ask(|patient| Ok(PlanView::of(patient.plan()?, &clinic(patient)?)))
            .await
    }

    /// The visits without a dose by time, those that were called off among them.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn visits(&self) -> Result<Vec<VisitView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.visits()?)))
            .await
    }

    /// Acknowledges structure and costs under the name that the person gives, in the version and with the number of
    /// sessions that they had before them. Acknowledging a version again adds nothing.
    ///
    /// # Errors
    ///
    /// `NotNow` where they are not the present ones any more: show them anew; `Invalid` for a name that is missing.
    pub async fn acknowledge_costs(
        &self,
        sheet: DocumentId,
        seen: Revision,
        planned: Option<u32>,
        by: String,
    ) -> Result<AcknowledgedView> {
        let acknowledged = self.inner.ask(move |patient| {
            let changed = || {
                CompanionError::from(companion_core::CoreError::from(
                    companion_core::NotNow::CostsChanged,
                ))
            };
            let mut costs = patient.plan()?.costs.ok_or_else(changed)?;
            // What they had before them: the core compares it with what is there.
            costs.sheet.id = sheet;
            costs.sheet.revision = seen;
            costs.planned = planned;
            Ok(Cross::out(patient.acknowledge_costs(&costs, &by)?))
        });
        acknowledged.await
    }
}

/// What the clinic is called; empty where that is not known.
fn clinic(patient: &Patient) -> Result<String> {
    Ok(patient.status()?.clinic.unwrap_or_default())
}
