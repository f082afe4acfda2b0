//! A safety plan that a patient shared, written together: the clinic adds, changes and removes lines.
//! Only the patient makes one, and only they take it back.

use super::Clinic;
use crate::domain::safety_plan::{PlanLine, PlanStep};
use crate::domain::{DocumentId, ItemId, Revision, SafetyPlan};
use crate::error::{CoreError, Missing, Result};
use crate::records::{Seen, View};

impl Clinic {
    /// Adds a line at the end of a step. The patient's phone shows it, and who added it.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] for a line that says nothing, and for one too many; otherwise as
    /// [`Clinic::get`].
    pub fn add_plan_line(
        &self,
        patient: DocumentId,
        plan: DocumentId,
        step: PlanStep,
        line: PlanLine,
        by: &str,
    ) -> Result<View<SafetyPlan>> {
        let present = self.get::<SafetyPlan>(patient, plan)?;
        let item = self.new_item();
        self.edit_as::<SafetyPlan>(patient, plan, &present.revision, by, |plan| {
            plan.lines_mut(step).push(item, line);
        })
    }

    /// Says something else in a line. `seen` is the version that the person had before them: what came in
    /// meanwhile is merged.
    ///
    /// # Errors
    ///
    /// [`Missing::PlanLine`] for a line that was removed; otherwise as [`Clinic::add_plan_line`].
    pub fn change_plan_line(
        &self,
        patient: DocumentId,
        plan: DocumentId,
        seen: &Revision,
        item: ItemId,
        line: PlanLine,
        by: &str,
    ) -> Result<View<SafetyPlan>> {
        let present = self.get::<SafetyPlan>(patient, plan)?;
        let step = step_of(&present.content, item).ok_or(CoreError::NotFound(Missing::PlanLine))?;
        self.edit_as::<SafetyPlan>(patient, plan, seen, by, |plan| {
            plan.lines_mut(step).update(item, |present| *present = line);
        })
    }

    /// Removes a line. `seen` is the line that the person had before them; removing one a second time changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`] for a line that says something else by now; as [`Clinic::get`].
    pub fn remove_plan_line(
        &self,
        patient: DocumentId,
        plan: DocumentId,
        item: ItemId,
        seen: Seen,
        by: &str,
    ) -> Result<View<SafetyPlan>> {
        let present = self.get::<SafetyPlan>(patient, plan)?;
        let Some(step) = step_of(&present.content, item) else {
            return Ok(present);
        };
        if let Some(line) = present.content.lines(step).get(item) {
            seen.must_be(line)?;
        }
        self.edit_as::<SafetyPlan>(patient, plan, &present.revision, by, |plan| {
            plan.lines_mut(step).remove(item);
        })
    }
}

/// The step that a line stands in.
fn step_of(plan: &SafetyPlan, item: ItemId) -> Option<PlanStep> {
    let mut steps = PlanStep::ALL.into_iter();
    steps.find(|step| plan.lines(*step).get(item).is_some())
}
