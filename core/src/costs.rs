//! What both facades read of structure and costs: the present sheet, and who stands by it.

use crate::domain::cost_summary::summary;
use crate::domain::programme::{Agreement, CostReview, Gate};
use crate::domain::readiness::Outcome;
use crate::domain::{
    CostAcknowledgement, CostSheet, CostWalkthrough, DocumentId, Moment, Programme, Revision,
};
use crate::error::{NotNow, Result};
use crate::outcome::outcome;
use crate::present;
use crate::records::{Records, View};

/// Structure and costs of a programme as they are now.
#[derive(Debug, Clone, PartialEq)]
pub struct Costs {
    /// The newest sheet.
    pub sheet: View<CostSheet>,
    /// How many sessions are planned, which is part of what both stand by; `None` as long as nobody said.
    pub planned: Option<u32>,
    /// Who stands by this version of it, and by that number.
    pub review: CostReview,
    /// Whether anybody is asked to stand by it: not once the programme has ended, nor where the outcome is that it is
    /// not a fit.
    pub is_asked: bool,
}

impl Costs {
    /// `None` as long as no sheet was written, and where the newest can't be read by this version: nobody stands by
    /// an older one.
    pub(crate) fn read(records: &Records) -> Result<Option<Self>> {
        let Some(sheet) = records.newest::<CostSheet>()?.or_nothing() else {
            return Ok(None);
        };
        let programme = records.newest::<Programme>()?.or_nothing();
        let programme = programme.map(|view| view.content);
        let is_asked = may_be_agreed(records, programme.as_ref())?.is_ok();
        let planned = programme.and_then(|it| it.planned_sessions());
        let of = Agreement {
            sheet: sheet.id,
            revision: sheet.revision.clone(),
            planned,
        };
        let review = CostReview::of(
            of,
            present::since(records)?,
            records.about::<CostWalkthrough>(sheet.id)?,
            records.about::<CostAcknowledgement>(sheet.id)?,
        );
        Ok(Some(Self {
            sheet,
            planned,
            review,
            is_asked,
        }))
    }

    /// That structure and costs are still to be agreed on: they are written, walked through and acknowledged as long
    /// as the programme goes on, and not where the assessment came to "not a fit".
    ///
    /// # Errors
    ///
    /// [`CoreError::StandsOtherwise`](crate::CoreError::StandsOtherwise) says who ended the programme; [`Gate::NotAFit`].
    pub(crate) fn must_be_open(records: &Records) -> Result<()> {
        let programme = records.newest::<Programme>()?.or_nothing();
        let programme = programme.map(|view| view.content);
        may_be_agreed(records, programme.as_ref())?
    }

    /// The same, if that very version and that number of sessions are the present ones: nobody stands by what
    /// they did not see.
    pub(crate) fn seen(records: &Records, seen: &Self) -> Result<Self> {
        let present = Self::read(records)?;
        let is_present = |costs: &Self| costs.of() == seen.of();
        let present = present.filter(is_present).ok_or(NotNow::CostsChanged)?;
        if present.sheet.content.lines.is_empty() {
            // Nobody stands by a sheet that says nothing.
            return Err(NotNow::NoCostLines.into());
        }
        Ok(present)
    }

    /// Whether the patient is asked to acknowledge it.
    pub fn waits_for_the_patient(&self) -> bool {
        self.is_asked && self.review.acknowledged.is_none()
    }

    fn of(&self) -> (DocumentId, &Revision, Option<u32>) {
        (self.sheet.id, &self.sheet.revision, self.planned)
    }

    /// A summary to hand in, as Markdown. `clinic` is the clinic's name as patients see it.
    pub fn summary(&self, clinic: &str, now: Moment) -> String {
        summary(&self.sheet.content, &self.review, clinic, now)
    }
}

/// Whether they are still to be agreed on, or why not.
fn may_be_agreed(records: &Records, programme: Option<&Programme>) -> Result<Result<()>> {
    if let Some(Err(ended)) = programme.map(Programme::must_not_have_ended) {
        return Ok(Err(ended.into()));
    }
    let outcome = outcome(records)?.map(|view| view.content.outcome());
    Ok(match outcome {
        Some(Outcome::NotAFit) => Err(Gate::NotAFit.into()),
        _ => Ok(()),
    })
}
